"""Saving what was typed on one page of a form, and throwing a draft away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from zhengshu.contexts.casework.application.forms.drafts import (
    Draft,
    DraftNotFound,
    DraftSent,
    locked,
    must_be_open,
    save,
)
from zhengshu.contexts.casework.domain.forms.places import (
    check_places,
    field_at,
    places_of,
    repeat_at,
    with_entry,
    without_entry,
)
from zhengshu.contexts.casework.domain.forms.schema import (
    MOST_LETTERS,
    Answers,
    Field,
    Form,
    Kind,
    Page,
    Place,
)
from zhengshu.contexts.casework.models import FormDraft
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind as ErrorKind
from zhengshu.kernel.errors import Refused

MOST_CHOICES = 200
"""Texts at one place that are kept; nobody ticks more."""


class PageNotFound(Refused):
    """The form has no such page."""

    code: ClassVar[str] = "casework.page-not-found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND
    message: ClassVar[str] = "The form has no such page."


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChange:
    """One more entry of a repeated group, or one less."""

    kind: Literal["add", "remove"]
    key: str
    number: int = 0


@transaction
def save_answers(
    *,
    draft_id: UUID,
    page: int,
    typed: Mapping[Place, tuple[str, ...]],
    version: UUID,
    change: EntryChange | None = None,
    actor: Actor,
    at: datetime,
) -> Draft:
    """Keep what was typed on a page of a draft, right or wrong, and return the draft.

    When the form was changed since the page was shown, only what it still asks is kept; `Draft.lost` of the
    draft that is returned says what is not.

    Raises:
        DraftNotFound: there is no such draft of the actor.
        DraftSent: it was sent.
        PageNotFound: the form has no such page.
        UnknownAnswers: something was sent that the page does not ask.
    """
    draft = locked(draft_id=draft_id, actor=actor)
    must_be_open(draft.row)
    if version != draft.type.id:
        known = {place: texts for place, texts in typed.items() if field_at(draft.form.parts, place)}
        return save(draft, {**draft.answers, **bounded(known)}, at=at)
    shown = page_of(draft.form, page)
    check_places(shown.parts, typed)
    answers = _merged(shown, draft.answers, _without_files(shown, bounded(typed)))
    if change is not None:
        answers = _changed(shown, answers, change)
    return save(draft, answers, at=at)


@transaction
def discard_draft(*, draft_id: UUID, actor: Actor) -> None:
    """Throw away a draft that was not sent, also where its form does not exist any more.

    Raises:
        DraftNotFound: there is no such draft of the actor.
        DraftSent: it was sent.
    """
    row = FormDraft.objects.locked_for(actor, draft_id=draft_id)
    if row is None:
        raise DraftNotFound
    if row.sent_at is not None:
        raise DraftSent
    row.delete()


def page_of(form: Form, number: int) -> Page:
    """Return a page of a form by its number, counted from one.

    Raises:
        PageNotFound: there is none.
    """
    if not 1 <= number <= len(form.pages):
        raise PageNotFound
    return form.pages[number - 1]


def _merged(page: Page, before: Answers, typed: Answers) -> dict[Place, tuple[str, ...]]:
    """Return the answers with the page's replaced; a box that was not ticked is not sent, and so is empty now."""
    counted = {**before, **{place: texts for place, texts in typed.items() if repeat_at(page.parts, place)}}
    cleared = {
        place
        for place in places_of(page.parts, counted)
        if _is_replaced(field_at(page.parts, place)) and place not in typed
    }
    return {place: texts for place, texts in {**counted, **typed}.items() if place not in cleared}


def _is_replaced(field: Field | None) -> bool:
    return field is not None and field.is_typed and field.kind != Kind.FILES


def _changed(page: Page, answers: Answers, change: EntryChange) -> dict[Place, tuple[str, ...]]:
    repeat = repeat_at(page.parts, change.key)
    if repeat is None:
        return dict(answers)
    if change.kind == "add":
        return with_entry(repeat, answers)
    return without_entry(repeat, change.number, answers)


def _without_files(page: Page, typed: Mapping[Place, tuple[str, ...]]) -> dict[Place, tuple[str, ...]]:
    """Leave out what stands at places of files: a file is attached, never named (browsers send an empty text)."""
    files = {place for place in typed if (one := field_at(page.parts, place)) and one.kind == Kind.FILES}
    return {place: texts for place, texts in typed.items() if place not in files}


def bounded(typed: Mapping[Place, tuple[str, ...]]) -> dict[Place, tuple[str, ...]]:
    """Return what was typed, cut where it is longer than any answer may be; the form then says so."""
    return {
        place: tuple(text[: MOST_LETTERS + 1] for text in texts[:MOST_CHOICES])
        for place, texts in typed.items()
    }
