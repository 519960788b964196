"""Questions about rectifications, as far as the actor may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, Sum

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application.follow_runs import (
    failing_outcomes,
    policy_in_force,
    rows_to_rectify,
    subject_of,
)
from zhengshu.contexts.quality.application.masks import failing_rows
from zhengshu.contexts.quality.application.show_rows import Cell, cells_of, look_at, values_at
from zhengshu.contexts.quality.domain.rectifications import (
    UNDER_WAY,
    RectificationNotFound,
    RectificationState,
)
from zhengshu.contexts.quality.events import RectificationRowsTaken
from zhengshu.contexts.quality.models import Rectification
from zhengshu.foundation.lists import ListQuery, Page, paged
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId, ResourceId

FILTERS = ("state", "department", "due")
SORTS = ("opened_at", "resource_name", "rows_left", "due_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRecord:
    """How far a rectification was after one assessment."""

    number: int
    run_id: UUID
    rows_left: int
    score: float | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationRecord:
    """The failing rows of a table as a matter of their owner."""

    id: UUID
    number: str
    case_id: UUID
    department_id: UUID
    resource_id: UUID
    resource_code: str
    resource_name: str
    run_id: UUID
    state: RectificationState
    rules: tuple[str, ...]
    rows_first: int
    rows_left: int
    score_before: float | None
    score_after: float | None
    relapse_of: UUID | None
    rule_code: str
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.state in UNDER_WAY

    def lasted(self, *, at: datetime) -> timedelta:
        """Return how long it has lasted at an instant, or lasted until its end."""
        return (self.closed_at or at) - self.opened_at


@dataclass(frozen=True, slots=True, kw_only=True)
class RowToRectify:
    """A row as its owner corrects it: in full.

    Attributes:
        values: its values by column.
        cells: the cells that rules blame, with what is probably right.
    """

    place: int
    values: Mapping[str, str | None]
    cells: tuple[Cell, ...]


def rectification(*, rectification_id: UUID, actor: Actor) -> RectificationRecord:
    """Return one rectification.

    Raises:
        RectificationNotFound: there is none that the actor may see.
    """
    return _record(_visible(rectification_id, actor))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the rectifications that an actor may see stand: those under way, of them late, rows left, those ended."""

    open: int
    late: int
    rows_left: int
    ended: int


def standing(*, actor: Actor, at: datetime) -> Standing:
    """Return how the rectifications that the actor may see stand at an instant."""
    rows = Rectification.objects.visible_to(actor)
    found = rows.under_way().aggregate(
        open=Count("id"), late=Count("id", filter=Q(due_at__lt=at)), rows_left=Sum("rows_left")
    )
    return Standing(
        open=found["open"],
        late=found["late"],
        rows_left=found["rows_left"] or 0,
        ended=rows.exclude(closed_at=None).count(),
    )


def rectifications(*, actor: Actor, query: ListQuery, at: datetime) -> Page[RectificationRecord]:
    """Return rectifications, newest first. Filters: ``state``, ``department``, ``due`` (late: past its day)."""
    rows = Rectification.objects.visible_to(actor)
    if states := query.filters.get("state"):
        rows = rows.filter(state__in=states)
    if departments := query.filters.get("department"):
        rows = rows.filter(department_id__in=[one for one in departments if _is_uuid(one)])
    if "late" in query.filters.get("due", ()):
        rows = rows.under_way().filter(due_at__lt=at)
    if query.text:
        rows = rows.filter(resource_name__icontains=query.text) | rows.filter(number__icontains=query.text)
    order = query.sort if query.sort.removeprefix("-") in SORTS else "-opened_at"
    return paged(rows.order_by(order, "-id"), query, _record)


def oldest_open(*, actor: Actor, most: int = 5) -> tuple[RectificationRecord, ...]:
    """Return the rectifications that are open longest."""
    rows = Rectification.objects.visible_to(actor).under_way().order_by("opened_at", "id")
    return tuple(_record(row) for row in rows[:most])


def of_table(*, resource_id: UUID, actor: Actor) -> RectificationRecord | None:
    """Return the open rectification of a table."""
    row = Rectification.objects.visible_to(actor).under_way().filter(resource_id=resource_id).first()
    return _record(row) if row else None


def rounds_of(*, rectification_id: UUID, actor: Actor) -> tuple[RoundRecord, ...]:
    """Return the rounds of a rectification, the first one first.

    Raises:
        RectificationNotFound: there is none that the actor may see.
    """
    row = _visible(rectification_id, actor)
    return tuple(
        RoundRecord(number=one.number, run_id=one.run_id, rows_left=one.rows_left, score=one.score, at=one.at)
        for one in row.rounds.order_by("number")
    )


def may_correct(*, rectification_id: UUID, actor: Actor) -> bool:
    """Whether the actor sees the rows in full and may correct them or object."""
    return Rectification.objects.with_rows_for(actor).under_way().filter(id=rectification_id).exists()


def rows_of_rectification(
    *, rectification_id: UUID, actor: Actor, after: int = 0, most: int = 20
) -> tuple[RowToRectify, ...]:
    """Return rows that are to be rectified, in full, in the order of the table.

    Raises:
        RectificationNotFound: there is none whose rows the actor may see in full.
    """
    row = _owned(rectification_id, actor)
    run = row.run
    found = failing_outcomes(run, policy_in_force())
    places = [place for place in rows_to_rectify(run, found) if place > after][:most]
    with lake.table_files(resource_id=run.resource_id, snapshot_id=run.snapshot_id) as files:
        if files is None or not places:
            return ()
        looked = look_at(run, files, is_masked=False)
        codes = {one.code for one in found}
        blamed = {
            one.place: [code for code in one.rules if code in codes]
            for one in failing_rows(run, after=places[0] - 1, most=_between(places))
        }
        values = values_at(files, places)
        return tuple(
            RowToRectify(
                place=place,
                values=values.get(place, {}),
                cells=cells_of(looked, values.get(place, {}), blamed.get(place, [])),
            )
            for place in places
        )


def items_of(*, resource_id: UUID) -> Sequence[catalog.ItemRecord]:
    """Return the items of a table in their order."""
    return catalog.resources(ids=[ResourceId(resource_id)])[ResourceId(resource_id)].items


@transaction
def note_taken(*, rectification_id: UUID, rows: int, file_format: str, actor: Actor, at: datetime) -> None:
    """Record that somebody took rows away in full.

    Raises:
        RectificationNotFound: there is none whose rows the actor may see in full.
    """
    row = _owned(rectification_id, actor)
    publish(
        RectificationRowsTaken(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=DepartmentId(row.department_id),
            rectification_id=row.id,
            resource_id=row.resource_id,
            resource_code=row.resource_code,
            rows=rows,
            file_format=file_format,
        )
    )


def _between(places: Sequence[int]) -> int:
    """Return how many blamed rows there can be from the first to the last place."""
    return places[-1] - places[0] + 1


def _visible(rectification_id: UUID, actor: Actor) -> Rectification:
    row = Rectification.objects.visible_to(actor).filter(id=rectification_id).first()
    if row is None:
        raise RectificationNotFound
    return row


def _owned(rectification_id: UUID, actor: Actor) -> Rectification:
    rows = Rectification.objects.with_rows_for(actor).select_related("run")
    row = rows.filter(id=rectification_id).first()
    if row is None:
        raise RectificationNotFound
    return row


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _record(row: Rectification) -> RectificationRecord:
    return RectificationRecord(
        id=row.id,
        number=row.number,
        case_id=row.case_id,
        department_id=row.department_id,
        resource_id=row.resource_id,
        resource_code=row.resource_code,
        resource_name=row.resource_name,
        run_id=row.run_id,
        state=RectificationState(row.state),
        rules=tuple(row.rules),
        rows_first=row.rows_first,
        rows_left=row.rows_left,
        score_before=row.score_before,
        score_after=row.score_after,
        relapse_of=row.relapse_of_id,
        rule_code=row.rule_code,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        due_at=row.due_at,
    )
