"""What an official learns of somebody about whom he decides: masked on the case, whole when he asks, which is noted."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from zhengshu.contexts.services.application.benefit_faults import BenefitNotFound
from zhengshu.contexts.services.application.benefit_queries import area_names
from zhengshu.contexts.services.application.entitle_found import definition_of
from zhengshu.contexts.services.domain.benefits import Audience, Definition, Finding
from zhengshu.contexts.services.events import EntitlementRead
from zhengshu.contexts.services.models.benefits import Entitlement
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel import masks
from zhengshu.kernel.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRecord:
    """Somebody about whom an official decides.

    Attributes:
        may_look: whether there is something to decide about a person, so that name and number may be looked at.
    """

    id: UUID
    definition: Definition
    state: str
    name: str
    number: str
    area: str
    findings: tuple[Finding, ...]
    may_look: bool
    case_id: UUID | None


def subject_masked(*, entitlement_id: UUID, actor: Actor) -> SubjectRecord:
    """Return somebody about whom an official decides, with name and number masked.

    Raises:
        BenefitNotFound: it is a benefit of another department, or there is none.
    """
    row = _one(Entitlement.objects.visible_to(actor), entitlement_id)
    found = _record(row)
    if found.definition.audience is not Audience.PERSON:
        return found
    return replace(
        found,
        name=masks.apply(masks.Mask.NAME, found.name),
        number=masks.apply(masks.Mask.CITIZEN_ID, found.number),
    )


@transaction
def read_entitlement(*, entitlement_id: UUID, actor: Actor, at: datetime) -> SubjectRecord:
    """Return name and number of somebody about whom there is a doubt or an objection; the look is noted.

    Raises:
        BenefitNotFound: it is a benefit of another department, there is none, or there is nothing to decide.
    """
    row = _one(Entitlement.objects.visible_to(actor).filter(_to_decide()), entitlement_id)
    publish(
        EntitlementRead(
            at=at,
            actor=actor,
            subject=Subject("entitlement", str(row.id), row.benefit_id),
            benefit=row.benefit_id,
        )
    )
    return _record(row)


def _to_decide() -> Q:
    return Q(doubt_case_id__isnull=False) | Q(state=Entitlement.State.OBJECTED)


def _one(rows: QuerySet[Entitlement], entitlement_id: UUID) -> Entitlement:
    row = rows.select_related("benefit").filter(pk=entitlement_id).first()
    if row is None:
        raise BenefitNotFound
    return row


def _record(row: Entitlement) -> SubjectRecord:
    definition = definition_of(row.benefit.definition)
    is_open = row.doubt_case_id is not None or row.state == Entitlement.State.OBJECTED
    return SubjectRecord(
        id=row.id,
        definition=definition,
        state=row.state,
        name=row.name,
        number=row.number,
        area=area_names().get(row.area, row.area),
        findings=msgspec.convert(row.findings, type=tuple[Finding, ...]),
        may_look=is_open and definition.audience is Audience.PERSON,
        case_id=row.doubt_case_id or row.case_id,
    )
