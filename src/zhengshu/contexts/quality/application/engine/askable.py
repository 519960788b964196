"""Whether a rule can be asked of a source with what is at hand."""

from collections.abc import Mapping

from zhengshu.contexts.quality.application.engine.source import Source
from zhengshu.contexts.quality.domain.checks import Agrees, Listed, OwnSql, Refers
from zhengshu.contexts.quality.domain.faults import Reason
from zhengshu.contexts.quality.domain.language import columns_of, parse
from zhengshu.contexts.quality.domain.rules import CodeTable, Rule


def reason_not_to_ask(
    rule: Rule, source: Source, *, others: Mapping[str, Source], code_tables: Mapping[str, CodeTable]
) -> Reason | None:
    """Return what a rule lacks: a column, another table, a code table; None where it can be asked."""
    missing = [name for name in rule.columns if name not in source.columns]
    if missing:
        return Reason(message="The file has no column “%(column)s”.", details={"column": missing[0]})
    match rule.check:
        case Refers(table=table) | Agrees(table=table) if table not in others:
            return Reason(message="The table “%(table)s” was not given.", details={"table": table})
        case Refers(table=table, their_columns=needed, where=condition):
            needed = (*needed, *(columns_of(parse(condition)) if condition else ()))
            lacking = [name for name in needed if name not in others[table].columns]
        case Agrees(table=table, their_key=key, sum_of=summed):
            lacking = [name for name in (key, summed) if name and name not in others[table].columns]
        case OwnSql(tables=tables) if missing := [table for table in tables if table not in others]:
            return Reason(message="The table “%(table)s” was not given.", details={"table": missing[0]})
        case Listed(table=table) if table and table not in code_tables:
            return Reason(message="There is no code table “%(table)s”.", details={"table": table})
        case _:
            lacking = []
    if lacking:
        return Reason(message="The other table has no column “%(column)s”.", details={"column": lacking[0]})
    return None
