"""The head of the department approves a version."""

from dataclasses import dataclass
from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog.application import faces
from zhengshu.contexts.catalog.application.access import locked_resource, open_version, take
from zhengshu.contexts.catalog.application.announcing import about
from zhengshu.contexts.catalog.application.queries import record_of
from zhengshu.contexts.catalog.application.records import ResourceRecord
from zhengshu.contexts.catalog.domain.lifecycle import Step
from zhengshu.contexts.catalog.events import ResourceApproved
from zhengshu.contexts.catalog.models import ResourceVersion
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessments:
    """What the head declares to have been assessed before approving.

    Attributes:
        secrecy_risk: the risk to state secrets and work secrets (保密风险).
        personal_information: the impact on personal information (个人信息保护影响).
        note: where the reports are, or what they found.
    """

    secrecy_risk: bool
    personal_information: bool
    note: str = ""


class AssessmentMissing(Refused):
    """The head approves only after both assessments; tick them when they were done."""

    code = "catalog.assessment-missing"
    message = (
        "Before approving, the risk to secrets and the impact on personal information must have been assessed"
        " (Decree 809, article 13). Declare both."
    )


@transaction
def approve_resource(*, code: str, assessments: Assessments, actor: Actor, at: datetime) -> ResourceRecord:
    """Approve a submitted version and pass it to the data authority.

    Basis: Decree 809, article 13.

    Raises:
        ResourceNotFound: no such resource that the actor may see.
        NothingOpen: the resource has no version on its way.
        StepNotYours: the actor is not the head of the department.
        StepNotPossible: the version is not submitted.
        AssessmentMissing: one of the two assessments is not declared.
    """
    resource = locked_resource(code=code, actor=actor)
    version = open_version(resource)
    version.state = take(Step.APPROVE, resource=resource, version=version, actor=actor)
    if not (assessments.secrecy_risk and assessments.personal_information):
        raise AssessmentMissing
    version.is_secrecy_assessed = version.is_personal_assessed = True
    version.assessment_note = assessments.note
    version.approved_by, version.approved_at = actor.name, at
    version.save()
    resource.opened = version
    faces.show(resource)
    casework.complete_task(
        case_id=case_of(version), task="head_approval", outcome="approve", actor=actor, at=at
    )
    publish(ResourceApproved(**about(resource, version, actor=actor, at=at)))
    return record_of(version)


def case_of(version: ResourceVersion) -> CaseId:
    """Return the case in which a submitted version is decided."""
    if version.case_id is None:
        message = f"version {version.id} is {version.state} without a case"
        raise TypeError(message)
    return CaseId(version.case_id)
