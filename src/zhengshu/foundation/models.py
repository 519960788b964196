"""Tables without business: the outbox, the commands that were handled, the days that were overridden, the vault."""

from django.db import models

from zhengshu.foundation.vault.models import DataKey, Reencryption


class OutboxMessage(models.Model):
    """One published event, written in the transaction of its cause."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=100)
    payload = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        db_table = "foundation_outbox_message"


class OutboxDelivery(models.Model):
    """One handler's turn; removed in the same transaction in which the handler did its work."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="deliveries")
    handler = models.CharField(max_length=200)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_fault = models.TextField(blank=True)
    not_before = models.DateTimeField()

    class Meta:
        db_table = "foundation_outbox_delivery"
        indexes = [models.Index(fields=["not_before", "id"], name="outbox_due")]


class HandledCommand(models.Model):
    """The answer to a command that came with an idempotency key: the second call gets the first answer."""

    key = models.CharField(max_length=200, primary_key=True)
    digest = models.CharField(max_length=64)
    answer = models.JSONField()
    handled_at = models.DateTimeField()

    class Meta:
        db_table = "foundation_handled_command"


class CalendarOverride(models.Model):
    """A day that this platform decides otherwise than the published calendar (a local holiday, a typhoon)."""

    day = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    reason = models.CharField(max_length=200)
    basis = models.CharField(max_length=200)

    class Meta:
        db_table = "foundation_calendar_override"
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="calendar_override_has_reason"),
            models.CheckConstraint(condition=~models.Q(basis=""), name="calendar_override_has_basis"),
        ]


__all__ = [
    "CalendarOverride",
    "DataKey",
    "HandledCommand",
    "OutboxDelivery",
    "OutboxMessage",
    "Reencryption",
]
