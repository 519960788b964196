"""Compares the rules of a table exactly: what no rule covers, which rules meet, which can never count."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from zhengshu.contexts.casework.domain.decisions.column_words import words
from zhengshu.contexts.casework.domain.decisions.columns import Column, Domain, column
from zhengshu.contexts.casework.domain.decisions.evaluating import Evaluation
from zhengshu.contexts.casework.domain.decisions.hits import priority
from zhengshu.contexts.casework.domain.decisions.model import (
    GIVES_ALL,
    Aggregation,
    Flaw,
    HitPolicy,
    Rule,
    Table,
)
from zhengshu.contexts.casework.domain.decisions.refusals import NotDecidable
from zhengshu.contexts.casework.domain.decisions.syntax import names_in
from zhengshu.contexts.casework.domain.decisions.values import is_equal

MOST_STEPS = 1_000_000
"""Combinations of columns and rules that are looked at for one table: about a second's work."""
MOST_NAMED = 10
"""Gaps, and pairs of rules, of one table that are named."""
Box = tuple[int, ...]


class TooLarge(Exception):
    """The comparison would take too long."""


@dataclass(slots=True)
class Steps:
    """How much is still looked at for one table."""

    left: int = MOST_STEPS

    def take(self, count: int) -> None:
        """Count what is looked at.

        Raises:
            TooLarge: nothing is left.
        """
        self.left -= count
        if self.left < 0:
            raise TooLarge


def check_table(table: Table, domains: Sequence[Domain]) -> Iterator[Flaw]:
    """Yield gaps, overlaps and rules that never count, with the numbers of the rules and what is so there.

    A test that depends on other data than its column's is not relied on: it may hold or not.
    """
    if not table.rules:
        yield Flaw(element=table.id, code="decision-without-rules", line=table.line)
        return
    columns = tuple(
        column(one.title, domain, [rule.tests[place] for rule in table.rules])
        for place, (one, domain) in enumerate(zip(table.inputs, domains, strict=True))
    )
    idle = [rule for rule in table.rules if not all(_possible(columns, rule))]
    for rule in idle:
        yield Flaw(element=rule.id, code="decision-rule-never", line=rule.line, details={"rule": rule.number})
    steps = Steps()
    try:
        if needs_all(table):
            yield from _gaps(table, columns, steps)
        yield from _hidden(table, columns, idle, steps)
    except TooLarge:
        yield Flaw(element=table.id, code="decision-too-large", line=table.line)
    yield from _overlaps(table, columns)


def needs_all(table: Table) -> bool:
    """Whether a table must have a rule for every case: it has no default, and cannot give an empty list or count."""
    is_list = table.policy in GIVES_ALL and table.aggregation in {Aggregation.NONE, Aggregation.COUNT}
    return not is_list and any(output.default is None for output in table.outputs)


def _possible(columns: Sequence[Column], rule: Rule) -> Box:
    return tuple(one.possible[rule.number - 1] for one in columns)


def _gaps(table: Table, columns: tuple[Column, ...], steps: Steps) -> Iterator[Flaw]:
    found = uncovered(
        [one.whole for one in columns], [_sure(columns, rule) for rule in table.rules], steps=steps
    )
    for box in found[:MOST_NAMED]:
        yield Flaw(
            element=table.id, code="decision-gap", line=table.line, details={"when": words(columns, box)}
        )


def _sure(columns: Sequence[Column], rule: Rule) -> Box:
    return tuple(one.sure[rule.number - 1] for one in columns)


def _overlaps(table: Table, columns: tuple[Column, ...]) -> Iterator[Flaw]:
    if table.policy not in {HitPolicy.UNIQUE, HitPolicy.ANY}:
        return
    named = 0
    boxes = [_possible(columns, rule) for rule in table.rules]
    for place, rule in enumerate(table.rules):
        for other in table.rules[place + 1 :]:
            common = tuple(a & b for a, b in zip(boxes[place], boxes[other.number - 1], strict=True))
            if not all(common) or (table.policy == HitPolicy.ANY and _agree(rule, other)):
                continue
            details = {"first": rule.number, "second": other.number, "when": words(columns, common)}
            code = "decision-overlap" if table.policy == HitPolicy.UNIQUE else "decision-disagreement"
            yield Flaw(element=other.id, code=code, line=other.line, details=details)
            named += 1
            if named >= MOST_NAMED:
                return


def _agree(rule: Rule, other: Rule) -> bool:
    """Whether two rules surely give the same."""
    run = Evaluation({})
    try:
        return all(
            one == two
            or (not names_in(one) and not names_in(two) and is_equal(run.value(one), run.value(two)))
            for one, two in zip(rule.results, other.results, strict=True)
        )
    except NotDecidable:
        return False


def _hidden(table: Table, columns: tuple[Column, ...], idle: list[Rule], steps: Steps) -> Iterator[Flaw]:
    """Yield the rules that others always come before."""
    if table.policy not in {HitPolicy.FIRST, HitPolicy.PRIORITY}:
        return
    ranks = _ranks(table)
    for rule in table.rules:
        before = [
            other
            for other in table.rules
            if (ranks[other.number], other.number) < (ranks[rule.number], rule.number)
            and _meet(columns, other, rule)
        ]
        sure = [_sure(columns, one) for one in before]
        if rule in idle or uncovered(_possible(columns, rule), sure, steps=steps):
            continue
        hiding = ", ".join(str(one.number) for one in before)
        details = {"rule": rule.number, "rules": hiding}
        yield Flaw(element=rule.id, code="decision-rule-hidden", line=rule.line, details=details)


def _meet(columns: Sequence[Column], one: Rule, other: Rule) -> bool:
    return all(a & b for a, b in zip(_possible(columns, one), _possible(columns, other), strict=True))


def _ranks(table: Table) -> Mapping[int, tuple[int, ...]]:
    """Return which rules come first: those with the better result under PRIORITY, else only their order."""
    if table.policy != HitPolicy.PRIORITY:
        return {rule.number: () for rule in table.rules}
    run = Evaluation({})
    try:
        return {rule.number: priority(table, rule, run) for rule in table.rules}
    except NotDecidable:
        return {rule.number: (-rule.number,) for rule in table.rules}


def uncovered(whole: Sequence[int], boxes: Sequence[Box], *, steps: Steps) -> list[Box]:
    """Return the parts of a box that no other box covers, as boxes that do not meet.

    Raises:
        TooLarge: that would take too long.
    """
    return _Cover(tuple(whole), tuple(boxes), steps).missing(0, (1 << len(boxes)) - 1)


@dataclass(slots=True)
class _Cover:
    """Goes through the columns; what was found for some columns and rules is not looked for again."""

    whole: Box
    boxes: tuple[Box, ...]
    steps: Steps
    known: dict[tuple[int, int], list[Box]] = field(default_factory=dict)
    full: list[int] = field(default_factory=list)
    """For each column the boxes, as bits, that are whole from there on."""
    cells: list[list[tuple[int, int]]] = field(default_factory=list)
    """For each column its cells, each with the boxes, as bits, that hold it."""

    def __post_init__(self) -> None:
        count = len(self.whole)
        self.full = [
            sum(
                1 << number
                for number, box in enumerate(self.boxes)
                if all(self.whole[later] & ~box[later] == 0 for later in range(place, count))
            )
            for place in range(count + 1)
        ]
        self.cells = [
            [
                (cell, sum(1 << number for number, box in enumerate(self.boxes) if box[place] & cell))
                for cell in _bits(whole)
            ]
            for place, whole in enumerate(self.whole)
        ]

    def missing(self, place: int, active: int) -> list[Box]:
        """Return what is missing from a column on, where only some boxes count, as bits."""
        if active & self.full[place]:
            return []
        if not active:
            return [self.whole[place:]]
        if (place, active) not in self.known:
            self.known[place, active] = self._look(place, active)
        return self.known[place, active]

    def _look(self, place: int, active: int) -> list[Box]:
        groups: dict[int, int] = {}
        self.steps.take(len(self.cells[place]))
        for cell, holding in self.cells[place]:
            there = active & holding
            groups[there] = groups.get(there, 0) | cell
        rests: dict[Box, int] = {}
        for there, cells in groups.items():
            missing = self.missing(place + 1, there)
            self.steps.take(len(missing))
            for rest in missing:
                rests[rest] = rests.get(rest, 0) | cells
        return [(cells, *rest) for rest, cells in rests.items()]


def _bits(mask: int) -> Iterator[int]:
    return (1 << place for place in _places(mask))


def _places(mask: int) -> Iterator[int]:
    place = 0
    while mask >> place:
        if mask >> place & 1:
            yield place
        place += 1
