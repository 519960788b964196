"""Forming groups of windows that call the same numbers, and ending them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from django.db import IntegrityError
from django.db import transaction as savepoint

from zhengshu.contexts.services.application.offered import taken_in
from zhengshu.contexts.services.application.records import ItemSummary
from zhengshu.contexts.services.domain.queueing import LETTERS
from zhengshu.contexts.services.events import WindowGroupEnded, WindowGroupFormed
from zhengshu.contexts.services.models import WindowGroup
from zhengshu.contexts.services.models.queueing import HALL_KEEPERS
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

MOST_GROUP_NAME: Final = 40


class NotInHall(Refused):
    """Only window clerks and heads of a department keep its hall."""

    code: ClassVar[str] = "services.not-in-hall"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = "Only window clerks and heads of a department keep its hall."


class WindowGroupUnfit(Refused):
    """A group has a letter, a name, and only items that are taken in at windows."""

    code: ClassVar[str] = "services.window-group-unfit"
    message: ClassVar[str] = (
        "Give the group a letter from A to Z without I and O, a name, and items of the list."
    )


class LetterTaken(Refused):
    """Another group of the department has the letter; numbers must not be mistaken."""

    code: ClassVar[str] = "services.letter-taken"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "Another group of your department calls numbers with the letter %(letter)s."


class WindowGroupNotFound(Refused):
    """There is no such group that gives numbers."""

    code: ClassVar[str] = "services.window-group-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such group of windows, or it gives no numbers any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class HallRecord:
    """The hall of a department, with the letters of its groups."""

    department_id: UUID
    department_name: str
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowGroupRecord:
    """A group of windows.

    Attributes:
        items: those for which a number is taken; empty for any matter.
    """

    id: UUID
    department_name: str
    letter: str
    name: str
    items: tuple[ItemSummary, ...]


@transaction
def form_window_group(
    *, letter: str, name: str, items: Iterable[str], actor: Actor, at: datetime
) -> WindowGroupRecord:
    """Let windows of the actor's department call numbers together.

    Raises:
        NotInHall: the actor keeps no hall.
        WindowGroupUnfit: letter, name or items are not as they must be.
        LetterTaken: another group has the letter.
    """
    letter, name, codes = letter.strip().upper(), " ".join(name.split()), sorted(set(items))
    if not actor.has(*HALL_KEEPERS) or actor.department_id is None:
        raise NotInHall
    known = {one.code for one in taken_in(codes=codes)}
    fits = len(letter) == 1 and letter in LETTERS and 0 < len(name) <= MOST_GROUP_NAME
    if not fits or known != set(codes):
        raise WindowGroupUnfit
    row = WindowGroup(
        department_id=actor.department_id,
        department_name=trust.department(department_id=actor.department_id).name,
        letter=letter,
        name=name,
        items=codes,
        formed_at=at,
    )
    try:
        with savepoint.atomic():
            row.save(force_insert=True)
    except IntegrityError as fault:
        raise LetterTaken(letter=letter) from fault
    publish(WindowGroupFormed(at=at, actor=actor, subject=_subject(row), department_id=actor.department_id))
    return records([row])[0]


@transaction
def end_window_group(*, group_id: UUID, actor: Actor, at: datetime) -> None:
    """Let a group give no numbers any more; ending it twice is ending it once.

    Raises:
        WindowGroupNotFound: the actor keeps no such group.
    """
    row = WindowGroup.objects.visible_to(actor).select_for_update().filter(pk=group_id).first()
    if row is None:
        raise WindowGroupNotFound
    if row.ended_at is not None:
        return
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    publish(WindowGroupEnded(at=at, actor=actor, subject=_subject(row), department_id=actor.department_id))


def window_groups(*, actor: Actor) -> Sequence[WindowGroupRecord]:
    """Return the groups of the actor's department that give numbers, by letter."""
    return records(WindowGroup.objects.visible_to(actor).open())


def groups_of_hall(*, department_id: UUID) -> Sequence[WindowGroupRecord]:
    """Return the groups of a department's hall, as its kiosks and its screen show them to everybody."""
    return records(WindowGroup.objects.open().filter(department_id=department_id))


def halls() -> Sequence[HallRecord]:
    """Return every hall that gives numbers, by the department's name, in one query."""
    rows = WindowGroup.objects.open().order_by("department_name", "department_id", "letter")
    found: dict[UUID, HallRecord] = {}
    for row in rows.only("department_id", "department_name", "letter"):
        before = found.get(row.department_id)
        found[row.department_id] = HallRecord(
            department_id=row.department_id,
            department_name=row.department_name,
            letters=(*(before.letters if before else ()), row.letter),
        )
    return tuple(found.values())


def records(rows: Iterable[WindowGroup]) -> Sequence[WindowGroupRecord]:
    """Return the records of rows, their items in one query."""
    known = list(rows)
    items = {one.code: one for one in taken_in(codes={code for row in known for code in row.items})}
    return tuple(
        WindowGroupRecord(
            id=row.pk,
            department_name=row.department_name,
            letter=row.letter,
            name=row.name,
            items=tuple(items[code] for code in row.items if code in items),
        )
        for row in known
    )


def _subject(row: WindowGroup) -> Subject:
    return Subject("window-group", str(row.pk), str(row))
