"""Reading applications and what their checks said, always by what the actor may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, Sum

from zhengshu.contexts.services.application.application_records import (
    ApplicationRecord,
    application_of,
    check_of,
)
from zhengshu.contexts.services.domain.applications import PreReview
from zhengshu.contexts.services.models import Application, PreReviewCheck
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId


class ApplicationNotFound(Refused):
    """There is no such application that the actor may see; look for it by its number among your matters."""

    code = "services.application-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such application, or you may not see it."


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsFree:
    """How much of applications no person had to do.

    Attributes:
        applications: how many were submitted.
        hands_free: how many of them were decided by nobody.
        checks: how many checks were made.
        checks_by_rule: how many of them were answered without a question to a person.
        supplied: answers that sources gave.
        typed: answers that people gave.
    """

    applications: int
    hands_free: int
    checks: int
    checks_by_rule: int
    supplied: int
    typed: int

    @property
    def share(self) -> float | None:
        """The share of applications that no person decided; None where there is none."""
        return self.hands_free / self.applications if self.applications else None

    @property
    def share_of_checks(self) -> float | None:
        """The share of checks that no person had to answer."""
        return self.checks_by_rule / self.checks if self.checks else None


def application(
    *,
    actor: Actor,
    number: str = "",
    case_id: CaseId | None = None,
    draft_id: UUID | None = None,
    application_id: UUID | None = None,
) -> ApplicationRecord:
    """Return an application by its number, its case, its form or its id.

    Raises:
        ApplicationNotFound: there is none that the actor may see.
    """
    asked = {"number": number, "case_id": case_id, "draft_id": draft_id, "pk": application_id}
    wanted = {name: value for name, value in asked.items() if value}
    rows = Application.objects.visible_to(actor).select_related("item")
    row = rows.filter(**wanted).first() if wanted else None
    if row is None:
        raise ApplicationNotFound
    return application_of(row, checks=tuple(check_of(one) for one in row.checks.all()))


def applications(*, case_ids: Iterable[CaseId], actor: Actor) -> Mapping[CaseId, ApplicationRecord]:
    """Return the applications behind those cases that the actor may see, without their checks, in one query."""
    rows = Application.objects.visible_to(actor).select_related("item").filter(case_id__in=list(case_ids))
    return {CaseId(row.case_id): application_of(row) for row in rows}


def hands_free(
    *, actor: Actor, since: datetime | None = None, until: datetime | None = None, item: str = ""
) -> HandsFree:
    """Return how much no person had to do, over the applications that the actor may see, in two queries."""
    wanted = Q()
    if since is not None:
        wanted &= Q(submitted_at__gte=since)
    if until is not None:
        wanted &= Q(submitted_at__lt=until)
    if item:
        wanted &= Q(item__code=item)
    rows = Application.objects.visible_to(actor).filter(wanted).order_by()
    counted = rows.aggregate(
        applications=Count("pk"),
        hands_free=Count("pk", filter=Q(is_hands_free=True)),
        supplied=Sum("supplied", default=0),
        typed=Sum("typed", default=0),
    )
    checked = (
        PreReviewCheck.objects.filter(application__in=rows)
        .order_by()
        .aggregate(checks=Count("pk"), checks_by_rule=Count("pk", filter=~Q(verdict=PreReview.PERSON.value)))
    )
    return HandsFree(**counted, **checked)
