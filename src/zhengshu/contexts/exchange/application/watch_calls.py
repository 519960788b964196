"""A run of the rules over new calls; what they find becomes findings, and findings become cases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from zhengshu.contexts.exchange.application.count_new_calls import (
    MOST,
    CallBatch,
    Group,
    GroupDay,
    Stopwatch,
    count_new_calls,
)
from zhengshu.contexts.exchange.application.finding_cases import open_cases, subject_of
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.application.watch_rules import RuleInForce, rules_in_force
from zhengshu.contexts.exchange.domain.watching import DayFacts, Measured, RuleCode, judge_day, night
from zhengshu.contexts.exchange.events import FindingRaised
from zhengshu.contexts.exchange.models import CallDay, CallRecord, Finding, WatchState
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import NOBODY, Actor
from zhengshu.kernel.identity import DepartmentId, new_id

PLATFORM = Actor.platform("exchange.watch")
MOST_CALLS, MOST_KEYS = 50, 20
DIGEST_LETTERS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What a run did."""

    calls: int
    findings: int
    milliseconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """Keys that a group asked for again and again."""

    most: int = 0
    keys: tuple[str, ...] = ()
    count: int = 0


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
        state.save(update_fields=["ran_at"])
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
    return {key: row for row in rows if (key := group_day(row)) in wanted}


def group_day(row: CallDay | Finding) -> GroupDay:
    """Return whose day a row is about."""
    return GroupDay(Group(row.system_id, row.grant_id, row.resource_code), row.day)


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
        past.setdefault(group_day(row).group, {})[row.day] = row.calls
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
        subjects=row.subjects,
        by_hour=tuple(row.by_hour),
        habit=habit,
        most_of_one=repeated.most,
        repeated=repeated.count,
    )


_REPEATS = """
    SELECT t.system_id, t.grant_id, t.resource_code, t.day, encode(s.subject_digest, 'hex'), sum(s.calls)
    FROM (
        SELECT DISTINCT subject_digest, system_id, coalesce(grant_id, %(none)s) AS grant_id, resource_code,
               (at AT TIME ZONE %(zone)s)::date AS day
        FROM exchange_call_record
        WHERE sequence > %(after)s AND sequence <= %(upto)s AND subject_digest IS NOT NULL
            AND operation IN ('records', 'verify')
    ) t
    JOIN exchange_subject_day s USING (subject_digest, system_id, grant_id, resource_code)
    WHERE s.day <= t.day AND s.day > t.day - %(days)s AND s.day > coalesce((
        SELECT max(f.day) FROM exchange_finding f
        WHERE f.rule = 'repeat' AND f.system_id = t.system_id AND f.grant_id = t.grant_id
            AND f.resource_code = t.resource_code AND f.day < t.day), '-infinity')
    GROUP BY 1, 2, 3, 4, 5 HAVING sum(s.calls) >= %(limit)s
    ORDER BY 6 DESC
"""


def _repeats(batch: CallBatch, *, rule: RuleInForce) -> dict[GroupDay, Repeats]:
    """Return the keys of a batch that were asked for too often within the rule's days, since the last finding."""
    with connection.cursor() as cursor:
        cursor.execute(
            _REPEATS,
            {
                "none": NOBODY,
                "zone": timezone.get_default_timezone_name(),
                "after": batch.after,
                "upto": batch.upto,
                "days": rule.thresholds["days"],
                "limit": rule.thresholds["calls"],
            },
        )
        rows = cursor.fetchall()
    found: dict[GroupDay, list[tuple[str, int]]] = {}
    for *group, day, digest, calls in rows:
        found.setdefault(GroupDay(Group(*group), day), []).append((digest, int(calls)))
    return {
        key: Repeats(
            most=keys[0][1],
            keys=tuple(digest[:DIGEST_LETTERS] for digest, _calls in keys[:MOST_KEYS]),
            count=len(keys),
        )
        for key, keys in found.items()
    }


def _judge(rule: RuleInForce, rows: Mapping[GroupDay, CallDay], batch: CallBatch, *, at: datetime) -> int:
    """Judge the days that a batch has changed by one rule; return how many findings are new."""
    code = rule.rule.code
    habit = habits(rows, days=rule.thresholds["days"]) if code is RuleCode.VOLUME else {}
    repeats = _repeats(batch, rule=rule) if code is RuleCode.REPEAT else {}
    hits: dict[GroupDay, tuple[Measured, DayFacts]] = {}
    for key, row in rows.items():
        facts = facts_of(row, habit=habit.get(key, ()), repeats=repeats.get(key))
        measured = judge_day(code, facts, rule.thresholds)
        if measured is not None:
            hits[key] = (measured, facts)
    known = _known(code, hits)
    for key, former in known.items():
        measured = hits[key][0]
        if not former.verdict and measured.value > former.value:
            former.value, former.changed_at = measured.value, at
            former.save(update_fields=["value", "changed_at"])
    fresh = [key for key in hits if key not in known]
    for key in fresh:
        _raise(rule, rows[key], *hits[key], keys=repeats[key].keys if key in repeats else (), at=at)
    return len(fresh)


def _known(code: RuleCode, hits: Iterable[GroupDay]) -> dict[GroupDay, Finding]:
    wanted = set(hits)
    rows = Finding.objects.filter(
        rule=code.value,
        day__in={one.day for one in wanted},
        system_id__in={one.group.system_id for one in wanted},
    )
    return {key: row for row in rows if (key := group_day(row)) in wanted}


def _raise(
    rule: RuleInForce,
    row: CallDay,
    measured: Measured,
    facts: DayFacts,
    *,
    keys: tuple[str, ...],
    at: datetime,
) -> None:
    code = rule.rule.code
    evidence: dict[str, object] = {
        "calls": facts.calls, "refused": facts.refused, "empty": facts.empty, "subjects": facts.subjects,
        "by_hour": list(facts.by_hour),
    }  # fmt: skip
    if code is RuleCode.VOLUME:
        evidence["habit"] = list(facts.habit)
    if code is RuleCode.REPEAT:
        evidence |= {"keys": list(keys), "repeated": facts.repeated}
    finding = Finding.objects.create(
        id=new_id(),
        rule=code.value,
        day=row.day,
        system_id=row.system_id,
        grant_id=row.grant_id,
        resource_code=row.resource_code,
        consumer_department_id=row.consumer_department_id,
        provider_department_id=row.provider_department_id,
        value=measured.value,
        limit=measured.limit,
        thresholds=dict(rule.thresholds),
        evidence=evidence,
        calls=_calls(rule, row, keys=keys),
        raised_at=at,
        changed_at=at,
    )
    publish(
        FindingRaised(
            at=at,
            actor=PLATFORM,
            subject=subject_of(finding),
            department_id=DepartmentId(row.consumer_department_id),
            rule=code.value,
            value=measured.value,
            limit=measured.limit,
        )
    )


def _calls(rule: RuleInForce, row: CallDay, *, keys: tuple[str, ...]) -> list[UUID]:
    """Return the receipts of the calls on which a finding rests, the first ones of the day."""
    calls = CallRecord.objects.filter(
        sequence__range=(row.first_sequence, row.last_sequence),
        system_id=row.system_id,
        resource_code=row.resource_code,
        operation__in=("records", "verify"),
    )
    calls = calls.filter(grant_id=None if row.grant_id == NOBODY else row.grant_id)
    match rule.rule.code:
        case RuleCode.ENUMERATION:
            calls = calls.filter(verdict=CallRecord.ANSWERED, row_count=0)
        case RuleCode.NIGHT:
            calls = calls.filter(at__hour__in=night(rule.thresholds))
        case RuleCode.REFUSALS:
            calls = calls.refused()
        case RuleCode.CASELESS:
            serving = [code for code, purpose in purposes().items() if purpose.needs_case]
            calls = calls.filter(case_ref="", purpose__in=serving)
        case RuleCode.REPEAT if keys:
            begins = Q()
            for one in keys[:1]:
                low = bytes.fromhex(one)
                begins |= Q(subject_digest__gte=low, subject_digest__lte=low + b"\xff" * (32 - len(low)))
            calls = calls.filter(begins)
    return list(calls.order_by("sequence").values_list("id", flat=True)[:MOST_CALLS])
