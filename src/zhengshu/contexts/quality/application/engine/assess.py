"""Assess a table: all its rules, whole or not at all."""

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet as pq

from zhengshu.contexts.quality.application.engine.building import built
from zhengshu.contexts.quality.application.engine.conditions import Surroundings
from zhengshu.contexts.quality.application.engine.scanning import (
    AssessmentCancelled,
    Plan,
    Tally,
    Told,
    plan_of,
    scan,
)
from zhengshu.contexts.quality.application.engine.sessions import Limits, Session, open_session
from zhengshu.contexts.quality.application.engine.source import Source
from zhengshu.contexts.quality.application.engine.table_rules import Compared, Observed, ask_table
from zhengshu.contexts.quality.domain.checks import Agrees, Listed, Refers
from zhengshu.contexts.quality.domain.faults import Reason
from zhengshu.contexts.quality.domain.language import columns_of, parse
from zhengshu.contexts.quality.domain.results import Assessment, RuleResult
from zhengshu.contexts.quality.domain.rules import CodeTable, Rule, Table


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
        keep: a Parquet file to write the places and bits of blamed rows to.
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
    keep: Path | None = None
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def assess(job: Job, *, told: Told = lambda _done, _total: True) -> Assessment:
    """Ask a table all its rules.

    Args:
        job: table, rules, rows.
        told: told how many of how many row visits are done; its answer says whether to go on.

    Raises:
        AssessmentCancelled: it was told to stop.
    """
    started = time.perf_counter()
    reasons = {
        rule.code: reason for rule in job.rules if (reason := _reason_not_to_ask(rule, job)) is not None
    }
    asked = [rule for rule in job.rules if rule.code not in reasons]
    row_rules = [rule for rule in asked if rule.is_row_rule]
    table_rules = [rule for rule in asked if not rule.is_row_rule]
    total = job.source.rows * (bool(row_rules) + len(table_rules))
    found = {code: _not_asked(job, code, reason) for code, reason in reasons.items()}
    faulty = 0
    with open_session(job.limits, extension=job.extension) as session:
        if row_rules:
            faulty, tallies = _ask_rows(session, row_rules, job, told=told, total=total)
            found |= {tally.rule.code: _result(tally, job.source) for tally in tallies}
        done = job.source.rows * bool(row_rules)
        to = Compared(
            session=session, source=job.source, others=job.others, former=job.former, today=job.today
        )
        for rule in table_rules:
            found[rule.code] = ask_table(rule, to)
            done += job.source.rows
            if not told(done, total):
                raise AssessmentCancelled
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
    )


def _ask_rows(
    session: Session, rules: Sequence[Rule], job: Job, *, told: Told, total: int
) -> tuple[int, Sequence[Tally]]:
    around = Surroundings(
        today=job.today,
        tables=job.code_tables,
        check_function=session.check_function,
        is_compiled=session.is_compiled,
    )
    plan = plan_of(rules, job.source, around)
    faulty = 0
    with ExitStack() as stack:
        writer = stack.enter_context(_writer(job.keep, plan)) if job.keep else None
        for piece in scan(session, plan, around.lists, told=told, total=total):
            faulty += piece.num_rows
            if writer is not None:
                writer.write_batch(piece)
    return faulty, plan.tallies


def _writer(path: Path, plan: Plan) -> pq.ParquetWriter:
    """Open the file of blamed rows; its metadata says which bit of which word is which rule."""
    bits: dict[bytes | str, bytes | str] = {
        f"{tally.word}:{tally.fails.bit_length() - 1}": tally.rule.code for tally in plan.tallies
    }
    fields = [pa.field("place", pa.int64()), *(pa.field(f"w{n}", pa.uint64()) for n in range(plan.words))]
    return pq.ParquetWriter(path, pa.schema(fields, metadata=bits))


def _result(tally: Tally, source: Source) -> RuleResult:
    return RuleResult(
        rule=tally.rule,
        asked=source.rows - tally.skipped,
        failed=tally.failed,
        places=tuple(tally.places),
    )


def _not_asked(job: Job, code: str, reason: Reason) -> RuleResult:
    return RuleResult(rule=next(rule for rule in job.rules if rule.code == code), reason=reason)


def _reason_not_to_ask(rule: Rule, job: Job) -> Reason | None:
    missing = [name for name in rule.columns if name not in job.source.columns]
    if missing:
        return Reason(message="The file has no column “%(column)s”.", details={"column": missing[0]})
    match rule.check:
        case Refers(table=table) | Agrees(table=table) if table not in job.others:
            return Reason(message="The table “%(table)s” was not given.", details={"table": table})
        case Refers(table=table, their_columns=needed, where=condition):
            needed = (*needed, *(columns_of(parse(condition)) if condition else ()))
            lacking = [name for name in needed if name not in job.others[table].columns]
        case Agrees(table=table, their_key=key, sum_of=summed):
            lacking = [name for name in (key, summed) if name and name not in job.others[table].columns]
        case Listed(table=table) if table and table not in job.code_tables:
            return Reason(message="There is no code table “%(table)s”.", details={"table": table})
        case _:
            lacking = []
    if lacking:
        return Reason(message="The other table has no column “%(column)s”.", details={"column": lacking[0]})
    return None
