"""Forms to read: the actor's drafts, and what was answered in a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from zhengshu.contexts.casework.application.forms.adapters import wholes
from zhengshu.contexts.casework.application.forms.drafts import (
    AttachedFile,
    DraftNotFound,
    DraftSent,
    tables_of,
)
from zhengshu.contexts.casework.application.forms.send_form import SUBJECT
from zhengshu.contexts.casework.application.forms.start_draft import FormNotFound
from zhengshu.contexts.casework.application.naming import LoadedType, loaded, loaded_all
from zhengshu.contexts.casework.application.queries import case
from zhengshu.contexts.casework.domain.forms.evaluating import Evaluated, Known, evaluate
from zhengshu.contexts.casework.domain.forms.kinds import Typed
from zhengshu.contexts.casework.domain.forms.ports import Supplied
from zhengshu.contexts.casework.domain.forms.schema import Answers, Form, Option, Place
from zhengshu.contexts.casework.domain.records import CaseRecord
from zhengshu.contexts.casework.models import FormAnswers, FormDraft, FormFile
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSummary:
    """A draft of the actor in a list."""

    id: UUID
    title: str
    case_number: str
    saved_at: datetime
    path: str = ""
    """Where it is filled in, if not by itself but as a part of something."""
    discard_path: str = ""
    """Where that something is thrown away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentForm:
    """A form that was sent with a case.

    Attributes:
        type: the version of the case type.
        form: the form as it was then.
        task: the task that it ended; empty for the form that opened the case.
        answers: what was typed, without what was hidden.
        evaluated: what the form made of it.
        tables: the code tables that the form names.
        supplied: what sources supplied.
        files: digest → the file that was sent.
        by: who answered.
        at: when.
    """

    type: LoadedType
    form: Form
    task: str
    answers: Answers
    evaluated: Evaluated
    tables: dict[str, tuple[Option, ...]]
    supplied: dict[str, Supplied]
    files: dict[str, AttachedFile]
    by: str
    at: datetime


def drafts(*, actor: Actor, case_type: str = "") -> tuple[DraftSummary, ...]:
    """Return what the actor began and did not send, the latest first, of one case type only or of all.

    The parts of a whole are one entry, by the name of the whole.
    """
    rows = FormDraft.objects.visible_to(actor).open().select_related("task__case").order_by("-saved_at", "id")
    if case_type:
        rows = rows.filter(type_code=case_type, task=None)
    found = list(rows)
    types = loaded_all(row.version_id for row in found)
    parts = wholes(row.pk for row in found if row.task_id is None)
    told: dict[str, DraftSummary] = {}
    for row in found:
        whole = parts.get(row.pk)
        if whole is not None and not whole.is_open:
            continue
        summary = DraftSummary(
            id=row.pk,
            title=whole.name if whole else types[row.version_id].text(f"forms.{row.form}"),
            case_number=row.task.case.number if row.task is not None else "",
            saved_at=row.saved_at,
            path=whole.path if whole else "",
            discard_path=whole.discard_path if whole else "",
        )
        told.setdefault(summary.path or str(row.pk), summary)
    return tuple(told.values())


def open_title(*, draft_id: UUID, actor: Actor) -> str:
    """Return what a draft of the actor is called, also where its form does not exist any more.

    Raises:
        DraftNotFound: there is none, or it is somebody else's.
        DraftSent: it was sent.
    """
    row = FormDraft.objects.visible_to(actor).filter(pk=draft_id).first()
    if row is None:
        raise DraftNotFound
    if row.sent_at is not None:
        raise DraftSent
    return loaded(row.version_id).text(f"forms.{row.form}")


def whole_of(*, draft_id: UUID, actor: Actor) -> str:
    """Return where a draft of the actor is filled in as a part of something; empty where it stands by itself."""
    whole = wholes([draft_id]).get(draft_id)
    is_own = whole is not None and FormDraft.objects.visible_to(actor).filter(pk=draft_id).exists()
    return whole.path if whole is not None and is_own else ""


def sent_forms(*, case_id: CaseId, actor: Actor) -> tuple[SentForm, ...]:
    """Return what was answered in a case that the actor may see, the opening form first."""
    rows = FormAnswers.objects.visible_to(actor).filter(case_id=case_id).select_related("task", "case")
    attached = FormFile.objects.filter(draft__case_id=case_id, is_sent=True)
    files = {
        digest: AttachedFile(id=key, name=name, size=size)
        for key, digest, name, size in attached.values_list("pk", "digest", "name", "size")
    }
    return tuple(_sent(row, files) for row in rows.order_by("answered_at", "id"))


def case_values(*, case_id: CaseId, actor: Actor) -> Mapping[Place, Typed]:
    """Return place → value of all forms of a case, the latest last, for whoever may see the case; without empty ones.

    For contexts above that make out what was granted: what an official found out stands beside what was asked for.
    """
    rows = FormAnswers.objects.visible_to(actor).filter(case_id=case_id).select_related("case")
    told: dict[Place, Typed] = {}
    for row in rows.order_by("answered_at", "id"):
        told |= {
            place: value
            for place, value in msgspec.convert(row.values, dict[str, Typed]).items()
            if value not in ("", None)
        }
    return told


def has_forms(*, case_id: CaseId) -> bool:
    """Whether anything was answered in a case."""
    return FormAnswers.objects.filter(case_id=case_id).exists()


def matter(*, matter_id: UUID, actor: Actor, at: datetime) -> CaseRecord:
    """Return the case that a form opened, by the id of the form.

    Raises:
        FormNotFound: there is none that the actor may see.
    """
    rows = FormAnswers.objects.visible_to(actor).filter(
        case__subject_kind=SUBJECT, case__subject_id=matter_id, task=None
    )
    case_id = rows.values_list("case_id", flat=True).first()
    if case_id is None:
        raise FormNotFound
    return case(case_id=CaseId(case_id), actor=actor, at=at)


def _sent(row: FormAnswers, files: dict[str, AttachedFile]) -> SentForm:
    kind = loaded(row.version_id)
    form = kind.forms[row.form]
    answers: Answers = {place: tuple(texts) for place, texts in row.answers.items()}
    tables = dict(tables_of(form))
    supplied = msgspec.convert(row.supplied, dict[str, Supplied])
    known = Known(
        tables={code: frozenset(option.value for option in options) for code, options in tables.items()},
        supplied={element: one.value for element, one in supplied.items()},
        files=frozenset(files),
    )
    return SentForm(
        type=kind,
        form=form,
        task=row.task.code if row.task is not None else "",
        answers=answers,
        evaluated=evaluate(form, answers, known=known),
        tables=tables,
        supplied=supplied,
        files=files,
        by=row.answered_by_name,
        at=row.answered_at,
    )
