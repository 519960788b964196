"""What the pages of watching show: how rules stand, findings, and what other numbers would have found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from zhengshu.contexts.exchange.application.count_new_calls import Group, GroupDay
from zhengshu.contexts.exchange.application.find_repeats import REPEATING, Repeats
from zhengshu.contexts.exchange.application.names import names_of, page_of
from zhengshu.contexts.exchange.application.raise_findings import group_day_of
from zhengshu.contexts.exchange.application.watch_calls import facts_of, habits
from zhengshu.contexts.exchange.application.watch_rules import RuleInForce, rules_in_force, watch_rules
from zhengshu.contexts.exchange.domain.watching import RuleCode, judge_day
from zhengshu.contexts.exchange.models import CallDay, CallRecord, Finding, Grant, WatchState
from zhengshu.contexts.exchange.models.watching import CONFIRMED, DISMISSED
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.kernel.actors import NOBODY, Actor
from zhengshu.kernel.errors import Kind, Refused

FILTERS = ("rule", "verdict")
OPEN = "open"
DAYS_BACK = 30
MOST_SHOWN = 10


class FindingNotFound(Refused):
    """No such finding, or not one that the actor may see."""

    code: ClassVar[str] = "exchange.finding-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such finding."


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleStanding:
    """A rule with what it has found so far."""

    in_force: RuleInForce
    open: int
    confirmed: int
    dismissed: int

    @property
    def false_alarm_rate(self) -> float | None:
        """The share of false alarms among what was judged."""
        judged = self.confirmed + self.dismissed
        return self.dismissed / judged if judged else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """What the last run of the rules cost; `calls` and `milliseconds` of the last batch that had any."""

    ran_at: datetime | None
    calls: int
    milliseconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRecord:
    """A finding, with the names that people read."""

    id: UUID
    rule: RuleCode
    day: date
    system_name: str
    consumer_name: str
    provider_name: str
    resource_code: str
    resource_name: str
    grant_id: UUID | None
    value: int
    limit: int
    thresholds: Mapping[str, int]
    evidence: Mapping[str, object]
    calls: tuple[UUID, ...]
    raised_at: datetime
    case_id: UUID | None
    number: str
    verdict: str
    judged_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What a rule would have found on a day."""

    day: date
    system_name: str
    resource_code: str
    value: int
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a rule would have found in the past with other numbers.

    Attributes:
        first, last: the days that were looked at.
        hits: how many findings it would have been.
        shown: the largest of them.
    """

    first: date
    last: date
    hits: int
    shown: tuple[Hit, ...]


def standings() -> tuple[RuleStanding, ...]:
    """Return how all rules stand."""
    counted: dict[tuple[str, str], int] = {
        (rule, verdict): count
        for rule, verdict, count in Finding.objects.order_by()
        .values_list("rule", "verdict")
        .annotate(count=Count("id"))
    }
    return tuple(
        RuleStanding(
            in_force=one,
            open=counted.get((one.rule.code.value, ""), 0),
            confirmed=counted.get((one.rule.code.value, CONFIRMED), 0),
            dismissed=counted.get((one.rule.code.value, DISMISSED), 0),
        )
        for one in rules_in_force()
    )


def last_run() -> LastRun:
    """Return what the last run cost."""
    row = WatchState.objects.first() or WatchState()
    return LastRun(ran_at=row.ran_at, calls=row.calls, milliseconds=row.milliseconds)


def findings(*, query: ListQuery, actor: Actor) -> Page[FindingRecord]:
    """Return a page of findings, the latest first."""
    rows = Finding.objects.visible_to(actor)
    if rules := query.filters.get("rule"):
        rows = rows.filter(rule__in=rules)
    if verdicts := query.filters.get("verdict"):
        rows = rows.filter(verdict__in=["" if one == OPEN else one for one in verdicts])
    if query.text:
        rows = rows.filter(resource_code__icontains=query.text) | rows.filter(number__iexact=query.text)
    return page_of(rows.order_by("-raised_at", "-id"), query, _records)


def finding(*, finding_id: UUID, actor: Actor) -> FindingRecord:
    """Return one finding.

    Raises:
        FindingNotFound: there is none such, or the actor may not see it.
    """
    row = Finding.objects.visible_to(actor).filter(id=finding_id).first()
    if row is None:
        raise FindingNotFound
    (record,) = _records([row])
    return record


def calls_of(record: FindingRecord) -> tuple[CallRecord, ...]:
    """Return the records of the calls on which a finding rests, as they are."""
    return tuple(CallRecord.objects.filter(id__in=record.calls).order_by("sequence"))


def effect(*, code: RuleCode, thresholds: Mapping[str, int], at: datetime) -> Effect:
    """Return what a rule would have found in the last thirty days with some numbers.

    Raises:
        ThresholdUnfit: a number is out of its bounds.
    """
    values = watch_rules()[code].checked(thresholds)
    last = timezone.localdate(at)
    first = last - timedelta(days=DAYS_BACK - 1)
    hits = _repeated(code, values, first=first) if code in REPEATING else _counted(code, values, first=first)
    hits.sort(key=lambda hit: (-hit[1], hit[0]))
    shown = hits[:MOST_SHOWN]
    names = _system_names(key.group.system_id for key, _value, _limit in shown)
    return Effect(
        first=first,
        last=last,
        hits=len(hits),
        shown=tuple(
            Hit(
                day=key.day,
                system_name=names.get(key.group.system_id, ""),
                resource_code=key.group.resource_code,
                value=value,
                limit=limit,
            )
            for key, value, limit in shown
        ),
    )


def _counted(code: RuleCode, values: Mapping[str, int], *, first: date) -> list[tuple[GroupDay, int, int]]:
    rows = {group_day_of(row): row for row in CallDay.objects.filter(day__gte=first)}
    habit = habits(rows, days=values["days"]) if code is RuleCode.VOLUME else {}
    found = []
    for key, row in rows.items():
        measured = judge_day(code, facts_of(row, habit=habit.get(key, ()), repeats=Repeats()), values)
        if measured is not None:
            found.append((key, measured.value, measured.limit))
    return found


_REPEATED = """
    SELECT system_id, grant_id, resource_code, day, {who}, max(n) FROM (
        SELECT system_id, grant_id, resource_code, day, {who}, sum(calls) OVER (
            PARTITION BY {by} ORDER BY day
            RANGE BETWEEN make_interval(days => %(before)s) PRECEDING AND CURRENT ROW) AS n
        FROM {table} WHERE day > %(first)s::date - %(days)s AND {among}
    ) counted WHERE n >= %(limit)s AND day >= %(first)s
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 4
"""
_PARTS = {
    RuleCode.REPEAT: {
        "who": "nobody",
        "table": "(SELECT *, '' AS nobody FROM exchange_subject_day) all_",
        "by": "subject_digest, system_id, grant_id, resource_code",
        "among": "true",
    },
    RuleCode.OFFICIAL: {
        "who": "official_ref",
        "table": "exchange_subject_day",
        "by": "subject_digest, consumer_department_id, official_ref",
        "among": "official_ref <> ''",
    },
}


def _repeated(code: RuleCode, values: Mapping[str, int], *, first: date) -> list[tuple[GroupDay, int, int]]:
    """Return the days on which a key was read too often; days that an earlier hit covers are not counted again."""
    days, limit = values["days"], values["calls"]
    with connection.cursor() as cursor:
        cursor.execute(
            _REPEATED.format(**_PARTS[code]),
            {"before": days - 1, "first": first, "days": days, "limit": limit},
        )
        rows = cursor.fetchall()
    covered: dict[object, date] = {}
    found = []
    for system_id, grant_id, resource_code, day, official, calls in rows:
        group = Group(system_id, grant_id, resource_code)
        whose: object = official or group
        if whose not in covered or day - covered[whose] >= timedelta(days=days):
            found.append((GroupDay(group, day), int(calls), limit))
            covered[whose] = day
    return found


def _records(rows: Sequence[Finding]) -> tuple[FindingRecord, ...]:
    names = names_of(one for row in rows for one in (row.consumer_department_id, row.provider_department_id))
    systems = _system_names(row.system_id for row in rows)
    resources: dict[UUID, str] = dict(
        Grant.objects.filter(id__in={row.grant_id for row in rows}).values_list("id", "resource_name")
    )
    return tuple(
        FindingRecord(
            id=row.id,
            rule=RuleCode(row.rule),
            day=row.day,
            system_name=systems.get(row.system_id, ""),
            consumer_name=names(row.consumer_department_id),
            provider_name=names(row.provider_department_id),
            resource_code=row.resource_code,
            resource_name=resources.get(row.grant_id, ""),
            grant_id=None if row.grant_id == NOBODY else row.grant_id,
            value=row.value,
            limit=row.limit,
            thresholds=row.thresholds,
            evidence=row.evidence,
            calls=tuple(row.calls),
            raised_at=row.raised_at,
            case_id=row.case_id,
            number=row.number,
            verdict=row.verdict,
            judged_at=row.judged_at,
        )
        for row in rows
    )


def _system_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    return {UUID(str(key)): record.name for key, record in trust.systems_by_id(ids=ids).items()}
