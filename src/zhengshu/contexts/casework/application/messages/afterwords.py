"""What a context above adds to the message that a case has ended: where its applicant says how it went."""

from collections.abc import Iterable, Mapping
from typing import Protocol
from uuid import UUID

from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.domain.message_rules import Occasion
from zhengshu.contexts.casework.models import Message


class Afterwords(Protocol):
    """Who knows where a person rates what was done for him."""

    def invite(self, *, case_ids: Iterable[UUID]) -> None:
        """Let those ended cases be rated, where they are; one that may be rated already stays as it is."""

    def paths(self, *, case_ids: Iterable[UUID], person_id: UUID) -> Mapping[UUID, str]:
        """Return the path for each case that the person may still rate."""


_registered: list[Afterwords] = []


def use_afterwords(port: Afterwords | None) -> None:
    """Let messages of ended cases say where they are rated; None: they do not."""
    _registered[:] = [] if port is None else [port]


def afterwords(
    messages: Iterable[tuple[Message, LoadedType]], *, person_id: UUID, is_leaving: bool = False
) -> Mapping[UUID, str]:
    """Return the path for each message of a person that tells of the end of a case which he may still rate.

    Args:
        messages: the messages with the types of their cases.
        person_id: whose they are.
        is_leaving: they are about to leave the platform, so that no path can be added when it is known later.
    """
    ended = {
        row.pk: row.case_id
        for row, kind in messages
        if (rule := kind.definition.messages.get(row.code)) is not None and rule.occasion == Occasion.CLOSED
    }
    if not ended or not _registered:
        return {}
    if is_leaving:
        _registered[0].invite(case_ids=set(ended.values()))
    paths = _registered[0].paths(case_ids=set(ended.values()), person_id=person_id)
    return {key: paths[case] for key, case in ended.items() if case in paths}
