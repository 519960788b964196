"""What states, kinds, dimensions and causes are called."""

from collections.abc import Mapping
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.quality import api
from zhengshu.contexts.quality.application.show_rows import Cell
from zhengshu.contexts.quality.domain.causes import Cause
from zhengshu.contexts.quality.domain.faults import Reason
from zhengshu.contexts.quality.domain.rectifications import RectificationState
from zhengshu.contexts.quality.domain.runs import RunCause, RunState

Label = str | Promise

STATES: Mapping[str, Label] = {
    RunState.WAITING: _("Waiting"),
    RunState.RUNNING: _("Running"),
    RunState.WHOLE: _("Finished"),
    RunState.CANCELLED: _("Stopped"),
    RunState.FAILED: _("Could not be finished"),
    RunState.INTERRUPTED: _("Interrupted"),
}
STATE_COLORS: Mapping[str, str] = {
    RunState.WAITING: "grey",
    RunState.RUNNING: "blue",
    RunState.WHOLE: "green",
    RunState.CANCELLED: "grey",
    RunState.FAILED: "red",
    RunState.INTERRUPTED: "yellow",
}
CAUSES_OF_RUNS: Mapping[str, Label] = {
    RunCause.HAND: _("By hand"),
    RunCause.BATCH: _("New batch"),
    RunCause.SCHEDULE: _("By schedule"),
    RunCause.CORRECTION: _("Rows corrected"),
}
SEVERITIES: Mapping[str, Label] = {"error": _("error"), "warning": _("warning"), "hint": _("hint")}
SEVERITY_COLORS: Mapping[str, str] = {"error": "red", "warning": "yellow", "hint": "grey"}
KINDS: Mapping[str, Label] = {
    "complete": _("Value missing"),
    "complete_when": _("Value missing under its condition"),
    "type": _("Written otherwise than its type demands"),
    "length": _("Too short or too long"),
    "pattern": _("Not of the demanded form"),
    "code_table": _("Not in the code table"),
    "range": _("Outside of its limits"),
    "check_digit": _("Check character wrong"),
    "date_order": _("Days in the wrong order"),
    "expression": _("Fields contradict each other"),
    "unique": _("Occurs more than once"),
    "duplicates": _("Nearly the same as another row"),
    "reference": _("Does not agree with the other table"),
    "agreement": _("Does not equal the sum or count of the other table"),
    "freshness": _("Older than promised"),
    "volume": _("Unusual number of rows"),
    "drift": _("Shares of values have changed"),
    "sql": _("Found by a rule in SQL"),
}
RECTIFICATIONS: Mapping[str, Label] = {
    RectificationState.OPEN: _("To be rectified"),
    RectificationState.OBJECTED: _("Objection under examination"),
    RectificationState.CORRECTED: _("Rectified"),
    RectificationState.RULE_AT_FAULT: _("Rule at fault"),
}
RECTIFICATION_COLORS: Mapping[str, str] = {
    RectificationState.OPEN: "yellow",
    RectificationState.OBJECTED: "blue",
    RectificationState.CORRECTED: "green",
    RectificationState.RULE_AT_FAULT: "grey",
}
CAUSES: Mapping[Cause, Label] = {
    Cause.MISSING: _("no value"),
    Cause.SHIFTED: _("columns shifted"),
    Cause.FULL_WIDTH: _("full-width characters"),
    Cause.BLANKS: _("blanks within or around"),
    Cause.LETTER_CASE: _("small letters instead of capitals"),
    Cause.WRONG_ENCODING: _("read in the wrong encoding"),
    Cause.DAY_AND_MONTH: _("day and month swapped"),
    Cause.DATE_SPELLING: _("date written otherwise"),
    Cause.NUMBER_SPELLING: _("number written otherwise"),
    Cause.PREFIX_MISSING: _("the same beginning missing"),
    Cause.REPEATED: _("delivered twice"),
    Cause.NOT_FOUND: _("not found in the other table"),
    Cause.CONTRADICTION: _("fields contradict each other"),
    Cause.OUT_OF_RANGE: _("outside of its limits"),
    Cause.OTHER: _("mistyped, or another cause"),
}
DIMENSIONS = tuple(dimension.value for dimension in api.Dimension)
_GOOD, _FAIR = 85, 60


def dimension_name(code: str) -> str:
    """Return what a dimension is called."""
    chinese, english = api.DIMENSION_NAMES[api.Dimension(code)]
    return chinese if _is_chinese() else english


def indicator_name(code: str) -> str:
    """Return what an indicator is called."""
    indicator = api.INDICATORS[code]
    return indicator.chinese if _is_chinese() else indicator.english


def score_color(score: float | None) -> str:
    """Return the colour of a score; the number always stands beside it."""
    if score is None:
        return "grey"
    return "green" if score >= _GOOD else "yellow" if score >= _FAIR else "red"


def score_text(score: float | None) -> str:
    """Write a score with two places."""
    return "—" if score is None else f"{score:.2f}"


def filled(message: str, data: Mapping[str, object]) -> str:
    """Return a sentence of the engine in the reader's language, with the reasons that stand in it."""
    text = gettext(message) if message else ""
    if not data:
        return text
    return text % {
        name: filled(value.message, value.details) if isinstance(value, Reason) else value
        for name, value in data.items()
    }


class Named(Protocol):
    """What packs name in two languages."""

    @property
    def name(self) -> str:
        """In Chinese, or in the words of whoever wrote it."""

    @property
    def name_en(self) -> str:
        """In English, where it has such a name."""


class Based(Protocol):
    """What packs give a basis in two languages."""

    @property
    def basis(self) -> str:
        """In Chinese, or in the words of whoever wrote it."""

    @property
    def basis_en(self) -> str:
        """In English, where it differs."""


def rule_name(one: Named) -> str:
    """Return what a rule demands, in the reader's language where it was written in it."""
    return one.name if _is_chinese() else one.name_en or one.name


def cell_rule(cell: Cell) -> str:
    """Return what the rule demands that blames a cell."""
    return cell.rule_name if _is_chinese() else cell.rule_name_en or cell.rule_name


def rule_basis(one: Based) -> str:
    """Return what a rule follows from, in the reader's language where it was written in it."""
    return one.basis if _is_chinese() else one.basis_en or one.basis


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")
