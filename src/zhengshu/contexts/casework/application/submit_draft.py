"""Submitting a case type for approval."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.casework.application.check_draft import check_draft
from zhengshu.contexts.casework.application.complete_task import complete_task
from zhengshu.contexts.casework.application.drafts import check_change, check_revision, locked_draft
from zhengshu.contexts.casework.application.load_case_types import digest_of
from zhengshu.contexts.casework.application.open_case import open_case
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.definitions import read_texts
from zhengshu.contexts.casework.domain.records import CaseSubject
from zhengshu.contexts.casework.models import CaseTypeDraft, CaseTypeVersion
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId, DepartmentId

CASE_TYPE = "case-type-publication"
DESIGN, SUBMIT = "design", "submit"
SUBJECT = "casework.draft"


class DraftFaulty(Refused):
    """Only a case type without faults can be submitted; the page of the draft lists them."""

    code: ClassVar[str] = "casework.draft-faulty"
    message: ClassVar[str] = "The case type has %(count)s faults. Mend what the list shows, then submit it."


class NothingChanged(Refused):
    """The draft says what the current version says."""

    code: ClassVar[str] = "casework.nothing-changed"
    message: ClassVar[str] = "The draft is the same as the current version; there is nothing to approve."


class BaseSuperseded(Refused):
    """A newer version than that with which the draft began is current."""

    code: ClassVar[str] = "casework.base-superseded"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "A newer version of this case type was published after the draft began. Abandon the draft, begin one "
        "of the newer version, and put your changes into it."
    )


@transaction
def submit_draft(*, draft_id: UUID, revision: int, actor: Actor, at: datetime) -> CaseTypeDraft:
    """Hand a draft to the data authority for approval; the first time this opens a case.

    Everybody who saved the draft counts as its author in the case, so that none of them may approve it.

    Raises:
        DraftNotFound: the actor may not see such a draft.
        NotADesigner: it belongs to another department.
        DraftNotOpen: it was submitted or closed.
        DraftChangedMeanwhile: somebody saved it since `revision`.
        DraftFaulty: the checker finds faults.
        NothingChanged: it is the same as the current version.
        BaseSuperseded: a newer version is current than that with which it began.
    """
    draft = locked_draft(draft_id=draft_id, actor=actor)
    check_change(draft, actor=actor)
    check_revision(draft, revision=revision)
    check_publishable(draft)
    draft.state = CaseTypeDraft.State.SUBMITTED
    draft.authority_id = trust.data_authority_for(department_id=draft.department_id).id
    if draft.case_id is None:
        draft.case_id = _open(draft, actor=actor, at=at)
    draft.save()
    _name_authors(draft, actor=actor)
    case_id = CaseId(draft.case_id)
    complete_task(case_id=case_id, task=DESIGN, outcome=SUBMIT, actor=actor, at=at)
    return draft


def check_publishable(draft: CaseTypeDraft) -> None:
    """Refuse a draft that cannot become the next version of its type.

    Raises:
        DraftFaulty: the checker finds faults.
        NothingChanged: it is the same as the current version.
        BaseSuperseded: a newer version is current than that with which it began.
    """
    faults = check_draft(draft.files())
    if faults:
        raise DraftFaulty(count=len(faults))
    current = CaseTypeVersion.objects.filter(code=draft.code, is_current=True).first()
    if current is not None and current.digest == digest_of(draft.files()):
        raise NothingChanged
    if current is not None and current.pk != draft.base_id:
        raise BaseSuperseded


def _open(draft: CaseTypeDraft, *, actor: Actor, at: datetime) -> UUID:
    title = read_texts(draft.texts["zh-hans"]).get("name", draft.code)
    path = f"/cases/studio/{draft.pk}/"
    return open_case(
        case_type=CASE_TYPE,
        subject=CaseSubject(kind=SUBJECT, id=draft.pk, title=title[:300], path=path),
        parties={
            "designer": DepartmentId(draft.department_id),
            "authority": DepartmentId(draft.authority_id or draft.department_id),
        },
        data={},
        actor=actor,
        at=at,
    ).id


def _name_authors(draft: CaseTypeDraft, *, actor: Actor) -> None:
    """Let the case know everybody who designed; its four-eyes rule then bars each of them."""
    case = WorkingCase.lock(case_id=CaseId(draft.case_id or draft.pk), actor=actor)
    people: list[str] = case.row.done.setdefault(DESIGN, {}).setdefault(SUBMIT, [])
    people.extend(str(author) for author in draft.authors if str(author) not in people)
    case.row.save(update_fields=["done"])
