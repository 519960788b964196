"""What numbers are made of: applications and bad ratings that the reader may see, added up by the server.

What an application adds to each figure stands in its row, written when it is sent and when it ends
(`count_application`), so that a figure over a million of them is one sum. Only whether an open one keeps its limits
changes with the time, and is asked.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Final, TypeVar, cast
from uuid import UUID

from django.db.models import Aggregate, Count, F, Model, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.domain.applications import ApplicationState
from zhengshu.contexts.services.domain.numbers import MENDED, Figure, total
from zhengshu.contexts.services.models import Application, Rating
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor

FILTERS = ("item", "department", "month")
BY = ("month", "item", "department")
_SENT_BY: Final[Mapping[str, F | TruncMonth]] = {
    "month": TruncMonth("submitted_at"),
    "item": F("item__code"),
    "department": F("department_id"),
}
_RATED_BY: Final[Mapping[str, F | TruncMonth]] = {
    "month": TruncMonth("given_on"),
    "item": F("cell__item_code"),
    "department": F("cell__department_id"),
}
_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How a figure is made of applications.

    Attributes:
        counts: which it counts.
        weight: the column with what each of them adds; one where there is none.
        of: the whole of which it is a share.
    """

    counts: Q
    weight: str = ""
    of: Aggregate | None = None


def _in(state: ApplicationState) -> Measure:
    return Measure(counts=Q(state=state.value))


def _saved(column: str) -> Measure:
    return Measure(counts=Q(**{f"{column}__gt": 0}), weight=column)


_TIMED: Final = Count("pk", filter=Q(is_kept__isnull=False))
MEASURES: Final[Mapping[str, Measure]] = {
    "applications": Measure(counts=Q(pk__isnull=False)),
    "open": _in(ApplicationState.OPEN),
    "granted": _in(ApplicationState.GRANTED),
    "refused": _in(ApplicationState.REFUSED),
    "withdrawn": _in(ApplicationState.WITHDRAWN),
    "kept": Measure(counts=Q(is_kept=True), of=_TIMED),
    "late": Measure(counts=Q(is_kept=False), of=_TIMED),
    "instant": Measure(counts=Q(is_hands_free=True), of=Count("pk")),
    "checks": Measure(counts=Q(checks_by_rule__gt=0), weight="checks_by_rule", of=Sum("checks_made")),
    "days": _saved("days_saved"),
    "visits": _saved("visits_saved"),
    "materials": _saved("materials_saved"),
}


def groups_of(*, query: ListQuery, by: str, actor: Actor, at: datetime) -> Mapping[str, Mapping[str, Figure]]:
    """Return the figures of each month (``2026-03``), item (code) or department (id), as the reader narrowed them."""
    parts: dict[str, list[Mapping[str, Figure]]] = defaultdict(list)
    for key, figures in chain(
        sent_figures(query, by, actor), _open_limits(query, by, actor, at=at), _rated(query, by, actor)
    ):
        parts[key].append(figures)
    return {key: total(some) for key, some in parts.items()}


def sent_figures(query: ListQuery, by: str, actor: Actor) -> Iterator[tuple[str, Mapping[str, Figure]]]:
    """Return what stands in the rows of applications, by group; limits of open ones are not in it."""
    sums: dict[str, Aggregate | Coalesce] = {}
    for code, measure in MEASURES.items():
        cases = Count("pk", filter=measure.counts)
        sums[f"{code}_cases"] = cases
        sums[f"{code}_value"] = Coalesce(Sum(measure.weight), 0) if measure.weight else cases
        if measure.of is not None:
            sums[f"{code}_whole"] = measure.of
    rows = applications_of(query=query, actor=actor).order_by().annotate(key=_SENT_BY[by])
    for row in rows.values("key").annotate(**sums):
        told = cast("Mapping[str, int]", row)
        yield (
            _text(row["key"]),
            {
                code: Figure(
                    value=told[f"{code}_value"], whole=told.get(f"{code}_whole"), cases=told[f"{code}_cases"]
                )
                for code in MEASURES
            },
        )


def open_in_time(*, actor: Actor, at: datetime) -> Mapping[UUID, bool]:
    """Return the cases of open applications that have a limit → whether none was passed so far."""
    open_ones = Application.objects.visible_to(actor).filter(state=ApplicationState.OPEN.value)
    return casework.limits_kept(case_ids=open_ones.order_by().values_list("case_id", flat=True), at=at)


def _open_limits(
    query: ListQuery, by: str, actor: Actor, *, at: datetime
) -> Iterator[tuple[str, Mapping[str, Figure]]]:
    """Return what open applications add to limits kept and passed."""
    kept = open_in_time(actor=actor, at=at)
    rows = applications_of(query=query, actor=actor).filter(state=ApplicationState.OPEN.value).order_by()
    found: dict[str, list[bool]] = defaultdict(list)
    for case_id, key in rows.annotate(key=_SENT_BY[by]).values_list("case_id", "key"):
        if case_id in kept:
            found[_text(key)].append(kept[case_id])
    for key, some in found.items():
        late = some.count(False)
        yield (
            key,
            {
                "kept": Figure(value=len(some) - late, whole=len(some), cases=len(some) - late),
                "late": Figure(value=late, whole=len(some), cases=late),
            },
        )


def _rated(query: ListQuery, by: str, actor: Actor) -> Iterator[tuple[str, Mapping[str, Figure]]]:
    """Return what is counted of bad ratings."""
    rows = bad_ratings_of(query=query, actor=actor).order_by().annotate(key=_RATED_BY[by]).values("key")
    for row in rows.annotate(bad=Count("pk"), mended=Count("pk", filter=Q(rectified_at__isnull=False))):
        mended = Figure(value=row["mended"], whole=row["bad"], cases=row["mended"])
        yield _text(row["key"]), {MENDED: mended}


def _text(key: object) -> str:
    return f"{key:%Y-%m}" if isinstance(key, date) else str(key)


def bad_ratings_of(*, query: ListQuery, actor: Actor) -> QuerySet[Rating]:
    """Return the bad ratings that are counted for the reader, as he narrowed them."""
    return _narrowed(
        Rating.objects.counted_for(actor),
        query,
        item="cell__item_code",
        department="cell__department_id",
        day="given_on",
    )


def applications_of(*, query: ListQuery, actor: Actor) -> QuerySet[Application]:
    """Return the applications that the reader may see, as he narrowed them."""
    return _narrowed(
        Application.objects.visible_to(actor),
        query,
        item="item__code",
        department="department_id",
        day="submitted_at",
    )


def _narrowed(
    rows: QuerySet[_Row], query: ListQuery, *, item: str, department: str, day: str
) -> QuerySet[_Row]:
    """Keep what is of the item, the department and the month that were chosen; of what there is not, nothing."""
    if code := query.one("item"):
        rows = rows.filter(**{item: code})
    try:
        if organ := query.one("department"):
            rows = rows.filter(**{department: UUID(organ)})
        if month := query.one("month"):
            first = date.fromisoformat(f"{month}-01")
            rows = rows.filter(**{f"{day}__year": first.year, f"{day}__month": first.month})
    except ValueError:
        return rows.none()
    return rows
