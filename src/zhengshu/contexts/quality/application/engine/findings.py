"""What the compiled function is asked of a column, and which bits of its answer mean what.

The program for a column is a row of questions (see `findings.c`). Kinds that it does not know, patterns that would be
too large and columns that hold no texts stay with SQL.
"""

import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from zhengshu.contexts.quality.domain import patterns
from zhengshu.contexts.quality.domain.automata import Automaton, automaton_of
from zhengshu.contexts.quality.domain.checks import (
    Check,
    CheckDigit,
    Complete,
    HasLength,
    HasType,
    Listed,
    Matches,
    Scheme,
    ValueType,
)
from zhengshu.contexts.quality.domain.judging import DAYS, SHAPES
from zhengshu.contexts.quality.domain.patterns import Node
from zhengshu.contexts.quality.domain.rules import CodeTable, Rule, members

FUNCTION: Final = "zhengshu_findings"
MOST_QUESTIONS: Final = 32
EMPTY: Final = 1 << 62
"""The bit of an answer that says that the text is empty."""
UNSURE: Final = 1 << 63
"""The bit that says that the exact path has to look at the row."""

_LENGTH, _CHECK, _PATTERN, _COMPLETE, _LIST, _DAY = range(1, 7)
_SCHEMES: Mapping[Scheme, int] = {
    Scheme.CITIZEN_ID: 1,
    Scheme.CREDIT_CODE: 2,
    Scheme.CITIZEN_ID_OR_CREDIT_CODE: 3,
    Scheme.MOD_11_2: 4,
    Scheme.MOD_37_36: 8,
    Scheme.MOD_97_10: 16,
    Scheme.LUHN: 32,
}
_MOST_LISTED = 5_000
"""Longer code tables are joined."""
_NO_LIMIT = 2**32 - 1
_ASCII = 128
_ANY_BYTE = (0, 255)


def program_of(asked: Sequence[tuple[Rule, int]], tables: Mapping[str, CodeTable]) -> bytes:
    """Return the program for one column of texts; without questions it tells empty ones apart.

    Args:
        asked: rules that `can_answer`, each with the place of its two bits in the answer.
        tables: code tables.
    """
    code = b""
    for rule, bit in asked:
        question = _question(rule.check, tables)
        if question is not None:
            kind, option, body = question
            code += struct.pack("<BBBBI", kind, option, bit, 0, len(body)) + body
    return code


def can_answer(rule: Rule, tables: Mapping[str, CodeTable]) -> bool:
    """Whether the compiled function answers a rule over a column of texts."""
    return _question(rule.check, tables) is not None


@lru_cache(maxsize=4096)
def _pattern_question(pattern: str, option: int, kind: int) -> tuple[int, int, bytes] | None:
    tree = patterns.parse(pattern)
    automaton = automaton_of(tree)
    if automaton is None:
        return None
    return kind, option, bytes((*_bytes_needed(tree), 0, 0)) + _encoded(automaton)


def _question(check: Check, tables: Mapping[str, CodeTable]) -> tuple[int, int, bytes] | None:  # noqa: PLR0911 - one line for each kind
    """Return the kind, the option and the body of a question."""
    match check:
        case Complete():
            return _COMPLETE, 0, b""
        case HasLength(least=least, most=most):
            return _LENGTH, 0, struct.pack("<II", least, _NO_LIMIT if most is None else most)
        case CheckDigit(scheme=scheme, places=places):
            return _CHECK, _SCHEMES[scheme], struct.pack("<II", *(places or (0, 0)))
        case Matches(pattern=pattern, forbids=forbids):
            return _pattern_question(pattern, int(forbids), _PATTERN)
        case HasType(type=kind) if kind in DAYS:
            return _pattern_question(SHAPES[kind], int(kind is ValueType.COMPACT_DATE), _DAY)
        case HasType(type=kind):
            return _pattern_question(SHAPES[kind], 0, _PATTERN)
        case Listed():
            values = members(check, tables=tables)
            return (_LIST, 0, _listed(values)) if len(values) <= _MOST_LISTED else None
        case _:
            return None


@lru_cache(maxsize=64)
def _listed(values: frozenset[str]) -> bytes:
    """Return a table of places, at most half full, found by the hash of the text, and the texts behind it."""
    slots = 2
    while slots < 2 * len(values) + 1:
        slots *= 2
    places, words = [0] * slots, bytearray()
    for value in sorted(values):
        text = value.encode()
        slot = _hash(text) % slots
        while places[slot]:
            slot = (slot + 1) % slots
        places[slot] = len(words) + 1
        words += struct.pack("<I", len(text)) + text
    return struct.pack(f"<I{slots}I", slots, *places) + bytes(words)


def _hash(text: bytes) -> int:
    """Return the hash by which the compiled function finds a text (FNV-1a, folded)."""
    found = 2166136261
    for byte in text:
        found = (found ^ byte) * 16777619 & 0xFFFFFFFF
    return found ^ found >> 15


def _bytes_needed(tree: Node) -> tuple[int, int]:
    """Return a range of bytes of which a text must hold one to be of a pattern like ``.*[0-9].*``."""
    letters = patterns.needed(tree)
    if letters is None:
        return _ANY_BYTE
    firsts = [chr(point).encode("utf-8", "surrogatepass")[0] for limits in letters.ranges for point in limits]
    return min(firsts), max(firsts)


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
