"""How departments keep to their limits: answers and deliveries in time, interfaces that nobody uses."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q

from zhengshu.contexts.exchange.application.names import names_of
from zhengshu.contexts.exchange.models.calls import CallRecord
from zhengshu.contexts.exchange.models.grants import Grant
from zhengshu.contexts.exchange.models.requests import ShareRequest
from zhengshu.kernel.actors import Actor

UNUSED_AFTER = timedelta(days=92)
"""An interface without a call for three months is rectified or closed (黑政办规〔2025〕1号)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderScore:
    """How a department answers and delivers.

    Attributes:
        asked: requests that reached it.
        answered, answered_in_time: its answers.
        late: requests that wait for its answer or delivery beyond the limit.
        delivered, delivered_in_time: its deliveries.
        grants: in force.
        unused: grants in force for three months or more without a call in that time.
    """

    department_name: str
    asked: int
    answered: int
    answered_in_time: int
    late: int
    delivered: int
    delivered_in_time: int
    grants: int
    unused: int

    @property
    def answer_rate(self) -> float | None:
        """The share of answers in time."""
        return self.answered_in_time / self.answered if self.answered else None

    @property
    def delivery_rate(self) -> float | None:
        """The share of deliveries in time."""
        return self.delivered_in_time / self.delivered if self.delivered else None


def scores(*, actor: Actor, at: datetime) -> tuple[ProviderScore, ...]:
    """Return the numbers of each provider whose requests the actor may see, in a fixed number of queries.

    Basis: Decree 809, articles 21, 22 and 38.
    """
    rows = ShareRequest.objects.visible_to(actor).exclude(submitted_at=None).order_by()
    counted = rows.values("provider_department_id").annotate(
        asked=Count("id"),
        answered=Count("id", filter=Q(answered_at__isnull=False)),
        answered_in_time=Count("id", filter=Q(answered_at__lte=F("answer_due_at"))),
        late=Count("id", filter=Q(due_at__lt=at)),
        delivered=Count("id", filter=Q(delivered_at__isnull=False)),
        delivered_in_time=Count("id", filter=Q(delivered_at__lte=F("delivery_due_at"))),
    )
    found = list(counted)
    used = _use(actor, at=at)
    names = names_of(row["provider_department_id"] for row in found)
    return tuple(
        ProviderScore(
            department_name=names(row["provider_department_id"]),
            asked=row["asked"],
            answered=row["answered"],
            answered_in_time=row["answered_in_time"],
            late=row["late"],
            delivered=row["delivered"],
            delivered_in_time=row["delivered_in_time"],
            grants=used.get(row["provider_department_id"], (0, 0))[0],
            unused=used.get(row["provider_department_id"], (0, 0))[1],
        )
        for row in sorted(found, key=lambda row: (-row["late"], -row["asked"]))
    )


def _use(actor: Actor, *, at: datetime) -> dict[UUID, tuple[int, int]]:
    """Return by provider how many grants are in force, and how many of them nobody uses."""
    since = at - UNUSED_AFTER
    calls = CallRecord.objects.filter(grant_id=OuterRef("id"), at__gte=since)
    rows = Grant.objects.visible_to(actor).active(at=at).annotate(is_used=Exists(calls)).order_by()
    counted = (
        rows.values("provider_department_id")
        .annotate(total=Count("id"), unused=Count("id", filter=Q(is_used=False, active_from__lt=since)))
        .values_list("provider_department_id", "total", "unused")
    )
    return {department: (total, unused) for department, total, unused in counted}
