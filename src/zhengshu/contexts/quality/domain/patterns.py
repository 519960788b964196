"""The language of patterns: what every engine reads the same way, and nothing else.

Literals, ``.`` (any character but a line break), classes ``[0-9A-Z]`` and ``[^…]``, groups, ``|``, ``? * +`` and
``{n,m}``. A pattern always means the whole text. Anchors are refused because a dollar sign also matches before a last
line break; the short names of classes (digit, word, blank) because engines disagree on full-width digits and
ideographic blanks; back references and look-arounds because they can run forever.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from zhengshu.contexts.quality.domain.faults import Reason

MOST_LETTERS = 300
MOST_REPEATS = 200
MOST_SIZE = 2_000
"""How many characters a pattern may amount to when its repetitions are written out."""

_SPECIAL = frozenset("\\.[](){}|?*+^$")
_REPEAT = re.compile(r"\{(\d{1,4})(?:(,)(\d{0,4}))?\}")
_SIMPLE = {"?": (0, 1), "*": (0, None), "+": (1, None)}
_LAST = 0x10FFFF


class PatternUnfit(ValueError):
    """A pattern is not of the language; the reason says where and why."""

    def __init__(self, message: str, **details: object) -> None:
        """Keep the reason, to be told in the reader's language."""
        self.reason = Reason(message=message, details=details)
        super().__init__(self.reason.text())


@dataclass(frozen=True, slots=True)
class Letters:
    """One character out of ranges of code points, both ends included."""

    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part several times; `most` None for without end."""

    part: "Node"
    least: int
    most: int | None


Node = Letters | Sequence | Choice | Repeat

ANY = Letters(((0, 9), (11, _LAST)))
_ANYTHING = Repeat(ANY, 0, None)


@lru_cache(maxsize=1024)
def parse(pattern: str) -> Node:
    """Return the tree of a pattern.

    Raises:
        PatternUnfit: it is not of the language.
    """
    if len(pattern) > MOST_LETTERS:
        raise PatternUnfit("longer than %(most)s characters", most=MOST_LETTERS)
    reader = _Reader(pattern)
    tree = reader.choice()
    if reader.place < len(pattern):
        raise PatternUnfit(
            "character %(place)s: %(why)s",
            place=reader.place + 1,
            why=Reason(message="a bracket is closed that was never opened"),
        )
    if size(tree) > MOST_SIZE:
        raise PatternUnfit("its repetitions amount to too much; write a length rule beside it")
    return tree


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text is of the pattern."""
    return _compiled(pattern).fullmatch(text) is not None


def size(node: Node) -> int:
    """Return how many characters a tree amounts to when its repetitions are written out."""
    match node:
        case Letters():
            return 1
        case Sequence(parts) | Choice(parts):
            return sum(size(part) for part in parts)
        case Repeat(part, least, most):
            return size(part) * max(1, least if most is None else most)


def needed(node: Node) -> Letters | None:
    """Return the characters of which a text must hold one to be of a pattern like ``.*[0-9].*``; None for others."""
    match node:
        case Sequence((before, Letters() as letters, behind)) if before == behind == _ANYTHING:
            return letters
        case _:
            return None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    parse(pattern)
    return re.compile(pattern)


class _Reader:
    """Reads a pattern by recursive descent."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.place = 0

    def choice(self) -> Node:
        parts = [self._sequence()]
        while self._peek() == "|":
            self.place += 1
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while (letter := self._peek()) and letter not in "|)":
            parts.append(self._repeated(self._atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _atom(self) -> Node:
        letter = self._take()
        if letter == "(":
            return self._group()
        if letter == "[":
            return self._class()
        if letter == ".":
            return ANY
        if letter == "\\":
            return _one(self._escaped())
        if letter in _SPECIAL:
            raise self._unfit(_why(letter))
        return _one(ord(letter))

    def _group(self) -> Node:
        if self._peek() == "?":
            raise self._unfit(Reason(message="look-arounds and named groups are not of the language"))
        inner = self.choice()
        if self._peek() != ")":
            raise self._unfit(Reason(message="a bracket is opened and not closed"))
        self.place += 1
        return inner

    def _class(self) -> Letters:
        is_negated = self._peek() == "^"
        self.place += is_negated
        ranges: list[tuple[int, int]] = []
        while self._peek() != "]":
            first = last = self._member()
            if self._peek() == "-" and self._text[self.place + 1 : self.place + 2] not in {"]", ""}:
                self.place += 1
                last = self._member()
            if last < first:
                raise self._unfit(Reason(message="a range of characters runs backwards"))
            ranges.append((first, last))
        self.place += 1
        if not ranges:
            raise self._unfit(Reason(message="a class of characters is empty"))
        merged = _merged(ranges)
        return Letters(_others(merged) if is_negated else merged)

    def _member(self) -> int:
        if not self._peek():
            raise self._unfit(Reason(message="a class of characters is opened and not closed"))
        letter = self._take()
        if letter == "[" or (letter in "&~|-" and self._peek() == letter):
            raise self._unfit(Reason(message="write a backslash before [, and signs singly, within a class"))
        return self._escaped() if letter == "\\" else ord(letter)

    def _escaped(self) -> int:
        letter = self._peek()
        if not letter or letter.isalnum() or not letter.isascii():
            raise self._unfit(
                Reason(
                    message="“\\%(letter)s” means different characters to different engines; write [0-9], [A-Z] …",
                    details={"letter": letter},
                )
            )
        self.place += 1
        return ord(letter)

    def _repeated(self, part: Node) -> Node:
        letter = self._peek()
        if letter in _SIMPLE and letter:
            self.place += 1
            least, most = _SIMPLE[letter]
        elif letter == "{":
            least, most = self._counted()
        else:
            return part
        if self._peek() and self._peek() in "?*+{":
            raise self._unfit(Reason(message="a repetition is repeated; put it into brackets"))
        return Repeat(part, least, most)

    def _counted(self) -> tuple[int, int | None]:
        found = _REPEAT.match(self._text, self.place)
        if found is None:
            raise self._unfit(Reason(message="write a count as {3}, {3,} or {3,5}"))
        least = int(found[1])
        most = least if found[2] is None else int(found[3]) if found[3] else None
        if max(least, most or 0) > MOST_REPEATS or (most is not None and most < least):
            raise self._unfit(
                Reason(
                    message="a count runs from small to large and is at most %(most)s",
                    details={"most": MOST_REPEATS},
                )
            )
        self.place = found.end()
        return least, most

    def _peek(self) -> str:
        return self._text[self.place : self.place + 1]

    def _take(self) -> str:
        letter = self._peek()
        self.place += 1
        return letter

    def _unfit(self, why: Reason) -> PatternUnfit:
        return PatternUnfit("character %(place)s: %(why)s", place=self.place, why=why)


def _why(letter: str) -> Reason:
    if letter in "^$":
        return Reason(message="anchors are not needed, a pattern always means the whole text")
    return Reason(
        message="“%(letter)s” has nothing before it that it could apply to; "
        "write a backslash before it if it is meant itself",
        details={"letter": letter},
    )


def _one(point: int) -> Letters:
    return Letters(((point, point),))


def _merged(ranges: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def _others(ranges: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    others, begin = [], 0
    for first, last in ranges:
        if begin < first:
            others.append((begin, first - 1))
        begin = last + 1
    if begin <= _LAST:
        others.append((begin, _LAST))
    return tuple(others)
