"""What lies on a desk: what its owner may do now, and what the department started, told together.

Two lists of the same page share what both need (for whom the reader stands in, the editions, the departments), so that
the page costs the same few queries however full it is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Prefetch, Q

from zhengshu.contexts.casework.application.case_rows import MOST_COUNTED, Listing
from zhengshu.contexts.casework.application.doing import deputyships, doable_by
from zhengshu.contexts.casework.application.telling import Teller
from zhengshu.contexts.casework.domain.records import CaseRecord, TaskRecord
from zhengshu.contexts.casework.models import Case, CaseParty, Task
from zhengshu.foundation.lists import CountOf, ListQuery, Page, rows_and_total
from zhengshu.kernel.actors import Actor

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDesk:
    """The two lists of a desk.

    Attributes:
        todos: what the actor may complete now, the nearest end first.
        started: open cases that the actor's department opened, the latest first, without their parties.
    """

    todos: Page[TaskRecord]
    started: Page[CaseRecord]


def case_desk(*, actor: Actor, query: ListQuery, at: datetime) -> CaseDesk:
    """Return the first lines of what an actor has to do and of what is under way for the department."""
    standing = deputyships(actor=actor, at=at)
    todo = doable_by(actor, standing=standing).order_by("due_at", "id").select_related("case")
    tasks, waiting = rows_and_total(todo, query, most=MOST_COUNTED + 1)
    cases, under_way = _started(actor, query)
    teller = Teller(cases=[*(task.case for task in tasks), *cases], actor=actor, at=at, standing=standing)
    return CaseDesk(
        todos=_page(tuple(teller.task(task.case, task) for task in tasks), waiting, query),
        started=_page(tuple(teller.listed(case) for case in cases), under_way, query),
    )


def _started(actor: Actor, query: ListQuery) -> tuple[list[Case], int]:
    """Return the latest open cases that the department started, and how many there are, in one query and one of tasks.

    Whoever works in a department sees them in one way only, so that the first rows of one index name them.
    """
    listing = Listing.of(actor).started_by(actor).where(Q(is_ended=False))
    latest = listing.rows(("case_id",), order=("-opened_at", "-case_id"), most=query.size)
    known = (
        Case.objects.filter(pk__in=latest)
        .defer("data", "running", "done")
        .annotate(rows_in_all=CountOf(listing.counted(most=MOST_COUNTED + 1)))
        .prefetch_related(
            Prefetch("tasks", Task.objects.open().order_by("opened_at", "id")),
            Prefetch("parties", CaseParty.objects.none()),
        )
        .order_by("-opened_at", "-id")
    )
    rows = list(known)
    return rows, rows[0].rows_in_all if rows else 0  # type: ignore[attr-defined]  # the annotation


def _page(rows: tuple[Row, ...], count: int, query: ListQuery) -> Page[Row]:
    return Page(rows=rows, total=min(count, MOST_COUNTED), query=query, is_more=count > MOST_COUNTED)
