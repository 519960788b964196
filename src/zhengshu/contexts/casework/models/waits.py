"""What cases wait for besides people: times, messages, signals."""

from django.db import models
from django.db.models import Q

from zhengshu.contexts.casework.domain.flow_graph import TriggerKind
from zhengshu.contexts.casework.models.cases import Case


class Wait(models.Model):
    """One event that would move a case on; kept in step with the case's tokens, removed when it happened.

    Attributes:
        token: where the case stands.
        event: the event of the flow.
        name: of the message or signal.
        due_at: when a timer goes off.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="waits")
    token = models.CharField(max_length=32)
    event = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in TriggerKind])
    name = models.CharField(max_length=100, blank=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_wait"
        indexes = [
            models.Index(fields=["due_at"], condition=Q(kind="timer"), name="casework_wait_due"),
            models.Index(fields=["name", "case"], condition=Q(kind="signal"), name="casework_wait_signal"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "token", "event"], name="casework_waits_once"),
            models.CheckConstraint(
                condition=~Q(kind="timer") | Q(due_at__isnull=False), name="casework_timers_have_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.token}"
