"""What the compiled function is asked of a column, and which bits of its answer mean what.

The program for a column is a row of questions (see `findings.c`). Kinds that it does not know, patterns that would be
too large and columns that hold no texts stay with SQL.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from zhengshu.contexts.quality.domain import patterns
from zhengshu.contexts.quality.domain.automata import Automaton, automaton_of
from zhengshu.contexts.quality.domain.checks import (
    Check,
    CheckDigit,
    HasLength,
    HasType,
    Listed,
    Matches,
    Scheme,
    ValueType,
)
from zhengshu.contexts.quality.domain.judging import SHAPES
from zhengshu.contexts.quality.domain.patterns import Choice, Letters, Node
from zhengshu.contexts.quality.domain.patterns import Sequence as Series
from zhengshu.contexts.quality.domain.rules import CodeTable, Rule, members

FUNCTION: Final = "zhengshu_findings"
MOST_QUESTIONS: Final = 31
_LENGTH, _CHECK, _PATTERN = 1, 2, 3
_SCHEMES: Mapping[Scheme, int] = {
    Scheme.CITIZEN_ID: 1,
    Scheme.CREDIT_CODE: 2,
    Scheme.CITIZEN_ID_OR_CREDIT_CODE: 3,
}
_SHAPED = frozenset({ValueType.INTEGER, ValueType.DECIMAL, ValueType.BOOLEAN, ValueType.DATE})
_MOST_LISTED = 24
_NO_LIMIT = 2**32 - 1
_ASCII = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a column is asked at once: the program, and for each rule the number of its question."""

    code: bytes
    places: Mapping[str, int]

    @property
    def literal(self) -> str:
        """The program as a literal of SQL."""
        return "'" + "".join(f"\\x{byte:02X}" for byte in self.code) + "'::BLOB"

    def fails(self, rule: Rule) -> int:
        """The bit that means that a rule blames the value."""
        return 2 << 2 * self.places[rule.code]

    def unsure(self, rule: Rule) -> int:
        """The bit that means that the exact path has to look."""
        return 4 << 2 * self.places[rule.code]


def program_of(rules: Sequence[Rule], tables: Mapping[str, CodeTable]) -> Program | None:
    """Return the program for the rules of one column of texts; None where it would answer none of them."""
    code, places = b"", dict[str, int]()
    for rule in rules:
        question = _question(rule.check, tables) if len(places) < MOST_QUESTIONS else None
        if question is not None:
            places[rule.code] = len(places)
            code += question
    return Program(code=code, places=places) if places else None


def _question(check: Check, tables: Mapping[str, CodeTable]) -> bytes | None:
    match check:
        case HasLength(least=least, most=most):
            limits = struct.pack("<II", least, _NO_LIMIT if most is None else most)
            return _asked(_LENGTH, 0, limits)
        case CheckDigit(scheme=scheme, places=None) if scheme in _SCHEMES:
            return _asked(_CHECK, _SCHEMES[scheme], b"")
        case Matches(pattern=pattern, forbids=forbids):
            return _pattern(patterns.parse(pattern), forbids=forbids)
        case HasType(type=kind) if kind in _SHAPED:
            return _pattern(patterns.parse(SHAPES[kind]), forbids=False)
        case Listed():
            values = members(check, tables=tables)
            return _pattern(_listed(values), forbids=False) if len(values) <= _MOST_LISTED else None
        case _:
            return None


def _listed(values: frozenset[str]) -> Node:
    words = (
        Series(tuple(Letters(((ord(letter), ord(letter)),)) for letter in value)) for value in sorted(values)
    )
    return Choice(tuple(words))


def _pattern(tree: Node, *, forbids: bool) -> bytes | None:
    automaton = automaton_of(tree)
    return None if automaton is None else _asked(_PATTERN, int(forbids), _encoded(automaton))


def _asked(kind: int, option: int, body: bytes) -> bytes:
    return struct.pack("<BBHI", kind, option, 0, len(body)) + body


def _encoded(automaton: Automaton) -> bytes:
    states, classes, ranges = len(automaton.table), len(automaton.table[0]), len(automaton.starts)
    ascii_classes = bytes(
        automaton.class_of[max(place for place, start in enumerate(automaton.starts) if start <= point)]
        for point in range(_ASCII)
    )
    return (
        struct.pack("<III", states, classes, ranges)
        + ascii_classes
        + bytes(state in automaton.accepting for state in range(states))
        + bytes(automaton.class_of)
        + b"".join(bytes(row) for row in automaton.table)
        + struct.pack(f"<{ranges}I", *automaton.starts)
    )
