"""Management API of `services`: halls with their queues now, and how long people waited."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from zhengshu.contexts.services.application import ticket_queries
from zhengshu.contexts.services.application.hall_times import hall_times
from zhengshu.contexts.services.application.keep_window_groups import (
    WindowGroupNotFound,
    groups_of_hall,
    halls,
)
from zhengshu.contexts.services.models.queueing import HALL_KEEPERS
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.kernel.actors import Role

router = Router(tags=["services"])

Month = Annotated[str, Field(pattern=r"^2[0-9]{3}-(0[1-9]|1[0-2])$", description="as 2026-03")]


class HallOut(Schema):
    """The hall of a department that gives numbers."""

    department_id: UUID
    department: str
    groups: list[str] = Field(description="The letters of its groups of windows.")


class GroupNowOut(Schema):
    """A group of windows: who waits for it now, and for how long one who comes may have to."""

    letter: str
    name: str
    items: list[str] = Field(description="Codes of the items for which numbers are taken; empty: any matter.")
    windows: list[str] = Field(
        description="The windows that called one of its numbers in the last half hour."
    )
    waiting: int
    expected_minutes: int | None = Field(description="In steps of five; null while nobody can know.")


class HallNowOut(Schema):
    """The queues of a hall now; numbers name nobody."""

    department_id: UUID
    department: str
    groups: list[GroupNowOut]


class GroupTimesOut(Schema):
    """How long people waited for a group of windows in a month, in minutes; null where nothing was counted."""

    department_name: str
    letter: str
    name: str
    taken: int
    served: int
    skipped: int
    wait: int | None
    longest: int | None
    visit: int | None


@router.get("/halls", auth=official(), response=list[HallOut], summary="List the halls that give numbers")
def list_halls(request: ActorRequest) -> list[HallOut]:  # noqa: ARG001 - screens show it to everybody
    """Return every department whose windows call numbers."""
    return [
        HallOut(department_id=one.department_id, department=one.department_name, groups=list(one.letters))
        for one in halls()
    ]


@router.get(
    "/halls/{department_id}", auth=official(), response=HallNowOut, summary="Read the queues of a hall now"
)
def hall(request: ActorRequest, department_id: UUID) -> HallNowOut:  # noqa: ARG001 - as above
    """Return what the screen of the hall shows of its groups: windows, who waits, and the expected wait."""
    groups = groups_of_hall(department_id=department_id)
    if not groups:
        raise WindowGroupNotFound
    return HallNowOut(
        department_id=department_id,
        department=groups[0].department_name,
        groups=[
            GroupNowOut(
                letter=one.group.letter,
                name=one.group.name,
                items=[item.code for item in one.group.items],
                windows=list(one.windows),
                waiting=one.waiting,
                expected_minutes=one.minutes,
            )
            for one in ticket_queries.hall_now(department_id=department_id, at=timezone.now())
        ],
    )


@router.get(
    "/hall-times",
    auth=official(*HALL_KEEPERS, Role.LEADER, Role.REVIEWER),
    response=list[GroupTimesOut],
    summary="Read how long people waited in the halls",
)
def times(request: ActorRequest, month: Annotated[Month, Query()]) -> list[GroupTimesOut]:
    """Return the times of the groups that the caller may count, over one month."""
    found = hall_times(month=date.fromisoformat(f"{month}-01"), actor=request.actor)
    return [GroupTimesOut(**asdict(one)) for one in found]
