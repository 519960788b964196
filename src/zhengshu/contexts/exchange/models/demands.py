"""Demands for data that no resource offers yet."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhengshu.contexts.exchange.domain.demands import LISTED
from zhengshu.contexts.exchange.domain.matters import MatterKind
from zhengshu.contexts.exchange.models.matters import Matter, Matters


class DataDemands(Matters["DataDemand"]):
    """Demands."""


class DataDemand(Matter):
    """A department needs data that no resource offers; another becomes responsible for them by a date.

    Attributes:
        wanted: which fields, in the words of who needs them.
        freshness: a code of `catalog.UpdateCycle`.
        promised_on: the day that the responsible department promised.
        resource_code: what offers it, once somebody does.
        answer_reason, answer_basis: why it is withheld or declined, and on which law.
    """

    matter = MatterKind.DEMAND
    sides: ClassVar[Mapping[str, str]] = {
        "requester": "requester_department_id",
        "responsible": "responsible_department_id",
    }
    searched = ("number", "name", "wanted", "scenario")

    requester_department_id = models.UUIDField()
    responsible_department_id = models.UUIDField(null=True)
    name = models.CharField(max_length=200)
    legal_basis = models.TextField()
    scenario = models.TextField()
    wanted = models.TextField()
    freshness = models.CharField(max_length=20)
    promised_on = models.DateField(null=True)
    resource_code = models.CharField(max_length=100, blank=True)
    resource_name = models.CharField(max_length=200, blank=True)
    answer_reason = models.TextField(blank=True)
    answer_basis = models.TextField(blank=True)

    objects = DataDemands.as_manager()

    class Meta:
        db_table = "exchange_data_demand"
        indexes = [
            models.Index(fields=["requester_department_id", "-opened_at"], name="demand_requester"),
            models.Index(fields=["responsible_department_id", "-opened_at"], name="demand_responsible"),
            models.Index(fields=["authority_department_id", "-opened_at"], name="demand_authority"),
            models.Index(fields=["state", "-opened_at"], name="demand_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="withheld") | (~Q(answer_reason="") & ~Q(answer_basis="")),
                name="demand_withheld_by_law",
            ),
        ]

    @classmethod
    def listed(cls) -> Q:
        """Return the condition for what stands on one of the three lists, which all departments read."""
        return Q(state__in=LISTED)

    @property
    def title(self) -> str:
        """What lists call it."""
        return self.name

    @property
    def note(self) -> str:
        """What came of it: the resource, or why not and on which basis."""
        if self.resource_name:
            return self.resource_name
        return "；".join(text for text in (self.answer_reason, self.answer_basis) if text)
