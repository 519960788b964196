"""Numbers for leaders: over the applications and the bad ratings that the reader may see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, Max, Min, OuterRef
from django.utils import timezone

from zhengshu.contexts.services.application.english_names import english_names
from zhengshu.contexts.services.application.number_facts import BY, groups_of, sent_figures
from zhengshu.contexts.services.domain.numbers import Figure, total
from zhengshu.contexts.services.models import Application, Rating, ServiceItem
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """All figures of what was asked for.

    Attributes:
        figures: by code, see `domain.numbers.figures`.
        groups: the same by month, item or department.
        items: item code → name, to narrow down.
        english: item code → its name in English, where it has one.
        departments: department id → name.
        months: from the first in which something was sent or rated to the last, the latest first.
    """

    figures: Mapping[str, Figure]
    groups: Mapping[tuple[str, str], Mapping[str, Figure]]
    items: Mapping[str, str]
    english: Mapping[str, str]
    departments: Mapping[str, str]
    months: tuple[str, ...]


def see_numbers(*, query: ListQuery, by: str, actor: Actor, at: datetime) -> Numbers:
    """Return the figures over what the reader may see, narrowed by item, department and month."""
    wanted = by if by in BY else "month"
    groups = groups_of(query=query, by=wanted, actor=actor, at=at)
    items, departments, months = _items(actor), _departments(actor), _months(actor)
    names = {"item": items, "department": departments}.get(wanted, {})
    return Numbers(
        figures=total(groups.values()),
        groups={(key, names.get(key, key)): groups[key] for key in sorted(groups)},
        items=items,
        english=english_names(codes=items),
        departments=departments,
        months=months,
    )


def month_figures(*, actor: Actor, at: datetime) -> Mapping[str, Figure]:
    """Return the figures of what was sent this month, for a first page; limits of open applications are not asked."""
    query = ListQuery(filters={"month": (f"{timezone.localdate(at):%Y-%m}",)})
    return total(figures for _month, figures in sent_figures(query, "month", actor))


def _items(actor: Actor) -> Mapping[str, str]:
    sent = Application.objects.visible_to(actor).filter(item=OuterRef("pk"))
    offered = ServiceItem.objects.filter(Exists(sent)).values_list("code", "name")
    rated = Rating.objects.counted_for(actor).values_list("cell__item_code", "cell__item_name").distinct()
    return _sorted({**dict(rated.order_by()), **dict(offered)})


def _departments(actor: Actor) -> Mapping[str, str]:
    sent = Application.objects.visible_to(actor).order_by().values_list("department_id", flat=True).distinct()
    cells = Rating.objects.counted_for(actor).order_by()
    rated = dict(cells.values_list("cell__department_id", "cell__department_name").distinct())
    known = trust.department_names(ids={*sent, *rated})
    return _sorted({str(one): known.get(one, rated.get(one, "")) for one in {*known, *rated}})


def _months(actor: Actor) -> tuple[str, ...]:
    sent = Application.objects.visible_to(actor).aggregate(
        first=Min("submitted_at"), last=Max("submitted_at")
    )
    rated = Rating.objects.counted_for(actor).aggregate(first=Min("given_on"), last=Max("given_on"))
    ends = [timezone.localdate(one) for one in sent.values() if one] + [one for one in rated.values() if one]
    return tuple(_back(max(ends), to=min(ends))) if ends else ()


def _back(last: date, *, to: date) -> Iterator[str]:
    for number in range(last.year * 12 + last.month - 1, to.year * 12 + to.month - 2, -1):
        yield f"{number // 12:04}-{number % 12 + 1:02}"


def _sorted(names: Mapping[str, str]) -> Mapping[str, str]:
    return dict(sorted(names.items(), key=lambda pair: pair[1]))
