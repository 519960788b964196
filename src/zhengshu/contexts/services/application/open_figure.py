"""Opening a figure down to what it counts: applications, checks, or rectifications of bad ratings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from zhengshu.contexts.services.application.number_facts import bad_ratings_of, facts_of, fits
from zhengshu.contexts.services.domain.applications import PreReview
from zhengshu.contexts.services.domain.numbers import CHECKS, MEASURES, MENDED, BadRating, Fact, counted
from zhengshu.contexts.services.models import Application, PreReviewCheck, Rating
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
        item_name: the service item.
        check: what was checked, in Chinese and in English; empty for what is no check.
        state: how the application stands, what the check said, or how the rectification ended.
        sent_at: when the application was sent; None for a rating, of which the month alone is told.
        value: what it adds to the figure.
    """

    kind: Counted
    id: UUID
    number: str
    item_name: str
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
        bad = [one for one in bad_ratings_of(actor=actor) if fits(one, query) and one.is_mended]
        return Page(rows=_rectifications(bad, actor=actor, here=here), total=len(bad), query=query)
    facts = [fact for fact in facts_of(actor=actor, at=at) if fits(fact, query)]
    values = counted(facts, figure=figure) if figure in MEASURES else {}
    known = {fact.id: fact for fact in facts}
    if figure == CHECKS:
        rows = _checks(values, known, actor=actor, here=here)
        return Page(rows=rows, total=sum(values.values()), query=query)
    rows = _applications(values, known, actor=actor, here=here)
    return Page(rows=rows, total=len(values), query=query)


def _applications(
    values: Mapping[UUID, int], known: Mapping[UUID, Fact], *, actor: Actor, here: slice
) -> tuple[CountedRow, ...]:
    rows = Application.objects.visible_to(actor).filter(pk__in=values)
    return tuple(
        CountedRow(
            kind=Counted.APPLICATION,
            id=row.case_id,
            number=row.number,
            item_name=known[row.id].item_name,
            department_name=known[row.id].department_name,
            state=row.state,
            sent_at=row.submitted_at,
            month=f"{known[row.id].month:%Y-%m}",
            value=values[row.id],
        )
        for row in rows.order_by("-submitted_at", "-id")[here]
    )


def _checks(
    values: Mapping[UUID, int], known: Mapping[UUID, Fact], *, actor: Actor, here: slice
) -> tuple[CountedRow, ...]:
    rows = (
        PreReviewCheck.objects.visible_to(actor)
        .filter(application__in=values)
        .exclude(verdict=PreReview.PERSON.value)
        .select_related("application")
        .order_by("-application__submitted_at", "-application_id", "position")
    )
    return tuple(
        CountedRow(
            kind=Counted.CHECK,
            id=row.application.case_id,
            number=row.application.number,
            item_name=known[row.application_id].item_name,
            department_name=known[row.application_id].department_name,
            check=tuple(row.name),
            state=row.verdict,
            sent_at=row.application.submitted_at,
            month=f"{known[row.application_id].month:%Y-%m}",
            value=1,
        )
        for row in rows[here]
    )


def _rectifications(bad: Sequence[BadRating], *, actor: Actor, here: slice) -> tuple[CountedRow, ...]:
    known = {one.id: one for one in bad}
    rows = Rating.objects.counted_for(actor).filter(pk__in=known).order_by("-rectification_number")
    return tuple(
        CountedRow(
            kind=Counted.RECTIFICATION,
            id=row.id,
            number=row.rectification_number,
            item_name=known[row.id].item_name,
            department_name=known[row.id].department_name,
            state=row.rectified_as,
            sent_at=None,
            month=f"{known[row.id].month:%Y-%m}",
            value=1,
        )
        for row in rows[here]
    )
