"""Texts with places for facts of a case: ``{case_number}``, ``{due_on if due_on else "—"}``.

What stands in braces is an expression of the language of flows, so a text can read facts and do nothing else. A line
whose places are all empty is left out, so that a text needs no conditions for what a case does not have.
"""

import re
from collections.abc import Iterator, Mapping

from zhengshu.contexts.casework.domain import expressions
from zhengshu.contexts.casework.domain.definitions import Definition
from zhengshu.contexts.casework.domain.expressions import Data, OutsideTheLanguage, Value
from zhengshu.contexts.casework.domain.faults import Fault

_PLACE = re.compile(r"\{([^{}\n]*)\}")

FACTS = (
    "case_number",
    "case_title",
    "case_type",
    "case_applicant",
    "case_opener",
    "case_opened_on",
    "case_due_on",
    "case_expected_on",
    "case_day",
    "case_task",
    "case_outcome",
    "case_reason",
    "case_basis",
    "case_office",
)
"""Facts that every text may name, besides ``party_CODE`` and what conditions may read."""

PERSONAL = frozenset({"case_title", "case_applicant", "case_opener", "case_reason"})
"""Facts that may name persons; outside of the platform they are never in the clear."""


def facts_of(definition: Definition) -> frozenset[str]:
    """Return the names that a text of the type may read."""
    parties = (f"party_{party}" for party in definition.parties)
    return frozenset({*FACTS, *parties, *definition.data, *definition.tasks, *definition.counted_names()})


def render(template: str, *, facts: Data) -> str:
    """Return a text with its places filled in.

    Raises:
        OutsideTheLanguage: a place holds something else than an expression.
        NotComputable: an expression reads what is not there.
    """
    lines = (_line(line, facts) for line in template.splitlines())
    return "\n".join(line for line in lines if line is not None).strip()


def masked(facts: Data, definition: Definition) -> dict[str, Value]:
    """Return facts for a text that leaves the platform: nothing that may name persons, no text that people typed."""
    free = {name for name, datum in definition.data.items() if datum.type == "text" and not datum.values}
    hidden: Mapping[str, Value] = {
        name: "" if name == "case_reason" else "***" for name in PERSONAL | free if facts.get(name)
    }
    return {**facts, **hidden, "case_title": facts.get("case_type", "")}


def check_wording(template: str, *, known: frozenset[str], file: str, element: str) -> Iterator[Fault]:
    """Yield what is wrong with the places of a text."""
    for place in _PLACE.findall(template):
        try:
            names = expressions.names(place)
        except OutsideTheLanguage as refusal:
            details: dict[str, object] = {"what": refusal.text()}
            yield Fault(file=file, element=element, code="expression-unfit", details=details)
            continue
        for name in sorted(names - known):
            details = {"name": name, "known": ", ".join(sorted(known))}
            yield Fault(file=file, element=element, code="fact-unknown", details=details)
    if re.search(r"[{}]", _PLACE.sub("", template)):
        yield Fault(file=file, element=element, code="brace-loose")


def _line(line: str, facts: Data) -> str | None:
    places = _PLACE.findall(line)
    values = [_written(expressions.evaluate(place, data=facts)) for place in places]
    if places and not any(values):
        return None
    filled = iter(values)
    return _PLACE.sub(lambda _: next(filled), line)


def _written(value: Value) -> str:
    return "" if isinstance(value, bool) else str(value)
