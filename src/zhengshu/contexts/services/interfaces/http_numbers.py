"""Management API of `services`: numbers, and how services were rated."""

from dataclasses import asdict, replace
from typing import Annotated, Literal

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from zhengshu.contexts.services.application import rating_queries
from zhengshu.contexts.services.application.open_figure import open_figure
from zhengshu.contexts.services.application.see_numbers import see_numbers
from zhengshu.contexts.services.domain.numbers import Figure
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Role

router = Router(tags=["services"])


class FigureOut(Schema):
    """A figure: its value, the whole of which it is a share, and how many applications it opens down to."""

    value: int
    whole: int | None
    cases: int
    share: float | None


class NumbersOut(Schema):
    """Figures over what the caller may see, and the same for each month, item or department."""

    figures: dict[str, FigureOut]
    groups: dict[str, dict[str, FigureOut]]


class CountedOut(Schema):
    """What a figure counts: an application, a check of one, or a rectification; `value` is what it adds."""

    kind: str
    number: str
    item_name: str
    department_name: str
    state: str
    month: str
    value: int


class OpenedOut(Schema):
    """A page of what a figure counts; `total` is of all pages."""

    total: int
    rows: list[CountedOut]


class RatedOut(Schema):
    """What is published of one department, item or window: counts from the best level to the worst."""

    key: str
    name: str
    department: str
    counts: list[int]
    stars: float | None
    satisfied: float | None


@router.get(
    "/numbers",
    auth=official(Role.LEADER, Role.REVIEWER, Role.DEPARTMENT_HEAD),
    response=NumbersOut,
    summary="Read figures of services",
)
def numbers(
    request: ActorRequest,
    by: Literal["month", "item", "department"] = "month",
    item: str = "",
    department: str = "",
    month: str = "",
) -> NumbersOut:
    """Return the figures, narrowed by item, department and month (``2026-03``)."""
    query = _query(item=item, department=department, month=month)
    found = see_numbers(query=query, by=by, actor=request.actor, at=timezone.now())
    return NumbersOut(
        figures={code: _figure(one) for code, one in found.figures.items()},
        groups={
            key: {code: _figure(one) for code, one in some.items()}
            for (key, _name), some in found.groups.items()
        },
    )


@router.get(
    "/numbers/{figure}",
    auth=official(Role.LEADER, Role.REVIEWER, Role.DEPARTMENT_HEAD),
    response=OpenedOut,
    summary="Open a figure down to what it counts",
)
def opened(
    request: ActorRequest,
    figure: str,
    item: str = "",
    department: str = "",
    month: str = "",
    page: Annotated[int, Field(ge=1, le=10_000)] = 1,
) -> OpenedOut:
    """Return what a figure counts, the latest first; an unknown figure counts nothing."""
    query = replace(_query(item=item, department=department, month=month), page=page)
    found = open_figure(figure=figure, query=query, actor=request.actor, at=timezone.now())
    rows = [
        CountedOut(
            kind=one.kind.value,
            number=one.number,
            item_name=one.item_name,
            department_name=one.department_name,
            state=one.state,
            month=one.month,
            value=one.value,
        )
        for one in found.rows
    ]
    return OpenedOut(total=found.total, rows=rows)


@router.get("/ratings", auth=official(), response=list[RatedOut], summary="Read how services were rated")
def ratings(
    request: ActorRequest,  # noqa: ARG001 - results are public
    by: Literal["department", "item", "window"] = "item",
) -> list[RatedOut]:
    """Return published results, in whole batches."""
    return [
        RatedOut(
            key=one.key,
            name=one.name,
            department=one.department,
            counts=list(one.tally.counts),
            stars=one.tally.stars,
            satisfied=one.tally.satisfied,
        )
        for one in rating_queries.results(by=by)
    ]


def _query(**wanted: str) -> ListQuery:
    return ListQuery(filters={name: (value,) for name, value in wanted.items() if value})


def _figure(one: Figure) -> FigureOut:
    return FigureOut(**asdict(one), share=one.share)
