"""How long people waited in the halls, by group of windows, over one month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Avg, Count, F, Max, Q

from zhengshu.contexts.services.domain.queueing import TicketState
from zhengshu.contexts.services.models import Ticket
from zhengshu.kernel.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTimes:
    """What a group of windows did in a month.

    Attributes:
        taken, served, skipped: how many numbers; what is neither served nor passed over left by itself.
        wait: minutes from taking a number to its first call, on average; None while none was called.
        longest: the longest such wait.
        visit: minutes at the window, on average; None while none was served.
    """

    department_name: str
    letter: str
    name: str
    taken: int
    served: int
    skipped: int
    wait: int | None
    longest: int | None
    visit: int | None


def hall_times(*, month: date, actor: Actor) -> Sequence[GroupTimes]:
    """Return the times of the groups that the actor may count, by department and letter, in one query."""
    after = (month.replace(day=1) + timedelta(days=31)).replace(day=1)
    rows = (
        Ticket.objects.counted_by(actor)
        .filter(on__gte=month.replace(day=1), on__lt=after)
        .values("group__department_name", "group__letter", "group__name")
        .annotate(
            taken=Count("pk"),
            served=Count("pk", filter=Q(state=TicketState.SERVED)),
            skipped=Count("pk", filter=Q(state=TicketState.SKIPPED)),
            wait=Avg(F("first_called_at") - F("taken_at")),
            longest=Max(F("first_called_at") - F("taken_at")),
            visit=Avg(F("ended_at") - F("served_from")),
        )
        .order_by("group__department_name", "group__letter", "group__name")
    )
    return tuple(
        GroupTimes(
            department_name=row["group__department_name"],
            letter=row["group__letter"],
            name=row["group__name"],
            taken=row["taken"],
            served=row["served"],
            skipped=row["skipped"],
            wait=_minutes(row["wait"]),
            longest=_minutes(row["longest"]),
            visit=_minutes(row["visit"]),
        )
        for row in rows
    )


def _minutes(length: timedelta | None) -> int | None:
    return None if length is None else round(length.total_seconds() / 60)
