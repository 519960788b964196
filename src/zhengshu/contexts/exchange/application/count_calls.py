"""Counting the records of calls by day, department and grant, to compare them with the proof log."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from zhengshu.contexts.exchange.models import Grant
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.tlog.counts import Count, Counts, Key

LATENESS = timedelta(minutes=10)
"""By how much a record may be written later than its call, or a gateway's clock differ from another's."""

_SPAN = "SELECT min(sequence), max(sequence) FROM exchange_call_record"
_NEXT = "SELECT at FROM exchange_call_record WHERE sequence >= %s ORDER BY sequence LIMIT 1"
_COUNT = """
    SELECT (at AT TIME ZONE %s)::date, consumer_department_id, grant_id,
           count(*) FILTER (WHERE verdict = 'ok'), count(*) FILTER (WHERE verdict <> 'ok')
    FROM exchange_call_record
    WHERE sequence >= %s AND sequence < %s AND at >= %s AND at < %s
    GROUP BY 1, 2, 3
"""


def count_calls(*, first: date, last: date) -> Counts:
    """Return how many calls there were on some days; reads the records of those days and no others."""
    start, end = midnight(first), midnight(last + timedelta(days=1))
    low, high = first_sequence(start - LATENESS), first_sequence(end + LATENESS)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [timezone.get_default_timezone_name(), low, high, start, end])
        rows: list[tuple[date, UUID, UUID | None, int, int]] = cursor.fetchall()
    codes, systems = trust.department_codes(), _systems(row[2] for row in rows)
    counts = Counts()
    for day, department, grant, answered, refused in rows:
        key = Key(day, codes.get(department, ""), str(grant) if grant else "")
        counts.by_key[key] = Count(
            answered=answered, refused=refused, system=systems.get(grant, "") if grant else ""
        )
    return counts


def first_sequence(moment: datetime) -> int:
    """Return the sequence at which the calls since a moment begin, found by halving, for no index has their time.

    Records are written in the order of their calls but for `LATENESS`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SPAN)
        low, last = cursor.fetchone() or (None, None)
        if low is None or last is None:
            return 0
        high = last + 1
        while low < high:
            middle = (low + high) // 2
            cursor.execute(_NEXT, [middle])
            row = cursor.fetchone()
            if row is None or row[0] >= moment:
                high = middle
            else:
                low = middle + 1
    return int(low)


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins here."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())


def _systems(grants: Iterable[UUID | None]) -> dict[UUID, str]:
    wanted = {grant for grant in grants if grant}
    return dict(Grant.objects.filter(id__in=wanted).values_list("id", "system_name"))
