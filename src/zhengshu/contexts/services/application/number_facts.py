"""What numbers are made of: applications and bad ratings that the reader may see, narrowed by what he chose."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Count, Q
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.domain.applications import ApplicationState, PreReview
from zhengshu.contexts.services.domain.limits import ItemLimit
from zhengshu.contexts.services.domain.numbers import BadRating, Fact
from zhengshu.contexts.services.domain.vocabulary import Channel, MaterialSource
from zhengshu.contexts.services.models import Application, ItemVersion, PreReviewCheck, Rating
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor

FILTERS = ("item", "department", "month")
_FROM_HOME = frozenset({Channel.WEB.value, Channel.MOBILE.value})
_SUPPLIED = (MaterialSource.CERTIFICATE.value, MaterialSource.REGISTER.value)


@dataclass(frozen=True, slots=True)
class _Version:
    """What counting needs of a version of an item."""

    statutory_days: int | None
    has_certificate: bool
    materials: int


def fits(one: Fact | BadRating, query: ListQuery) -> bool:
    """Whether an application or a rating is of the item, the department and the month that were chosen."""
    return (
        query.one("item") in {"", one.item}
        and query.one("department") in {"", one.department}
        and query.one("month") in {"", f"{one.month:%Y-%m}"}
    )


def facts_of(*, actor: Actor, at: datetime) -> Iterator[Fact]:
    """Return what is counted of each application that the reader may see."""
    rows = list(Application.objects.visible_to(actor).select_related("item").defer(*_LONG))
    checks = _checks(actor)
    kept = casework.limits_kept(case_ids=[row.case_id for row in rows], at=at)
    versions = _versions({(row.item_id, row.item_version) for row in rows})
    names = trust.department_names(ids={row.department_id for row in rows})
    for row in rows:
        version = versions.get((row.item_id, row.item_version), _Version(None, False, 0))
        made, by_rule = checks.get(row.id, (0, 0))
        is_granted = row.state == ApplicationState.GRANTED
        yield Fact(
            id=row.id,
            item=row.item.code,
            item_name=row.item.name,
            department=str(row.department_id),
            department_name=names.get(row.department_id, row.item.department_name),
            month=timezone.localdate(row.submitted_at).replace(day=1),
            state=ApplicationState(row.state),
            is_hands_free=row.is_hands_free,
            kept=kept.get(row.case_id),
            days_saved=_saved(row, version) if is_granted else 0,
            visits_saved=int(row.channel in _FROM_HOME) + int(is_granted and version.has_certificate),
            materials=version.materials,
            checks=made,
            checks_by_rule=by_rule,
        )


_LONG = ("sources", "item__all_words", "item__meaning", "item__summary")


def _checks(actor: Actor) -> Mapping[UUID, tuple[int, int]]:
    """Return how many checks each application had, and how many of them a rule answered."""
    rows = (
        PreReviewCheck.objects.visible_to(actor)
        .order_by()
        .values_list("application_id")
        .annotate(made=Count("id"), by_rule=Count("id", filter=~Q(verdict=PreReview.PERSON.value)))
    )
    return {application: (made, by_rule) for application, made, by_rule in rows}


def _saved(row: Application, version: _Version) -> int:
    if version.statutory_days is None or row.decided_at is None:
        return 0
    return max(0, version.statutory_days - (row.decided_at - row.submitted_at).days)


def _versions(wanted: set[tuple[UUID, int]]) -> Mapping[tuple[UUID, int], _Version]:
    rows = (
        ItemVersion.objects.filter(item_id__in={item for item, _number in wanted})
        .annotate(supplied=Count("materials", filter=Q(materials__source__in=_SUPPLIED)))
        .values_list("item_id", "number", "elements", "supplied")
    )
    return {
        (item, number): _Version(
            statutory_days=_days(elements.get("statutory")),
            has_certificate=any(one.get("certificate_type") for one in elements.get("outcomes", ())),
            materials=supplied,
        )
        for item, number, elements, supplied in rows
        if (item, number) in wanted
    }


def _days(limit: object) -> int | None:
    return int(msgspec.convert(limit, ItemLimit).days) if limit else None


def bad_ratings_of(*, actor: Actor) -> Iterator[BadRating]:
    """Return what is counted of each bad rating for the reader."""
    rows = list(Rating.objects.counted_for(actor).select_related("cell"))
    names = trust.department_names(ids={row.cell.department_id for row in rows})
    for row in rows:
        yield BadRating(
            id=row.id,
            item=row.cell.item_code,
            item_name=row.cell.item_name,
            department=str(row.cell.department_id),
            department_name=names.get(row.cell.department_id, row.cell.department_name),
            month=row.given_on.replace(day=1),
            is_mended=row.rectified_at is not None,
        )
