"""Examples for rules that come without: one that passes and one that fails, made from what the rule says."""

from collections.abc import Mapping, Sequence
from typing import Final

from zhengshu.contexts.quality.domain import patterns
from zhengshu.contexts.quality.domain.automata import DEAD, START, Automaton, automaton_of

Entry = Mapping[str, object]
Example = object

STRANGERS: Final = ("", "x", "0", "！", "x0-", "\n", "无此值无此值")
"""Texts that few patterns and lists have."""


def examples_of(rule: Entry) -> tuple[Example, Example] | None:
    """Return an example that passes and one that fails; None where none can be made."""
    column = str(rule.get("column", ""))
    match rule["kind"]:
        case "complete":
            return "x", None
        case "unique":
            names = [str(name) for name in _list(rule.get("columns"))] or [column]
            row = dict.fromkeys(names, "1")
            return [row, dict.fromkeys(names, "2")], [row, row]
        case "reference":
            own, theirs = _list(rule["columns"]), _list(rule["their_columns"])
            others = {str(rule["table"]): [dict.fromkeys(map(str, theirs), "1")]}
            rows = {value: [dict.fromkeys(map(str, own), value)] for value in ("1", "2")}
            return {"rows": rows["1"], "others": others}, {"rows": rows["2"], "others": others}
        case "volume":
            return _volume(rule, column)
        case "freshness":
            return (
                {"rows": [{column: "2026-06-30"}], "today": "2026-06-30"},
                {"rows": [{column: "1990-01-01"}], "today": "2026-06-30"},
            )
        case _:
            return _texts(rule)


def _volume(rule: Entry, column: str) -> tuple[Example, Example] | None:
    least, most = _number(rule.get("least"), 0), rule.get("most")
    row: Mapping[str, str] = {column: "1"} if column else {}
    if least > 0 and least <= _MOST_ROWS:
        return [row] * least, []
    if isinstance(most, int) and most < _MOST_ROWS:
        return [row] * most, [row] * (most + 1)
    return None


_MOST_ROWS = 50


def _texts(rule: Entry) -> tuple[Example, Example] | None:
    match rule["kind"]:
        case "code_table":
            values = [str(value) for value in _list(rule["values"])]
            passing, failing = values[:1], [text for text in STRANGERS[1:] if text not in values]
        case "range":
            least, most = rule.get("least"), rule.get("most")
            passing = [str(least if least is not None else most)]
            failing = ["-99999999999" if least is not None else "99999999999"]
            if "-" in passing[0][1:]:
                failing = ["1800-01-01" if least is not None else "2999-12-31"]
        case "length":
            shortest, longest = _number(rule.get("least"), 0), rule.get("most")
            passing = ["x" * max(shortest, 1)]
            failing = ["x" * (longest + 1)] if isinstance(longest, int) else ["x" * (shortest - 1)]
        case _:
            return _of_pattern(str(rule["pattern"]), forbids=bool(rule.get("forbids")))
    return (passing[0], failing[0]) if passing and failing and failing[0] else None


def _of_pattern(pattern: str, *, forbids: bool) -> tuple[Example, Example] | None:
    automaton = automaton_of(patterns.parse(pattern))
    fitting = shortest(automaton) if automaton else None
    strange = next((text for text in STRANGERS[1:] if not patterns.fits(pattern, text)), None)
    if not fitting or not strange:
        return None
    return (strange, fitting) if forbids else (fitting, strange)


def shortest(automaton: Automaton) -> str | None:
    """Return one of the shortest texts that are not empty and that an automaton accepts.

    >>> shortest(automaton_of(patterns.parse("[0-9]{2}x")))
    '00x'
    """
    letters = [_letter(automaton, number) for number in range(len(automaton.table[0]))]
    texts: dict[int, str] = {START: ""}
    waiting = [START]
    for state in waiting:
        for number, following in enumerate(automaton.table[state]):
            letter = letters[number]
            if following == DEAD or letter is None:
                continue
            text = texts[state] + letter
            if following in automaton.accepting:
                return text
            if following not in texts:
                texts[following] = text
                waiting.append(following)
    return None


def _letter(automaton: Automaton, wanted: int) -> str | None:
    """Return a character of a class that can be printed."""
    ends = (*automaton.starts[1:], 0x110000)
    for start, end, number in zip(automaton.starts, ends, automaton.class_of, strict=True):
        if number == wanted:
            for point in range(max(start, 0x20), min(end, max(start, 0x20) + 200)):
                if chr(point).isprintable() and not chr(point).isspace():
                    return chr(point)
    return None


def _list(given: object) -> Sequence[object]:
    return given if isinstance(given, list) else []


def _number(given: object, otherwise: int) -> int:
    return given if isinstance(given, int) else otherwise
