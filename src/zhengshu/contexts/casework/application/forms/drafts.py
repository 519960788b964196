"""A draft as it stands now: its form, its answers, what it shows, and what a newer version no longer asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from zhengshu.contexts.casework.application.forms import adapters
from zhengshu.contexts.casework.application.naming import (
    LoadedType,
    current_version,
    loaded,
    reader_language,
)
from zhengshu.contexts.casework.domain.forms.evaluating import Evaluated, Known, evaluate
from zhengshu.contexts.casework.domain.forms.places import carried, label_of
from zhengshu.contexts.casework.domain.forms.ports import Supplied
from zhengshu.contexts.casework.domain.forms.schema import Answers, Form, Option, fields_of
from zhengshu.contexts.casework.domain.forms.schema import Kind as FieldKind
from zhengshu.contexts.casework.models import FormDraft, FormFile
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused


class DraftNotFound(Refused):
    """There is no such draft of the actor; drafts of others are never shown."""

    code: ClassVar[str] = "casework.draft-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such draft of yours. It may have been discarded."


class DraftSent(Refused):
    """The draft was sent; what was sent cannot be changed."""

    code: ClassVar[str] = "casework.draft-sent"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "This form was sent already and cannot be changed any more."


class FormGone(Refused):
    """The case type is no longer opened by a form, or the form was taken out of it."""

    code: ClassVar[str] = "casework.form-gone"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "This matter is no longer applied for by this form. You can discard the draft."


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file that was attached to a form."""

    id: UUID
    name: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft, ready to be shown, in its current version.

    Attributes:
        row: its row.
        type: the version of the case type that it now follows.
        form: the form of that version.
        answers: what is kept of what was typed.
        lost: the labels of what was answered and is no longer asked, in the reader's language.
        tables: the code tables that the form names.
        supplied: what the exchange supplied.
        silent: data element → why its source supplied nothing.
        evaluated: what the form makes of the answers.
        files: digest → the file that was attached.
    """

    row: FormDraft
    type: LoadedType
    form: Form
    answers: Answers
    lost: tuple[str, ...]
    tables: Mapping[str, tuple[Option, ...]]
    supplied: Mapping[str, Supplied]
    silent: Mapping[str, Supplied]
    evaluated: Evaluated
    files: Mapping[str, AttachedFile]

    @property
    def has_moved(self) -> bool:
        """Whether the form was changed since the draft was saved."""
        return self.row.version_id != self.type.id

    def known(self) -> Known:
        """Return what the platform knows besides of the answers."""
        return known_for(self.row, self.tables, files=self.files)

    def evaluate(self, answers: Answers) -> Evaluated:
        """Return what the form would make of other answers."""
        return evaluate(self.form, answers, known=self.known())


def draft(*, draft_id: UUID, actor: Actor) -> Draft:
    """Return a draft of the actor.

    Raises:
        DraftNotFound: there is none, or it is somebody else's.
        FormGone: the form does not exist any more.
    """
    row = FormDraft.objects.visible_to(actor).select_related("task__case").filter(pk=draft_id).first()
    if row is None:
        raise DraftNotFound
    return of_row(row)


def locked(*, draft_id: UUID, actor: Actor) -> Draft:
    """Return a draft that nobody else changes or sends until the transaction ends.

    Raises:
        DraftNotFound: there is none, or it is somebody else's.
        FormGone: the form does not exist any more.
    """
    return of_row(locked_row(draft_id=draft_id, actor=actor))


def locked_row(*, draft_id: UUID, actor: Actor) -> FormDraft:
    """Return the row of a draft as `locked` does, for whoever knows its version.

    Raises:
        DraftNotFound: there is none, or it is somebody else's.
    """
    row = FormDraft.objects.locked_for(actor, draft_id=draft_id)
    if row is None:
        raise DraftNotFound
    return row


def must_be_open(row: FormDraft) -> None:
    """Refuse to change a draft that was sent.

    Raises:
        DraftSent: it was.
    """
    if row.sent_at is not None:
        raise DraftSent


def of_row(row: FormDraft, *, kind: LoadedType | None = None) -> Draft:
    """Return a draft in the version that it must follow now; whoever has found that in this transaction gives it."""
    kind = kind or _current(row)
    form = kind.forms.get(row.form)
    if form is None:
        raise FormGone
    answers: Answers = {place: tuple(texts) for place, texts in row.answers.items()}
    lost: tuple[str, ...] = ()
    if kind.id != row.version_id:
        old = loaded(row.version_id).forms[row.form]
        answers, places = carried(old, form, answers)
        lost = tuple(label_of(old, place, language=reader_language()) for place in places)
    tables = tables_of(form)
    files = files_of(row, form)
    known = known_for(row, tables, files=files)
    return Draft(
        row=row,
        type=kind,
        form=form,
        answers=answers,
        lost=lost,
        tables=tables,
        supplied=_supplied(row),
        silent={element: one for element, one in _said(row).items() if one.refusal},
        evaluated=evaluate(form, answers, known=known),
        files=files,
    )


def tables_of(form: Form) -> Mapping[str, tuple[Option, ...]]:
    """Return the entries of the code tables that a form names."""
    wanted = {one.table for one in fields_of(form.parts) if one.table}
    return adapters.entries(wanted)


def files_of(row: FormDraft, form: Form) -> Mapping[str, AttachedFile]:
    """Return the files that were attached to a draft, by digest; no query for a form that asks for none."""
    if not any(one.kind == FieldKind.FILES for one in fields_of(form.parts)):
        return {}
    rows = FormFile.objects.filter(draft=row).values_list("pk", "digest", "name", "size")
    return {digest: AttachedFile(id=key, name=name, size=size) for key, digest, name, size in rows}


def known_for(
    row: FormDraft, tables: Mapping[str, Iterable[Option]], *, files: Mapping[str, AttachedFile]
) -> Known:
    """Return what the platform knows besides of a draft's answers."""
    return Known(
        tables={code: frozenset(option.value for option in options) for code, options in tables.items()},
        supplied={element: one.value for element, one in _supplied(row).items()},
        files=frozenset(files),
    )


def save(found: Draft, answers: Answers, *, at: datetime) -> Draft:
    """Keep answers in a draft, in the version that it follows now.

    What sources supplied is forgotten when an answer changes by which they found the person.
    """
    row = found.row
    fields = fields_of(found.form.parts)
    keys = {one.key for one in fields if one.element and one.is_typed} | {
        one.holder_key for one in fields
    } - {""}
    if any(answers.get(key) != found.answers.get(key) for key in keys):
        row.supplied = {}
    row.answers = {place: list(texts) for place, texts in sorted(answers.items())}
    row.version_id, row.saved_at = found.type.id, at
    row.save(update_fields=["sealed_answers", "sealed_supplied", "version", "saved_at"])
    return of_row(row, kind=found.type)


def _supplied(row: FormDraft) -> dict[str, Supplied]:
    return {element: one for element, one in _said(row).items() if not one.refusal}


def _said(row: FormDraft) -> dict[str, Supplied]:
    return msgspec.convert(row.supplied, dict[str, Supplied])


def _current(row: FormDraft) -> LoadedType:
    """Return the version that a draft follows: that of its case, or the current one of its type."""
    if row.sent_at is not None:
        return loaded(row.version_id)
    if row.task is not None:
        return loaded(row.task.case.version_id)
    current = current_version(row.type_code)
    if current is None or loaded(current).definition.opening_form != row.form:
        raise FormGone
    return loaded(current)
