"""Rules of foreign tools read as ours: suites of Great Expectations, checks of Soda; what cannot be said is named.

A rule that is taken over means the same for every row. Shares that may fail, distributions, queries and whatever else
our kinds do not have is not approximated: it is named with the reason.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from zhengshu.contexts.quality.domain import patterns
from zhengshu.contexts.quality.domain.faults import Reason
from zhengshu.kernel.plain_yaml import read_yaml

Entry = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A foreign rule that is not taken over, and why."""

    rule: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was read.

    Attributes:
        tables: table → its rules as a pack writes them, without examples.
        left_out: what cannot be said.
    """

    tables: Mapping[str, Sequence[Entry]]
    left_out: tuple[LeftOut, ...]


@dataclass(slots=True)
class _Found:
    tables: dict[str, list[Entry]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)

    def take(self, table: str, foreign: str, column: str, kinds: Sequence[Entry] | Reason) -> None:
        rules = self.tables.setdefault(table, [])
        if isinstance(kinds, Reason):
            self.left_out.append(LeftOut(rule=foreign, reason=kinds))
            return
        for kind in kinds:
            named = {"column": column} if column else {}
            rules.append({"name": foreign, **named, **kind})

    def done(self) -> Imported:
        return Imported(tables=self.tables, left_out=tuple(self.left_out))


class NotForeignRules(ValueError):
    """A file is neither a suite of Great Expectations nor a list of Soda checks; the message says why."""


def read_expectations(text: str, *, table: str) -> Imported:
    """Return the expectations of a suite of Great Expectations (JSON, of version 0.x or 1.x).

    Raises:
        NotForeignRules: it is no suite.
    """
    try:
        suite = json.loads(text)
        expectations = suite["expectations"]
        entries = [
            (str(one.get("expectation_type") or one["type"]), dict(one.get("kwargs", {})))
            for one in expectations
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise NotForeignRules("it is no JSON of a suite with “expectations”") from fault
    found = _Found()
    for kind, given in entries:
        about = f"{kind}({given.get('column', '')})"
        found.take(table, about, str(given.get("column", "")), _of_expectation(kind, given))
    return found.done()


def _of_expectation(kind: str, given: Entry) -> Sequence[Entry] | Reason:  # noqa: C901, PLR0911, PLR0912 - one line for each expectation
    if given.get("mostly", 1) != 1:
        return Reason(message="A share of rows that may fail is no rule here; the score shows shares.")
    if given.get("row_condition"):
        return Reason(message="Its condition is written in another language.")
    match kind.removeprefix("expect_"):
        case "column_values_to_not_be_null":
            return [{"kind": "complete"}]
        case "column_values_to_be_unique":
            return [{"kind": "unique"}]
        case "compound_columns_to_be_unique":
            return [{"kind": "unique", "columns": _texts(given.get("column_list"))}]
        case "column_values_to_be_in_set":
            return [{"kind": "code_table", "values": _texts(given.get("value_set"))}]
        case "column_values_to_not_be_in_set":
            return [_none_of(_texts(given.get("value_set")))]
        case "column_values_to_match_regex":
            return _pattern(str(given.get("regex", "")), forbids=False)
        case "column_values_to_not_match_regex":
            return _pattern(str(given.get("regex", "")), forbids=True)
        case "column_value_lengths_to_be_between":
            return [_limits("length", given.get("min_value"), given.get("max_value"), is_text=False)]
        case "column_value_lengths_to_equal":
            return [_limits("length", given.get("value"), given.get("value"), is_text=False)]
        case "column_values_to_be_between":
            if given.get("strict_min") or given.get("strict_max"):
                return Reason(message="Limits that are not allowed themselves cannot be said.")
            return [_limits("range", given.get("min_value"), given.get("max_value"), is_text=True)]
        case "table_row_count_to_be_between":
            return [_limits("volume", given.get("min_value"), given.get("max_value"), is_text=False)]
        case "table_row_count_to_equal":
            return [_limits("volume", given.get("value"), given.get("value"), is_text=False)]
        case _:
            return _unknown(kind)


def read_checks(text: str) -> Imported:
    """Return the checks of a SodaCL file.

    Raises:
        NotForeignRules: it is no such file.
    """
    try:
        tree = read_yaml(text)
    except ValueError as fault:
        raise NotForeignRules("it is no YAML") from fault
    if not isinstance(tree, dict) or not any(str(key).startswith("checks for ") for key in tree):
        raise NotForeignRules("it has no “checks for …”")
    found = _Found()
    for key, checks in tree.items():
        table = str(key).removeprefix("checks for ").strip()
        if not str(key).startswith("checks for ") or not isinstance(checks, list):
            found.take(table, str(key), "", _unknown(str(key)))
            continue
        for check in checks:
            said, options = _soda(check)
            column = _CHECK.match(said)
            found.take(table, said, (column["column"] or "") if column else "", _of_check(said, options))
    return found.done()


_CHECK = re.compile(
    r"(?P<metric>\w+)\s*(?:\((?P<column>\w+)(?P<more>(?:\s*,\s*\w+)*)\))?\s*(?P<sign>between|=|>=|>|<=|<)\s*(?P<value>.+)"
)
_REFERENCE = re.compile(r"values in \((?P<own>[^)]+)\) must exist in (?P<table>\w+) \((?P<theirs>[^)]+)\)")
_BETWEEN = re.compile(r"(\d+)\s+and\s+(\d+)")
_DAYS = re.compile(r"(\d+)d")
_COLUMN_OF_REFERENCE = re.compile(r"\w+")


def _soda(check: object) -> tuple[str, Entry]:
    if isinstance(check, dict) and len(check) == 1:
        ((said, options),) = check.items()
        return str(said), dict(options) if isinstance(options, dict) else {}
    return str(check), {}


def _of_check(said: str, options: Entry) -> Sequence[Entry] | Reason:  # noqa: PLR0911 - one line for each metric
    if reference := _REFERENCE.fullmatch(said):
        own, theirs = (_COLUMN_OF_REFERENCE.findall(reference[side]) for side in ("own", "theirs"))
        return [{"kind": "reference", "table": reference["table"], "columns": own, "their_columns": theirs}]
    found = _CHECK.fullmatch(said)
    if found is None or options.keys() & {"warn", "fail", "filter", "samples limit"}:
        return _unknown(said)
    metric, sign, value = found["metric"], found["sign"], found["value"].strip().rstrip("%").strip()
    match metric:
        case "row_count":
            return _row_count(sign, value) or _unknown(said)
        case "freshness" if sign in {"<", "<="} and (days := _DAYS.fullmatch(value)):
            return [{"kind": "freshness", "within_days": int(days[1])}]
        case _ if (sign, value) != ("=", "0"):
            return Reason(message="A share of rows that may fail is no rule here; the score shows shares.")
        case "missing_count" | "missing_percent" if not options:
            return [{"kind": "complete"}]
        case "duplicate_count" | "duplicate_percent" if not options:
            more = [str(found["column"]), *re.findall(r"\w+", found["more"] or "")]
            return [{"kind": "unique", "columns": more}]
        case "invalid_count" | "invalid_percent":
            return _validity(options)
        case _:
            return _unknown(said)


def _row_count(sign: str, value: str) -> Sequence[Entry]:
    if sign == "between" and (limits := _BETWEEN.fullmatch(value)):
        return [_limits("volume", limits[1], limits[2], is_text=False)]
    if not value.isdecimal():
        return []
    number = int(value)
    limits_of: Mapping[str, tuple[int | None, int | None]] = {
        ">": (number + 1, None),
        ">=": (number, None),
        "<": (0, number - 1),
        "<=": (0, number),
        "=": (number, number),
    }
    return [_limits("volume", *limits_of[sign], is_text=False)]


def _validity(options: Entry) -> Sequence[Entry] | Reason:
    rules: list[Entry] = []
    least, most = options.get("valid min"), options.get("valid max")
    shortest, longest = options.get("valid min length"), options.get("valid max length")
    if least is not None or most is not None:
        rules.append(_limits("range", least, most, is_text=True))
    if "valid length" in options:
        shortest = longest = options["valid length"]
    if shortest is not None or longest is not None:
        rules.append(_limits("length", shortest, longest, is_text=False))
    if "valid values" in options:
        rules.append({"kind": "code_table", "values": _texts(options["valid values"])})
    if "invalid values" in options:
        rules.append(_none_of(_texts(options["invalid values"])))
    for key, forbids in (("valid regex", False), ("invalid regex", True)):
        if key in options:
            pattern = _pattern(str(options[key]), forbids=forbids)
            if isinstance(pattern, Reason):
                return pattern
            rules += pattern
    known = {"valid min", "valid max", "valid min length", "valid max length", "valid length"}
    known |= {"valid values", "invalid values", "valid regex", "invalid regex", "name"}
    strange = sorted(options.keys() - known)
    return _unknown(", ".join(strange)) if strange or not rules else rules


_CLASSES = {r"\d": "[0-9]", r"\w": "[0-9A-Za-z_]", r"\-": "-", r"\/": "/"}


def _pattern(regex: str, *, forbids: bool) -> Sequence[Entry] | Reason:
    """Return a foreign expression, which may match anywhere in a text, as a pattern of the whole text."""
    body = regex.removeprefix("^").removesuffix("$")
    anchored = ("" if regex.startswith("^") else ".*", "" if regex.endswith("$") else ".*")
    body = re.sub(r"\\[dw/\-]", lambda found: _CLASSES[found[0]], body).replace("(?:", "(")
    body = re.sub(r"\[([^\]]*)\[0-9\]", r"[\g<1>0-9", body)
    whole = f"({body})" if "|" in body else body
    pattern = f"{anchored[0]}{whole}{anchored[1]}"
    try:
        patterns.parse(pattern)
    except patterns.PatternUnfit as fault:
        return Reason(
            message="The pattern is outside of the language of patterns: %(what)s.",
            details={"what": fault.reason},
        )
    return [{"kind": "pattern", "pattern": pattern, **({"forbids": True} if forbids else {})}]


def _none_of(values: Sequence[str]) -> Entry:
    escaped = "|".join(re.sub(r"([\\.\[\](){}|?*+^$])", r"\\\1", value) for value in values)
    return {"kind": "pattern", "pattern": escaped, "forbids": True}


def _limits(kind: str, least: object, most: object, *, is_text: bool) -> Entry:
    given = {"least": least, "most": most}
    return {
        "kind": kind,
        **{
            name: str(value) if is_text else int(str(value))
            for name, value in given.items()
            if value is not None
        },
    }


def _texts(given: object) -> list[str]:
    return [str(value) for value in given] if isinstance(given, list) else []


def _unknown(what: str) -> Reason:
    return Reason(message="There is no kind of rule for “%(what)s”.", details={"what": what})


def columns_in(rules: Sequence[Entry]) -> tuple[str, ...]:
    """Return the columns that rules of one table speak of."""
    return tuple(dict.fromkeys(_columns(rules)))


def _columns(rules: Sequence[Entry]) -> Iterator[str]:
    for rule in rules:
        if "column" in rule:
            yield str(rule["column"])
        yield from _texts(rule.get("columns"))
