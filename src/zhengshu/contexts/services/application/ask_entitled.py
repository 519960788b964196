"""Asking somebody who was found, and an official where the rules leave a doubt: cases with a to-do and a message."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import translation

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.domain.benefits import Audience, Definition, Verdict
from zhengshu.contexts.services.events import EntitlementDoubted
from zhengshu.contexts.services.models.benefits import Entitlement
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.identity import CaseId, DepartmentId

SUBJECT = "entitlement"
OFFICER = "officer"
CONFIRM, EXAMINE = "confirm", "examine"
LOST = "lost"
"""The message by which the case of somebody who was asked ends when he is not found any more."""
DOUBT = "benefit-doubt"
"""The case type in which an official looks into a doubt about somebody who was not asked yet."""
PLATFORM = Actor.platform("services.benefits")


def ask_to_confirm(row: Entitlement, definition: Definition, *, subject: str, at: datetime) -> None:
    """Open the case of an entitlement once, in the name of whoever has an account; others are asked when they come."""
    if row.case_id is not None:
        return
    applicant = _applicant(definition, subject=subject)
    if applicant is not None:
        open_for(row, definition, applicant=applicant, at=at)


def open_for(
    row: Entitlement, definition: Definition, *, applicant: casework.Applicant, at: datetime
) -> None:
    """Open the case of an entitlement for an applicant."""
    with translation.override(settings.LANGUAGE_CODE):
        title = definition.name
    case = casework.open_case(
        case_type=definition.case_type,
        subject=casework.CaseSubject(
            kind=SUBJECT, id=row.id, title=title, path=f"/services/my-benefits/{row.id}/"
        ),
        parties={OFFICER: DepartmentId(row.benefit.department_id)},
        data={},
        applicant=applicant,
        actor=PLATFORM,
        at=at,
        idempotency_key=f"entitlement:{row.id}:{row.last_run_id}",
    )
    row.case_id = case.id
    row.save(update_fields=["case_id"])


def open_doubt(row: Entitlement, definition: Definition, *, subject: str, at: datetime) -> None:
    """Let an official look into a doubt: suspend whoever had confirmed and tell him; anybody else is not asked yet."""
    row.state = Entitlement.State.SUSPENDED if row.confirmed_at else Entitlement.State.DOUBTFUL
    applicant = _applicant(definition, subject=subject) if row.confirmed_at else None
    case = casework.open_case(
        case_type=definition.case_type if applicant else DOUBT,
        subject=casework.CaseSubject(
            kind=SUBJECT, id=row.id, title=definition.name, path=f"/services/my-benefits/{row.id}/"
        ),
        parties={OFFICER: DepartmentId(row.benefit.department_id)},
        data={"is_suspended": True} if applicant else {},
        applicant=applicant,
        actor=PLATFORM,
        at=at,
        idempotency_key=f"doubt:{row.id}:{row.last_run_id}",
    )
    row.doubt_case_id = case.id
    row.save()
    publish(
        EntitlementDoubted(
            at=at,
            actor=PLATFORM,
            subject=Subject("entitlement", str(row.id), row.benefit_id),
            benefit=row.benefit_id,
            is_suspended=row.state == Entitlement.State.SUSPENDED,
        )
    )


def tell_lost(row: Entitlement, definition: Definition, *, verdict: Verdict, at: datetime) -> None:
    """Tell somebody that a run does not find him any more, by which rule, and what he can do.

    Who was asked and has not answered hears it by the end of his case, so that nothing is left for him to do; should he
    be found again, another case asks him. Whoever else has an account hears it by a case that ends at once.
    """
    broken = [one for one in verdict.findings if not one.passed]
    told = {
        "lost_reason": "；".join(one.text for one in broken),
        "lost_reason_en": "; ".join(one.text_en for one in broken),
    }
    if row.confirmed_at is None and end_asking(row, told, at=at):
        return
    applicant = _applicant(definition, subject=row.number)
    if applicant is None:
        return
    casework.open_case(
        case_type=definition.case_type,
        subject=casework.CaseSubject(
            kind=SUBJECT, id=row.id, title=definition.name, path=f"/services/my-benefits/{row.id}/"
        ),
        parties={OFFICER: DepartmentId(row.benefit.department_id)},
        data={"is_lost": True, **told},
        applicant=applicant,
        actor=PLATFORM,
        at=at,
    )


def end_asking(row: Entitlement, told: Mapping[str, str], *, at: datetime) -> bool:
    """End the case that asks somebody, who reads why; should he be found again, another case asks him.

    Returns:
        False where nothing asks him, or his case does not wait for that, as by an earlier edition of its type.
    """
    if row.case_id is None:
        return False
    try:
        casework.deliver_message(case_id=CaseId(row.case_id), name=LOST, data=told, actor=PLATFORM, at=at)
    except (casework.MessageNotAwaited, casework.CaseClosedAlready):
        return False
    row.case_id = None
    row.save(update_fields=["case_id"])
    return True


def _applicant(definition: Definition, *, subject: str) -> casework.Applicant | None:
    if definition.audience is Audience.PERSON:
        try:
            person = trust.private_person(citizen_id=CitizenId.parse(subject))
        except trust.AccountNotFound:
            return None
        return casework.Applicant(account_id=person.account_id)
    enterprise = trust.enterprise_ids(codes=[subject]).get(subject)
    return _delegate(enterprise, matter=definition.case_type) if enterprise else None


def _delegate(enterprise: UUID, *, matter: str) -> casework.Applicant | None:
    delegates = sorted(trust.delegates_of(enterprise_id=enterprise, matter=matter))
    return casework.Applicant(account_id=delegates[0], enterprise_id=enterprise) if delegates else None
