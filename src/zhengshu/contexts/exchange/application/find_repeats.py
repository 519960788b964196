"""Who or what was asked for again and again: by a group of calls, or by one official wherever he may ask."""

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from zhengshu.contexts.exchange.application.count_new_calls import CallBatch, GroupDay
from zhengshu.contexts.exchange.application.watch_rules import RuleInForce
from zhengshu.contexts.exchange.domain.watching import RuleCode
from zhengshu.kernel.actors import NOBODY

MOST_KEYS = 20
REPEATING = (RuleCode.REPEAT, RuleCode.OFFICIAL)
"""The rules that look for one person who is read again and again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """Keys that were asked for again and again.

    Attributes:
        most: the most calls about one of them.
        keys: their digests in hexadecimal, the most often asked for first; at most `MOST_KEYS`.
        count: how many keys there are.
        officials: who asked for them, by the references of their department; for the rule about officials only.
    """

    most: int = 0
    keys: tuple[str, ...] = ()
    count: int = 0
    officials: tuple[str, ...] = ()


_TAKEN = """
    sequence > %(after)s AND sequence <= %(upto)s AND subject_digest IS NOT NULL
            AND operation IN ('records', 'verify')
"""
_BY_GROUP = f"""
    WITH asked AS MATERIALIZED (
        SELECT DISTINCT subject_digest, system_id, coalesce(grant_id, %(none)s) AS grant_id, resource_code,
               (at AT TIME ZONE %(zone)s)::date AS day
        FROM exchange_call_record
        WHERE {_TAKEN}
    ),
    begun AS MATERIALIZED (
        SELECT g.system_id, g.grant_id, g.resource_code, g.day, greatest(g.day - %(days)s, max(f.day)) AS before
        FROM (SELECT DISTINCT system_id, grant_id, resource_code, day FROM asked) g
        LEFT JOIN exchange_finding f ON f.rule = 'repeat' AND f.day < g.day AND f.system_id = g.system_id
            AND f.grant_id = g.grant_id AND f.resource_code = g.resource_code
        GROUP BY 1, 2, 3, 4
    )
    SELECT a.system_id, a.grant_id, a.resource_code, a.day, encode(a.subject_digest, 'hex'), '', s.calls
    FROM asked a
    JOIN begun b USING (system_id, grant_id, resource_code, day)
    CROSS JOIN LATERAL (
        SELECT sum(calls) AS calls FROM exchange_subject_day s
        WHERE s.subject_digest = a.subject_digest AND s.day > b.before AND s.day <= a.day
            AND s.system_id = a.system_id AND s.grant_id = a.grant_id AND s.resource_code = a.resource_code
    ) s
    WHERE s.calls >= %(limit)s
    ORDER BY s.calls DESC
"""  # noqa: S608 - what is put in are our own constants
"""Former findings are looked up once for each group and day, and each key by its own index: what the server believes
of tables that a run has just filled says nothing, so the plan must not depend on it."""
_BY_OFFICIAL = f"""
    WITH asked AS MATERIALIZED (
        SELECT DISTINCT subject_digest, consumer_department_id, official_ref, (at AT TIME ZONE %(zone)s)::date AS day
        FROM exchange_call_record
        WHERE official_ref <> '' AND {_TAKEN}
    ),
    begun AS MATERIALIZED (
        SELECT g.consumer_department_id, g.official_ref, g.day, greatest(g.day - %(days)s, max(f.day)) AS before
        FROM (SELECT DISTINCT consumer_department_id, official_ref, day FROM asked) g
        LEFT JOIN exchange_finding f ON f.rule = 'official' AND f.day < g.day
            AND f.consumer_department_id = g.consumer_department_id
            AND jsonb_exists(f.evidence -> 'officials', g.official_ref)
        GROUP BY 1, 2, 3
    )
    SELECT p.system_id, p.grant_id, p.resource_code, a.day, encode(a.subject_digest, 'hex'), a.official_ref, s.calls
    FROM asked a
    JOIN begun b USING (consumer_department_id, official_ref, day)
    CROSS JOIN LATERAL (
        SELECT sum(calls) AS calls FROM exchange_subject_day s
        WHERE s.subject_digest = a.subject_digest AND s.day > b.before AND s.day <= a.day
            AND s.official_ref = a.official_ref AND s.consumer_department_id = a.consumer_department_id
    ) s
    CROSS JOIN LATERAL (
        SELECT system_id, grant_id, resource_code FROM exchange_subject_day s
        WHERE s.subject_digest = a.subject_digest AND s.day = a.day AND s.official_ref = a.official_ref
            AND s.consumer_department_id = a.consumer_department_id
        ORDER BY s.sequences[1] LIMIT 1
    ) p
    WHERE s.calls >= %(limit)s
    ORDER BY s.calls DESC
"""  # noqa: S608 - what is put in are our own constants
"""All systems, grants and resources of the department count together; the finding stands where the day began."""


def find_repeats(batch: CallBatch, *, rule: RuleInForce) -> dict[GroupDay, Repeats]:
    """Return the keys of a batch that were asked for too often within the rule's days, since the last finding."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_OFFICIAL if rule.rule.code is RuleCode.OFFICIAL else _BY_GROUP,
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
    found: dict[GroupDay, list[tuple[str, str, int]]] = {}
    for system_id, grant_id, resource_code, day, digest, official, calls in rows:
        key = GroupDay.of(system_id, grant_id, resource_code, day)
        found.setdefault(key, []).append((digest, official, int(calls)))
    return {
        key: Repeats(
            most=keys[0][2],
            keys=tuple(digest for digest, _official, _calls in keys[:MOST_KEYS]),
            count=len(keys),
            officials=tuple(official for _digest, official, _calls in keys if official),
        )
        for key, keys in found.items()
    }
