"""What people would be told by a step of a try, and which notices it would issue: the real words, made-up facts."""

from dataclasses import dataclass

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext

from zhengshu.contexts.casework.application.messages.facts import day_in, words
from zhengshu.contexts.casework.application.naming import LoadedType, reader_language
from zhengshu.contexts.casework.application.playing import Move, Play
from zhengshu.contexts.casework.domain import clocks as rules
from zhengshu.contexts.casework.domain.definitions import APPLICANT
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.message_rules import DOERS, OPENER, MessageRule, Occasion
from zhengshu.foundation.calendars import work_calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialWords:
    """A message or a notice that a real case would have written.

    Attributes:
        title: its title.
        text: its text.
        to: the names of those who would be told; empty for a notice in writing.
    """

    title: str
    text: str
    to: str = ""


def words_of_step(play: Play, move: Move | None, *, opened: tuple[str, ...]) -> tuple[TrialWords, ...]:
    """Return what the last step of a play tells: `move` is None for the opening, `opened` are its new to-dos."""
    kind = play.kind
    ended = play.stepped.ended if play.stepped else ""
    found: list[TrialWords] = []
    if move is None:
        found += _messages(play, Occasion.OPENED)
    elif move.outcome:
        found += _notices(play, move)
        found += _messages(play, Occasion.TASK_DONE, task=move.task, outcome=move.outcome)
    for task in opened:
        found += _messages(play, Occasion.TASK_OPENED, task=task)
    if ended:
        outcome = kind.state_name(ended)
        found += _messages(play, Occasion.CLOSED, outcome=ended, outcome_name=outcome)
    return tuple(found)


def _messages(
    play: Play, occasion: Occasion, *, task: str = "", outcome: str = "", outcome_name: str = ""
) -> list[TrialWords]:
    kind = play.kind
    if task and outcome:
        outcome_name = kind.outcome_name(task, outcome)
    facts = _facts(play, task=task, outcome=outcome_name)
    return [
        _written(kind, f"messages.{code}", facts, to=_receivers(kind, rule, task))
        for code, rule in kind.definition.messages.items()
        if rule.covers(occasion, task=task, outcome=outcome)
    ]


def _notices(play: Play, move: Move) -> list[TrialWords]:
    kind = play.kind
    facts = _facts(play, task=move.task, outcome=kind.outcome_name(move.task, move.outcome))
    return [
        _written(kind, f"notices.{code}", facts)
        for code, rule in kind.definition.notices.items()
        if rule.task == move.task and move.outcome in rule.outcomes
    ]


def _written(kind: LoadedType, key: str, facts: dict[str, Value], *, to: str = "") -> TrialWords:
    title, text = (
        words(kind, f"{key}.{part}", facts, language=reader_language()) for part in ("title", "text")
    )
    return TrialWords(title=title, text=text, to=to)


def _receivers(kind: LoadedType, rule: MessageRule, task: str) -> str:
    lane = kind.flow.lane_of(task) if task else ""
    named = {
        DOERS: kind.text(f"lanes.{lane}") if lane else gettext("whoever has to act"),
        OPENER: gettext("whoever opened the case"),
        APPLICANT: kind.text(f"parties.{APPLICANT}"),
    }
    joint = ", " if reader_language() == "en" else "、"
    return joint.join(named.get(one) or kind.text(f"lanes.{one}") for one in rule.to)


def _facts(play: Play, *, task: str, outcome: str) -> dict[str, Value]:
    kind, language = play.kind, reader_language()
    definition = kind.definition
    due = [
        rules.times_of(clock.course, calendar=work_calendar(), zone=get_default_timezone(), at=play.at).due_at
        for code, clock in play.clocks.items()
        if clock.is_running and (not task or task in definition.clocks[code].covers)
    ]
    lane = kind.flow.lane_of(task) if task else ""
    rule = definition.lanes.get(lane)
    person = gettext("Person %(letter)s") % {"letter": play.trial.by}
    return {
        **definition.initial_data(),
        **dict.fromkeys(definition.data, ""),
        **play.data,
        **{f"party_{party}": kind.text(f"parties.{party}") for party in definition.parties},
        "case_number": f"{definition.number.prefix}{play.trial.on:%Y%m%d}{'1'.zfill(definition.number.digits)}",
        "case_title": kind.text("name"),
        "case_type": kind.text("name"),
        "case_applicant": person,
        "case_opener": person,
        "case_opened_on": day_in(play.moment(play.trial.on), language),
        "case_due_on": day_in(min((one for one in due if one is not None), default=None), language),
        "case_expected_on": "",
        "case_day": day_in(play.at, language),
        "case_task": kind.task_name(task) if task else "",
        "case_outcome": outcome,
        "case_reason": gettext("(the reason)") if task else "",
        "case_basis": gettext("(the basis)") if task else "",
        "case_office": kind.text(f"parties.{rule.party}") if rule else "",
    }
