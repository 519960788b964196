"""Row rules: one pass over the rows gives words of bits, one bit a rule; the rows of each word are counted.

Almost all rows have the same few words, so that what leaves the engine is small, whatever the table's size.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import compute as pc

from zhengshu.contexts.quality.application.engine.conditions import Surroundings, condition_of
from zhengshu.contexts.quality.application.engine.expressions import Fields
from zhengshu.contexts.quality.application.engine.findings import (
    EMPTY,
    FUNCTION,
    MOST_QUESTIONS,
    UNSURE,
    can_answer,
    program_of,
)
from zhengshu.contexts.quality.application.engine.keeping import SHOWN, Answer
from zhengshu.contexts.quality.application.engine.sessions import Session
from zhengshu.contexts.quality.application.engine.source import Rows
from zhengshu.contexts.quality.application.engine.values import Field, filled, identifier
from zhengshu.contexts.quality.application.engine.watching import Watch
from zhengshu.contexts.quality.domain.rules import Rule

Words = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

_RULES_A_WORD: Final = 30
"""Two bits a rule; the four bits that are left belong to the compiled function."""


@dataclass(slots=True)
class Tally:
    """What one row rule found so far: rows not asked, rows blamed, the first places of these."""

    rule: Rule
    word: int
    bit: int
    failed: int = 0
    skipped: int = 0
    places: tuple[int, ...] = ()

    def count(self, counted: "Counted") -> None:
        """Add rows."""
        is_blamed = self._has(counted, self.bit)
        self.failed += int(counted.times[is_blamed].sum())
        self.skipped += int(counted.times[self._has(counted, self.bit + 1)].sum())
        firsts = [
            place
            for found, is_own in zip(counted.firsts, is_blamed, strict=True)
            if is_own
            for place in found
        ]
        self.places = tuple(sorted([*self.places, *firsts])[:SHOWN])

    def plus(self, other: "Tally") -> "Tally":
        """Return this tally with that of other rows, of the same rule and bits."""
        places = tuple(sorted([*self.places, *other.places])[:SHOWN])
        failed, skipped = self.failed + other.failed, self.skipped + other.skipped
        return Tally(self.rule, self.word, self.bit, failed, skipped, places)

    def answer(self, rows: int) -> Answer:
        """Return what is kept of it.

        Args:
            rows: how many rows there were.
        """
        return Answer(
            rule=self.rule.code,
            asked=rows - self.skipped,
            failed=self.failed,
            places=self.places,
            word=self.word,
            bit=self.bit,
        )

    def _has(self, counted: "Counted", bit: int) -> npt.NDArray[np.bool_]:
        has: npt.NDArray[np.bool_] = counted.words[self.word] & np.uint64(1 << bit) != 0
        return has


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Rows by their words: how often each row of words occurs, and where the first ones are."""

    words: Sequence[Words]
    times: npt.NDArray[np.int64]
    firsts: Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A pass.

    Attributes:
        query: the words of all rows.
        words: how many words there are.
        tallies: where each rule's bits are.
    """

    query: str
    words: int
    tallies: tuple[Tally, ...]

    @property
    def blames(self) -> tuple[int, ...]:
        """For each word the bits that mean “blamed”."""
        bits = [0] * self.words
        for tally in self.tallies:
            bits[tally.word] |= 1 << tally.bit
        return tuple(bits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blamed:
    """The blamed rows of a pass, with their words, in no order."""

    places: Places
    words: Sequence[Words]

    def batch(self) -> pa.RecordBatch:
        """Return them as they are kept."""
        columns = {"place": self.places, **{f"w{number}": word for number, word in enumerate(self.words)}}
        return pa.record_batch(columns)


def no_words(words: int) -> pa.RecordBatch:
    """Return blamed rows as they are kept, without any."""
    fields = [
        pa.field("place", pa.int64()),
        *(pa.field(f"w{number}", pa.uint64()) for number in range(words)),
    ]
    return pa.RecordBatch.from_pylist([], schema=pa.schema(fields))


def plan_of(rules: Sequence[Rule], rows: Rows, around: Surroundings) -> Plan:
    """Return the pass that asks row rules; each has a bit for “blamed” and one for “not asked”."""
    names = dict.fromkeys(name for rule in rules for name in rule.columns)
    fields = {name: Field(f"f{number}", rows.columns[name]) for number, name in enumerate(names)}
    # the rules of a column share a word, so that its texts are walked once
    ordered = sorted(rules, key=lambda rule: rule.column)
    tallies = [
        Tally(rule, number // _RULES_A_WORD, number % _RULES_A_WORD * 2)
        for number, rule in enumerate(ordered)
    ]
    words = -(-len(tallies) // _RULES_A_WORD)
    programs = _programs(tallies, fields, words, around) if around.is_compiled else {}
    answered = {tally.rule.code for asked in programs.values() for tally in asked}
    parts: list[list[str]] = [[] for _ in range(words)]
    for (name, word), asked in programs.items():
        parts[word] += [_bits(fields[name], word)] * bool(asked or word == 0)
    conditions: list[str] = []
    for tally in tallies:
        if tally.rule.code not in answered:
            conditions.append(f"{condition_of(tally.rule, fields, around)} AS r{len(conditions)}")
            parts[tally.word].append(_told(f"r{len(conditions) - 1}", tally.bit))
    sums = ", ".join(f"{_joined(part)} AS w{number}" for number, part in enumerate(parts))
    carried = "".join(f", {_bits(fields[name], word)}" for name, word in programs)
    shown = "".join(f", {condition}" for condition in conditions)
    read = _fields_of(rows, fields, programs, around)
    query = f"SELECT place, {sums} FROM (SELECT place{carried}{shown} FROM {read})"  # noqa: S608 - of our own expressions, quoted literals and identifiers
    return Plan(query=query, words=words, tallies=tuple(tallies))


Programs = Mapping[tuple[str, int], Sequence[Tally]]
"""Column and word → what the compiled function is asked at once."""


def _programs(tallies: Sequence[Tally], fields: Fields, words: int, around: Surroundings) -> Programs:
    """Return what the compiled function is asked of columns of texts; without questions it tells empty ones."""
    found: dict[tuple[str, int], Sequence[Tally]] = {}
    for name, own in fields.items():
        if not own.is_text:
            continue
        for word in range(words):
            asked = [
                tally
                for tally in tallies
                if tally.rule.column == name and tally.word == word and can_answer(tally.rule, around.tables)
            ][:MOST_QUESTIONS]
            if asked or word == 0:
                found[name, word] = asked
    return found


def _bits(own: Field, word: int) -> str:
    return f"b{own.name}_{word}"


def _told(condition: str, bit: int) -> str:
    return f"CAST(CASE WHEN {condition} THEN 0 WHEN {condition} IS NULL THEN {2 << bit} ELSE {1 << bit} END AS UBIGINT)"


def _joined(parts: Sequence[str]) -> str:
    return f"(({' | '.join(parts)}) & {UNSURE | EMPTY - 1}::UBIGINT)" if parts else "0::UBIGINT"


def _fields_of(rows: Rows, fields: Fields, programs: Programs, around: Surroundings) -> str:
    """Return the rows with each field NULL where it is empty, beside the answers of the compiled function."""
    asked = "".join(
        f", {FUNCTION}({identifier(name)}, {_program(found, around)}) AS {_bits(fields[name], word)}"
        for (name, word), found in programs.items()
    )
    shown = "".join(f", {_bits(fields[name], word)}" for name, word in programs)
    shown += "".join(
        f", CASE WHEN ({_bits(own, 0)} & {EMPTY}) = 0 THEN {identifier(name)} END AS {own.name}"
        if (name, 0) in programs
        else f", {filled(identifier(name), own.type)} AS {own.name}"
        for name, own in fields.items()
    )
    behind = f"(SELECT *{asked} FROM {rows.relation})" if asked else rows.relation  # noqa: S608 - as above
    return f"(SELECT place{shown} FROM {behind})"  # noqa: S608 - as above


def _program(asked: Sequence[Tally], around: Surroundings) -> str:
    """Return the program of a column as a variable: a table of codes would take longer to parse than to use."""
    name = f"program_{len(around.programs)}"
    around.programs[name] = program_of([(one.rule, one.bit) for one in asked], around.tables)
    return f"getvariable('{name}')"


def prepare(engine: duckdb.DuckDBPyConnection, around: Surroundings) -> None:
    """Give an engine what the query of a plan names: tables of values that are joined, programs of columns."""
    for name, values in around.lists.items():
        engine.register(f"{name}_values", pa.table({"value": pa.array(sorted(values), pa.string())}))
        engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT value FROM {name}_values")  # noqa: S608 - our own names
        engine.unregister(f"{name}_values")
    for name, program in around.programs.items():
        engine.execute(f"SET VARIABLE {name} = ?", [program])


@dataclass(slots=True, kw_only=True)
class Scanned:
    """What a pass found: the blamed rows, and those that the exact path has to look at."""

    blamed: list[Blamed] = field(default_factory=list)
    faulty: int = 0
    unsure: Places = field(default_factory=lambda: np.empty(0, np.int64))


def scan(session: Session, plan: Plan, watch: Watch, *, rows: int) -> Scanned:
    """Run a pass and count what it says.

    Raises:
        AssessmentCancelled: it was told to stop.
    """
    return count(plan, watch.table_of(session.engine, counting_query(plan), rows=rows))


def counting_query(plan: Plan) -> str:
    """Return the query that counts the rows of each word, with the places of those that are blamed or left open."""
    names = [f"w{number}" for number in range(plan.words)]
    asked = [blame | UNSURE for blame in plan.blames]
    is_wanted = " OR ".join(
        f"({name} & {bits}::UBIGINT) <> 0" for name, bits in zip(names, asked, strict=True)
    )
    return (
        f"SELECT {', '.join(names)}, count(*) AS times, list(place) FILTER (WHERE {is_wanted}) AS places "  # noqa: S608 - our own names
        f"FROM ({plan.query}) WHERE ({' | '.join(names)}) <> 0 GROUP BY {', '.join(names)}"
    )


def count(plan: Plan, table: pa.Table) -> Scanned:
    """Add what a counting query found to the tallies of a plan; return the blamed rows."""
    words = [table.column(f"w{number}").to_numpy() for number in range(plan.words)]
    times = table.column("times").to_numpy()
    every = [_places(one) for one in table.column("places")]
    is_unsure = np.logical_or.reduce([word >> np.uint64(63) != 0 for word in words])
    is_blamed = ~is_unsure & np.logical_or.reduce(
        [word & np.uint64(bits) != 0 for word, bits in zip(words, plan.blames, strict=True)]
    )
    sure = ~is_unsure
    counted = Counted(
        words=[word[sure] for word in words],
        times=times[sure],
        firsts=[_first(every[which]) for which in np.flatnonzero(sure)],
    )
    for tally in plan.tallies:
        tally.count(counted)
    return Scanned(
        blamed=[
            Blamed(places=every[which], words=[np.full(len(every[which]), word[which]) for word in words])
            for which in np.flatnonzero(is_blamed)
        ],
        faulty=int(times[is_blamed].sum()),
        unsure=np.concatenate(
            [np.empty(0, np.int64), *(every[which] for which in np.flatnonzero(is_unsure))]
        ),
    )


def _places(found: object) -> Places:
    if not isinstance(found, pa.ListScalar) or not found.is_valid:
        return np.empty(0, np.int64)
    places: Places = pc.list_flatten(pa.array([found])).to_numpy()
    return places


def _first(places: Places) -> Sequence[int]:
    """Return the first places."""
    if len(places) > SHOWN:
        places = np.partition(places, SHOWN)[:SHOWN]
    return [int(place) for place in np.sort(places)]
