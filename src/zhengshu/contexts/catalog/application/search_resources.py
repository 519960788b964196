"""Search in the catalogue: words, filters, facets, order, pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import BooleanField, Count, F, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Length

from zhengshu.contexts.catalog.application.records import ResourceSummary
from zhengshu.contexts.catalog.domain.facets import PACKED, counted
from zhengshu.contexts.catalog.domain.vocabulary import (
    FormatCategory,
    Grade,
    OpeningClass,
    SharingClass,
    State,
    UpdateCycle,
)
from zhengshu.contexts.catalog.models import Resource, ResourceItem
from zhengshu.contexts.catalog.models.resources import ResourceQuerySet
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId, ResourceId
from zhengshu.kernel.words import question

FILTERS: Mapping[str, str] = {
    "department": "department_id",
    "sharing": "sharing_class",
    "opening": "opening_class",
    "grade": "grade",
    "cycle": "update_cycle",
    "format": "format_category",
    "category": "category",
    "state": "state",
}
"""Filter in the address → column."""

SORTS: Mapping[str, str] = {
    "name": "name",
    "grade": "grade",
    "published": "published_at",
    "changed": "changed_at",
}

MOST_RANKED = 1000
"""With more hits than this, rows are ordered by whether the name has the words, not by a rank over every hit."""

_HIDDEN = frozenset({State.ABANDONED.value, State.RETIRED.value})
_MOST_VALUES = 50


class Way(StrEnum):
    """How the words of a question were found."""

    ALL = "all"
    WORDS = "words"
    PARTS = "parts"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcePage(Page[ResourceSummary]):
    """A page of resources with the counts of every facet.

    Attributes:
        facets: filter → value → number of rows that it leaves; a filter's own choice does not narrow it.
        way: whether the words were found whole, as parts of names, or only something similar.
    """

    facets: Mapping[str, Mapping[str, int]]
    way: Way


def search(*, query: ListQuery, actor: Actor) -> ResourcePage:
    """Search what the actor may see.

    All words must be found, in any field; if nothing has them all, parts of names; if nothing has those, similar
    names. Retired resources are found only where the filter `state` asks for them.
    """
    base = Resource.objects.visible_to(actor)
    forms = question(query.text)
    if not forms:
        return _answer(base, query, way=Way.ALL, words="")
    last = len(forms) - 1
    for position, (way, words) in enumerate(zip((Way.WORDS, Way.PARTS, Way.SIMILAR), forms, strict=False)):
        found = _answer(_with_words(base, words), query, way=way, words=words)
        if found.total or position == last:
            return found
    message = "a question has one to three forms"
    raise AssertionError(message)


def filtered(*, query: ListQuery, actor: Actor) -> ResourceQuerySet:
    """Return the resources that a list shows, all pages of it, for exports."""
    base = Resource.objects.visible_to(actor)
    forms = question(query.text)
    if not forms:
        return _narrowed(base, query).order_by("code")
    return _narrowed(_with_words(base, forms[0]), query).order_by("code")


def _answer(base: ResourceQuerySet, query: ListQuery, *, way: Way, words: str) -> ResourcePage:
    rows = _narrowed(base, query)
    packed = tuple(rows.order_by().values_list("facets").annotate(n=Count("*")))
    total = sum(count for _, count in packed)
    start = (query.page - 1) * query.size
    chosen = (
        _ordered(rows, query, words=words, total=total)[start : start + query.size] if total else rows.none()
    )
    return ResourcePage(
        rows=_summaries(chosen), total=total, query=query, facets=_facets(base, rows, query, packed), way=way
    )


def _with_words(base: ResourceQuerySet, words: str) -> ResourceQuerySet:
    has_words = RawSQL("catalog_resource.all_words @@ %s::tsquery", (words,), output_field=BooleanField())
    return base.filter(has_words)


def _narrowed(base: ResourceQuerySet, query: ListQuery, *, but: str = "") -> ResourceQuerySet:
    rows = base
    for name, values in query.filters.items():
        if name in FILTERS and name != but:
            rows = rows.filter(**{f"{FILTERS[name]}__in": _readable(name, values)})
    if but == "state":
        return rows.exclude(state=State.ABANDONED)
    return rows if "state" in query.filters else rows.exclude(state__in=_HIDDEN)


def _readable(name: str, values: Iterable[str]) -> list[str] | list[int] | list[UUID]:
    """Turn chosen values into the column's type; what cannot be one chooses nothing."""
    chosen = tuple(values)[:_MOST_VALUES]
    if name == "grade":
        return [int(value) for value in chosen if value.isdecimal() and len(value) == 1]
    if name == "department":
        return [found for value in chosen if (found := _uuid(value)) is not None]
    return list(chosen)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _ordered(rows: ResourceQuerySet, query: ListQuery, *, words: str, total: int) -> ResourceQuerySet:
    if query.sort:
        column = SORTS[query.sort.removeprefix("-")]
        order = (
            F(column).desc(nulls_last=True) if query.sort.startswith("-") else F(column).asc(nulls_last=True)
        )
        return rows.order_by(order, "code")
    if not words:
        return rows.order_by("-changed_at", "code")
    if total <= MOST_RANKED:
        rank = RawSQL("ts_rank('{0.1,0.3,0.6,1}', catalog_resource.all_words, %s::tsquery, 1)", (words,))
        return rows.annotate(rank=rank).order_by("-rank", Length("name"), "code")
    in_name = RawSQL("catalog_resource.name_words @@ %s::tsquery", (words,))
    return rows.annotate(in_name=in_name).order_by("-in_name", Length("name"), "code")


def _facets(
    base: ResourceQuerySet, rows: ResourceQuerySet, query: ListQuery, packed: tuple[tuple[int, int], ...]
) -> Mapping[str, Mapping[str, int]]:
    by_column = counted(packed)
    found: dict[str, Mapping[str, int]] = {}
    for name, column in FILTERS.items():
        own = name in query.filters
        if column in PACKED and not own:
            found[name] = by_column[column]
        else:
            scope = _narrowed(base, query, but=name) if own else rows
            counts = scope.order_by().values_list(column).annotate(n=Count("*"))
            found[name] = {str(value): count for value, count in counts}
    return found


def _summaries(rows: QuerySet[Resource]) -> tuple[ResourceSummary, ...]:
    found = tuple(rows.defer("all_words", "name_words").select_related("published", "opened"))
    departments = trust.departments(ids={DepartmentId(row.department_id) for row in found})
    shown = {row.id: row.published_id or row.opened_id for row in found}
    counts = (
        ResourceItem.objects.filter(version_id__in=shown.values())
        .values_list("version_id")
        .annotate(n=Count("*"))
    )
    items = dict(counts)
    return tuple(
        _summary(
            row,
            items=items.get(shown[row.id], 0),
            department=departments[DepartmentId(row.department_id)].name,
        )
        for row in found
    )


def _summary(row: Resource, *, items: int, department: str) -> ResourceSummary:
    version = row.published or row.opened
    return ResourceSummary(
        id=ResourceId(row.id),
        code=row.code,
        name=row.name,
        summary=version.summary if version else "",
        department_id=DepartmentId(row.department_id),
        department_name=department,
        state=State(row.state),
        version=version.number if version else 0,
        sharing_class=SharingClass(row.sharing_class),
        opening_class=OpeningClass(row.opening_class),
        grade=Grade(row.grade),
        update_cycle=UpdateCycle(row.update_cycle),
        format_category=FormatCategory(row.format_category),
        items=items,
        has_revision=row.published_id is not None and row.opened_id is not None,
        changed_at=row.changed_at,
        published_at=row.published_at,
    )
