"""Opening a figure down to what it counts: applications, checks, or rectifications of bad ratings."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import F, IntegerField, Q, QuerySet, Sum, Value
from django.utils import timezone

from zhengshu.contexts.services.application.english_names import english_names
from zhengshu.contexts.services.application.number_facts import (
    MEASURES,
    applications_of,
    bad_ratings_of,
    open_in_time,
)
from zhengshu.contexts.services.domain.applications import PreReview
from zhengshu.contexts.services.domain.numbers import CHECKS, MENDED
from zhengshu.contexts.services.models import Application, PreReviewCheck
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.kernel.actors import Actor


class Counted(StrEnum):
    """What a row of an opened figure is."""

    APPLICATION = "application"
    CHECK = "check"
    RECTIFICATION = "rectification"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedRow:
    """What a figure counts.

    Attributes:
        kind: an application, one of its checks, or the rectification of a bad rating.
        id: of the application's case; of the rating, for a rectification.
        number: of the case.
        item_name: the service item, in Chinese.
        check: what was checked, in Chinese and in English; empty for what is no check.
        state: how the application stands, what the check said, or how the rectification ended.
        sent_at: when the application was sent; None for a rating, of which the month alone is told.
        value: what it adds to the figure.
    """

    kind: Counted
    id: UUID
    number: str
    item_name: str
    item_name_en: str
    department_name: str
    check: tuple[str, ...] = ()
    state: str
    sent_at: datetime | None
    month: str
    value: int


def open_figure(*, figure: str, query: ListQuery, actor: Actor, at: datetime) -> Page[CountedRow]:
    """Return what a figure counts, the latest first; an unknown figure counts nothing.

    The values of all rows add up to the figure, whatever was chosen.
    """
    first = (query.page - 1) * query.size
    here = slice(first, first + query.size)
    if figure == MENDED:
        return _rectifications(query, actor=actor, here=here)
    if figure not in MEASURES:
        return Page(rows=(), total=0, query=query)
    counts = MEASURES[figure].counts
    if figure in _LIMITS:
        wanted = _LIMITS[figure]
        kept = open_in_time(actor=actor, at=at)
        counts |= Q(case_id__in=[case_id for case_id, is_kept in kept.items() if is_kept is wanted])
    counted = applications_of(query=query, actor=actor).filter(counts)
    if figure == CHECKS:
        return _checks(counted, query, here=here)
    return _applications(counted, query, weight=MEASURES[figure].weight, here=here)


_LIMITS = {"kept": True, "late": False}
"""Figure → whether the limits of what it counts were kept."""


def _applications(
    counted: QuerySet[Application], query: ListQuery, *, weight: str, here: slice
) -> Page[CountedRow]:
    value = F(weight) if weight else Value(1, output_field=IntegerField())
    rows = counted.annotate(value=value).select_related("item").defer(*_LONG).order_by("-submitted_at", "-id")
    found = list(rows[here])
    names = trust.department_names(ids={row.department_id for row in found})
    shown = tuple(
        CountedRow(
            kind=Counted.APPLICATION,
            id=row.case_id,
            number=row.number,
            item_name=row.item.name,
            item_name_en=row.item.name_en,
            department_name=names.get(row.department_id, row.item.department_name),
            state=row.state,
            sent_at=row.submitted_at,
            month=_month(row.submitted_at),
            value=row.value,
        )
        for row in found
    )
    return Page(rows=shown, total=counted.count(), query=query)


_LONG = ("sources", "item__all_words", "item__meaning", "item__summary")


def _checks(counted: QuerySet[Application], query: ListQuery, *, here: slice) -> Page[CountedRow]:
    rows = (
        PreReviewCheck.objects.filter(application__in=counted)
        .exclude(verdict=PreReview.PERSON.value)
        .select_related("application__item")
        .defer(*(f"application__{name}" for name in _LONG))
        .order_by("-application__submitted_at", "-application_id", "position")
    )
    found = list(rows[here])
    names = trust.department_names(ids={row.application.department_id for row in found})
    shown = tuple(
        CountedRow(
            kind=Counted.CHECK,
            id=row.application.case_id,
            number=row.application.number,
            item_name=row.application.item.name,
            item_name_en=row.application.item.name_en,
            department_name=names.get(row.application.department_id, row.application.item.department_name),
            check=tuple(row.name),
            state=row.verdict,
            sent_at=row.application.submitted_at,
            month=_month(row.application.submitted_at),
            value=1,
        )
        for row in found
    )
    total = counted.aggregate(total=Sum("checks_by_rule"))["total"] or 0
    return Page(rows=shown, total=total, query=query)


def _rectifications(query: ListQuery, *, actor: Actor, here: slice) -> Page[CountedRow]:
    mended = bad_ratings_of(query=query, actor=actor).filter(rectified_at__isnull=False)
    found = list(mended.select_related("cell").order_by("-rectification_number")[here])
    names = trust.department_names(ids={row.cell.department_id for row in found})
    english = english_names(codes=(row.cell.item_code for row in found))
    shown = tuple(
        CountedRow(
            kind=Counted.RECTIFICATION,
            id=row.id,
            number=row.rectification_number,
            item_name=row.cell.item_name,
            item_name_en=english.get(row.cell.item_code, ""),
            department_name=names.get(row.cell.department_id, row.cell.department_name),
            state=row.rectified_as,
            sent_at=None,
            month=f"{row.given_on:%Y-%m}",
            value=1,
        )
        for row in found
    )
    return Page(rows=shown, total=mended.count(), query=query)


def _month(moment: datetime) -> str:
    return f"{timezone.localdate(moment):%Y-%m}"
