"""Sending a form that opens a case, with all that whoever keeps the application needs to know of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework.application.forms.drafts import locked
from zhengshu.contexts.casework.application.forms.foresee import findings_of
from zhengshu.contexts.casework.application.forms.send_form import opened_by
from zhengshu.contexts.casework.domain.forms.kinds import Typed
from zhengshu.contexts.casework.domain.forms.places import field_at
from zhengshu.contexts.casework.domain.forms.ports import Finding, Supplied
from zhengshu.contexts.casework.domain.forms.schema import Place
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId

TYPED_LOOKS = frozenset({"textfield", "textarea", "number", "datetime"})
"""Components into which a person types; all others are chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form that opened a case.

    Attributes:
        case_id: the case.
        case_type: the code of its type.
        number: its number.
        state: its state, as opening it left it.
        applicant_id: the account of who asks; None where the type has no applicant.
        enterprise_id: the enterprise in whose name he asks.
        begun_at: when the form was begun.
        is_fresh: whether it was sent just now and not before.
        findings: what the checks of its case type said.
        values: place → value, typed, supplied and computed.
        supplied: data element → value with its source and time.
        typed: how many answers a person gave.
        letters: how many characters were typed for them; a choice is none.
    """

    case_id: CaseId
    case_type: str
    number: str
    state: str
    applicant_id: UUID | None
    enterprise_id: UUID | None
    begun_at: datetime
    is_fresh: bool
    findings: tuple[Finding, ...] = ()
    values: dict[Place, Typed]
    supplied: dict[str, Supplied]
    typed: int = 0
    letters: int = 0


def send_opening(*, draft_id: UUID, actor: Actor, at: datetime) -> Sent:
    """Send a draft that opens a case; one that was sent before gives the same case again and changes nothing.

    It belongs into the transaction of whoever keeps the application.

    Raises:
        Refused: whatever `send_form` refuses.
    """
    found = locked(draft_id=draft_id, actor=actor)
    is_fresh = found.row.sent_at is None
    findings = findings_of(found) if is_fresh and not found.has_moved else ()
    answered = [
        (field, texts)
        for place, texts in found.answers.items()
        if place in found.evaluated.shown
        and any(texts)
        and (field := field_at(found.form.parts, place))
        and field.supplier not in found.supplied
    ]
    case = opened_by(found, actor=actor, at=at).row if is_fresh or found.row.case is None else found.row.case
    return Sent(
        case_id=CaseId(case.pk),
        case_type=case.type_code,
        number=case.number,
        state=case.state,
        applicant_id=case.applicant_id,
        enterprise_id=case.enterprise_id,
        begun_at=found.row.started_at,
        is_fresh=is_fresh,
        findings=findings,
        values=dict(found.evaluated.values),
        supplied=dict(found.supplied),
        typed=len(answered),
        letters=sum(len("".join(texts)) for field, texts in answered if field.look in TYPED_LOOKS),
    )
