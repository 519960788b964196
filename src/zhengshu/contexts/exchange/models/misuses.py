"""Misuse of grants: suspended at once, corrected within a limit, resumed or ended."""

from collections.abc import Mapping
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from zhengshu.contexts.exchange.domain.matters import MatterKind
from zhengshu.contexts.exchange.models.matters import Matter, Matters


class Misuses(Matters["Misuse"]):
    """Findings of misuse."""


class Misuse(Matter):
    """Data was used beyond its grant (Decree 809, articles 25 and 27).

    Attributes:
        finder_department_id: the provider or its data authority.
        finding: what was found.
        order: what must be corrected.
        rectify_within: working days for it.
        calls: receipts that show it.
    """

    matter = MatterKind.MISUSE
    sides: ClassVar[Mapping[str, str]] = {
        "finder": "finder_department_id",
        "consumer": "consumer_department_id",
        "provider": "provider_department_id",
    }
    searched = ("number", "resource_name", "resource_code", "system_name")

    finder_department_id = models.UUIDField()
    consumer_department_id = models.UUIDField()
    provider_department_id = models.UUIDField()
    grant_id = models.UUIDField()
    resource_code = models.CharField(max_length=100)
    resource_name = models.CharField(max_length=200)
    system_name = models.CharField(max_length=200, blank=True)
    finding = models.TextField()
    order = models.TextField()
    rectify_within = models.PositiveIntegerField()
    calls = ArrayField(models.UUIDField(), default=list)

    objects = Misuses.as_manager()

    class Meta:
        db_table = "exchange_misuse"
        indexes = [
            models.Index(fields=["consumer_department_id", "-opened_at"], name="misuse_consumer"),
            models.Index(fields=["provider_department_id", "-opened_at"], name="misuse_provider"),
            models.Index(fields=["authority_department_id", "-opened_at"], name="misuse_authority"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["grant_id"], condition=Q(closed_at=None), name="misuse_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(finding="") & ~Q(order=""), name="misuse_stated"),
        ]

    @property
    def title(self) -> str:
        """What lists call it."""
        return f"{self.resource_name} → {self.system_name}"
