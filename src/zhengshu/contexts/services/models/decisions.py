"""Decisions on licences as everybody may read them: made once when a case ends, without what is not published."""

from typing import Self

from django.db import models
from django.db.models import Q

from zhengshu.contexts.services.models.applications import Application
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import new_id


class PublishedDecisionSet(models.QuerySet["PublishedDecision"]):
    """Decisions as they are published."""

    def visible_to(self, actor: Actor) -> Self:  # noqa: ARG002 - everybody may see them
        """Keep those that were granted: a refused application is counted, and shown to nobody."""
        return self.filter(is_granted=True)


class PublishedDecision(models.Model):
    """One decision on one application for an item whose declaration says that decisions are published.

    It holds only what may be read by everybody: a person's name is masked before it is stored, and what was refused has
    no holder.

    Attributes:
        number: of the decision, which is its case's; empty for what was refused.
        basis: the law by which it is published.
        credit_code: the enterprise's; empty for persons.
        certificate_number: what stands on the certificate that was issued.
        active_to: the first day on which the certificate is no more in force; None: without an end.
        ended_on: the day on which it was revoked or given back.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="+")
    is_granted = models.BooleanField()
    number = models.CharField(max_length=40, blank=True)
    item_code = models.CharField(max_length=80)
    item_name = models.CharField(max_length=500)
    item_name_en = models.CharField(max_length=200, blank=True)
    department_id = models.UUIDField()
    department_name = models.CharField(max_length=200)
    basis = models.CharField(max_length=300)
    decided_on = models.DateField()
    holder_name = models.CharField(max_length=200, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    certificate_id = models.UUIDField(null=True)
    certificate_number = models.CharField(max_length=60, blank=True)
    active_from = models.DateField(null=True)
    active_to = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    objects = PublishedDecisionSet.as_manager()

    class Meta:
        db_table = "services_published_decision"
        ordering = ["-decided_on", "-id"]
        indexes = [
            models.Index(fields=["-decided_on", "-id"], name="services_decision_day"),
            models.Index(fields=["item_code", "-decided_on"], name="services_decision_item"),
            models.Index(fields=["certificate_id"], name="services_decision_certificate"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_granted=True)
                | Q(holder_name="", credit_code="", number="", certificate_id=None),
                name="services_refused_names_nobody",
            ),
        ]

    def __str__(self) -> str:
        return self.number
