"""Why a case was found: what was asked for, marked in what the reader sees of the case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhengshu.contexts.casework.domain.records import INTERNAL, INTERNAL_STEPS, CaseRecord
from zhengshu.contexts.casework.models import TimelineEntry
from zhengshu.kernel.identity import CaseId
from zhengshu.kernel.words import marked

Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it is what was asked for."""

_LETTERS_AROUND = 24
_MOST_TEXTS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Why a case was found.

    Attributes:
        number: its number.
        title: its title.
        about: the names of its type and its parties that have the words.
        wrote: what somebody wrote in it, around the words; empty where the rest tells enough.
    """

    number: Pieces
    title: Pieces
    about: tuple[Pieces, ...]
    wrote: Pieces


def matches_of(rows: Sequence[CaseRecord], *, asked: str) -> Mapping[CaseId, Match]:
    """Return why each case was found, in one query; steps that the applicant does not see explain nothing."""
    texts: dict[CaseId, list[str]] = {row.id: [] for row in rows}
    written = TimelineEntry.objects.filter(case_id__in=list(texts)).exclude(reason="")
    written = written.exclude(kind__in=INTERNAL_STEPS).exclude(details__has_key=INTERNAL).order_by("-id")
    for case_id, reason in written.values_list("case_id", "reason")[:_MOST_TEXTS]:
        texts[CaseId(case_id)].append(reason)
    return {row.id: _match(row, asked=asked, texts=texts[row.id]) for row in rows}


def _match(row: CaseRecord, *, asked: str, texts: Sequence[str]) -> Match:
    number, title = _number(row.number, asked=asked), marked(row.subject.title, asked=asked)
    names = (row.type_name, *(party.department_name for party in row.parties))
    about = tuple(dict.fromkeys(pieces for name in names if _has_mark(pieces := marked(name, asked=asked))))
    is_enough = _has_mark(number) or _has_mark(title) or bool(about)
    wrote = () if is_enough else next((found for text in texts if (found := _around(text, asked=asked))), ())
    return Match(number=number, title=title, about=about, wrote=wrote)


def _number(number: str, *, asked: str) -> Pieces:
    begun = asked.upper()
    if not number.startswith(begun):
        return ((number, False),)
    return tuple(piece for piece in ((begun, True), (number[len(begun) :], False)) if piece[0])


def _around(text: str, *, asked: str) -> Pieces:
    """Return a text from a little before its first mark to a little after; nothing without a mark."""
    pieces = marked(text, asked=asked)
    first = next((place for place, (_, is_mark) in enumerate(pieces) if is_mark), None)
    if first is None:
        return ()
    before = pieces[first - 1][0][-_LETTERS_AROUND:] if first else ""
    after = "".join(piece for piece, _ in pieces[first + 1 :])[:_LETTERS_AROUND]
    shown = ((before, False), pieces[first], (after, False))
    return tuple(piece for piece in shown if piece[0])


def _has_mark(pieces: Pieces) -> bool:
    return any(is_mark for _, is_mark in pieces)
