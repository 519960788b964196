"""Forms to read: the actor's drafts, and what was answered in a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from zhengshu.contexts.casework.application.forms.drafts import AttachedFile, tables_of
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


def drafts(*, actor: Actor) -> tuple[DraftSummary, ...]:
    """Return the actor's drafts that were not sent, the latest first, in at most two queries."""
    rows = list(
        FormDraft.objects.visible_to(actor).open().select_related("task__case").order_by("-saved_at", "id")
    )
    types = loaded_all(row.version_id for row in rows)
    return tuple(
        DraftSummary(
            id=row.pk,
            title=types[row.version_id].text(f"forms.{row.form}"),
            case_number=row.task.case.number if row.task is not None else "",
            saved_at=row.saved_at,
        )
        for row in rows
    )


def sent_forms(*, case_id: CaseId, actor: Actor) -> tuple[SentForm, ...]:
    """Return what was answered in a case that the actor may see, the opening form first."""
    rows = FormAnswers.objects.visible_to(actor).filter(case_id=case_id).select_related("task", "case")
    attached = FormFile.objects.filter(draft__case_id=case_id, is_sent=True)
    files = {
        digest: AttachedFile(id=key, name=name, size=size)
        for key, digest, name, size in attached.values_list("pk", "digest", "name", "size")
    }
    return tuple(_sent(row, files) for row in rows.order_by("answered_at", "id"))


def opening_values(*, case_id: CaseId, actor: Actor) -> Mapping[Place, Typed]:
    """Return place → value of the form that opened a case, for whoever may see the case; empty where no form did.

    For contexts above that make out what was granted.
    """
    rows = FormAnswers.objects.visible_to(actor).filter(case_id=case_id, task=None)
    row = rows.select_related("case").first()
    return msgspec.convert(row.values, dict[str, Typed]) if row is not None else {}


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
