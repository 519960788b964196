"""Publishing what was decided on licences, as the item's declaration says; told again, it is published once.

Basis: Administrative Licensing Law (行政许可法), article 40: a decision to grant is made public.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.certificates.api import CertificateRecord
from zhengshu.contexts.certificates.events import CertificateEndedEarly, CertificateIssued
from zhengshu.contexts.services.domain.applications import ApplicationState, state_at
from zhengshu.contexts.services.models import Application, ItemVersion, PublishedDecision
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.dates import CHINA
from zhengshu.kernel.identity import CaseId
from zhengshu.kernel.masks import Mask, apply

PLATFORM: Final = Actor.platform("services.decisions")
DECIDED: Final = frozenset({ApplicationState.GRANTED, ApplicationState.REFUSED})


@transaction
def publish_decision(event: CaseClosed) -> None:
    """Publish that an application was granted, with its holder; of one that was refused, keep that it was."""
    state = state_at(event.end)
    row = Application.objects.select_related("item").filter(case_id=event.case_id).first()
    if row is None or state not in DECIDED:
        return
    version = ItemVersion.objects.get(item=row.item, number=row.item_version)
    basis = str(version.elements.get("publication_basis", ""))
    if not basis:
        return
    granted = state is ApplicationState.GRANTED
    decision, _is_new = PublishedDecision.objects.get_or_create(
        application=row,
        defaults={
            "is_granted": granted,
            "number": row.number if granted else "",
            "item_code": row.item.code,
            "item_name": row.item.name,
            "item_name_en": row.item.name_en,
            "department_id": row.department_id,
            "department_name": row.item.department_name,
            "basis": basis,
            "decided_on": event.at.astimezone(CHINA).date(),
            **(_holder(row) if granted else {}),
        },
    )
    if granted:
        for issued in certificates.issued_for(case_id=CaseId(row.case_id), at=event.at)[:1]:
            _certify(decision, issued)


@transaction
def publish_certificate(event: CertificateIssued) -> None:
    """Add the certificate to a decision that was published before it was issued, or in whose place another one came."""
    rows = PublishedDecision.objects.filter(is_granted=True)
    own = rows.filter(application__case_id=event.case_id) if event.case_id else rows.none()
    replaced = rows.filter(certificate_id=event.predecessor_id) if event.predecessor_id else rows.none()
    for decision in [*own, *replaced][:1]:
        issued = certificates.certificate(
            certificate_id=UUID(event.certificate_id), actor=PLATFORM, at=event.at
        )
        _certify(decision, issued)


@transaction
def publish_ending(event: CertificateEndedEarly) -> None:
    """Say of a published decision since when its certificate is in force no more."""
    PublishedDecision.objects.filter(certificate_id=event.certificate_id, ended_on=None).update(
        ended_on=event.at.astimezone(CHINA).date()
    )


def _holder(row: Application) -> dict[str, str]:
    """Return an enterprise as it is, and a person's name in part."""
    if row.enterprise_id is not None:
        wanted = [row.enterprise_id]
        return {
            "holder_name": trust.enterprise_names(ids=wanted).get(row.enterprise_id, ""),
            "credit_code": next(iter(trust.enterprise_codes(ids=wanted)), ""),
        }
    name = trust.names_of(ids=[row.applicant_id]).get(row.applicant_id, "")
    return {"holder_name": apply(Mask.NAME, name)}


def _certify(decision: PublishedDecision, issued: CertificateRecord) -> None:
    decision.certificate_id = issued.id
    decision.certificate_number = issued.serial
    decision.active_from = _day(issued.active_from)
    decision.active_to = _day(issued.active_to) if issued.active_to else None
    decision.save(update_fields=["certificate_id", "certificate_number", "active_from", "active_to"])


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()
