"""Starting to fill in a form."""

from datetime import datetime
from types import MappingProxyType
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.casework.application.applying import fitting
from zhengshu.contexts.casework.application.forms.drafts import Draft, of_row
from zhengshu.contexts.casework.application.gone import why_gone
from zhengshu.contexts.casework.application.naming import LoadedType, current_version, loaded, loaded_all
from zhengshu.contexts.casework.domain.completing import NotYourTask
from zhengshu.contexts.casework.domain.definitions import APPLICANT, Definition
from zhengshu.contexts.casework.domain.forms.places import check_places, defaults
from zhengshu.contexts.casework.domain.forms.schema import Answers
from zhengshu.contexts.casework.domain.records import Applicant, TaskKind
from zhengshu.contexts.casework.events import FormStartedFor
from zhengshu.contexts.casework.models import CaseTypeVersion, FormDraft, Task
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.statements import Insertion
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import TaskId, new_id

MOST_OPEN_DRAFTS = 50
"""Drafts that one person may have; the oldest must be sent or discarded first."""


NOTHING_TYPED: Answers = MappingProxyType({})

_STARTED = Insertion(FormDraft)


class FormNotFound(Refused):
    """There is no such form that the actor may fill in."""

    code: ClassVar[str] = "casework.form-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such form, or it is not for you to fill in."


class TooManyDrafts(Refused):
    """A person has so many drafts that something is wrong."""

    code: ClassVar[str] = "casework.too-many-drafts"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "You have %(most)s drafts. Send or discard some of them before you start another."
    )


@transaction
def start_draft(
    *,
    case_type: str,
    applicant: Applicant | None = None,
    typed: Answers = NOTHING_TYPED,
    key: UUID | None = None,
    actor: Actor,
    at: datetime,
) -> Draft:
    """Start a form that opens a case, with what was typed already; an official at the window names for whom.

    `key` becomes the draft's id, for whoever has to know it before.

    Raises:
        FormNotFound: the type has none that the actor may fill in.
        ApplicantMissing, ApplicantUnfit, NotForOthers: the applicant is not one for whom the actor may ask.
        TooManyDrafts: the actor has too many already.
        UnknownAnswers: the form does not ask what was typed.
    """
    kind = openable_type(case_type, actor=actor)
    check_places(kind.forms[kind.definition.opening_form].parts, typed)
    if FormDraft.objects.open_of(actor) >= MOST_OPEN_DRAFTS:
        raise TooManyDrafts(most=MOST_OPEN_DRAFTS)
    fit = fitting(definition=kind.definition, wanted=applicant, actor=actor)
    form = kind.definition.opening_form
    row = _fresh(kind, form=form, task=None, typed=typed, key=key, actor=actor, at=at)
    is_for_other = applicant is not None and fit is not None and fit[1].id != actor.id
    if applicant is not None and is_for_other:
        row.applicant_id, row.enterprise_id = applicant.account_id, applicant.enterprise_id
        _tell(row, for_id=applicant.account_id, actor=actor, at=at)
    _STARTED.run(row)
    return of_row(row, kind=kind)


@transaction
def start_task_draft(*, task_id: UUID, actor: Actor, at: datetime) -> Draft:
    """Start the form of a task, or go on with the draft that the actor has of it.

    Raises:
        FormNotFound: there is no such open task of the actor, or it has no form.
    """
    task = form_task(task_id, actor=actor)
    known = FormDraft.objects.visible_to(actor).open().filter(task=task).first()
    if known is not None:
        return of_row(known)
    kind = loaded(task.case.version_id)
    row = _fresh(kind, form=kind.definition.tasks[task.code].form, task=task, actor=actor, at=at)
    _STARTED.run(row)
    return of_row(row, kind=kind)


def openable_types(*, actor: Actor) -> tuple[LoadedType, ...]:
    """Return the current case types which the actor may open by a form, by code."""
    keys = CaseTypeVersion.objects.filter(is_current=True).order_by("code").values_list("pk", flat=True)
    known = loaded_all(keys)
    return tuple(known[key] for key in keys if may_open(known[key].definition, actor))


def openable_type(code: str, *, actor: Actor) -> LoadedType:
    """Return the current version of a case type which the actor may open by a form.

    Raises:
        FormNotFound: there is none.
    """
    key = current_version(code)
    if key is None or not may_open(loaded(key).definition, actor):
        raise FormNotFound
    return loaded(key)


def is_open_to(case_type: str, *, actor: Actor) -> bool:
    """Whether the actor may open a case of a type by its form, for himself or at the window."""
    keys = CaseTypeVersion.objects.filter(is_current=True, code=case_type).values_list("pk", flat=True)
    return any(may_open(loaded(key).definition, actor) for key in keys)


def asked_for_by(case_type: str) -> frozenset[Role]:
    """Return the roles of those who ask for a matter themselves, by a form; empty where nobody can."""
    keys = CaseTypeVersion.objects.filter(is_current=True, code=case_type).values_list("pk", flat=True)
    found = next((loaded(key).definition for key in keys), None)
    return frozenset(found.applicant) if found is not None and found.opening_form else frozenset()


def form_task(task_id: UUID, *, actor: Actor) -> Task:
    """Return an open task of the actor that has a form.

    Raises:
        FormNotFound: there is none.
        TaskNotOpen: there was one; `TaskAlreadyDone` and `CaseWithdrawn` say what became of it.
    """
    flow = Task.objects.select_related("case").filter(pk=task_id, kind=TaskKind.FLOW.value)
    task = flow.doable_by(actor).first()
    if task is None:
        past = flow.visible_to(actor).exclude(state=Task.State.OPEN).first()
        if past is not None:
            raise why_gone(past.case, loaded(past.case.version_id), TaskId(past.pk))
    if task is None or not loaded(task.case.version_id).definition.tasks[task.code].form:
        raise FormNotFound
    return task


def may_open(definition: Definition, actor: Actor) -> bool:
    """Whether a person may open a case of a type by its form: an official of the lane, or the applicant himself."""
    if not definition.opening_form or not actor.is_signed_in or actor.is_platform:
        return False
    lanes = [definition.lanes[lane] for lane in definition.opened_by]
    if actor.department_id is None:
        own = [lane for lane in lanes if lane.party == APPLICANT]
        if Role.CITIZEN not in actor.roles and not actor.enterprises_in(definition.code):
            return False
        return actor.has(*definition.applicant) and any(actor.has(*lane.roles) for lane in own)
    return any(actor.has(*lane.roles) for lane in lanes if lane.party != APPLICANT)


def _tell(row: FormDraft, *, for_id: UUID, actor: Actor, at: datetime) -> None:
    publish(
        FormStartedFor(
            at=at,
            actor=actor,
            subject=Subject(kind="form", id=str(row.pk), label=row.type_code),
            department_id=actor.department_id,
            for_person_id=for_id,
        )
    )


def _fresh(
    kind: LoadedType,
    *,
    form: str,
    task: Task | None,
    typed: Answers = NOTHING_TYPED,
    key: UUID | None = None,
    actor: Actor,
    at: datetime,
) -> FormDraft:
    """Return a draft that is not stored yet, with its form's defaults and what was typed."""
    if actor.is_platform:
        raise NotYourTask
    row = FormDraft(
        id=key or new_id(),
        owner_id=actor.id,
        version_id=kind.id,
        type_code=kind.definition.code,
        form=form,
        task=task,
        started_at=at,
        saved_at=at,
    )
    answers = {**defaults(kind.forms[form]), **typed}
    row.answers = {place: list(texts) for place, texts in sorted(answers.items())}
    return row
