"""What the entries of a timeline say."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

from django.utils.timezone import get_default_timezone
from django.utils.translation import get_language, gettext

from zhengshu.contexts.casework.application.naming import LoadedType, reader_language
from zhengshu.contexts.casework.domain.definitions import Recipient
from zhengshu.contexts.casework.domain.records import StepKind
from zhengshu.contexts.casework.models import TimelineEntry

Places = Mapping[str, str]


def title_of(kind: LoadedType, entry: TimelineEntry, *, is_plain: bool = False) -> str:
    """Return what an entry of a timeline says, in the reader's language; plainly for who only asked for the case."""
    clock = kind.text(f"clocks.{entry.clock}.name") if entry.clock else ""
    about_clock = entry.clock if entry.task else ""
    places = {
        "task": kind.task_name(entry.task, clock=about_clock) if entry.task else "",
        "outcome": kind.outcome_name(entry.task, entry.outcome, clock=about_clock),
        "clock": clock,
        "ground": kind.text(f"clocks.{entry.clock}.pauses.{entry.outcome}"),
        "end": kind.state_name(entry.outcome),
        "event": kind.event_name(entry.outcome),
        "notice": entry.details.get(reader_language(), ""),
        "to": entry.details.get("to", ""),
        "from": entry.details.get("from", ""),
    }
    step = StepKind(entry.kind)
    if step is StepKind.DECIDED:
        return _decided(kind, entry, is_plain=is_plain)
    if step in _WITH_DETAILS:
        return _WITH_DETAILS[step](kind, entry, places)
    return _titles(get_language())[step] % places


@lru_cache(maxsize=8)
def _titles(_language: str | None) -> dict[StepKind, str]:
    """Return the sentences in the reader's language, looked up once."""
    return {
        StepKind.TASK_OPENED: gettext("To do: %(task)s"),
        StepKind.TASK_COMPLETED: gettext("%(task)s: %(outcome)s"),
        StepKind.TASK_CANCELLED: gettext("No longer to do: %(task)s"),
        StepKind.CLOCK_STARTED: gettext("%(clock)s began to run"),
        StepKind.CLOCK_STOPPED: gettext("%(clock)s ended"),
        StepKind.CLOCK_RESUMED: gettext("%(clock)s goes on"),
        StepKind.EXTENSION_ASKED: gettext("%(clock)s: more time was asked for"),
        StepKind.CLOCK_EXTENDED: gettext("%(clock)s was extended"),
        StepKind.TASK_CLAIMED: gettext("%(task)s was claimed"),
        StepKind.TASK_HANDED_OVER: gettext("%(task)s was handed over to %(to)s"),
        StepKind.AVOIDED: gettext("Avoidance was declared"),
        StepKind.EVENT_HAPPENED: gettext("It happened: %(event)s"),
        StepKind.COUNTERSIGN_ASKED: gettext("%(task)s: %(to)s was asked to countersign"),
        StepKind.COUNTERSIGN_DROPPED: gettext("%(task)s needs no countersignature any more"),
        StepKind.URGED: gettext("The departments concerned were urged"),
        StepKind.NOTE_ANSWERED: gettext("The supervision note was answered"),
        StepKind.COMMENTED: gettext("A comment was written"),
        StepKind.DOCUMENT_ADDED: gettext("A document was added: %(to)s"),
        StepKind.NOTICE_ISSUED: gettext("A notice was issued: %(notice)s"),
        StepKind.WITHDRAWN: gettext("The case was withdrawn"),
        StepKind.MIGRATED: gettext("The case went over from edition %(from)s to edition %(to)s of its type"),
        StepKind.CLOSED: gettext("The case ended: %(end)s"),
    }


def _moved(_kind: LoadedType, entry: TimelineEntry, places: Places) -> str:
    days = {name: _day(str(entry.details[name])) for name in ("from", "to")}
    return gettext("%(clock)s: the due date moved from %(from)s to %(to)s") % {**places, **days}


def _silence(kind: LoadedType, entry: TimelineEntry, places: Places) -> str:
    task, outcome = str(entry.details["task"]), str(entry.details["outcome"])
    return gettext("%(clock)s ended without an answer; by law this counts as “%(outcome)s”") % {
        **places,
        "outcome": kind.outcome_name(task, outcome),
    }


def _escalated(_kind: LoadedType, entry: TimelineEntry, places: Places) -> str:
    names = {
        Recipient.HANDLER_HEAD.value: gettext("the head of the department"),
        Recipient.LEADER.value: gettext("the leader"),
        Recipient.DATA_AUTHORITY.value: gettext("the data authority"),
    }
    to = gettext(", ").join(names[one] for one in str(entry.details["to"]).split(","))
    if entry.details["light"] == "yellow":
        return gettext("%(clock)s is due soon; told to %(to)s") % {**places, "to": to}
    return gettext("%(clock)s is overdue; told to %(to)s") % {**places, "to": to}


def _noted(_kind: LoadedType, entry: TimelineEntry, places: Places) -> str:
    return gettext("A supervision note asks for an answer by %(day)s") % {
        **places,
        "day": _day(str(entry.details["until"])),
    }


def _paused(_kind: LoadedType, entry: TimelineEntry, places: Places) -> str:
    if "until" not in entry.details:
        return gettext("%(clock)s stands still: %(ground)s") % places
    return gettext("%(clock)s stands still: %(ground)s, expected until %(day)s") % {
        **places,
        "day": _day(str(entry.details["until"])),
    }


def _released(_kind: LoadedType, _entry: TimelineEntry, places: Places) -> str:
    if places["to"]:
        return gettext("%(task)s was returned to %(to)s") % places
    return gettext("%(task)s waits for anybody again") % places


def _decided(kind: LoadedType, entry: TimelineEntry, *, is_plain: bool) -> str:
    rules = str(entry.details.get("rules", ""))
    return kind.decision_name(entry.outcome, rules.split(", ") if rules else (), is_plain=is_plain)


def _day(text: str) -> str:
    local = datetime.fromisoformat(text).astimezone(get_default_timezone())
    return f"{local:%Y-%m-%d}"


def _opened(_kind: LoadedType, entry: TimelineEntry, _places: Places) -> str:
    if entry.details.get("window"):
        return gettext("The case was opened at the window")
    return gettext("The case was opened")


_WITH_DETAILS: Mapping[StepKind, Callable[[LoadedType, TimelineEntry, Places], str]] = {
    StepKind.OPENED: _opened,
    StepKind.DUE_MOVED: _moved,
    StepKind.SILENCE: _silence,
    StepKind.ESCALATED: _escalated,
    StepKind.NOTE_WRITTEN: _noted,
    StepKind.CLOCK_PAUSED: _paused,
    StepKind.TASK_RELEASED: _released,
}
