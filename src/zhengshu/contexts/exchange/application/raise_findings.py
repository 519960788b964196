"""Writing down what the rules have found: one finding for each rule, group and day, with the calls that it rests on.

However many findings there are, they cost the same few statements: the calls of all are read at once, and rows,
events and what the audit keeps of them are written at once.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from zhengshu.contexts.exchange.application.count_new_calls import GroupDay
from zhengshu.contexts.exchange.application.find_repeats import REPEATING, Repeats
from zhengshu.contexts.exchange.application.finding_cases import subject_of
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.application.watch_rules import RuleInForce
from zhengshu.contexts.exchange.domain.watching import DayFacts, Measured, RuleCode, night
from zhengshu.contexts.exchange.events import FindingRaised
from zhengshu.contexts.exchange.models import CallDay, Finding
from zhengshu.foundation.outbox import publish
from zhengshu.kernel.actors import NOBODY, Actor
from zhengshu.kernel.identity import DepartmentId, new_id

PLATFORM = Actor.platform("exchange.watch")
MOST_CALLS = 50
DIGEST_LETTERS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """That a rule found something in a group's day."""

    row: CallDay
    facts: DayFacts
    measured: Measured
    repeats: Repeats


_CALLS = f"""
    SELECT f.place, ARRAY(
        SELECT c.id FROM exchange_call_record c
        WHERE c.sequence BETWEEN f.first AND f.last AND c.consumer_department_id = f.consumer
            AND c.system_id = f.system AND c.resource_code = f.resource
            AND coalesce(c.grant_id, '{NOBODY}') = f.grant_ AND c.operation IN ('records', 'verify')
            AND (%(rule)s <> 'enumeration' OR (c.verdict = 'ok' AND c.row_count = 0))
            AND (%(rule)s <> 'night' OR extract(hour FROM c.at AT TIME ZONE %(zone)s)::int = ANY (%(hours)s))
            AND (%(rule)s <> 'refusals' OR c.verdict <> 'ok')
            AND (%(rule)s <> 'caseless' OR (c.case_ref = '' AND c.purpose = ANY (%(serving)s)))
            AND (%(rule)s <> 'unnamed' OR c.official_ref = '')
            AND (f.digest = '' OR c.subject_digest = decode(f.digest, 'hex'))
        ORDER BY c.sequence LIMIT {MOST_CALLS})
    FROM jsonb_to_recordset(%(wanted)s::jsonb) AS f
        (place int, first bigint, last bigint, consumer uuid, system uuid, grant_ uuid, resource text, digest text)
"""  # noqa: S608 - what is put in are our own constants
_CALLS_OF_OFFICIAL = f"""
    SELECT f.place, ARRAY(
        SELECT c.id FROM exchange_subject_day s, unnest(s.sequences) n, exchange_call_record c
        WHERE s.subject_digest = decode(f.digest, 'hex') AND s.official_ref = f.official AND c.sequence = n
            AND s.consumer_department_id = f.consumer AND s.day <= f.day AND s.day > f.day - %(days)s
        ORDER BY n LIMIT {MOST_CALLS})
    FROM jsonb_to_recordset(%(wanted)s::jsonb) AS f (place int, consumer uuid, day date, digest text, official text)
"""  # noqa: S608 - what is put in are our own constants


def raise_findings(rule: RuleInForce, hits: Mapping[GroupDay, Hit], *, at: datetime) -> int:
    """Write down what a rule has found; a finding that is open grows, one that was judged stays as it is.

    Returns how many findings are new.
    """
    if not hits:
        return 0
    known = _known(rule.rule.code, hits)
    _grow(known, hits, at=at)
    fresh = [hit for key, hit in hits.items() if key not in known]
    if not fresh:
        return 0
    rows = [
        _finding(rule, hit, calls=calls, at=at) for hit, calls in zip(fresh, _calls(rule, fresh), strict=True)
    ]
    Finding.objects.bulk_create(rows)
    publish(*(_event(row, at=at) for row in rows))
    return len(rows)


def group_day_of(row: CallDay | Finding) -> GroupDay:
    """Return whose day a row is about."""
    return GroupDay.of(row.system_id, row.grant_id, row.resource_code, row.day)


def _known(code: RuleCode, hits: Iterable[GroupDay]) -> dict[GroupDay, Finding]:
    wanted = set(hits)
    rows = Finding.objects.filter(
        rule=code.value,
        day__in={one.day for one in wanted},
        system_id__in={one.group.system_id for one in wanted},
    )
    return {key: row for row in rows if (key := group_day_of(row)) in wanted}


def _grow(known: Mapping[GroupDay, Finding], hits: Mapping[GroupDay, Hit], *, at: datetime) -> None:
    grown = []
    for key, row in known.items():
        value = hits[key].measured.value
        if not row.verdict and value > row.value:
            row.value, row.changed_at = value, at
            grown.append(row)
    if grown:
        Finding.objects.bulk_update(grown, ["value", "changed_at"], batch_size=500)


def _calls(rule: RuleInForce, hits: Sequence[Hit]) -> list[list[UUID]]:
    """Return for each hit the receipts of the calls on which it rests: the first ones of the day, or an official's."""
    wanted = [
        {
            "place": place,
            "first": hit.row.first_sequence,
            "last": hit.row.last_sequence,
            "consumer": str(hit.row.consumer_department_id),
            "system": str(hit.row.system_id),
            "grant_": str(hit.row.grant_id),
            "resource": hit.row.resource_code,
            "day": hit.row.day.isoformat(),
            "digest": hit.repeats.keys[0] if hit.repeats.keys else "",
            "official": hit.repeats.officials[0] if hit.repeats.officials else "",
        }
        for place, hit in enumerate(hits)
    ]
    code = rule.rule.code
    values = {
        "rule": code.value,
        "zone": timezone.get_default_timezone_name(),
        "hours": list(night(rule.thresholds)) if code is RuleCode.NIGHT else [],
        "serving": [one for one, purpose in purposes().items() if purpose.needs_case],
        "days": rule.thresholds.get("days", 0),
        "wanted": json.dumps(wanted),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CALLS_OF_OFFICIAL if code is RuleCode.OFFICIAL else _CALLS, values)
        return [list(calls) for _place, calls in sorted(cursor.fetchall())]


def _finding(rule: RuleInForce, hit: Hit, *, calls: list[UUID], at: datetime) -> Finding:
    row, facts, code = hit.row, hit.facts, rule.rule.code
    evidence: dict[str, object] = {
        "calls": facts.calls, "refused": facts.refused, "empty": facts.empty, "subjects": facts.subjects,
        "by_hour": list(facts.by_hour),
    }  # fmt: skip
    if code is RuleCode.VOLUME:
        evidence["habit"] = list(facts.habit)
    if code in REPEATING:
        evidence |= {
            "keys": [digest[:DIGEST_LETTERS] for digest in hit.repeats.keys],
            "repeated": facts.repeated,
        }
    if code is RuleCode.OFFICIAL:
        evidence["officials"] = list(dict.fromkeys(hit.repeats.officials))
    return Finding(
        id=new_id(),
        rule=code.value,
        day=row.day,
        system_id=row.system_id,
        grant_id=row.grant_id,
        resource_code=row.resource_code,
        consumer_department_id=row.consumer_department_id,
        provider_department_id=row.provider_department_id,
        value=hit.measured.value,
        limit=hit.measured.limit,
        thresholds=dict(rule.thresholds),
        evidence=evidence,
        calls=calls,
        raised_at=at,
        changed_at=at,
    )


def _event(row: Finding, *, at: datetime) -> FindingRaised:
    return FindingRaised(
        at=at,
        actor=PLATFORM,
        subject=subject_of(row),
        department_id=DepartmentId(row.consumer_department_id),
        rule=row.rule,
        value=row.value,
        limit=row.limit,
    )
