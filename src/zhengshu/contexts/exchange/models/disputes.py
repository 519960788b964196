"""Disputes between departments on the sharing of data."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhengshu.contexts.exchange.domain.matters import MatterKind
from zhengshu.contexts.exchange.models.matters import Matter, Matters


class Disputes(Matters["Dispute"]):
    """Disputes."""


class Dispute(Matter):
    """Two departments do not agree (Decree 809, article 28).

    Attributes:
        about: what it is about: a share request, a grant or a correction.
        claim: what the claimant states.
        wanted: what it asks for.
        government_department_id: the organ whose leaders decide for the people's government.
    """

    matter = MatterKind.DISPUTE
    sides: ClassVar[Mapping[str, str]] = {
        "claimant": "claimant_department_id",
        "respondent": "respondent_department_id",
        "government": "government_department_id",
    }
    searched = ("number", "about_name", "claim")

    claimant_department_id = models.UUIDField()
    respondent_department_id = models.UUIDField()
    government_department_id = models.UUIDField()
    about = models.CharField(max_length=20)
    about_id = models.UUIDField()
    about_name = models.CharField(max_length=300)
    claim = models.TextField()
    wanted = models.TextField()

    objects = Disputes.as_manager()

    class Meta:
        db_table = "exchange_dispute"
        indexes = [
            models.Index(fields=["claimant_department_id", "-opened_at"], name="dispute_claimant"),
            models.Index(fields=["respondent_department_id", "-opened_at"], name="dispute_respondent"),
            models.Index(fields=["government_department_id", "-opened_at"], name="dispute_government"),
            models.Index(fields=["authority_department_id", "-opened_at"], name="dispute_authority"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["about_id", "claimant_department_id"],
                condition=Q(closed_at=None),
                name="dispute_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(claimant_department_id=models.F("respondent_department_id")),
                name="dispute_of_two_departments",
            ),
        ]

    @property
    def title(self) -> str:
        """What lists call it."""
        return self.about_name
