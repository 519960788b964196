"""Share requests, and the measures taken on grants."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from zhengshu.contexts.exchange.domain.requests import CLOSED, Delivery, Frequency, RequestState
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import new_id

DATA_ROLES = frozenset(
    {Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.REVIEWER, Role.APPROVER, Role.OPERATOR, Role.LEADER}
)
"""Who has to do with requests at all; the three administrators do not."""


class RequestNotFound(Refused):
    """No such request, or not one that the actor may see."""

    code = "exchange.request-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such share request, or it is not one of your department's."


class ShareRequests(models.QuerySet["ShareRequest"]):
    """Share requests, narrowed to what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of the actor's department, those asked of it, and for the data authority its region's.

        A draft is seen by its own department only.
        """
        if actor.is_platform:
            return self
        if actor.department_id is None or not actor.has(*DATA_ROLES):
            return self.none()
        submitted = ~Q(state=RequestState.DRAFT)
        mine = Q(consumer_department_id=actor.department_id)
        asked_of_me = Q(provider_department_id=actor.department_id) & submitted
        seen = mine | asked_of_me
        if actor.has(Role.REVIEWER):
            seen |= Q(authority_department_id=actor.department_id) & submitted
        return self.filter(seen)

    def one(self, request_id: UUID) -> "ShareRequest":
        """Return one request.

        Raises:
            RequestNotFound: it does not exist or is not visible.
        """
        return self._only(self.filter(id=request_id))

    def locked(self, request_id: UUID) -> "ShareRequest":
        """Return one request, locked until the transaction ends.

        Raises:
            RequestNotFound: it does not exist or is not visible.
        """
        return self._only(self.select_for_update().filter(id=request_id))

    def _only(self, rows: Iterable["ShareRequest"]) -> "ShareRequest":
        found = next(iter(rows), None)
        if found is None:
            raise RequestNotFound
        return found


class ShareRequest(models.Model):
    """One department asks another for data (Decree 809, article 20)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, blank=True)
    """Of its case; empty while a draft."""
    case_id = models.UUIDField(null=True, unique=True)

    resource_id = models.UUIDField()
    resource_code = models.CharField(max_length=100)
    resource_name = models.CharField(max_length=200)
    resource_version = models.PositiveIntegerField()
    sharing_class = models.CharField(max_length=20)
    fields = models.JSONField()
    """The resource's items at the time, as `OfferedField`: what the request is judged by."""

    consumer_department_id = models.UUIDField()
    provider_department_id = models.UUIDField()
    authority_department_id = models.UUIDField()

    system_id = models.UUIDField(null=True)
    legal_basis = models.TextField(blank=True)
    scenario = models.TextField(blank=True)
    purpose = models.CharField(max_length=60, blank=True)
    columns = models.JSONField(default=list)
    conditions = models.JSONField(default=list)
    delivery = models.CharField(max_length=10, default=Delivery.API)
    frequency = models.CharField(max_length=10, default=Frequency.PER_CASE)
    valid_until = models.DateTimeField(null=True)
    per_second = models.PositiveIntegerField(default=10)
    per_day = models.PositiveIntegerField(default=10_000)
    is_declared = models.BooleanField(default=False)

    state = models.CharField(max_length=20, default=RequestState.DRAFT)
    due_at = models.DateTimeField(null=True)
    """When the running clock of the case ends; None while none runs."""
    extension_reason = models.TextField(blank=True)
    """Why the provider asked for more time; empty while it did not."""
    extension_asked_at = models.DateTimeField(null=True)
    extended_at = models.DateTimeField(null=True)
    """When the data authority consented."""

    return_reason = models.TextField(blank=True)
    """Why the requester's own head sent it back."""
    completion_notice = models.TextField(blank=True)
    completion_asked_at = models.DateTimeField(null=True)
    completion_reply = models.TextField(blank=True)

    answer_kind = models.CharField(max_length=20, blank=True)
    answer_reason = models.TextField(blank=True)
    answer_ground = models.CharField(max_length=30, blank=True)
    answer_basis = models.TextField(blank=True)
    terms = models.JSONField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    delivery_due_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    created_by = models.UUIDField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    objects = ShareRequests.as_manager()

    class Meta:
        db_table = "exchange_share_request"
        indexes = [
            models.Index(fields=["consumer_department_id", "-changed_at"], name="request_consumer"),
            models.Index(fields=["provider_department_id", "-changed_at"], name="request_provider"),
            models.Index(fields=["authority_department_id", "-changed_at"], name="request_authority"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in RequestState]), name="request_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.DRAFT) | Q(case_id__isnull=False, submitted_at__isnull=False),
                name="request_submitted_has_case",
            ),
            models.CheckConstraint(
                condition=~Q(consumer_department_id=models.F("provider_department_id")),
                name="request_not_of_own_resource",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.REFUSED) | ~Q(answer_reason=""),
                name="request_refused_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.id} {self.resource_code}"

    @property
    def is_closed(self) -> bool:
        """Whether nobody has to act any more."""
        return self.state in CLOSED

    def touch(self, *, at: datetime) -> None:
        """Save every field with the time of the change."""
        self.changed_at = at
        self.save()


class GrantMeasure(models.Model):
    """A suspension, resumption or revocation of a grant (Decree 809, article 27)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    grant_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=20)
    reason = models.TextField()
    consultation = models.TextField(blank=True)
    """What was agreed with the consumer, when, with whom in which office."""
    filing = models.CharField(max_length=200, blank=True)
    """Under which number it was filed with the data authority."""
    taken_by = models.UUIDField()
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "exchange_grant_measure"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["suspend", "resume", "revoke"]), name="measure_kind_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="measure_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.grant_id}"
