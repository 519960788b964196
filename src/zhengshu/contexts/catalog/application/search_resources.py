"""Search in the catalogue: words, filters, facets, order, pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, Count, F, Q, Value, When
from django.db.models.expressions import Expression, RawSQL
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
"""With more hits than this, the newest come first: a rank over every hit would cost more than it tells."""

_HIDDEN = frozenset({State.ABANDONED.value, State.RETIRED.value})
_MOST_VALUES = 50

_COUNT_BOTH = """
SELECT facets, department_id, count(*) FILTER (WHERE here), count(*) FILTER (WHERE fits) FROM ({rows}) AS found
GROUP BY GROUPING SETS ((facets), (department_id))
"""


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


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """How many rows the choices leave, and what each other choice would leave: filter → value → rows."""

    total: int
    facets: Mapping[str, Mapping[str, int]]


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


def count_resources(*, query: ListQuery, actor: Actor) -> int:
    """Return how many resources the filters of a list leave, without reading them; words are not looked at."""
    return _narrowed(Resource.objects.visible_to(actor), query).count()


def filtered(*, query: ListQuery, actor: Actor) -> ResourceQuerySet:
    """Return the resources that a list shows, all pages of it, for exports."""
    base = Resource.objects.visible_to(actor)
    forms = question(query.text)
    if not forms:
        return _narrowed(base, query).order_by("code")
    return _narrowed(_with_words(base, forms[0]), query).order_by("code")


def _answer(base: ResourceQuerySet, query: ListQuery, *, way: Way, words: str) -> ResourcePage:
    counts = _counts(base, query)
    start = (query.page - 1) * query.size
    chosen: list[UUID] = []
    if counts.total > start:
        order = _ordered(_narrowed(base, query), query, words=words, total=counts.total)
        chosen = list(order.values_list("id", flat=True)[start : start + query.size])
    return ResourcePage(
        rows=_summaries(chosen), total=counts.total, query=query, facets=counts.facets, way=way
    )


def _with_words(base: ResourceQuerySet, words: str) -> ResourceQuerySet:
    has_words = RawSQL("catalog_resource.all_words @@ %s::tsquery", (words,), output_field=BooleanField())
    return base.filter(has_words)


def _narrowed(base: ResourceQuerySet, query: ListQuery) -> ResourceQuerySet:
    return base.filter(_fits(query, FILTERS))


def _fits(query: ListQuery, names: Iterable[str]) -> Q:
    fits = Q()
    for name in names:
        if name in query.filters:
            fits &= Q(**{f"{FILTERS[name]}__in": _readable(name, query.filters[name])})
        elif name == "state":
            fits &= ~Q(state__in=_HIDDEN)
    return fits


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
    if not words or total > MOST_RANKED:
        return rows.order_by("-changed_at", "code")
    rank = RawSQL("ts_rank('{0.1,0.3,0.6,1}', catalog_resource.all_words, %s::tsquery, 1)", (words,))
    return rows.annotate(rank=rank).order_by("-rank", Length("name"), "code")


def _counts(base: ResourceQuerySet, query: ListQuery) -> FacetCounts:
    """Count every facet in one pass over the rows that have the words, whatever is chosen."""
    rows = base.order_by().values_list("facets", "department_id")
    rows = rows.annotate(
        here=_truth(_fits(query, ["department"])), fits=_truth(_fits(query, FILTERS.keys() - {"department"}))
    )
    try:
        statement, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return FacetCounts(total=0, facets={name: {} for name in FILTERS})
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_BOTH.format(rows=statement), parameters)
        found: list[tuple[int | None, UUID | None, int, int]] = cursor.fetchall()
    packed = [(facets, here) for facets, _, here, _ in found if facets is not None and here]
    departments = {str(department): fits for _, department, _, fits in found if department and fits}
    narrowed = counted(packed, chosen=_chosen(query), unlisted={"state": _unlisted(query)})
    facets = {name: narrowed.by_column.get(column, departments) for name, column in FILTERS.items()}
    return FacetCounts(total=narrowed.total, facets=facets)


def _truth(condition: Q) -> Expression:
    if not condition:
        return Value(value=True)
    return Case(When(condition, then=Value(value=True)), default=Value(value=False))


def _chosen(query: ListQuery) -> Mapping[str, frozenset[str]]:
    """Return the values that each packed column may have."""
    chosen = {
        FILTERS[name]: frozenset(map(str, _readable(name, values)))
        for name, values in query.filters.items()
        if FILTERS.get(name) in PACKED
    }
    return {"state": frozenset(PACKED["state"]) - _HIDDEN, **chosen}


def _unlisted(query: ListQuery) -> frozenset[str]:
    return frozenset({State.ABANDONED.value}) if "state" in query.filters else _HIDDEN


def _summaries(chosen: Sequence[UUID]) -> tuple[ResourceSummary, ...]:
    rows = Resource.objects.defer("all_words").select_related("published", "opened")
    by_id = rows.in_bulk(chosen)
    found = tuple(by_id[row] for row in chosen)
    departments = trust.departments(ids={DepartmentId(row.department_id) for row in found})
    shown = {row.id: row.published_id or row.opened_id for row in found}
    counts = (
        ResourceItem.objects.filter(version_id__in=shown.values())
        .order_by()
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
