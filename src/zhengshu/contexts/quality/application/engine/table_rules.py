"""Table rules: questions that all rows answer together, over hashed keys that spill when they outgrow memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import compute as pc

from zhengshu.contexts.quality.application.engine.expressions import sql_of
from zhengshu.contexts.quality.application.engine.keeping import SHOWN
from zhengshu.contexts.quality.application.engine.sessions import Session
from zhengshu.contexts.quality.application.engine.source import Rows, Source
from zhengshu.contexts.quality.application.engine.uniqueness import Keyed, Runs
from zhengshu.contexts.quality.application.engine.values import Field, identifier, quoted
from zhengshu.contexts.quality.application.engine.watching import Watch
from zhengshu.contexts.quality.domain import comparing
from zhengshu.contexts.quality.domain.checks import Agrees, Alike, Drifts, Fresh, Habitual, Refers, Unique
from zhengshu.contexts.quality.domain.faults import Reason
from zhengshu.contexts.quality.domain.language import columns_of, parse
from zhengshu.contexts.quality.domain.results import RuleResult
from zhengshu.contexts.quality.domain.rules import Rule

Named = tuple[str, Rows]
"""A part with the name of its run."""

Observed = Mapping[str, float | str]


Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a table rule is answered with.

    Attributes:
        session: the engine.
        watch: told how far it is.
        source: the table.
        others: other tables.
        former: what rules observed in the former run.
        today: the day of the assessment.
        keeps: whether the places of all blamed rows are wanted.
    """

    session: Session
    watch: Watch
    source: Rows
    others: Mapping[str, Source]
    former: Mapping[str, Observed]
    today: date
    keeps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a table rule found, and the places of all rows that it blames where they are wanted."""

    result: RuleResult
    blamed: Places = field(default_factory=lambda: np.empty(0, np.int64))


def ask_table(rule: Rule, to: Compared) -> Answered:
    """Return what a table rule found."""
    match rule.check:
        case Refers():
            return _unreferred(rule, rule.check, to)
        case Agrees():
            return _disagreeing(rule, rule.check, to)
        case Fresh(within_days=days):
            return _stale(rule, to, days)
        case Habitual():
            return _unusual(rule, rule.check, to)
        case Drifts(most=most):
            return _drifted(rule, to, most)
    message = f"{rule.code} is answered by one row"
    raise TypeError(message)


def filled_rows(to: Compared, source: Rows, names: Sequence[str]) -> str:
    """Return a source with NULL where those of its columns are empty."""
    shown = ", ".join(
        f"{to.session.filled(identifier(name), source.columns[name])} AS {identifier(name)}"
        for name in dict.fromkeys(names)
    )
    return f"(SELECT place, {shown} FROM {source.relation})"  # noqa: S608 - quoted


def _row(to: Compared, query: str) -> tuple[object, ...]:
    found = to.watch.table_of(to.session.engine, query, rows=to.source.rows).to_pylist()
    return tuple(found[0].values()) if found else ()


def _counted(rule: Rule, to: Compared, rows: str, *, asked: str, blamed: str) -> Answered:
    """Return what a query counts, and the places that it blames.

    Args:
        rule: the rule.
        to: what it is answered with.
        rows: what stands behind FROM, with `place`.
        asked: how many were asked.
        blamed: the condition of the rows that are blamed.
    """
    every = f", list(place) FILTER (WHERE {blamed}) AS every" if to.keeps else ""
    query = (
        f"SELECT {asked} AS asked, count(*) FILTER (WHERE {blamed}) AS failed, "  # noqa: S608 - quoted
        f"min(place, {SHOWN}) FILTER (WHERE {blamed}) AS places{every} FROM {rows}"
    )
    table = to.watch.table_of(to.session.engine, query, rows=to.source.rows)
    found = table.select(["asked", "failed", "places"]).to_pylist()[0]
    result = RuleResult(
        rule=rule, asked=found["asked"], failed=found["failed"], places=tuple(found["places"] or ())
    )
    if not to.keeps:
        return Answered(result=result)
    places = pc.list_flatten(table.column("every")).to_numpy()
    return Answered(result=result, blamed=places)


def ask_repeated(
    rule: Rule, to: Compared, *, old: Sequence[Named], new: Sequence[Named], runs: Runs
) -> Answered:
    """Blame each row of new parts whose keys stood in an earlier row, of these or of old parts.

    Args:
        rule: a rule of uniqueness, or of texts that are alike.
        to: what it is answered with.
        old: the parts before, each with the name of its run.
        new: the parts that are asked.
        runs: makes and compares the hashes of the parts.
    """
    own, former = (
        [runs.of(Keyed(name=name, relation=with_hashes(rule, to, part))) for name, part in named]
        for named in (new, old)
    )
    asked = sum(run.rows for run in own)
    suspects, met = runs.repeated(own, former)
    if not len(suspects):
        return Answered(result=RuleResult(rule=rule, asked=asked))
    looked_at = [(part, "true") for _, part in new]
    looked_at += [(part, "false") for (_, part), run in zip(old, former, strict=True) if run in met]
    rows = " UNION ALL ".join(
        f"SELECT *, {is_new} AS is_new FROM {with_hashes(rule, to, part, among='suspects')}"  # noqa: S608 - quoted
        for part, is_new in looked_at
    )
    named = ", ".join(f"k{number}" for number in range(len(keys_of(rule))))
    to.session.engine.register("suspects", pa.table({"h": suspects}))
    turns = f"(SELECT *, row_number() OVER (PARTITION BY {named} ORDER BY place) AS turn FROM ({rows}))"  # noqa: S608 - our own names
    try:
        return _counted(rule, to, turns, asked=str(asked), blamed="turn > 1 AND is_new")
    finally:
        to.session.engine.unregister("suspects")


def keys_of(rule: Rule) -> tuple[str, ...]:
    """Return the columns whose values may not repeat."""
    own = rule.check.columns if isinstance(rule.check, Unique) else ()
    return own or (rule.column,)


def with_hashes(rule: Rule, to: Compared, part: Rows, *, among: str = "") -> str:
    """Return the rows that have all keys, with the hash of these.

    Args:
        rule: a rule of uniqueness, or of texts that are alike.
        to: what it is answered with.
        part: the rows.
        among: only those whose hash a table has as `h`.
    """
    names = keys_of(rule)
    fields = {name: Field(identifier(name), part.columns[name]) for name in names}
    texts = [fields[name].text for name in names]
    if isinstance(rule.check, Alike):
        texts = [f"nullif(translate({texts[0]}, {quoted(comparing.FROM)}, {quoted(comparing.TO)}), '')"]
    keys = ", ".join(f"k{number}" for number in range(len(texts)))
    shown = ", ".join(f"{text} AS k{number}" for number, text in enumerate(texts))
    filled = [
        f"({to.session.filled(field.name, field.type)}) AS f{n}" for n, field in enumerate(fields.values())
    ]
    there = [f"k{number} IS NOT NULL" for number in range(len(texts))]
    there += [f"f{number} IS NOT NULL" for number in range(len(fields))]
    wanted = f" WHERE hash({', '.join(texts)}) IN (SELECT h FROM {among})" if among else ""  # noqa: S608 - quoted
    rows = f"SELECT place, {shown}, {', '.join(filled)} FROM {part.relation}{wanted}"  # noqa: S608 - quoted
    return f"(SELECT place, {keys}, hash({keys}) AS h FROM ({rows}) WHERE {' AND '.join(there)})"  # noqa: S608 - as above


def _unreferred(rule: Rule, check: Refers, to: Compared) -> Answered:
    own, other = check.columns or (rule.column,), to.others[check.table]
    asked, theirs = (
        keyed(to, to.source, own, check.when),
        keyed(to, other, check.their_columns, check.where),
    )
    keys = ", ".join(f"k{number}" for number in range(len(own)))
    blamed = "found.is_there" if check.absent else "found.is_there IS NULL"
    there = f"(SELECT DISTINCT {keys}, true AS is_there FROM {theirs}) AS found"  # noqa: S608 - quoted
    return _counted(rule, to, f"{asked} LEFT JOIN {there} USING ({keys})", asked="count(*)", blamed=blamed)


def keyed(to: Compared, source: Rows, names: Sequence[str], condition: str) -> str:
    """Return the keys of the rows that have them all and for which a condition holds, as texts."""
    expression = parse(condition) if condition else None
    read = (*names, *(columns_of(expression) if expression else ()))
    fields = {name: Field(identifier(name), source.columns[name]) for name in read}
    keys = ", ".join(f"{fields[name].text} AS k{number}" for number, name in enumerate(names))
    holds = [f"{fields[name].name} IS NOT NULL" for name in names]
    if expression:
        holds.append(sql_of(expression, fields, today=to.today))
    return f"(SELECT place, {keys} FROM {filled_rows(to, source, read)} WHERE {' AND '.join(holds)})"  # noqa: S608 - quoted


def _disagreeing(rule: Rule, check: Agrees, to: Compared) -> Answered:
    own = numbers_of(to, to.source, check.key, rule.column)
    theirs = numbers_of(to, to.others[check.table], check.their_key, check.sum_of)
    total = "sum(number)" if check.sum_of else "count(*)"
    sums = f"(SELECT k, {total} AS total FROM {theirs} GROUP BY k)"  # noqa: S608 - our own names
    joined = f"{own} LEFT JOIN {sums} USING (k) WHERE k IS NOT NULL AND number IS NOT NULL"
    return _counted(rule, to, joined, asked="count(*)", blamed="number <> coalesce(total, 0)")


def numbers_of(to: Compared, rows: Rows, key: str, column: str) -> str:
    """Return the keys of rows as texts, with the number in a column; without a column only the keys."""
    number = (
        Field(f"o.{identifier(column)}", rows.columns[column]).number if column else "NULL::DECIMAL(28, 8)"
    )
    names = (key, column) if column else (key,)
    return (
        f"(SELECT place, CAST(o.{identifier(key)} AS VARCHAR) AS k, {number} AS number "  # noqa: S608 - quoted
        f"FROM {filled_rows(to, rows, names)} AS o)"
    )


def _stale(rule: Rule, to: Compared, days: int) -> Answered:
    return judge_newest(rule, _row(to, newest_query(rule, to, to.source))[0], to=to, days=days)


def newest_query(rule: Rule, to: Compared, rows: Rows) -> str:
    """Return the query for the newest day."""
    day = Field(identifier(rule.column), rows.columns[rule.column]).day
    return f"SELECT max({day}) AS newest FROM {filled_rows(to, rows, (rule.column,))}"  # noqa: S608 - quoted


def judge_newest(rule: Rule, newest: object, *, to: Compared, days: int) -> Answered:
    """Return what the newest day says of a promised cycle."""
    if not isinstance(newest, date):
        return said(rule, reason="No row holds a day that can be read.")
    is_stale = newest < to.today - timedelta(days=days)
    return said(rule, fails=is_stale, observed={"newest": newest.isoformat()})


def _unusual(rule: Rule, check: Habitual, to: Compared) -> Answered:
    rows, former = to.source.rows, to.former.get(rule.code, {}).get("rows")
    is_usual = check.least <= rows and (check.most is None or rows <= check.most)
    if check.change is not None and isinstance(former, int | float) and former:
        is_usual = is_usual and abs(rows - former) <= check.change * former
    return said(rule, fails=not is_usual, observed={"rows": rows})


def _drifted(rule: Rule, to: Compared, most: float) -> Answered:
    query = f"{shares_query(rule, to, to.source)} ORDER BY 1 LIMIT {comparing.MOST_VALUES + 1}"
    table = to.watch.table_of(to.session.engine, query, rows=to.source.rows)
    found = [(str(row["value"]), int(row["times"])) for row in table.to_pylist()]
    return judge_shares(rule, found, to=to, most=most)


def shares_query(rule: Rule, to: Compared, rows: Rows) -> str:
    """Return the query that counts the values of a column."""
    name = identifier(rule.column)
    return (
        f"SELECT CAST({name} AS VARCHAR) AS value, count(*) AS times "  # noqa: S608 - quoted
        f"FROM {filled_rows(to, rows, (rule.column,))} WHERE {name} IS NOT NULL GROUP BY ALL"
    )


def judge_shares(rule: Rule, found: Sequence[tuple[str, int]], *, to: Compared, most: float) -> Answered:
    """Return whether the shares of values have moved since the former run."""
    if len(found) > comparing.MOST_VALUES:
        return said(rule, reason="The column has too many different values to compare.")
    total = sum(times for _, times in found)
    shares = {value: times / total for value, times in found}
    former = {value: float(share) for value, share in to.former.get(rule.code, {}).items()}
    if not former:
        return said(rule, reason="There is no former run to compare with.", observed=shares)
    index = comparing.stability_index(former, shares)
    return said(rule, fails=index > most, observed=shares)


def said(
    rule: Rule,
    *,
    fails: bool = False,
    reason: str = "",
    observed: Observed | Mapping[str, float] | None = None,
) -> Answered:
    """Return the answer of a rule that speaks of the table as a whole, or why it has none."""
    seen: Observed = dict(observed or {})
    if reason:
        return Answered(result=RuleResult(rule=rule, reason=Reason(message=reason), observed=seen))
    return Answered(result=RuleResult(rule=rule, asked=1, failed=int(fails), observed=seen))
