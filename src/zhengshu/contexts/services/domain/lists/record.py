"""A record of another list while it is read: its values by element, and remarks on them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

import msgspec

from zhengshu.contexts.services.domain.limits import ItemLimit
from zhengshu.contexts.services.domain.lists.columns import HEADINGS
from zhengshu.contexts.services.domain.lists.values import LimitNotUnderstood, clean, parts_of, read_limit

T = TypeVar("T")
Record = Mapping[str, object]

MOST_LETTERS: Final = 8_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing about a record that its keeper should know.

    Attributes:
        heading: the heading in the list.
        value: what stood there.
        code: what was made of it: ``not-understood``, ``unknown-heading``, ``from-register``, ``missing``,
            ``promise-dropped``, ``repeats``.
    """

    heading: str
    value: str
    code: str


@dataclass(slots=True)
class Reading:
    """A record while it is read, with what was not understood so far."""

    record: Record
    notes: list[Note] = field(default_factory=list)

    def raw(self, element: str) -> tuple[str, object]:
        """Return heading and value of an element: the first heading that has one."""
        for heading in HEADINGS[element]:
            value = self.record.get(heading)
            if parts_of(value) if isinstance(value, list | tuple) else clean(value):
                return heading, value
        return HEADINGS[element][0], None

    def text(self, element: str) -> str:
        """Return the value of an element as it is kept."""
        return clean(self.raw(element)[1])[:MOST_LETTERS]

    def note(self, heading: str, value: object, code: str) -> None:
        """Keep a remark on a value."""
        self.notes.append(Note(heading=heading, value=str(value)[:200], code=code))

    def coded(self, element: str, codes: Mapping[str, str], make: Callable[[str], T], default: T) -> T:
        """Return the code that a value means; the default, with a remark, where it means none."""
        heading, value = self.raw(element)
        plain = clean(value)
        if not plain:
            self.note(heading, "", "missing")
            return default
        if plain in codes:
            return make(codes[plain])
        self.note(heading, plain, "not-understood")
        return default

    def limit(self, element: str) -> ItemLimit | None:
        """Return a time limit, with its unit and explanation."""
        heading, value = self.raw(element)
        try:
            found = read_limit(value, self.text(f"{element}_unit"))
        except LimitNotUnderstood as fault:
            self.note(heading, str(fault), "not-understood")
            return None
        note = self.text(f"{element}_note")
        return msgspec.structs.replace(found, note=note) if found and note else found
