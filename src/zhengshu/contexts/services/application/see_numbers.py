"""Numbers for leaders: over the applications that the reader may see, and down to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec
from django.db.models import Count, Q
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.domain.applications import ApplicationState, PreReview
from zhengshu.contexts.services.domain.limits import ItemLimit
from zhengshu.contexts.services.domain.numbers import MEASURES, Fact, Figure, counted, figures, grouped
from zhengshu.contexts.services.domain.vocabulary import Channel, MaterialSource
from zhengshu.contexts.services.models import Application, ItemVersion, PreReviewCheck, Rating
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.kernel.actors import Actor

BY = ("month", "item", "department")
FILTERS = ("item", "department", "month")
_FROM_HOME = frozenset({Channel.WEB.value, Channel.MOBILE.value})
_SUPPLIED = (MaterialSource.CERTIFICATE.value, MaterialSource.REGISTER.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """All figures of what was asked for.

    Attributes:
        figures: by code, see `domain.numbers.MEASURES`; and `checks`, `mended`, which count other things.
        groups: the same by month, item or department.
        items: item code → name, to narrow down.
        departments: department id → name.
        months: the months in which something was sent, the latest first.
    """

    figures: Mapping[str, Figure]
    groups: Mapping[tuple[str, str], Mapping[str, Figure]]
    items: Mapping[str, str]
    departments: Mapping[str, str]
    months: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedCase:
    """An application that a figure counts."""

    case_id: UUID
    number: str
    item_name: str
    department_name: str
    state: ApplicationState
    submitted_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Version:
    """What counting needs of a version of an item."""

    statutory_days: int | None
    has_certificate: bool
    materials: int


def see_numbers(*, query: ListQuery, by: str, actor: Actor, at: datetime) -> Numbers:
    """Return the figures over what the reader may see, narrowed by item, department and month."""
    facts = tuple(facts_of(actor=actor, at=at))
    shown = tuple(fact for fact in facts if _fits(fact, query))
    return Numbers(
        figures={**figures(shown), "checks": _checks(query, actor), "mended": _mended(query, actor)},
        groups=grouped(shown, by=by if by in BY else "month"),
        items={fact.item: fact.item_name for fact in sorted(facts, key=lambda one: one.item_name)},
        departments={
            fact.department: fact.department_name
            for fact in sorted(facts, key=lambda one: one.department_name)
        },
        months=tuple(sorted({f"{fact.month:%Y-%m}" for fact in facts}, reverse=True)),
    )


def counted_cases(*, figure: str, query: ListQuery, actor: Actor, at: datetime) -> Page[CountedCase]:
    """Return the applications that a figure counts, the latest first; an unknown figure counts none."""
    facts = (fact for fact in facts_of(actor=actor, at=at) if _fits(fact, query))
    ids = {fact.id for fact in counted(facts, figure=figure)} if figure in MEASURES else set[UUID]()
    first = (query.page - 1) * query.size
    rows = Application.objects.visible_to(actor).filter(pk__in=ids).select_related("item")
    page = rows.order_by("-submitted_at", "-id")[first : first + query.size]
    names = trust.department_names(ids={row.department_id for row in page})
    return Page(
        rows=tuple(
            CountedCase(
                case_id=row.case_id,
                number=row.number,
                item_name=row.item.name,
                department_name=names.get(row.department_id, row.item.department_name),
                state=ApplicationState(row.state),
                submitted_at=row.submitted_at,
                decided_at=row.decided_at,
            )
            for row in page
        ),
        total=len(ids),
        query=query,
    )


def facts_of(*, actor: Actor, at: datetime) -> Iterator[Fact]:
    """Return what is counted of each application that the reader may see."""
    rows = list(Application.objects.visible_to(actor).select_related("item").defer(*_LONG))
    kept = casework.limits_kept(case_ids=[row.case_id for row in rows], at=at)
    versions = _versions({(row.item_id, row.item_version) for row in rows})
    names = trust.department_names(ids={row.department_id for row in rows})
    for row in rows:
        version = versions.get((row.item_id, row.item_version), _Version(None, False, 0))
        is_granted = row.state == ApplicationState.GRANTED
        yield Fact(
            id=row.id,
            item=row.item.code,
            item_name=row.item.name,
            department=str(row.department_id),
            department_name=names.get(row.department_id, row.item.department_name),
            month=timezone.localdate(row.submitted_at).replace(day=1),
            state=ApplicationState(row.state),
            is_hands_free=row.is_hands_free,
            kept=kept.get(row.case_id),
            days_saved=_saved(row, version) if is_granted else 0,
            visits_saved=int(row.channel in _FROM_HOME) + int(is_granted and version.has_certificate),
            materials=version.materials,
        )


_LONG = ("sources", "item__all_words", "item__meaning", "item__summary")


def _saved(row: Application, version: _Version) -> int:
    if version.statutory_days is None or row.decided_at is None:
        return 0
    return max(0, version.statutory_days - (row.decided_at - row.submitted_at).days)


def _versions(wanted: set[tuple[UUID, int]]) -> Mapping[tuple[UUID, int], _Version]:
    rows = (
        ItemVersion.objects.filter(item_id__in={item for item, _number in wanted})
        .annotate(supplied=Count("materials", filter=Q(materials__source__in=_SUPPLIED)))
        .values_list("item_id", "number", "elements", "supplied")
    )
    return {
        (item, number): _Version(
            statutory_days=_days(elements.get("statutory")),
            has_certificate=any(one.get("certificate_type") for one in elements.get("outcomes", ())),
            materials=supplied,
        )
        for item, number, elements, supplied in rows
        if (item, number) in wanted
    }


def _days(limit: object) -> int | None:
    return int(msgspec.convert(limit, ItemLimit).days) if limit else None


def _fits(fact: Fact, query: ListQuery) -> bool:
    return (
        query.one("item") in {"", fact.item}
        and query.one("department") in {"", fact.department}
        and query.one("month") in {"", f"{fact.month:%Y-%m}"}
    )


def _month_of(query: ListQuery) -> date | None:
    try:
        return date.fromisoformat(f"{query.one('month')}-01")
    except ValueError:
        return None


def _checks(query: ListQuery, actor: Actor) -> Figure:
    rows = PreReviewCheck.objects.visible_to(actor)
    if item := query.one("item"):
        rows = rows.filter(application__item__code=item)
    if department := _uuid(query.one("department")):
        rows = rows.filter(application__department_id=department)
    if month := _month_of(query):
        rows = rows.filter(
            application__submitted_at__year=month.year, application__submitted_at__month=month.month
        )
    whole = rows.count()
    by_rule = rows.exclude(verdict=PreReview.PERSON.value).count()
    return Figure(value=by_rule, whole=whole, cases=whole)


def _mended(query: ListQuery, actor: Actor) -> Figure:
    rows = Rating.objects.visible_to(actor).filter(rectification_id__isnull=False)
    if item := query.one("item"):
        rows = rows.filter(cell__item_code=item)
    if department := _uuid(query.one("department")):
        rows = rows.filter(cell__department_id=department)
    if month := _month_of(query):
        rows = rows.filter(given_on__year=month.year, given_on__month=month.month)
    whole = rows.count()
    return Figure(value=rows.filter(rectified_at__isnull=False).count(), whole=whole, cases=whole)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
