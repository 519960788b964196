"""What a rule asks, as a digest: an answer that was kept is used again only where the same was asked."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from zhengshu.contexts.quality.domain.checks import (
    Agrees,
    Check,
    CompleteWhen,
    DateOrder,
    Fresh,
    Holds,
    InRange,
    Listed,
    OwnSql,
    Refers,
)
from zhengshu.contexts.quality.domain.language import calls_of, parse
from zhengshu.contexts.quality.domain.rules import TODAY, CodeTable, Rule, members

MEANING: Final = 1
"""Raised when a kind of rule comes to mean something else, so that no former answer is taken for the new one."""


def fingerprint(
    rule: Rule, *, today: date, tables: Mapping[str, CodeTable], others: Mapping[str, str]
) -> str:
    """Return the digest of all that decides a rule's answer besides the rows themselves.

    Args:
        rule: the rule, bound to its column; its name, weight and severity do not matter here.
        today: the day of the assessment; it matters where the rule asks for it.
        tables: code tables; the allowed values themselves matter, not the name of their table.
        others: the digests of the other tables, by their codes.
    """
    check = rule.check
    parts: list[object] = [MEANING, rule.code, rule.column, msgspec.to_builtins(check)]
    if asks_today(check):
        parts.append(today.isoformat())
    if isinstance(check, Listed):
        parts.append(sorted(members(check, tables=tables)))
    if isinstance(check, Refers | Agrees):
        parts.append(others[check.table])
    if isinstance(check, OwnSql):
        parts += [others[table] for table in check.tables]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]


def asks_today(check: Check) -> bool:
    """Whether what a rule says of the same rows can change from day to day."""
    match check:
        case Fresh() | OwnSql():
            return True
        case DateOrder(not_after=other):
            return other == TODAY
        case InRange(least=least, most=most):
            return TODAY in {least, most}
        case Holds(holds=text) | CompleteWhen(when=text):
            return TODAY in calls_of(parse(text))
        case Refers(when=when, where=where):
            return any(TODAY in calls_of(parse(text)) for text in (when, where) if text)
        case _:
            return False
