"""One thing: several items asked for by one form, handled in parallel where none needs another's result.

What a form asks is told apart by the data element that a field names, else by its key: a question that several items
ask is asked once, and the answer goes to all of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

import msgspec

DAY_LETTERS: Final = 10
"""Letters of a day as `2026-01-31`, with which a moment begins."""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item of a bundle.

    Attributes:
        item: the item's code, which is also that of its case type.
        after: the items whose result it needs.
        choice: the words by which a person leaves it out or in; empty for what belongs to the matter.
        is_suggested: whether it is in unless the person leaves it out.
        takes: key of its form → ``item.key``, what an earlier item's case has found out (``item.@number`` is the number
            of the case), or ``=text``, what follows from its end.
        result: the certificate that its good end issues.
    """

    item: str
    after: tuple[str, ...] = ()
    choice: str = ""
    choice_en: str = ""
    is_suggested: bool = True
    takes: dict[str, str] = {}
    result: "Result | None" = None


class Result(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The certificate of a part: type, holder and values, each a key of what was answered in its case.

    Attributes:
        certificate: the type's code.
        holder_name, holder_number: the keys that hold them; without a number the applicant keeps the certificate.
        holder_kind: ``person`` or ``enterprise``.
        values: field of the certificate → key, or ``=text`` for what is always the same.
        replaces: whether it takes the place of the holder's former one, where there is one; an enterprise's name here
            follows it.
        founds: whether the holder is an enterprise that whoever asked represents from now on.
        representative: the key that holds the citizen ID of a new legal representative; empty where none is asked for.
    """

    certificate: str
    holder_name: str
    holder_kind: str
    values: dict[str, str]
    holder_number: str = ""
    replaces: bool = False
    founds: bool = False
    representative: str = ""


class Filled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question that a register answers: the column, how its codes read here, or that only the day of it counts."""

    column: str
    codes: dict[str, str] = {}
    is_day: bool = False

    def read(self, row: Mapping[str, str]) -> str:
        """Return the answer that a row gives; empty where it gives none."""
        value = row.get(self.column, "").strip()
        if self.codes:
            return self.codes.get(value, "")
        return value[:DAY_LETTERS] if self.is_day else value


class Settled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By which certificate of the asking person's own a row is done with: its type, and the field that has the day."""

    certificate: str
    field: str


class Prefill(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A register that answers questions which a person would have to; he may correct them.

    Attributes:
        item: whose department asks, for whose form; only where that item is among those that are wanted.
        resource: the register, by its resource's name.
        purpose: the purpose of use that is granted.
        key: the column in which the asking person's own citizen ID is looked for.
        newest: the day or moment by which the last row is meant, where there are several.
        settled: what says that nothing is to be asked for: a child that has its birth certificate. The last row may
            be of any age, for what was left undone for long is to be done too.
        fills: question → where its answer stands.
    """

    item: str
    resource: str
    purpose: str
    key: str
    newest: str
    fills: dict[str, Filled]
    settled: Settled | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are asked for, and no other."""
        return tuple(sorted({self.newest, *(one.column for one in self.fills.values())}))

    def answers(
        self, rows: Iterable[Mapping[str, str]], *, settled: Collection[str], on: date
    ) -> Mapping[str, str]:
        """Return what the newest row says, unless it is settled; a day that is still to come is a slip."""
        days = [(row.get(self.newest, "")[:DAY_LETTERS], row) for row in rows]
        told = [row for day, row in days if "" < day <= on.isoformat()]
        newest = max(told, key=lambda row: row.get(self.newest, ""), default=None)
        if newest is None or newest[self.newest][:DAY_LETTERS] in settled:
            return {}
        return {name: value for name, one in self.fills.items() if (value := one.read(newest))}


class OneThing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bundle as a pack declares it."""

    code: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    audience: str
    basis: str
    parts: tuple[Part, ...]
    prefill: tuple[Prefill, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a declaration that could not come to an end."""
        before: set[str] = set()
        for part in self.parts:
            missing = set(part.after) - before
            if missing:
                raise ValueError(
                    f"{self.code}: {part.item} comes after {', '.join(sorted(missing))}, which follows it"
                )
            before.add(part.item)

    def chosen(self, left_in: Iterable[str]) -> tuple[Part, ...]:
        """Return the parts that belong to it and those that were left in, each waiting only for what is among them."""
        kept = set(left_in)
        parts = [part for part in self.parts if not part.choice or part.item in kept]
        present = {part.item for part in parts}
        return tuple(
            msgspec.structs.replace(part, after=tuple(one for one in part.after if one in present))
            for part in parts
        )


class PartState(StrEnum):
    """How one part stands."""

    WAITING = "waiting"
    """For the result of another part."""
    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    """Refused, or its result could not be used; the others go on."""
    DROPPED = "dropped"
    """Was not begun, because what it needs was refused."""
    WITHDRAWN = "withdrawn"


ENDED = frozenset({PartState.DONE, PartState.FAILED, PartState.DROPPED, PartState.WITHDRAWN})


class ThingState(StrEnum):
    """How a bundle stands."""

    OPEN = "open"
    DONE = "done"
    PARTLY = "partly"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


def startable(states: Mapping[str, PartState], after: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the waiting parts whose needs are all done."""
    return tuple(
        item
        for item, state in states.items()
        if state is PartState.WAITING and all(states[need] is PartState.DONE for need in after[item])
    )


def hopeless(states: Mapping[str, PartState], after: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the waiting parts that can never begin, for what they need ended otherwise; also through others."""
    lost = {item for item, state in states.items() if state in ENDED and state is not PartState.DONE}
    found: list[str] = []
    for item, state in states.items():
        if state is PartState.WAITING and lost & set(after[item]):
            lost.add(item)
            found.append(item)
    return tuple(found)


def lost_without(
    item: str, states: Mapping[str, PartState], after: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    """Return the waiting parts that can never begin if a part is taken back."""
    return hopeless({**states, item: PartState.WITHDRAWN}, after)


def together(states: Iterable[PartState]) -> ThingState:
    """Return how a bundle stands by its parts."""
    every = set(states)
    if every & {PartState.OPEN, PartState.WAITING}:
        return ThingState.OPEN
    if every == {PartState.DONE}:
        return ThingState.DONE
    if PartState.DONE in every:
        return ThingState.PARTLY
    return ThingState.WITHDRAWN if every <= {PartState.WITHDRAWN, PartState.DROPPED} else ThingState.FAILED


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One question of one item's form."""

    item: str
    key: str
    element: str


def merged(questions: Iterable[Asked]) -> Mapping[str, tuple[Asked, ...]]:
    """Return each question once, under the name of its data element or key, with all that ask it."""
    found: dict[str, list[Asked]] = {}
    for one in questions:
        found.setdefault(one.element or one.key, []).append(one)
    return {name: tuple(asked) for name, asked in found.items()}
