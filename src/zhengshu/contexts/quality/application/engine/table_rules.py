"""Table rules: questions that all rows answer together, over hashed keys that spill when they outgrow memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zhengshu.contexts.quality.application.engine.expressions import sql_of
from zhengshu.contexts.quality.application.engine.scanning import SHOWN
from zhengshu.contexts.quality.application.engine.sessions import Session
from zhengshu.contexts.quality.application.engine.source import Source
from zhengshu.contexts.quality.application.engine.values import Field, filled, identifier, quoted
from zhengshu.contexts.quality.domain import comparing
from zhengshu.contexts.quality.domain.checks import Agrees, Alike, Drifts, Fresh, Habitual, Refers, Unique
from zhengshu.contexts.quality.domain.faults import Reason
from zhengshu.contexts.quality.domain.language import columns_of, parse
from zhengshu.contexts.quality.domain.results import RuleResult
from zhengshu.contexts.quality.domain.rules import Rule

Observed = Mapping[str, float | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a table rule is answered with: the session, the table, other tables, the former run, the day."""

    session: Session
    source: Source
    others: Mapping[str, Source]
    former: Mapping[str, Observed]
    today: date


def ask_table(rule: Rule, to: Compared) -> RuleResult:  # noqa: PLR0911 - one line for each kind
    """Return what a table rule found."""
    match rule.check:
        case Unique(columns=columns):
            return _repeated(
                rule, to, [f'"{name}"' for name in columns or (rule.column,)], columns or (rule.column,)
            )
        case Alike():
            text = f"CAST({identifier(rule.column)} AS VARCHAR)"
            folded = f"translate({text}, {quoted(comparing.FROM)}, {quoted(comparing.TO)})"
            return _repeated(rule, to, [f"nullif({folded}, '')"], (rule.column,))
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


def _filled_rows(source: Source, names: Sequence[str]) -> str:
    """Return a source with NULL where those of its columns are empty."""
    shown = ", ".join(
        f"{filled(identifier(name), source.columns[name])} AS {identifier(name)}"
        for name in dict.fromkeys(names)
    )
    return f"(SELECT place, {shown} FROM {source.relation})"  # noqa: S608 - quoted


def _row(to: Compared, query: str) -> tuple[object, ...]:
    found = to.session.engine.execute(query).fetchone()
    return () if found is None else tuple(found)


def _counted(rule: Rule, found: tuple[object, ...]) -> RuleResult:
    asked, failed, places = found
    shown = tuple(int(place) for place in places) if isinstance(places, list) else ()
    return RuleResult(rule=rule, asked=int(str(asked)), failed=int(str(failed)), places=shown)


def _repeated(rule: Rule, to: Compared, keys: Sequence[str], names: Sequence[str]) -> RuleResult:
    """Blame each row whose keys stood in an earlier one: hashes are counted, only those that repeat compared."""
    shown = ", ".join(f"{key} AS k{number}" for number, key in enumerate(keys))
    named = ", ".join(f"k{number}" for number in range(len(keys)))
    there = " AND ".join(f"k{number} IS NOT NULL" for number in range(len(keys)))
    rows = f"(SELECT * FROM (SELECT place, {shown} FROM {_filled_rows(to.source, names)}) WHERE {there})"  # noqa: S608 - our own names
    engine = to.session.engine
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE repeated AS SELECT CASE WHEN times > 1 THEN h END AS h, sum(times) AS times "  # noqa: S608 - as above
        f"FROM (SELECT hash({named}) AS h, count(*) AS times FROM {rows} GROUP BY h) GROUP BY ALL"
    )
    turns = (
        f"SELECT place, row_number() OVER (PARTITION BY {named} ORDER BY place) AS turn FROM {rows} "  # noqa: S608 - as above
        f"WHERE hash({named}) IN (SELECT h FROM repeated WHERE h IS NOT NULL)"
    )
    asked, suspects = _row(to, "SELECT coalesce(sum(times), 0), count(h) FROM repeated")
    blamed: tuple[object, ...] = (0, [])
    if suspects:
        blamed = _row(to, f"SELECT count(*), min(place, {SHOWN}) FROM ({turns}) WHERE turn > 1")  # noqa: S608 - as above
    engine.execute("DROP TABLE repeated")
    return _counted(rule, (asked, *blamed))


def _unreferred(rule: Rule, check: Refers, to: Compared) -> RuleResult:
    own, other = check.columns or (rule.column,), to.others[check.table]
    asked, theirs = (
        _keyed(to.source, own, check.when, to.today),
        _keyed(other, check.their_columns, check.where, to.today),
    )
    keys = ", ".join(f"k{number}" for number in range(len(own)))
    blamed = "found.is_there" if check.absent else "found.is_there IS NULL"
    return _counted(
        rule,
        _row(
            to,
            f"SELECT count(*), count(*) FILTER (WHERE {blamed}), min(place, {SHOWN}) FILTER (WHERE {blamed}) "  # noqa: S608 - quoted
            f"FROM {asked} LEFT JOIN (SELECT DISTINCT {keys}, true AS is_there FROM {theirs}) AS found USING ({keys})",
        ),
    )


def _keyed(source: Source, names: Sequence[str], condition: str, today: date) -> str:
    """Return the keys of the rows that have them all and for which a condition holds, as texts."""
    expression = parse(condition) if condition else None
    read = (*names, *(columns_of(expression) if expression else ()))
    fields = {name: Field(identifier(name), source.columns[name]) for name in read}
    keys = ", ".join(f"{fields[name].text} AS k{number}" for number, name in enumerate(names))
    holds = [f"{fields[name].name} IS NOT NULL" for name in names]
    if expression:
        holds.append(sql_of(expression, fields, today=today))
    return f"(SELECT place, {keys} FROM {_filled_rows(source, read)} WHERE {' AND '.join(holds)})"  # noqa: S608 - quoted


def _disagreeing(rule: Rule, check: Agrees, to: Compared) -> RuleResult:
    rows = _filled_rows(to.source, (check.key, rule.column))
    other = to.others[check.table]
    counted = (check.their_key, check.sum_of) if check.sum_of else (check.their_key,)
    number = Field(f"o.{identifier(rule.column)}", to.source.columns[rule.column]).number
    total = "count(*)"
    if check.sum_of:
        total = f"sum({Field(identifier(check.sum_of), other.columns[check.sum_of]).number})"
    sums = (
        f"SELECT CAST({identifier(check.their_key)} AS VARCHAR) AS k, {total} AS total "  # noqa: S608 - quoted
        f"FROM {_filled_rows(other, counted)} GROUP BY k"
    )
    wrong = "number <> coalesce(total, 0)"
    return _counted(
        rule,
        _row(
            to,
            f"SELECT count(*), count(*) FILTER (WHERE {wrong}), min(place, {SHOWN}) FILTER (WHERE {wrong}) "  # noqa: S608 - as above
            f"FROM (SELECT place, CAST({identifier(check.key)} AS VARCHAR) AS k, {number} AS number FROM {rows} AS o) "
            f"LEFT JOIN ({sums}) USING (k) WHERE k IS NOT NULL AND number IS NOT NULL",
        ),
    )


def _stale(rule: Rule, to: Compared, days: int) -> RuleResult:
    rows = _filled_rows(to.source, (rule.column,))
    day = Field(identifier(rule.column), to.source.columns[rule.column]).day
    (newest,) = _row(to, f"SELECT max({day}) FROM {rows}")  # noqa: S608 - quoted
    if not isinstance(newest, date):
        return RuleResult(rule=rule, reason=Reason(message="No row holds a day that can be read."))
    is_stale = newest < to.today - timedelta(days=days)
    return RuleResult(rule=rule, asked=1, failed=int(is_stale), observed={"newest": newest.isoformat()})


def _unusual(rule: Rule, check: Habitual, to: Compared) -> RuleResult:
    rows, former = to.source.rows, to.former.get(rule.code, {}).get("rows")
    is_usual = check.least <= rows and (check.most is None or rows <= check.most)
    if check.change is not None and isinstance(former, int | float) and former:
        is_usual = is_usual and abs(rows - former) <= check.change * former
    return RuleResult(rule=rule, asked=1, failed=int(not is_usual), observed={"rows": rows})


def _drifted(rule: Rule, to: Compared, most: float) -> RuleResult:
    name = identifier(rule.column)
    found = to.session.engine.execute(
        f"SELECT CAST({name} AS VARCHAR), count(*) FROM {_filled_rows(to.source, (rule.column,))} "  # noqa: S608 - quoted
        f"WHERE {name} IS NOT NULL GROUP BY ALL ORDER BY 1 LIMIT {comparing.MOST_VALUES + 1}"
    ).fetchall()
    if len(found) > comparing.MOST_VALUES:
        return RuleResult(
            rule=rule, reason=Reason(message="The column has too many different values to compare.")
        )
    total = sum(count for _, count in found)
    shares: dict[str, float] = {str(value): count / total for value, count in found}
    former = {value: float(share) for value, share in to.former.get(rule.code, {}).items()}
    if not former:
        reason = Reason(message="There is no former run to compare with.")
        return RuleResult(rule=rule, reason=reason, observed=dict(shares))
    index = comparing.stability_index(former, shares)
    return RuleResult(rule=rule, asked=1, failed=int(index > most), observed=dict(shares))
