"""Counting new calls by day and group, and by day and key, in batches that a run of the job takes one after another.

A batch costs what its own calls cost, however many there were before: nothing older than it is read. The gateway
writes nothing for it and needs no further index.
"""

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.models import WatchState
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import NOBODY

MOST = 50_000
"""Calls of one batch."""
SETTLED_AFTER = timedelta(seconds=60)
"""After which no call can come before another any more: gateways give a record up after seconds.

A call is settled when it is so old by the clock of its gateway, or when a run saw it so long ago: a gateway whose
clock is ahead holds nobody's calls back.
"""
MOST_SEQUENCES = 1000


class Group(NamedTuple):
    """The calls that rules judge together."""

    system_id: UUID
    grant_id: UUID
    resource_code: str


class GroupDay(NamedTuple):
    """A group on one day."""

    group: Group
    day: date

    @classmethod
    def of(cls, system_id: UUID, grant_id: UUID, resource_code: str, day: date) -> "GroupDay":
        """Return the day of a group that is given by its parts."""
        return cls(Group(system_id, grant_id, resource_code), day)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBatch:
    """What was counted: the calls after one sequence up to another, and whose counts they changed."""

    after: int
    upto: int
    calls: int
    touched: tuple[GroupDay, ...]


_UPTO = """
    WITH next AS (
        SELECT sequence, at FROM exchange_call_record WHERE sequence > %s ORDER BY sequence LIMIT %s
    ),
    fresh AS (SELECT min(sequence) AS first FROM next WHERE at > %s AND sequence > %s)
    SELECT max(sequence), count(*) FROM next, fresh WHERE fresh.first IS NULL OR sequence < fresh.first
"""
_LATEST = "SELECT coalesce(max(sequence), 0) FROM exchange_call_record"
_HOURS = ", ".join(f"count(*) FILTER (WHERE hour = {hour})" for hour in range(24))
_COUNT = f"""
    WITH taken AS MATERIALIZED (
        SELECT sequence, (at AT TIME ZONE %(zone)s)::date AS day,
               extract(hour FROM at AT TIME ZONE %(zone)s)::int AS hour, system_id,
               coalesce(grant_id, %(none)s) AS grant_id, resource_code, consumer_department_id,
               provider_department_id, verdict, row_count, purpose, case_ref, subject_digest, official_ref
        FROM exchange_call_record
        WHERE sequence > %(after)s AND sequence <= %(upto)s AND operation IN ('records', 'verify')
    ),
    kept AS (
        INSERT INTO exchange_subject_day AS s
            (subject_digest, day, system_id, grant_id, resource_code, official_ref, consumer_department_id, calls,
             sequences)
        SELECT subject_digest, day, system_id, grant_id, resource_code, official_ref,
               (array_agg(consumer_department_id))[1], count(*),
               (array_agg(sequence ORDER BY sequence))[1:{MOST_SEQUENCES}]
        FROM taken WHERE subject_digest IS NOT NULL
        GROUP BY subject_digest, day, system_id, grant_id, resource_code, official_ref
        ON CONFLICT (subject_digest, day, system_id, grant_id, resource_code, official_ref) DO UPDATE
        SET calls = s.calls + excluded.calls,
            sequences = CASE WHEN cardinality(s.sequences) < {MOST_SEQUENCES}
                THEN (s.sequences || excluded.sequences)[1:{MOST_SEQUENCES}] ELSE s.sequences END
        RETURNING day, system_id, grant_id, resource_code, subject_digest, (xmax = 0) AS is_new
    ),
    fresh AS MATERIALIZED (
        SELECT k.day, k.system_id, k.grant_id, k.resource_code, count(DISTINCT k.subject_digest) AS subjects
        FROM kept k
        WHERE k.is_new AND (
            SELECT s.calls FROM exchange_subject_day s
            WHERE s.subject_digest = k.subject_digest AND s.day = k.day AND s.system_id = k.system_id
                AND s.grant_id = k.grant_id AND s.resource_code = k.resource_code
            LIMIT 1) IS NULL
        GROUP BY 1, 2, 3, 4
    ),
    counted AS MATERIALIZED (
        SELECT day, system_id, grant_id, resource_code,
               (array_agg(consumer_department_id))[1] AS consumer_department_id,
               (array_agg(provider_department_id))[1] AS provider_department_id,
               count(*) AS calls, count(*) FILTER (WHERE verdict <> 'ok') AS refused,
               count(*) FILTER (WHERE verdict = 'ok' AND row_count = 0) AS empty,
               count(*) FILTER (WHERE case_ref = '' AND purpose = ANY (%(serving)s)) AS caseless,
               count(*) FILTER (WHERE official_ref = '' AND system_id = ANY (%(naming)s)) AS unnamed,
               ARRAY[{_HOURS}] AS by_hour, min(sequence) AS first_sequence, max(sequence) AS last_sequence
        FROM taken GROUP BY day, system_id, grant_id, resource_code
    )
    INSERT INTO exchange_call_day AS d
        (day, system_id, grant_id, resource_code, consumer_department_id, provider_department_id, calls, refused,
         empty, caseless, unnamed, subjects, by_hour, first_sequence, last_sequence)
    SELECT c.day, c.system_id, c.grant_id, c.resource_code, c.consumer_department_id, c.provider_department_id,
           c.calls, c.refused, c.empty, c.caseless, c.unnamed, coalesce(f.subjects, 0), c.by_hour, c.first_sequence,
           c.last_sequence
    FROM counted c LEFT JOIN fresh f USING (day, system_id, grant_id, resource_code)
    ON CONFLICT (system_id, grant_id, resource_code, day) DO UPDATE
    SET calls = d.calls + excluded.calls, refused = d.refused + excluded.refused, empty = d.empty + excluded.empty,
        caseless = d.caseless + excluded.caseless, unnamed = d.unnamed + excluded.unnamed,
        subjects = d.subjects + excluded.subjects,
        by_hour = (SELECT array_agg(a + b ORDER BY place)
                   FROM unnest(d.by_hour, excluded.by_hour) WITH ORDINALITY AS both_(a, b, place)),
        last_sequence = excluded.last_sequence
    RETURNING system_id, grant_id, resource_code, day
"""  # noqa: S608 - what is put in are our own constants


def count_new_calls(state: WatchState, *, most: int, at: datetime) -> CallBatch | None:
    """Count the next calls that are settled, and move the state on; None where there are none."""
    with connection.cursor() as cursor:
        if state.seen_at is None or state.seen_at <= at - SETTLED_AFTER:
            cursor.execute(_LATEST)
            state.settled, (state.seen_sequence,) = state.seen_sequence, cursor.fetchone() or (0,)
            state.seen_at = at
        cursor.execute(_UPTO, [state.sequence, most, at - SETTLED_AFTER, state.settled])
        upto, calls = cursor.fetchone() or (None, 0)
        if upto is None:
            return None
        batch = {
            "after": state.sequence,
            "upto": upto,
            "zone": timezone.get_default_timezone_name(),
            "none": NOBODY,
            "serving": [code for code, purpose in purposes().items() if purpose.needs_case],
            "naming": list(trust.systems_asked_for_officials()),
        }
        cursor.execute(_COUNT, batch)
        touched = tuple(GroupDay(Group(*row[:3]), row[3]) for row in cursor.fetchall())
    after, state.sequence = state.sequence, upto
    return CallBatch(after=after, upto=upto, calls=calls, touched=touched)


class Stopwatch:
    """Measures what a run costs."""

    def __init__(self) -> None:
        """Begin."""
        self._began = time.perf_counter()

    @property
    def milliseconds(self) -> int:
        """Milliseconds since the beginning."""
        return round((time.perf_counter() - self._began) * 1000)
