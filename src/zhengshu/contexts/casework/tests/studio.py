"""Designers and approvers of case types, and drafts at every step of their way."""

from dataclasses import dataclass

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application.start_draft import start_from_template
from zhengshu.contexts.casework.application.submit_draft import submit_draft
from zhengshu.contexts.casework.models import CaseTypeDraft
from zhengshu.contexts.casework.tests.factories import AT, PACKS, person
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId

NAMES = {"zh-hans": "林木采伐许可", "en": "Tree felling permit"}
CODE = "tree-felling-permit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """A department that designs, another one, and the data authority that approves."""

    department: DepartmentId
    authority: DepartmentId
    clerk: Actor
    colleague: Actor
    head: Actor
    stranger: Actor
    reviewer: Actor


def studio() -> Studio:
    api.load_case_types(folder=PACKS / "case-type-publication", at=AT)
    authority = trust.department(is_data_authority=True)
    department = trust.department(parent_id=authority.id)
    other = trust.department(parent_id=authority.id)
    return Studio(
        department=department.id,
        authority=authority.id,
        clerk=person(Role.WINDOW_CLERK, department_id=department.id),
        colleague=person(Role.DATA_OFFICER, department_id=department.id),
        head=person(Role.DEPARTMENT_HEAD, department_id=department.id),
        stranger=person(Role.WINDOW_CLERK, department_id=other.id),
        reviewer=person(Role.REVIEWER, department_id=authority.id),
    )


def draft(place: Studio, *, template: str = "simple-approval", actor: Actor | None = None) -> CaseTypeDraft:
    return start_from_template(template=template, names=NAMES, actor=actor or place.clerk, at=AT)


def submitted(place: Studio, *, actor: Actor | None = None) -> CaseTypeDraft:
    row = draft(place, actor=actor)
    return submit_draft(draft_id=row.pk, revision=row.revision, actor=actor or place.clerk, at=AT)
