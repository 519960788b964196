"""Cuts what an input can be into cells within which all tests of its column say the same.

A cell is a value or a stretch between two values; whether a test holds in a cell is asked of the evaluator with one
sample of it, so that the check and the run cannot differ.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from zhengshu.contexts.casework.domain.decisions import syntax
from zhengshu.contexts.casework.domain.decisions.evaluating import Evaluation
from zhengshu.contexts.casework.domain.decisions.refusals import NotDecidable
from zhengshu.contexts.casework.domain.decisions.syntax import (
    Node,
    UnaryTests,
    asks_itself,
    names_in,
    parts_of,
)
from zhengshu.contexts.casework.domain.decisions.values import Feel, Range

NUMBER, WHOLE, DAY, TEXT, TRUTH = "number", "whole", "date", "string", "boolean"
OTHER = "\ue000"
"""A text that no table names: the sample of all others."""
Ordered = TypeVar("Ordered", Decimal, date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """What an input can be.

    Attributes:
        kind: number, whole, date, string, boolean; empty where that is not known.
        texts: all texts that it can be, where they are declared.
        limits: tests that it passes, where they are declared.
    """

    kind: str = ""
    texts: tuple[str, ...] = ()
    limits: UnaryTests | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, or a stretch between two values.

    Attributes:
        sample: a value in it.
        low: the value at which it begins; None for no beginning.
        high: the value at which it ends.
        is_point: whether it is one value.
    """

    sample: Feel
    low: Feel = None
    high: Feel = None
    is_point: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """The cells of one input, and for each rule in which of them it surely and possibly applies, as bits."""

    title: str
    domain: Domain
    cells: tuple[Cell, ...]
    sure: tuple[int, ...]
    possible: tuple[int, ...]

    @property
    def whole(self) -> int:
        """The bits of all cells."""
        return (1 << len(self.cells)) - 1


def column(title: str, domain: Domain, rows: Sequence[UnaryTests]) -> Column:
    """Return the column of an input with the tests of all rules."""
    constants = [value for tests in rows for value in constants_of(tests)]
    domain = domain if domain.kind else Domain(kind=_guessed(constants), limits=domain.limits)
    more = list(constants_of(domain.limits)) if domain.limits is not None else []
    cells = tuple(cell for cell in _cells(domain, [*constants, *more]) if _is_allowed(cell, domain))
    bits = [_bits(tests, cells, domain) for tests in rows]
    return Column(title, domain, cells, tuple(sure for sure, _ in bits), tuple(maybe for _, maybe in bits))


def _is_allowed(cell: Cell, domain: Domain) -> bool:
    return domain.limits is None or Evaluation({}).holds(domain.limits, cell.sample) is True


def _bits(tests: UnaryTests, cells: Sequence[Cell], domain: Domain) -> tuple[int, int]:
    whole = (1 << len(cells)) - 1
    is_finite = domain.kind == TRUTH or bool(domain.texts)
    if tests.is_any:
        return whole, whole
    if names_in(tests) or not (is_finite or all(_is_plain(test, domain) for test in tests.alternatives)):
        return 0, whole
    try:
        found = _holding(tests, cells, domain)
    except NotDecidable:
        return 0, whole
    return found, found


def _holding(tests: UnaryTests, cells: Sequence[Cell], domain: Domain) -> int:
    """Return the cells in which tests hold, as bits; those of one stretch are asked about once."""
    run = Evaluation({})
    answers: dict[object, bool] = {}
    found = 0
    for place, (cell, stretch) in enumerate(zip(cells, _stretches(tests, cells, domain), strict=True)):
        if stretch not in answers:
            answers[stretch] = run.holds(tests, cell.sample) is True
        found |= answers[stretch] << place
    return found


def _stretches(tests: UnaryTests, cells: Sequence[Cell], domain: Domain) -> Sequence[object]:
    """Return for each cell in which stretch of some tests it lies: at one of their own constants, or between two."""
    if domain.kind in {NUMBER, WHOLE}:
        return _between_constants(Decimal, tests, cells)
    if domain.kind == DAY:
        return _between_constants(date, tests, cells)
    return range(len(cells))


def _between_constants(
    kind: type[Ordered], tests: UnaryTests, cells: Sequence[Cell]
) -> Sequence[tuple[int, int]]:
    ends = sorted({one for one in constants_of(tests) if isinstance(one, kind)})
    samples = [cell.sample for cell in cells if isinstance(cell.sample, kind)]
    return [(bisect_left(ends, sample), bisect_right(ends, sample)) for sample in samples]


def _is_plain(test: Node, domain: Domain) -> bool:  # noqa: PLR0911 - one line for each kind of test
    """Whether a test says the same of all values between two of its constants."""
    is_ordered = domain.kind != TEXT
    match test:
        case syntax.This() | syntax.Literal():
            return True
        case syntax.Interval(low=low, high=high):
            return is_ordered and not any(end is not None and asks_itself(end) for end in (low, high))
        case (
            syntax.Compare(op=op, left=syntax.This(), right=other)
            | syntax.Compare(op=op, left=other, right=syntax.This())
        ):
            return (is_ordered or op in {"=", "!="}) and not asks_itself(other)
        case syntax.Member(value=syntax.This(), tests=tests):
            return all(_is_plain(one, domain) for one in tests.alternatives)
        case syntax.Logic(parts=parts):
            return all(_is_plain(part, domain) for part in parts)
        case syntax.Call(name="not", arguments=arguments):
            return all(_is_plain(part, domain) for part in arguments)
    return not asks_itself(test) and (is_ordered or not any(isinstance(one, Range) for one in _values(test)))


def constants_of(node: Node) -> Iterator[Feel]:
    """Yield the values to which tests compare what they are about."""
    if not isinstance(node, UnaryTests) and not names_in(node) and not asks_itself(node):
        yield from _values(node)
        return
    for part in parts_of(node):
        yield from constants_of(part)


def _values(node: Node) -> Iterator[Feel]:
    """Yield the values in a constant expression: itself, its elements, the ends of its ranges."""
    try:
        waiting: list[Feel] = [Evaluation({}).value(node.value if isinstance(node, syntax.Unequal) else node)]
    except NotDecidable:
        return
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, tuple):
            waiting.extend(value)
        elif isinstance(value, Range):
            waiting += [value.low, value.high]


def _guessed(constants: Iterable[Feel]) -> str:
    kinds = {Decimal: NUMBER, date: DAY, str: TEXT, bool: TRUTH}
    found = {name for one in constants for kind, name in kinds.items() if isinstance(one, kind)}
    return found.pop() if len(found) == 1 else ""


def _cells(domain: Domain, constants: list[Feel]) -> Iterator[Cell]:
    match domain.kind:
        case "boolean":
            yield from (Cell(value) for value in (True, False))
        case "string":
            named = {one for one in constants if isinstance(one, str)}
            yield from (Cell(text) for text in domain.texts or sorted(named))
            if not domain.texts:
                yield Cell(OTHER, is_point=False)
        case "number" | "whole":
            yield from _numbers(sorted({one for one in constants if isinstance(one, Decimal)}), domain)
        case "date":
            yield from _days(sorted({one for one in constants if isinstance(one, date)}))
        case _:
            yield Cell(None, is_point=False)


def _numbers(ends: list[Decimal], domain: Domain) -> Iterator[Cell]:
    is_whole = domain.kind == WHOLE
    before: Decimal | None = None
    for end in ends:
        yield from _between(before, end, is_whole=is_whole)
        if not is_whole or end == end.to_integral_value():
            yield Cell(end, end, end)
        before = end
    yield from _between(before, None, is_whole=is_whole)


def _between(low: Decimal | None, high: Decimal | None, *, is_whole: bool) -> Iterator[Cell]:
    """Yield the stretch between two numbers, without them, if there is anything in it."""
    if is_whole:
        first = None if low is None else math.floor(low) + 1
        last = None if high is None else math.ceil(high) - 1
        if first is not None and last is not None and first > last:
            return
        sample = Decimal(first if first is not None else last if last is not None else 0)
    elif low is not None and high is not None:
        sample = (low + high) / 2
    else:
        sample = low + 1 if low is not None else high - 1 if high is not None else Decimal(0)
    yield Cell(sample, low, high, is_point=False)


def _days(ends: list[date]) -> Iterator[Cell]:
    one = timedelta(days=1)
    before: date | None = None
    for end in ends:
        if before is None and end > date.min:
            yield Cell(end - one, None, end, is_point=False)
        elif before is not None and end - before > one:
            yield Cell(before + one, before, end, is_point=False)
        yield Cell(end, end, end)
        before = end
    if before is None:
        yield Cell(date(2000, 1, 1), is_point=False)
    elif before < date.max:
        yield Cell(before + one, before, None, is_point=False)
