"""Trying a case type with made-up data: the real engine, rules and calendar, and nothing stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext

from zhengshu.contexts.casework.application.naming import LoadedType, ready_files
from zhengshu.contexts.casework.application.playing import MOST_MOVES, Move, Play, PlayClock, Trial
from zhengshu.contexts.casework.application.trying_words import TrialWords, words_of_step
from zhengshu.contexts.casework.domain import clocks as rules
from zhengshu.contexts.casework.domain.checking import TypeFiles, check_files
from zhengshu.contexts.casework.domain.definitions import Datum
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.flow_graph import TriggerKind
from zhengshu.contexts.casework.domain.running import Awaited, Hit
from zhengshu.foundation.calendars import work_calendar
from zhengshu.kernel.clocks import Light
from zhengshu.kernel.errors import Refused


class NotToBeTried(Refused):
    """A case type with faults cannot run, not even for a try."""

    code: ClassVar[str] = "casework.not-to-be-tried"
    message: ClassVar[str] = "The case type cannot be tried yet. Mend what the list of faults shows first."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialTask:
    """A to-do at which the trial stands."""

    code: str
    name: str
    hint: str
    who: str
    outcomes: tuple[tuple[str, str, str], ...]
    """Code, name, tone."""
    form: str
    """The form that is filled in for it; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialWait:
    """A timer or a message for which the trial waits."""

    event: str
    name: str
    is_timer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialClock:
    """A clock of the trial; `due_at` is None while it stands still."""

    name: str
    value: int
    unit: str
    basis: str
    due_at: datetime | None
    light: Light
    is_running: bool
    is_estimate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialStep:
    """Something that happened in a trial: what a made-up person did, or what a decision said by itself."""

    title: str
    move: Move | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRecord:
    """Where a trial stands."""

    kind: LoadedType
    on: date
    open_tasks: tuple[TrialTask, ...]
    waits: tuple[TrialWait, ...]
    done: tuple["TrialStep", ...]
    """What people did and decisions said, in order."""
    passed: frozenset[str]
    ended: str
    end_name: str
    clocks: tuple[TrialClock, ...]
    data: Mapping[str, Value]
    told: tuple[TrialWords, ...]
    """What the last step told people, and the notices that it issued."""


def try_out(*, files: TypeFiles, trial: Trial) -> TrialRecord:
    """Play a trial from its beginning and return where it stands; the moves that are refused end it.

    Raises:
        NotToBeTried: the files cannot be read.
        Refused: the last move is not possible; says why, as it would in a real case.
    """
    play = Play(kind=runnable(files), trial=trial)
    play.start()
    before: frozenset[str] = frozenset()
    last: Move | None = None
    for move in trial.moves[:MOST_MOVES]:
        before = frozenset(token.id for token in play.open_tokens())
        play.move(last := move)
    opened = tuple(token.node for token in play.open_tokens() if token.id not in before)
    return _record(play, told=words_of_step(play, last, opened=opened))


def data_of(files: TypeFiles) -> Mapping[str, Datum]:
    """Return what must or may be given to open a case.

    Raises:
        NotToBeTried: the files cannot be read.
    """
    return runnable(files).definition.data


def runnable(files: TypeFiles) -> LoadedType:
    """Return a type that has no faults but names, which need not be there for a try.

    Raises:
        NotToBeTried: it has, or the files cannot be read.
    """
    if any(not fault.file.startswith("texts/") for fault in check_files(files)):
        raise NotToBeTried
    try:
        return ready_files(files)
    except ValueError as fault:
        raise NotToBeTried from fault


def _record(play: Play, *, told: tuple[TrialWords, ...]) -> TrialRecord:
    kind = play.kind
    ended = play.stepped.ended if play.stepped else ""
    return TrialRecord(
        kind=kind,
        on=play.on,
        open_tasks=tuple(_task(kind, token.node) for token in play.open_tokens()),
        waits=tuple(_wait(kind, one) for one in play.awaited()),
        done=tuple(_step(kind, one) for one in play.happened),
        passed=frozenset(play.passed),
        ended=ended,
        end_name=kind.state_name(ended) if ended else "",
        clocks=tuple(_clock(play, code, clock) for code, clock in play.clocks.items()),
        data=play.data,
        told=told,
    )


def _step(kind: LoadedType, one: Move | Hit) -> TrialStep:
    if isinstance(one, Hit):
        return TrialStep(title=kind.decision_name(one.decision, [str(number) for number in one.rules]))
    if not one.outcome:
        return TrialStep(title=kind.event_name(one.task), move=one)
    places = {"task": kind.task_name(one.task), "outcome": kind.outcome_name(one.task, one.outcome)}
    return TrialStep(title=gettext("%(task)s: %(outcome)s") % places, move=one)


def _wait(kind: LoadedType, awaited: Awaited) -> TrialWait:
    is_timer = awaited.kind == TriggerKind.TIMER
    return TrialWait(event=awaited.event, name=kind.event_name(awaited.event), is_timer=is_timer)


def _task(kind: LoadedType, code: str) -> TrialTask:
    lane = kind.flow.lane_of(code)
    return TrialTask(
        code=code,
        name=kind.task_name(code),
        hint=kind.text(f"tasks.{code}.hint"),
        who=kind.text(f"lanes.{lane}"),
        outcomes=tuple(
            (outcome, kind.outcome_name(code, outcome), rule.tone)
            for outcome, rule in kind.definition.tasks[code].outcomes.items()
        ),
        form=kind.definition.tasks[code].form,
    )


def _clock(play: Play, code: str, clock: PlayClock) -> TrialClock:
    times = rules.times_of(clock.course, calendar=work_calendar(), zone=get_default_timezone(), at=play.at)
    limit = clock.course.whole_limit
    return TrialClock(
        name=play.kind.clock_name(code),
        value=limit.value,
        unit=limit.unit.value,
        basis=limit.basis,
        due_at=times.due_at,
        light=rules.light_of(times, is_running=clock.is_running, at=play.at),
        is_running=clock.is_running,
        is_estimate=times.is_estimate,
    )
