"""Reading the records of calls: who called what, for which purpose, and how often."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from zhengshu.contexts.exchange.application.names import Names, names_of, page_of, purpose_name
from zhengshu.contexts.exchange.application.records import CallCount, CallRecord
from zhengshu.contexts.exchange.models.calls import CallRecord as CallRow
from zhengshu.contexts.exchange.models.calls import CallRecordQuerySet
from zhengshu.contexts.exchange.models.grants import Grant
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.kernel.actors import NOBODY, Actor
from zhengshu.kernel.identity import DepartmentId, GrantId, SystemId

FILTERS = ("side", "resource", "system", "grant", "purpose", "verdict", "from", "to")
DAYS_BY_DEFAULT = 30
MOST_EXPORTED = 50_000
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Days outside of these years are typing errors."""


def calls(*, query: ListQuery, actor: Actor) -> Page[CallRecord]:
    """Return a page of the calls that the actor may see, the newest first; `FILTERS` say how to narrow it."""
    return page_of(_narrowed(query, actor=actor).order_by("-sequence"), query, _records)


def call_counts(
    *, actor: Actor, by: Literal["day", "purpose"], query: ListQuery | None = None, at: datetime
) -> tuple[CallCount, ...]:
    """Return how many calls were answered and refused, by day or by purpose.

    Days without a call are part of the answer. Where the query names no dates, the last 30 days are counted.
    """
    asked = query or ListQuery()
    first, last = _period(asked, at=at)
    rows = _narrowed(asked, actor=actor).filter(
        at__gte=_midnight(first), at__lt=_midnight(last + timedelta(days=1))
    )
    return _by_day(rows, first=first, last=last) if by == "day" else _by_purpose(rows)


def exported_calls(*, query: ListQuery, actor: Actor) -> Iterator[CallRecord]:
    """Yield the calls of a list for its export, the newest first, at most `MOST_EXPORTED`."""
    rows = _narrowed(query, actor=actor).order_by("-sequence")
    for start in range(0, MOST_EXPORTED, 1000):
        found = _records(list(rows[start : start + 1000]))
        yield from found
        if not found:
            return


def _narrowed(query: ListQuery, *, actor: Actor) -> CallRecordQuerySet:
    rows = CallRow.objects.visible_to(actor)
    if query.one("side") == "ours":
        rows = rows.filter(consumer_department_id=actor.department_id or NOBODY)
    elif query.one("side") == "given":
        rows = rows.filter(provider_department_id=actor.department_id or NOBODY)
    if resource := query.one("resource"):
        rows = rows.filter(resource_code=resource)
    if system := query.one("system"):
        rows = rows.filter(grant_id__in=Grant.objects.filter(system_name=system).values("id"))
    if grant := query.one("grant"):
        rows = rows.filter(grant_id=_uuid(grant))
    if purposes := query.filters.get("purpose"):
        rows = rows.filter(purpose__in=purposes)
    return _by_verdict(_within(rows, query), query.one("verdict"), text=query.text)


def _by_verdict(rows: CallRecordQuerySet, verdict: str, *, text: str) -> CallRecordQuerySet:
    if verdict == "refused":
        rows = rows.refused()
    elif verdict:
        rows = rows.filter(verdict=verdict)
    if text:
        rows = rows.filter(Q(resource_code__icontains=text) | Q(case_ref=text) | Q(official_ref=text))
    return rows


def _within(rows: CallRecordQuerySet, query: ListQuery) -> CallRecordQuerySet:
    if first := _day(query.one("from")):
        rows = rows.filter(at__gte=_midnight(first))
    if last := _day(query.one("to")):
        rows = rows.filter(at__lt=_midnight(last + timedelta(days=1)))
    return rows


def _period(query: ListQuery, *, at: datetime) -> tuple[date, date]:
    last = _day(query.one("to")) or timezone.localdate(at)
    first = _day(query.one("from")) or last - timedelta(days=DAYS_BY_DEFAULT - 1)
    return max(first, last - timedelta(days=366)), last


def _day(text: str) -> date | None:
    """Return the day that was asked for, or None for what is no day of the platform's life."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _uuid(text: str) -> UUID:
    """Return the id that was asked for; what is none finds nothing."""
    try:
        return UUID(text)
    except ValueError:
        return NOBODY


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())


def _by_day(rows: CallRecordQuerySet, *, first: date, last: date) -> tuple[CallCount, ...]:
    grouped = (
        rows.order_by()
        .annotate(day=TruncDate("at"))
        .values("day")
        .annotate(total=Count("sequence"), answered=Count("sequence", filter=Q(verdict=CallRow.ANSWERED)))
        .values_list("day", "total", "answered")
    )
    found = {day: (answered, total - answered) for day, total, answered in grouped}
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(
        CallCount(
            key=day.isoformat(),
            label=f"{day:%m-%d}",
            answered=found.get(day, (0, 0))[0],
            refused=found.get(day, (0, 0))[1],
            day=day,
        )
        for day in days
    )


def _by_purpose(rows: CallRecordQuerySet) -> tuple[CallCount, ...]:
    grouped = (
        rows.order_by()
        .values("purpose")
        .annotate(total=Count("sequence"), answered=Count("sequence", filter=Q(verdict=CallRow.ANSWERED)))
        .values_list("purpose", "total", "answered")
    )
    return tuple(
        CallCount(key=code, label=purpose_name(code) or "—", answered=answered, refused=total - answered)
        for code, total, answered in sorted(grouped, key=lambda row: -row[1])
    )


def _records(rows: Sequence[CallRow]) -> tuple[CallRecord, ...]:
    names = names_of(one for row in rows for one in (row.consumer_department_id, row.provider_department_id))
    grants = {row.grant_id for row in rows if row.grant_id}
    known = {one.id: one for one in Grant.objects.filter(id__in=grants).only("system_name", "resource_name")}
    return tuple(
        _record(row, names=names, grant=known.get(row.grant_id) if row.grant_id else None) for row in rows
    )


def _record(row: CallRow, *, names: Names, grant: Grant | None) -> CallRecord:
    return CallRecord(
        id=row.id,
        sequence=row.sequence,
        at=row.at,
        system_id=SystemId(row.system_id),
        system_name="" if grant is None else grant.system_name,
        consumer_id=DepartmentId(row.consumer_department_id),
        consumer_name=names(row.consumer_department_id),
        provider_id=DepartmentId(row.provider_department_id) if row.provider_department_id else None,
        provider_name=names(row.provider_department_id),
        grant_id=GrantId(row.grant_id) if row.grant_id else None,
        resource_code=row.resource_code,
        resource_name="" if grant is None else grant.resource_name,
        operation=row.operation,
        purpose=row.purpose,
        purpose_name=purpose_name(row.purpose),
        case_ref=row.case_ref,
        official_ref=row.official_ref,
        verdict=row.verdict,
        fields=tuple(row.fields),
        row_count=row.row_count,
        microseconds=row.microseconds,
    )
