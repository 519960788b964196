"""Row rules: one pass over the rows gives words of bits, one bit a rule, and counts come from the bits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhengshu.contexts.quality.application.engine.conditions import (
    Surroundings,
    condition_by_bits,
    condition_of,
)
from zhengshu.contexts.quality.application.engine.expressions import Fields
from zhengshu.contexts.quality.application.engine.findings import FUNCTION, Program, program_of
from zhengshu.contexts.quality.application.engine.keeping import SHOWN
from zhengshu.contexts.quality.application.engine.sessions import Session
from zhengshu.contexts.quality.application.engine.source import Part
from zhengshu.contexts.quality.application.engine.values import Field, filled, identifier
from zhengshu.contexts.quality.application.engine.watching import Watch
from zhengshu.contexts.quality.domain.rules import Rule

Words = npt.NDArray[np.uint64]
PIECE = 1 << 17
_WORD = 60


@dataclass(slots=True)
class Tally:
    """What one row rule found so far: rows not asked, rows blamed, the first places of these."""

    rule: Rule
    word: int
    fails: int
    skips: int
    failed: int = 0
    skipped: int = 0
    places: list[int] = field(default_factory=list)

    def count(self, words: Words, places: npt.NDArray[np.int64]) -> None:
        """Add a piece of rows."""
        blamed = np.flatnonzero(words & np.uint64(self.fails))
        self.failed += len(blamed)
        self.skipped += int(np.count_nonzero(words & np.uint64(self.skips)))
        if len(blamed):
            self.places = sorted([*self.places, *np.sort(places[blamed])[:SHOWN].tolist()])[:SHOWN]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The query of a pass, and where each rule's bits are in its words."""

    query: str
    words: int
    tallies: tuple[Tally, ...]


def plan_of(rules: Sequence[Rule], source: Part, around: Surroundings) -> Plan:
    """Return the pass that asks row rules; each has a bit for “blamed” and one for “not asked”."""
    names = dict.fromkeys(name for rule in rules for name in rule.columns)
    fields = {name: Field(f"f{number}", source.columns[name]) for number, name in enumerate(names)}
    programs = _programs(rules, fields, around)
    conditions, parts, tallies = [], [], []
    per_word = _WORD // 2
    for number, rule in enumerate(rules):
        word, bit = number // per_word, number % per_word * 2
        conditions.append(f"{_condition(rule, fields, programs, around)} AS r{number}")
        parts.append(f"CASE WHEN r{number} THEN 0 WHEN r{number} IS NULL THEN {2 << bit} ELSE {1 << bit} END")
        tallies.append(Tally(rule, word, 1 << bit, 2 << bit))
    words = [parts[first : first + per_word] for first in range(0, len(parts), per_word)]
    sums = ", ".join(
        f"CAST({' + '.join(_wide(part) for part in word)} AS UBIGINT) AS w{n}" for n, word in enumerate(words)
    )
    query = (
        f"SELECT place, {sums} FROM (SELECT place, {', '.join(conditions)} "  # noqa: S608 - of our own expressions, quoted literals and identifiers
        f"FROM {_fields_of(source, fields, programs)})"
    )
    return Plan(query=query, words=len(words), tallies=tuple(tallies))


def _programs(rules: Sequence[Rule], fields: Fields, around: Surroundings) -> Mapping[str, Program]:
    """Return, for the columns of texts, what the compiled function is asked at once."""
    if not around.is_compiled:
        return {}
    programs = {}
    for name, own in fields.items():
        asked = [rule for rule in rules if rule.column == name]
        if own.is_text and (program := program_of(asked, around.tables)) is not None:
            programs[name] = program
    return programs


def _condition(rule: Rule, fields: Fields, programs: Mapping[str, Program], around: Surroundings) -> str:
    program = programs.get(rule.column)
    if program is None or rule.code not in program.places:
        return condition_of(rule, fields, around)
    own = fields[rule.column]
    return condition_by_bits(rule, f"b{own.name}", program, own, around)


def _fields_of(source: Part, fields: Fields, programs: Mapping[str, Program]) -> str:
    """Return the rows with each field NULL where it is empty, beside the bits of the fields that have a program."""
    asked = "".join(
        f", {FUNCTION}({identifier(name)}, {program.literal}) AS b{fields[name].name}"
        for name, program in programs.items()
    )
    shown = "".join(f", b{fields[name].name}" for name in programs)
    shown += "".join(
        f", CASE WHEN (b{own.name} & 1) = 0 THEN {identifier(name)} END AS {own.name}"
        if name in programs
        else f", {filled(identifier(name), own.type)} AS {own.name}"
        for name, own in fields.items()
    )
    rows = f"(SELECT *{asked} FROM {source.relation})" if asked else source.relation  # noqa: S608 - as above
    return f"(SELECT place{shown} FROM {rows})"  # noqa: S608 - as above


def _wide(part: str) -> str:
    return f"CAST({part} AS BIGINT)"


def add_lists(session: Session, lists: Mapping[str, frozenset[str]]) -> None:
    """Give the session the tables of values that conditions join."""
    for name, values in lists.items():
        session.engine.register(f"{name}_values", pa.table({"value": pa.array(sorted(values), pa.string())}))
        session.engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT value FROM {name}_values")  # noqa: S608 - our own names
        session.engine.unregister(f"{name}_values")


def scan(session: Session, plan: Plan, watch: Watch) -> Iterator[pa.RecordBatch]:
    """Run a pass; yield of each piece, after it was counted, the places and words of the rows that are blamed.

    Raises:
        AssessmentCancelled: it was told to stop.
    """
    blames = _blames(plan)
    for piece in session.engine.sql(plan.query).to_arrow_reader(PIECE):
        places = piece.column(0).to_numpy()
        words = [piece.column(1 + number).to_numpy() for number in range(plan.words)]
        for tally in plan.tallies:
            tally.count(words[tally.word], places)
        watch.add(piece.num_rows)
        is_blamed = np.logical_or.reduce(
            [word & blame != 0 for word, blame in zip(words, blames, strict=True)]
        )
        yield piece.filter(pa.array(is_blamed))


def _blames(plan: Plan) -> list[np.uint64]:
    """Return for each word the bits that mean “blamed”."""
    bits = [0] * plan.words
    for tally in plan.tallies:
        bits[tally.word] |= tally.fails
    return [np.uint64(word) for word in bits]
