"""Answering the one form of one thing: each answer goes to all forms that ask it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeVar
from uuid import UUID

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application.begin_bundle import MergedQuestion, own_bundle, questions_of
from zhengshu.contexts.services.models.bundles import Bundle
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

Answers = Mapping[str, tuple[str, ...]]
Files = Mapping[str, tuple[casework.Upload, ...]]
Given = TypeVar("Given")
NO_FILES: Final[Files] = MappingProxyType({})


class SentAlready(Refused):
    """What was sent cannot be changed any more."""

    code = "services.one-thing-sent"
    kind = Kind.CONFLICT
    message = "You have sent this form already. The page shows how each part stands."


def answer_bundle(
    *, bundle_id: UUID, answers: Answers, files: Files = NO_FILES, actor: Actor, at: datetime
) -> tuple[MergedQuestion, ...]:
    """Give each answer to all forms that ask it, and return the questions whose answers are wrong.

    What was not asked is not taken.

    Raises:
        OneThingNotFound: it is somebody else's, or there is none.
        SentAlready: it was sent.
        Refused: what a file is refused for; the answers were kept.
    """
    row = own_bundle(bundle_id=bundle_id, actor=actor)
    if row.sent_at is not None:
        raise SentAlready
    asked = [one for one in questions_of(bundle_id=bundle_id, actor=actor) if one.question.is_typed]
    _forget_sources(row, asked, answers)
    drafts = {part.item: part.draft_id for part in row.parts.all()}
    for item, given in _by_item(asked, answers, without=files).items():
        texts = {key: tuple(text.strip() for text in value) for key, value in given.items()}
        casework.answer_draft(draft_id=drafts[item], answers=texts, actor=actor, at=at)
    for item, brought in _by_item(asked, files).items():
        _draft, refused = casework.attach_files(draft_id=drafts[item], uploads=brought, actor=actor, at=at)
        for refusal in refused.values():
            raise refusal
    return tuple(
        one for one in questions_of(bundle_id=bundle_id, actor=actor) if one.question.fault is not None
    )


def _by_item(
    asked: Iterable[MergedQuestion], given: Mapping[str, Given], *, without: Iterable[str] = ()
) -> Mapping[str, dict[str, Given]]:
    """Return what was given by item and key of its form."""
    left_out = set(without)
    found: dict[str, dict[str, Given]] = defaultdict(dict)
    for one in asked:
        for place in one.asked:
            if one.name in given and one.name not in left_out:
                found[place.item][place.key] = given[one.name]
    return found


def _forget_sources(row: Bundle, asked: Iterable[MergedQuestion], answers: Answers) -> None:
    """Name the person as the source of what he has corrected."""
    corrected = {
        one.question.key
        for one in asked
        if one.is_known and one.name in answers and answers[one.name] != one.question.values
    }
    if corrected:
        row.sources = {key: said for key, said in row.sources.items() if key not in corrected}
        row.save(update_fields=["sources"])
