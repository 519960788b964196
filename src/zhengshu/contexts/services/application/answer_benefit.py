"""What somebody who was found says: I take it, and to this account; I decline; I was wrongly found."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import TaskCompleted
from zhengshu.contexts.services.application.ask_entitled import CONFIRM, open_for
from zhengshu.contexts.services.application.benefit_faults import (
    AccountUnfit,
    BeingExamined,
    BenefitNotFound,
    NotEntitledNow,
    NotWaiting,
)
from zhengshu.contexts.services.application.entitle_found import STOPPED, definition_of, make_due
from zhengshu.contexts.services.application.own_benefits import own_entitlement, own_numbers
from zhengshu.contexts.services.domain.benefits import Definition
from zhengshu.contexts.services.events import EntitlementAnswered
from zhengshu.contexts.services.models.benefits import Entitlement
from zhengshu.foundation.events import Subject, on
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId
from zhengshu.kernel.text import compact

ACCEPT, DECLINE, OBJECT = "accept", "decline", "object"
REVIEW, UPHOLD = "review", "uphold"
_STATES = {
    (CONFIRM, ACCEPT): Entitlement.State.ACTIVE,
    (CONFIRM, DECLINE): Entitlement.State.DECLINED,
    (CONFIRM, OBJECT): Entitlement.State.OBJECTED,
    (REVIEW, UPHOLD): Entitlement.State.REMOVED,
    (REVIEW, "keep"): Entitlement.State.ASKED,
}
_SHORTEST, _LONGEST, _CARD = 12, 30, (16, 19)


@transaction
def answer_benefit(
    *,
    entitlement_id: UUID,
    answer: str,
    account: str = "",
    reason: str = "",
    actor: Actor,
    at: datetime,
) -> None:
    """Take what one was found entitled to, decline it, or object; the same answer again changes nothing.

    Raises:
        BenefitNotFound: it is somebody else's, or there is none.
        BeingExamined: an official looks into a doubt.
        NotEntitledNow: a later search or an official found otherwise.
        NotWaiting: another answer was given before.
        AccountUnfit: it is to be paid, and this is no account.
        ReasonMissing: an objection without a reason.
    """
    row = own_entitlement(entitlement_id=entitlement_id, actor=actor, is_locked=True)
    definition = definition_of(row.benefit.definition)
    is_paid = bool(definition.amounts)
    if row.state == _STATES.get((CONFIRM, answer)) and (
        answer != ACCEPT or row.sealed_account or not is_paid
    ):
        return
    if answer == ACCEPT and is_paid:
        row.account = read_account(account)
    if row.state == Entitlement.State.ACTIVE and answer == ACCEPT:
        row.save(update_fields=["sealed_account"])
        _now_due(row, definition, at=at)
        return
    if row.state != Entitlement.State.ASKED:
        raise _why_not(row)
    row.save(update_fields=["sealed_account"])
    if row.case_id is None:
        open_for(row, definition, applicant=_applicant(row, definition, actor=actor), at=at)
    casework.complete_task(
        case_id=_case(row), task=CONFIRM, outcome=answer, reason=reason, actor=actor, at=at
    )
    _take_over(row, task=CONFIRM, outcome=answer, actor=actor, at=at)


def _why_not(row: Entitlement) -> Refused:
    """Return why somebody who is not asked cannot answer."""
    if row.state not in STOPPED:
        return NotWaiting()
    return BeingExamined() if row.doubt_case_id is not None else NotEntitledNow()


def read_account(text: str) -> str:
    """Return the digits of an account number, typed or pasted in whatever width.

    Raises:
        AccountUnfit: too few, too many or other characters, or a card whose check digit does not fit.
    """
    digits = compact(text)
    if not digits.isascii() or not digits.isdigit() or not _SHORTEST <= len(digits) <= _LONGEST:
        raise AccountUnfit
    if _CARD[0] <= len(digits) <= _CARD[1] and _luhn(digits):
        raise AccountUnfit
    return digits


def _luhn(digits: str) -> int:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - the sum of its two digits
    return total % 10


@on(TaskCompleted)
def follow_case(event: TaskCompleted) -> None:
    """Bring an entitlement in line with its case, wherever its to-do was done; repeating it changes nothing."""
    if (event.task, event.outcome) not in _STATES:
        return
    row = (
        Entitlement.objects.select_related("benefit", "last_run")
        .select_for_update(of=("self",))
        .filter(case_id=event.case_id)
        .first()
    )
    if row is not None:
        _take_over(row, task=event.task, outcome=event.outcome, actor=event.actor, at=event.at)


def _take_over(row: Entitlement, *, task: str, outcome: str, actor: Actor, at: datetime) -> None:
    state = _STATES[task, outcome]
    asked = {Entitlement.State.ASKED} | STOPPED
    leads_on = {CONFIRM: asked, REVIEW: {Entitlement.State.OBJECTED}}
    if row.state not in leads_on[task]:
        return
    if outcome == ACCEPT:
        row.confirmed_at = row.confirmed_at or at
    if outcome != ACCEPT or row.state not in STOPPED:
        row.state, row.changed_at = state, at
    row.save(update_fields=["state", "changed_at", "confirmed_at"])
    definition = definition_of(row.benefit.definition)
    _now_due(row, definition, at=at)
    publish(
        EntitlementAnswered(
            at=at,
            actor=actor,
            subject=Subject("entitlement", str(row.id), row.benefit_id),
            benefit=row.benefit_id,
            answer=outcome,
        )
    )


def _now_due(row: Entitlement, definition: Definition, *, at: datetime) -> None:
    if row.state == Entitlement.State.ACTIVE:
        make_due(row, definition, run=row.last_run, subject=row.number, at=at)


def _case(row: Entitlement) -> CaseId:
    if row.case_id is None:
        raise BenefitNotFound
    return CaseId(row.case_id)


def _applicant(row: Entitlement, definition: Definition, *, actor: Actor) -> casework.Applicant:
    enterprise = own_numbers(actor, matter=definition.case_type)[row.number]
    return casework.Applicant(account_id=actor.id, enterprise_id=enterprise)
