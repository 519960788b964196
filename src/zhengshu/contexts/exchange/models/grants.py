"""Grants: what a consuming system may read, written out so that the data plane needs no other table."""

from collections.abc import Collection
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from zhengshu.foundation.statements import Selection
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

OVERSEERS = (Role.REVIEWER, Role.AUDIT_ADMIN)
"""Who sees the grants and calls of all departments: the data authority and the audit."""


def every_operation() -> list[str]:
    """Return the operations that a grant opens unless it is narrowed."""
    return ["records", "verify"]


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants, by who may see them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the grants of the actor's department, on either side; the overseers see all."""
        if actor.has(*OVERSEERS):
            return self
        if actor.department_id is None:
            return self.none()
        return self.filter(
            Q(consumer_department_id=actor.department_id) | Q(provider_department_id=actor.department_id)
        )

    def active(self, *, at: datetime) -> Self:
        """Return the grants that open a door at an instant."""
        return self.filter(active_from__lte=at, active_to__gt=at, revoked_at=None)

    def for_forms(self, *, resource_code: str, systems: Collection[UUID], at: datetime) -> "list[Grant]":
        """Return the active grants by which some systems read a resource; `active`, written once for every form."""
        return _FOR_FORMS.rows(resource_code, list(systems), at, at)


class Grant(models.Model):
    """One consuming system may read some fields of some rows of one resource, for some purposes, for a time.

    Attributes:
        view_name: the view in the schema `serving`.
        key_columns: columns by which rows are asked for.
        fields: ``[{"name", "column", "grade", "mask"}]``; `mask` is a value of `kernel.masks.Mask`.
        row_filter: ``[{"column", "operator": eq|in|ge|le|prefix, "values": [text, …]}]``, all must hold; a
            value is canonical text of the column's type (2024-03-05, true, 12.50).
        purposes: purpose codes; each call names one of them.
        operations: `records`, `verify` or both.
        needs_case: whether each call must name the case it serves.
        quota_per_second, quota_per_day: answered calls, of all workers and gateways together.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request_id = models.UUIDField(db_index=True, null=True)
    """The share request that it answers; None where a department reads its own register."""
    system_id = models.UUIDField()
    system_name = models.CharField(max_length=200, blank=True)
    consumer_department_id = models.UUIDField()
    provider_department_id = models.UUIDField()
    resource_id = models.UUIDField()
    resource_code = models.CharField(max_length=100)
    resource_name = models.CharField(max_length=200, blank=True)
    view_name = models.CharField(max_length=63)
    key_columns = models.JSONField()
    fields = models.JSONField()
    row_filter = models.JSONField(default=list)
    purposes = models.JSONField()
    operations = models.JSONField(default=every_operation)
    needs_case = models.BooleanField(default=False)
    quota_per_second = models.PositiveIntegerField()
    quota_per_day = models.PositiveIntegerField()
    active_from = models.DateTimeField()
    active_to = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = GrantQuerySet.as_manager()

    class Meta:
        db_table = "exchange_grant"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(active_to__gt=models.F("active_from")), name="grant_period"),
            models.CheckConstraint(
                condition=Q(quota_per_second__gt=0) & Q(quota_per_day__gt=0), name="grant_quota"
            ),
            models.CheckConstraint(
                condition=Q(view_name__regex=r"^[a-z][a-z0-9_]*$"), name="grant_view_name"
            ),
            models.CheckConstraint(
                condition=~Q(fields=[]) & ~Q(purposes=[]) & ~Q(key_columns=[]) & ~Q(operations=[]),
                name="grant_opens_something",
            ),
        ]
        indexes = [
            models.Index(fields=["system_id", "resource_code"], name="grant_by_system"),
            models.Index(fields=["consumer_department_id", "id"], name="grant_by_consumer"),
            models.Index(fields=["provider_department_id", "id"], name="grant_by_provider"),
            models.Index(fields=["resource_id"], name="grant_by_resource"),
        ]

    def __str__(self) -> str:
        """Return the resource and the system."""
        return f"{self.resource_code} → {self.system_name}"


_FOR_FORMS = Selection(
    Grant,
    "WHERE resource_code = %s AND system_id = ANY (%s::uuid[]) AND active_from <= %s AND active_to > %s"
    " AND revoked_at IS NULL ORDER BY id DESC",
)
