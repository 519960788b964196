"""What the data authority looks at: many ratings within minutes by the codes of one clerk."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from zhengshu.contexts.services.application.invite_rating import policy_in_force
from zhengshu.contexts.services.domain.ratings import bursts
from zhengshu.contexts.services.models import Rater
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor

LOOKED_BACK: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualRatings:
    """A run of ratings by the codes of one clerk; what was said, and by whom, is not told."""

    clerk: str
    department: str
    first_at: datetime
    last_at: datetime
    ratings: int


def unusual_ratings(*, actor: Actor, at: datetime) -> Sequence[UnusualRatings]:
    """Return the runs of three months in departments for which the actor's office calls back, the latest first."""
    rows = Rater.objects.counted_for(actor).filter(
        invitation__made_by__isnull=False, invitation__used_at__gte=at - LOOKED_BACK
    )
    moments: dict[tuple[UUID, str], list[datetime]] = defaultdict(list)
    for clerk, department, used_at in rows.order_by("invitation__used_at").values_list(
        "invitation__made_by", "invitation__department_name", "invitation__used_at"
    ):
        if clerk is not None and used_at is not None:
            moments[clerk, department].append(used_at)
    names = trust.names_of(ids=[clerk for clerk, _department in moments])
    rule = policy_in_force().unusual
    found = [
        UnusualRatings(
            clerk=names.get(clerk, ""),
            department=department,
            first_at=run[0],
            last_at=run[-1],
            ratings=len(run),
        )
        for (clerk, department), used in moments.items()
        for run in bursts(used, least=rule.ratings, within=timedelta(minutes=rule.minutes))
    ]
    return tuple(sorted(found, key=lambda one: one.last_at, reverse=True))
