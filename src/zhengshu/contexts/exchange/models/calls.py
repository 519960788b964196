"""Records of calls: one for each call whose signature was right, answered or refused, never changed."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from zhengshu.contexts.exchange.models.grants import OVERSEERS
from zhengshu.kernel.actors import Actor


class CallRecordQuerySet(models.QuerySet["CallRecord"]):
    """Records, by who may see them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the calls by or to the actor's department; the overseers see all."""
        if actor.has(*OVERSEERS):
            return self
        if actor.department_id is None:
            return self.none()
        return self.filter(
            Q(consumer_department_id=actor.department_id) | Q(provider_department_id=actor.department_id)
        )

    def answered(self) -> Self:
        """Return the calls that got what they asked for."""
        return self.filter(verdict=CallRecord.ANSWERED)

    def refused(self) -> Self:
        """Return the calls that were turned down."""
        return self.exclude(verdict=CallRecord.ANSWERED)


class CallRecord(models.Model):
    """Who called what, for which purpose, and what came of it; written by the gateway only.

    Attributes:
        sequence: the place in the order of all calls; may skip numbers, never repeats one.
        id: what the answer carries as `Zhengshu-Receipt`.
        gateway: the worker that answered, and its start.
        grant_id, provider_department_id: empty for calls that reached no grant.
        operation: records, verify, receipt, ping.
        verdict: `ok`, or the code of the refusal.
        fields: the columns that were asked for.
        request_digest: SHA-256 of signature base and signature: whoever has the request can prove it.
        answer_digest: SHA-256 of the body of the answer.
        subject_digest: keyed digest of the resource's key values: finds the calls about one person without
            telling who it is.
        official_ref: the consuming department's own reference of its official who asked; empty where none was named.
        microseconds: time spent in the gateway before the record was written.
    """

    ANSWERED = "ok"

    sequence = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True)
    at = models.DateTimeField()
    gateway = models.CharField(max_length=100)
    key_id = models.CharField(max_length=100)
    nonce = models.CharField(max_length=100)
    system_id = models.UUIDField()
    consumer_department_id = models.UUIDField()
    provider_department_id = models.UUIDField(null=True)
    grant_id = models.UUIDField(null=True)
    resource_code = models.CharField(max_length=100, blank=True)
    operation = models.CharField(max_length=20)
    purpose = models.CharField(max_length=100, blank=True)
    case_ref = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=100)
    fields = ArrayField(models.CharField(max_length=63), default=list)
    row_count = models.PositiveIntegerField(default=0)
    request_digest = models.BinaryField()
    answer_digest = models.BinaryField(null=True)
    subject_digest = models.BinaryField(null=True)
    official_ref = models.CharField(max_length=64, blank=True, default="", db_default="")
    microseconds = models.PositiveIntegerField(default=0)

    objects = CallRecordQuerySet.as_manager()

    class Meta:
        db_table = "exchange_call_record"
        ordering = ["-sequence"]
        indexes = [
            models.Index(fields=["provider_department_id", "sequence"], name="call_by_provider"),
            models.Index(fields=["consumer_department_id", "sequence"], name="call_by_consumer"),
            models.Index(fields=["grant_id", "sequence"], name="call_by_grant"),
        ]

    def __str__(self) -> str:
        """Return what was called and what came of it."""
        return f"{self.operation} {self.resource_code}: {self.verdict}"
