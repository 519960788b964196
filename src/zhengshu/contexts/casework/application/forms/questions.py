"""A draft's questions for contexts above that draw a form of their own: what is asked, what is known, what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework.application.forms.drafts import Draft, draft, locked, must_be_open, save
from zhengshu.contexts.casework.application.forms.save_answers import bounded
from zhengshu.contexts.casework.application.naming import reader_language
from zhengshu.contexts.casework.domain.forms.places import check_places
from zhengshu.contexts.casework.domain.forms.schema import Field, Kind, Place, fields_of
from zhengshu.contexts.casework.models import FormAnswers
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId


@dataclass(frozen=True, slots=True, kw_only=True)
class FormQuestion:
    """One question of a draft, in the reader's language.

    Attributes:
        key: names the answer.
        element: the data element that it asks for.
        kind: what sort of value.
        options: value and label of what may be chosen.
        is_typed: whether a person answers; otherwise a source or a calculation does.
        value: the answer as it stands; of several choices the first, of a file its name.
        values: all of what was chosen.
        source: who supplied it; empty where a person answered.
        fault: what is wrong with it, unread until it is shown.
    """

    key: str
    element: str
    kind: Kind
    label: str
    hint: str
    options: tuple[tuple[str, str], ...]
    is_required: bool
    is_typed: bool
    value: str
    values: tuple[str, ...]
    source: str
    fault: Refused | None


def form_questions(*, draft_id: UUID, actor: Actor) -> tuple[FormQuestion, ...]:
    """Return the questions of a draft that are shown, in the order of the form.

    Raises:
        DraftNotFound: there is no such draft of the actor.
    """
    found = draft(draft_id=draft_id, actor=actor)
    shown = found.evaluated.shown
    return tuple(_question(one, found) for one in fields_of(found.form.parts) if one.key in shown)


@transaction
def answer_draft(
    *, draft_id: UUID, answers: Mapping[Place, tuple[str, ...]], actor: Actor, at: datetime
) -> None:
    """Keep answers of a draft, right or wrong.

    Raises:
        DraftNotFound: there is no such draft of the actor.
        DraftSent: it was sent.
        UnknownAnswers: the form does not ask this.
    """
    found = locked(draft_id=draft_id, actor=actor)
    must_be_open(found.row)
    check_places(found.form.parts, answers)
    save(found, {**found.answers, **bounded(answers)}, at=at)


def case_answers(*, case_id: CaseId) -> Mapping[str, str]:
    """Return what stands in all forms of a case by key, the latest last; for jobs of the platform only."""
    told: dict[str, str] = {}
    rows = FormAnswers.objects.filter(case_id=case_id).select_related("case")
    for row in rows.order_by("answered_at", "id"):
        told |= {key: _text(value) for key, value in row.values.items() if value not in ("", None)}
    return told


def _text(value: object) -> str:
    return "；".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _question(field: Field, found: Draft) -> FormQuestion:
    language = reader_language()
    supplied = found.supplied.get(field.supplier)
    typed = found.answers.get(field.key, field.default)
    value = supplied.value if supplied is not None else "".join(typed[:1])
    if field.kind is Kind.FILES:
        value = found.files[value].name if value in found.files else ""
    options = found.tables.get(field.table, ()) if field.table else field.options
    return FormQuestion(
        key=field.key,
        element=field.element,
        kind=field.kind,
        label=field.label.read(language),
        hint=field.hint.read(language),
        options=tuple((one.value, one.label.read(language)) for one in options),
        is_required=field.rules.is_required,
        is_typed=field.is_typed and supplied is None,
        value=value,
        values=(value,) if supplied is not None else tuple(typed),
        source=supplied.said_by(language) if supplied is not None and not supplied.refusal else "",
        fault=found.evaluated.faults.get(field.key),
    )
