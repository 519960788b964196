"""A run of the rules over new calls; what they find becomes findings, and findings become cases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zhengshu.contexts.exchange.application.count_new_calls import (
    MOST,
    CallBatch,
    Group,
    GroupDay,
    Stopwatch,
    count_new_calls,
)
from zhengshu.contexts.exchange.application.find_repeats import REPEATING, Repeats, find_repeats
from zhengshu.contexts.exchange.application.finding_cases import open_cases
from zhengshu.contexts.exchange.application.raise_findings import Hit, group_day_of, raise_findings
from zhengshu.contexts.exchange.application.watch_rules import RuleInForce, rules_in_force
from zhengshu.contexts.exchange.domain.watching import DayFacts, RuleCode, judge_day
from zhengshu.contexts.exchange.models import CallDay, WatchState
from zhengshu.foundation.transactions import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What a run did."""

    calls: int
    findings: int
    milliseconds: int


def watch_calls(*, batches: int = 20, most: int = MOST, at: datetime) -> Watched:
    """Count new calls and judge the days that they changed, batch after batch; open the cases of what was found.

    Each batch is a transaction of its own, so that a killed run counts nothing twice and loses nothing.
    """
    calls = found = milliseconds = 0
    for _number in range(batches):
        one = _watch_batch(most=most, at=at)
        calls, found, milliseconds = calls + one.calls, found + one.findings, milliseconds + one.milliseconds
        if not one.calls:
            break
    open_cases(at=at)
    return Watched(calls=calls, findings=found, milliseconds=milliseconds)


@transaction
def _watch_batch(*, most: int, at: datetime) -> Watched:
    stopwatch = Stopwatch()
    WatchState.objects.get_or_create(id=1)
    state = WatchState.objects.select_for_update().get(id=1)
    batch = count_new_calls(state, most=most, at=at)
    state.ran_at = at
    if batch is None:
        state.save()
        return Watched(calls=0, findings=0, milliseconds=0)
    rows = days_of(batch.touched)
    found = sum(_judge(rule, rows, batch, at=at) for rule in rules_in_force() if rule.is_on)
    state.calls, state.milliseconds = batch.calls, stopwatch.milliseconds
    state.save()
    return Watched(calls=state.calls, findings=found, milliseconds=state.milliseconds)


def days_of(touched: Iterable[GroupDay]) -> dict[GroupDay, CallDay]:
    """Return the counts of some groups' days."""
    wanted = set(touched)
    rows = CallDay.objects.filter(
        day__in={one.day for one in wanted}, system_id__in={one.group.system_id for one in wanted}
    )
    return {key: row for row in rows if (key := group_day_of(row)) in wanted}


def habits(rows: Iterable[GroupDay], *, days: int) -> dict[GroupDay, tuple[int, ...]]:
    """Return for groups' days the calls of the former ones, as many as a rule looks back."""
    wanted = tuple(rows)
    if not wanted:
        return {}
    first = min(one.day for one in wanted) - timedelta(days=days)
    last = max(one.day for one in wanted)
    past: dict[Group, dict[date, int]] = {}
    known = CallDay.objects.filter(
        day__gte=first, day__lt=last, system_id__in={one.group.system_id for one in wanted}
    )
    for row in known.iterator():
        past.setdefault(group_day_of(row).group, {})[row.day] = row.calls
    return {
        one: tuple(
            calls
            for day, calls in past.get(one.group, {}).items()
            if one.day - timedelta(days=days) <= day < one.day
        )
        for one in wanted
    }


def facts_of(row: CallDay, *, habit: Sequence[int] = (), repeats: Repeats | None = None) -> DayFacts:
    """Return what rules judge."""
    repeated = repeats or Repeats()
    return DayFacts(
        calls=row.calls,
        refused=row.refused,
        empty=row.empty,
        caseless=row.caseless,
        unnamed=row.unnamed,
        subjects=row.subjects,
        by_hour=tuple(row.by_hour),
        habit=habit,
        most_of_one=repeated.most,
        repeated=repeated.count,
    )


def _judge(rule: RuleInForce, rows: Mapping[GroupDay, CallDay], batch: CallBatch, *, at: datetime) -> int:
    """Judge the days that a batch has changed by one rule; return how many findings are new."""
    code = rule.rule.code
    habit = habits(rows, days=rule.thresholds["days"]) if code is RuleCode.VOLUME else {}
    repeats = find_repeats(batch, rule=rule) if code in REPEATING else {}
    hits = {}
    if code is RuleCode.OFFICIAL:
        rows = days_of(repeats)
    for key, row in rows.items():
        repeated = repeats.get(key, Repeats())
        facts = facts_of(row, habit=habit.get(key, ()), repeats=repeated)
        measured = judge_day(code, facts, rule.thresholds)
        if measured is not None:
            hits[key] = Hit(row=row, facts=facts, measured=measured, repeats=repeated)
    return raise_findings(rule, hits, at=at)
