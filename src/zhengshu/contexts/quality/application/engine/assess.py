"""Assess a table: all its rules, whole or not at all."""

import errno
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pyarrow as pa

from zhengshu.contexts.quality.application.engine.askable import reason_not_to_ask
from zhengshu.contexts.quality.application.engine.beside import beside
from zhengshu.contexts.quality.application.engine.building import built
from zhengshu.contexts.quality.application.engine.conditions import Surroundings
from zhengshu.contexts.quality.application.engine.keeping import RUNS, Answer, KeptFile, Ledger
from zhengshu.contexts.quality.application.engine.own_sql import ask_own
from zhengshu.contexts.quality.application.engine.prechecks import find_wrong
from zhengshu.contexts.quality.application.engine.scanning import (
    Plan,
    Scanned,
    no_words,
    plan_of,
    prepare,
    scan,
)
from zhengshu.contexts.quality.application.engine.sessions import Limits, Session, open_session
from zhengshu.contexts.quality.application.engine.source import Part, Rows, Source, drawn, together
from zhengshu.contexts.quality.application.engine.table_rules import (
    Answered,
    Compared,
    Observed,
    ask_repeated,
    ask_table,
)
from zhengshu.contexts.quality.application.engine.uniqueness import Runs, run_name
from zhengshu.contexts.quality.application.engine.watching import RoomExhausted, Told, Watch
from zhengshu.contexts.quality.domain.checks import (
    Agrees,
    Alike,
    Drifts,
    Fresh,
    Habitual,
    OwnSql,
    Refers,
    Unique,
)
from zhengshu.contexts.quality.domain.faults import Reason
from zhengshu.contexts.quality.domain.fingerprints import fingerprint
from zhengshu.contexts.quality.domain.results import Assessment, Kept, RuleResult
from zhengshu.contexts.quality.domain.rules import CodeTable, Rule, Table
from zhengshu.contexts.quality.domain.sampling import error_of

if TYPE_CHECKING:
    from zhengshu.contexts.quality.application.engine.spark import OnSpark


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be assessed, and with what.

    Attributes:
        table: the table, with the columns that the source holds.
        rules: what it is asked.
        source: its rows.
        today: the day of the assessment.
        others: other tables that rules name, by their codes.
        code_tables: code tables that rules name.
        former: what rules observed in the former run, by their codes.
        limits: memory, threads, where to spill.
        extension: the compiled extension; None to do without it.
        store: a folder where finished parts are kept, and with them the places and bits of blamed rows; the next run of
            the same table takes up what it finds there. None to keep nothing.
        sample: about how many rows to read, by whole row groups drawn at random; all rows where too few groups could
            be left out. Rules that compare rows with each other cannot be asked then.
        spark: the master of a Spark cluster that asks instead, or ``local[*]``; all rows at once, and no samples.
        keys: columns of the source whose values are kept beside the places of blamed rows.
        unknown: headings that the pack does not know, for the report.
        missing: columns of the pack that the file does not hold, for the report.
    """

    table: Table
    rules: Sequence[Rule]
    source: Source
    today: date
    others: Mapping[str, Source] = field(default_factory=dict)
    code_tables: Mapping[str, CodeTable] = field(default_factory=dict)
    former: Mapping[str, Observed] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    extension: Path | None = field(default_factory=built)
    store: Path | None = None
    sample: int | None = None
    spark: str = ""
    keys: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def assess(job: Job, *, told: Told = lambda _done, _total: True) -> Assessment:
    """Ask a table all its rules, or take up a run that was stopped: parts that are finished are not read again.

    Args:
        job: table, rules, rows.
        told: told how many of how many row visits are done; its answer says whether to go on. It is called in the
            caller's thread, several times a second.

    Raises:
        AssessmentCancelled: it was told to stop.
        SourceChanged: a file was written to meanwhile.
        RoomExhausted: memory or disk did not suffice.
    """
    try:
        return _assessed(job, told)
    except (duckdb.OutOfMemoryException, MemoryError) as fault:
        raise RoomExhausted from fault
    except (duckdb.IOException, OSError) as fault:
        if isinstance(fault, OSError) and fault.errno != errno.ENOSPC:
            raise
        if isinstance(fault, duckdb.IOException) and "No space left" not in str(fault):
            raise
        raise RoomExhausted from fault


def _assessed(job: Job, told: Told) -> Assessment:
    started = time.perf_counter()
    lacks = {
        rule.code: reason_not_to_ask(rule, job.source, others=job.others, code_tables=job.code_tables)
        for rule in job.rules
    }
    reasons = {code: reason for code, reason in lacks.items() if reason is not None}
    asked = [rule for rule in job.rules if rule.code not in reasons]
    with open_session(job.limits, extension=job.extension) as session:
        run = _Run.of(job, session, asked, told)
        with beside(session, run.comparing()) as run.begun:
            found = run.ask_rows() | run.ask_table()
        for source in (job.source, *job.others.values()):
            source.verify()
        row_rules = [run.fingerprints[rule.code] for rule in asked if rule.is_row_rule]
        faulty = run.ledger.faulty(row_rules)
    found |= {
        rule.code: RuleResult(rule=rule, reason=reasons[rule.code])
        for rule in job.rules
        if rule.code in reasons
    }
    return Assessment(
        table=job.table,
        rows=job.source.rows,
        faulty=faulty,
        broken=job.source.broken,
        rules=tuple(found[rule.code] for rule in job.rules),
        unknown=job.unknown,
        missing=job.missing,
        seconds=time.perf_counter() - started,
        is_compiled=job.extension is not None,
        sampled=_rows_of(job, run.chosen) if run.chosen else None,
        kept=run.kept(),
        reused=run.reused,
    )


Said = dict[str, list[tuple[KeptFile, str]]]
"""The files that answer for each rule, by its code, and the mark of its answer in them."""


@dataclass(slots=True, kw_only=True)
class _Run:
    """One assessment while it runs."""

    job: Job
    session: Session
    rules: Sequence[Rule]
    watch: Watch
    ledger: Ledger
    fingerprints: Mapping[str, str]
    spark: "OnSpark | None" = None
    chosen: tuple[Part, ...] = ()
    said: Said = field(default_factory=dict)
    begun: Future[Said] | None = None
    reused: int = 0

    @classmethod
    def of(cls, job: Job, session: Session, rules: Sequence[Rule], told: Told) -> "_Run":
        chosen = drawn(job.source, job.sample) if job.sample and not job.spark else ()
        others = {code: source.digest for code, source in job.others.items()}
        row_rules = any(rule.is_row_rule for rule in rules)
        table_rules = sum(not rule.is_row_rule for rule in rules)
        return cls(
            job=job,
            session=session,
            rules=rules,
            watch=Watch(told=told, total=_rows_of(job, chosen) * (row_rules + table_rules)),
            ledger=Ledger(folder=job.store, keys=job.keys, parts=_parts_of(job, chosen)),
            chosen=chosen,
            spark=_on_spark(job),
            fingerprints={
                rule.code: fingerprint(rule, today=job.today, tables=job.code_tables, others=others)
                for rule in rules
            },
        )

    def ask_rows(self) -> dict[str, RuleResult]:
        """Ask the row rules of each part of what it was not asked before."""
        rules = [rule for rule in self.rules if rule.is_row_rule]
        lacking = {rule.code: self.ledger.lacking(self.fingerprints[rule.code]) for rule in rules}
        for part in self.ledger.parts if rules else ():
            open_rules = [rule for rule in rules if part in lacking[rule.code]]
            if open_rules:
                self._ask_part(part, open_rules)
            else:
                self.reused += part.rows
                self.watch.add(part.rows)
        for rule in rules:
            mark = self.fingerprints[rule.code]
            self.said[rule.code] = [(file, mark) for file in self.ledger.answering(mark)]
        return {rule.code: self._counted(rule) for rule in rules}

    def _ask_part(self, part: Part, rules: Sequence[Rule]) -> None:
        """Ask rules of a part; rows that the compiled function leaves open are asked again on the exact path."""
        done = self.watch.done
        plan, found = self._pass(part, rules, is_compiled=self.session.is_compiled)
        tallies = list(plan.tallies)
        blamed, faulty = list(found.blamed), found.faulty
        if len(found.unsure):
            self.session.engine.register("unsure", pa.table({"place": found.unsure}))
            left = replace(part, relation=f"(SELECT * FROM {part.relation} SEMI JOIN unsure USING (place))")  # noqa: S608 - our own names
            plan, found = self._pass(left, rules, is_compiled=False, is_small=True)
            self.session.engine.unregister("unsure")
            tallies = [one.plus(other) for one, other in zip(tallies, plan.tallies, strict=True)]
            blamed += found.blamed
            faulty += found.faulty
        self.watch.done = done
        self.watch.add(part.rows)
        answers = {self.fingerprints[tally.rule.code]: tally.answer(part.rows) for tally in tallies}
        batches = [no_words(plan.words), *(one.batch() for one in blamed)] if self.job.store else []
        self.ledger.add(self.session, [part], answers, faulty=faulty, blamed=batches)

    def _pass(
        self, part: Part, rules: Sequence[Rule], *, is_compiled: bool, is_small: bool = False
    ) -> tuple[Plan, Scanned]:
        around = Surroundings(
            today=self.job.today,
            tables=self.job.code_tables,
            check_function=self.session.check_function,
            prechecks=None if is_small or self.spark is not None else {},
            is_compiled=is_compiled,
        )
        if self.spark is not None:
            return self.spark.ask_rows(rules, self.job.source, around)
        plan = plan_of(rules, part, around)
        prepare(self.session.engine, around)
        find_wrong(self.session, part, around.prechecks or {}, self.watch)
        return plan, scan(self.session, plan, self.watch, rows=part.rows)

    def comparing(self) -> Callable[[Session, Watch], Said] | None:
        """Return the comparing of keys, to be done beside where so little is new that row rules leave cores idle."""
        rules = [rule for rule in self.rules if isinstance(rule.check, Unique | Alike)]
        if self.job.store is None or self.spark is not None or self.chosen or not rules:
            return None
        new = {
            part.name: part for rule in rules for part in self.ledger.chain(self.fingerprints[rule.code])[1]
        }
        if sum(len(part.groups) for part in new.values()) >= (self.job.limits.threads or os.cpu_count() or 1):
            return None

        def compare(session: Session, watch: Watch) -> Said:
            own = replace(self, session=session, watch=watch)
            return {rule.code: own.compare_keys(rule, self.fingerprints[rule.code]) for rule in rules}

        return compare

    def ask_table(self) -> dict[str, RuleResult]:
        """Ask the table rules; those that look at one row at a time only of parts that are new to them."""
        found = {}
        for rule in self.rules:
            if not rule.is_row_rule:
                done = self.watch.done
                found[rule.code] = self._ask_table_rule(rule)
                self.watch.done = done
                self.watch.add(_rows_of(self.job, self.chosen))
        return found

    def _ask_table_rule(self, rule: Rule) -> RuleResult:
        mark = self.fingerprints[rule.code]
        if self.chosen and isinstance(rule.check, Unique | Alike | Fresh | OwnSql):
            return RuleResult(
                rule=rule, reason=Reason(message="A sample of the rows cannot answer this rule.")
            )
        match rule.check:
            case Drifts() if self.chosen:
                return self._ask(rule, together(self.chosen)).result
            case Fresh() | Habitual() | Drifts():  # they speak of the table as a whole and blame no row
                return self._ask(rule, self.job.source).result
            case Refers() | Agrees():
                left = self.ledger.lacking(mark)
                for parts in [(part,) for part in left] if self.chosen else [left] if left else []:
                    rows = self.job.source if parts == self.job.source.parts else together(parts)
                    self._keep(parts, mark, self._ask(rule, rows))
                self.said[rule.code] = [(file, mark) for file in self.ledger.answering(mark)]
            case OwnSql():
                answered = ask_own(rule, self.job, is_alone=self.spark is None)
                if answered.result.reason is not None:
                    return answered.result
                self.said[rule.code] = [self._keep(self.ledger.parts, mark, answered)]
            case _ if self.spark is not None:
                self.said[rule.code] = [self._keep(self.ledger.parts, mark, self._ask(rule, self.job.source))]
            case _ if self.begun is not None:
                self.said[rule.code] = self.begun.result()[rule.code]
            case _:
                self.said[rule.code] = self.compare_keys(rule, mark)
        return self._counted(rule)

    def _counted(self, rule: Rule) -> RuleResult:
        said = self.said[rule.code]
        result = self.ledger.counted(rule, said)
        if not self.chosen:
            return result
        groups = [(file.about.answers[mark].asked, file.about.answers[mark].failed) for file, mark in said]
        return replace(result, error=error_of(groups, of=len(self.job.source.groups)))

    def compare_keys(self, rule: Rule, mark: str) -> list[tuple[KeptFile, str]]:
        """Compare the rows of new parts with each other and with those of the parts before."""
        said, left = self.ledger.chain(mark)
        if left:
            old = self.ledger.parts[: len(self.ledger.parts) - len(left)]
            new = left if self.job.store else self.job.source.parts
            runs = Runs(
                session=self.session,
                watch=self.watch,
                folder=(self.job.store or self.session.folder) / RUNS,
                memory_mib=self.job.limits.memory_mib,
                is_kept=self.job.store is not None,
            )
            named = [
                [(run_name(self.ledger.name_of(part), mark), part) for part in parts] for parts in (old, new)
            ]
            answered = ask_repeated(
                rule, self._compared(self.job.source), old=named[0], new=named[1], runs=runs
            )
            said = [*said, self._keep(left, self.ledger.next_mark(mark, left), answered)]
        return said

    def _ask(self, rule: Rule, rows: Rows) -> Answered:
        compared = self._compared(rows)
        return (
            ask_table(rule, compared)
            if self.spark is None
            else self.spark.ask_table(rule, compared, self.job.source)
        )

    def _keep(self, parts: Sequence[Part], mark: str, answered: Answered) -> tuple[KeptFile, str]:
        result = answered.result
        answer = Answer(rule=result.rule.code, asked=result.asked, failed=result.failed, places=result.places)
        words = pa.record_batch({"place": answered.blamed, "w0": np.ones(len(answered.blamed), np.uint64)})
        kept = self.ledger.add(self.session, parts, {mark: answer}, faulty=result.failed, blamed=[words])
        return kept, mark

    def _compared(self, rows: Rows) -> Compared:
        return Compared(
            session=self.session,
            watch=self.watch,
            source=rows,
            others=self.job.others,
            former=self.job.former,
            today=self.job.today,
            keeps=self.job.store is not None,
        )

    def kept(self) -> Kept:
        """Return where the blamed rows stand."""
        if self.job.store is None:
            return Kept()
        codes = {mark: code for code, said in self.said.items() for _, mark in said}
        files = dict.fromkeys(file.name for said in self.said.values() for file, _ in said)
        return Kept(files=tuple(files), rules=codes)


def _on_spark(job: Job) -> "OnSpark | None":
    if not job.spark:
        return None
    from zhengshu.contexts.quality.application.engine.spark import OnSpark, connected

    return OnSpark(spark=connected(job.spark), extension=job.extension, today=job.today)


def _parts_of(job: Job, chosen: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts that are finished one by one; all rows at once where nothing is kept."""
    if chosen:
        return chosen
    if job.store is not None and not job.spark:
        return job.source.parts
    return (job.source.whole,) if job.source.parts else ()


def _rows_of(job: Job, chosen: tuple[Part, ...]) -> int:
    return sum(part.rows for part in chosen) if chosen else job.source.rows
