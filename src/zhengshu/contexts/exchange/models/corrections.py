"""Requests for the correction of shared data."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from zhengshu.contexts.exchange.domain.corrections import SealedClaim
from zhengshu.contexts.exchange.domain.matters import MatterKind
from zhengshu.contexts.exchange.models.matters import Matter, Matters
from zhengshu.foundation.vault.columns import encrypted_json


class CorrectionRequests(Matters["CorrectionRequest"]):
    """Requests for corrections."""

    def of_resource(self, resource_id: UUID) -> "CorrectionRequests":
        """Keep those about one resource."""
        return self.filter(resource_id=resource_id)


class CorrectionRequest(Matter):
    """A department says that data of another are wrong or incomplete (Decree 809, article 26).

    Attributes:
        columns: the fields concerned; names of columns only.
        claim: key, right values and evidence, which may be personal data, encrypted for this row.
        call_id: the receipt of the call that returned the row.
        batch_id: the delivery that has the corrected row.
    """

    matter = MatterKind.CORRECTION
    sides: ClassVar[Mapping[str, str]] = {
        "requester": "requester_department_id",
        "provider": "provider_department_id",
        "source": "source_department_id",
    }
    searched = ("number", "resource_name", "resource_code")

    requester_department_id = models.UUIDField()
    provider_department_id = models.UUIDField()
    source_department_id = models.UUIDField(null=True)
    resource_id = models.UUIDField()
    resource_code = models.CharField(max_length=100)
    resource_name = models.CharField(max_length=200)
    fault = models.CharField(max_length=20)
    columns = models.JSONField()
    fields = models.JSONField()
    """The resource's items at the time, as `OfferedField`: what the claim is shown by."""
    sealed = models.BinaryField(null=True)
    claim = encrypted_json(
        "sealed",
        SealedClaim,
        empty=SealedClaim,
        department="requester_department_id",
        former=b"exchange.correction:",
    )
    call_id = models.UUIDField(null=True)
    batch_id = models.UUIDField(null=True)

    objects = CorrectionRequests.as_manager()

    class Meta:
        db_table = "exchange_correction_request"
        indexes = [
            models.Index(fields=["resource_id", "-opened_at"], name="correction_resource"),
            models.Index(fields=["requester_department_id", "-opened_at"], name="correction_requester"),
            models.Index(fields=["provider_department_id", "-opened_at"], name="correction_provider"),
            models.Index(fields=["authority_department_id", "-opened_at"], name="correction_authority"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(requester_department_id=models.F("provider_department_id")),
                name="correction_not_of_own_resource",
            ),
        ]

    @property
    def title(self) -> str:
        """What lists call it."""
        return self.resource_name
