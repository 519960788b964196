"""Management API of `casework`: what a program may do with cases. Every command carries an idempotency key."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.utils import timezone
from ninja import Field, Router, Schema
from pydantic import AfterValidator

from zhengshu.contexts.casework.application.claim_task import claim_task, hand_over_task, release_task
from zhengshu.contexts.casework.application.complete_task import complete_task
from zhengshu.contexts.casework.application.deliver_message import deliver_message
from zhengshu.contexts.casework.application.forms.open_by_form import open_by_form
from zhengshu.contexts.casework.application.pause_clock import pause_clock
from zhengshu.contexts.casework.application.resume_clock import resume_clock
from zhengshu.contexts.casework.application.withdraw_case import withdraw_case
from zhengshu.contexts.casework.domain.records import CaseRecord
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.once import IdempotencyKey
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.kernel.identity import CaseId, DepartmentId

router = Router(tags=["casework"])


def _clean(text: str) -> str:
    """Return a text without the letter that a database refuses and without blanks around it."""
    return text.replace("\0", "").strip()


Clean = Annotated[str, AfterValidator(_clean)]
"""A text of a call, cleaned while it is read."""


class OpenIn(Schema):
    """A case to be opened by its form: place → what was answered there."""

    case_type: Clean = Field(max_length=64)
    answers: dict[Clean, list[Clean]] = Field(max_length=2000)


class CompleteIn(Schema):
    """How a to-do ends."""

    outcome: Clean = Field(max_length=64)
    data: dict[str, Clean | int | bool] = {}
    parties: dict[str, UUID] = {}
    reason: Clean = Field("", max_length=1000)
    basis: Clean = Field("", max_length=300)


class ReasonIn(Schema):
    """Why."""

    reason: Clean = Field("", max_length=1000)


class HandOverIn(ReasonIn):
    """To whom, and why."""

    to_id: UUID


class MessageIn(Schema):
    """A message for which a case waits."""

    name: Clean = Field(max_length=64)
    data: dict[str, Clean | int | bool] = {}


class PauseIn(Schema):
    """On which ground a clock stands still, and for how many working days that is expected."""

    ground: Clean = Field(max_length=64)
    days: int | None = None


class GroundIn(Schema):
    """The ground on which a clock stood still."""

    ground: Clean = Field(max_length=64)


class StandingOut(Schema):
    """Where a case stands after a command: what it waits for, or how it ended."""

    id: UUID
    number: str
    type: str
    state: str
    open_tasks: list[str]


class ClockStandingOut(Schema):
    """A clock after a command."""

    clock: str
    is_paused: bool
    due_at: datetime | None


@router.post("/cases", auth=official(*READERS), response=StandingOut, summary="Open a case by its form")
def post_case(request: ActorRequest, body: OpenIn, key: IdempotencyKey) -> StandingOut:
    """Open a case of a type that people open by a form, with all its answers."""
    answers = {place: tuple(_clean(one) for one in texts) for place, texts in body.answers.items()}
    return _standing(
        open_by_form(
            case_type=body.case_type,
            answers=answers,
            actor=request.actor,
            at=timezone.now(),
            idempotency_key=key,
        )
    )


@router.post(
    "/cases/{case_id}/tasks/{task}/complete",
    auth=official(*READERS),
    response=StandingOut,
    summary="Do a to-do",
)
def post_complete(
    request: ActorRequest, case_id: UUID, task: Clean, body: CompleteIn, key: IdempotencyKey
) -> StandingOut:
    """End a to-do with an outcome."""
    return _standing(
        complete_task(
            case_id=CaseId(case_id),
            task=task,
            outcome=body.outcome,
            data=body.data,
            parties={name: DepartmentId(one) for name, one in body.parties.items()},
            reason=body.reason,
            basis=body.basis,
            actor=request.actor,
            at=timezone.now(),
            idempotency_key=key,
        )
    )


@router.post(
    "/cases/{case_id}/tasks/{task}/claim",
    auth=official(*READERS),
    response=StandingOut,
    summary="Claim a to-do",
)
def post_claim(request: ActorRequest, case_id: UUID, task: Clean, key: IdempotencyKey) -> StandingOut:
    """Take a to-do on oneself."""
    return _standing(
        claim_task(
            case_id=CaseId(case_id),
            task=task,
            actor=request.actor,
            at=timezone.now(),
            idempotency_key=key,
        )
    )


@router.post(
    "/cases/{case_id}/tasks/{task}/release",
    auth=official(*READERS),
    response=StandingOut,
    summary="Give a to-do back",
)
def post_release(
    request: ActorRequest, case_id: UUID, task: Clean, body: ReasonIn, key: IdempotencyKey
) -> StandingOut:
    """Give a to-do back to the colleagues, or to whoever handed it over."""
    return _standing(
        release_task(
            case_id=CaseId(case_id),
            task=task,
            reason=body.reason,
            actor=request.actor,
            at=timezone.now(),
            idempotency_key=key,
        )
    )


@router.post(
    "/cases/{case_id}/tasks/{task}/hand-over",
    auth=official(*READERS),
    response=StandingOut,
    summary="Hand a to-do over",
)
def post_hand_over(
    request: ActorRequest, case_id: UUID, task: Clean, body: HandOverIn, key: IdempotencyKey
) -> StandingOut:
    """Hand a to-do to a colleague who may do it."""
    return _standing(
        hand_over_task(
            case_id=CaseId(case_id),
            task=task,
            to_id=body.to_id,
            reason=body.reason,
            actor=request.actor,
            at=timezone.now(),
            idempotency_key=key,
        )
    )


@router.post(
    "/cases/{case_id}/withdraw", auth=official(*READERS), response=StandingOut, summary="Take a case back"
)
def post_withdraw(request: ActorRequest, case_id: UUID, body: ReasonIn, key: IdempotencyKey) -> StandingOut:
    """End a case on the wish of those who asked for it."""
    return _standing(
        withdraw_case(
            case_id=CaseId(case_id),
            reason=body.reason,
            actor=request.actor,
            at=timezone.now(),
            idempotency_key=key,
        )
    )


@router.post(
    "/cases/{case_id}/messages", auth=official(*READERS), response=StandingOut, summary="Deliver a message"
)
def post_message(request: ActorRequest, case_id: UUID, body: MessageIn, key: IdempotencyKey) -> StandingOut:
    """Deliver a message for which the case waits."""
    return _standing(
        deliver_message(
            case_id=CaseId(case_id),
            name=body.name,
            data=body.data,
            actor=request.actor,
            at=timezone.now(),
            idempotency_key=key,
        )
    )


@router.post(
    "/cases/{case_id}/clocks/{clock}/pause",
    auth=official(*READERS),
    response=ClockStandingOut,
    summary="Let a clock stand still",
)
def post_pause(
    request: ActorRequest, case_id: UUID, clock: Clean, body: PauseIn, key: IdempotencyKey
) -> ClockStandingOut:
    """Let a clock stand still on a ground that the case type declares with its article."""
    found = pause_clock(
        case_id=CaseId(case_id),
        clock=clock,
        ground=body.ground,
        days=body.days,
        actor=request.actor,
        at=timezone.now(),
        idempotency_key=key,
    )
    return ClockStandingOut.from_orm(found)


@router.post(
    "/cases/{case_id}/clocks/{clock}/resume",
    auth=official(*READERS),
    response=ClockStandingOut,
    summary="Let a clock go on",
)
def post_resume(
    request: ActorRequest, case_id: UUID, clock: Clean, body: GroundIn, key: IdempotencyKey
) -> ClockStandingOut:
    """Let a clock go on that was stopped by hand."""
    found = resume_clock(
        case_id=CaseId(case_id),
        clock=clock,
        ground=body.ground,
        actor=request.actor,
        at=timezone.now(),
        idempotency_key=key,
    )
    return ClockStandingOut.from_orm(found)


def _standing(record: CaseRecord) -> StandingOut:
    return StandingOut(
        id=record.id,
        number=record.number,
        type=record.type,
        state=record.state,
        open_tasks=[task.task for task in record.open_tasks],
    )
