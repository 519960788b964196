"""The legal clocks of cases."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from zhengshu.contexts.casework.models.cases import Case
from zhengshu.foundation.statements import Selection
from zhengshu.kernel.identity import new_id
from zhengshu.kernel.limits import LimitUnit

UNITS = [(unit.value, unit.value) for unit in LimitUnit]


class ClockQuerySet(models.QuerySet["Clock"]):
    """Clocks of cases."""

    def running_in(self, case_id: UUID) -> "list[Clock]":
        """Load the running clocks of a case with their pauses and extensions."""
        found = _RUNNING.rows(case_id)
        models.prefetch_related_objects(found, "pauses", "extensions")
        return found


class Clock(models.Model):
    """One run of one clock; `step` is the timeline's number at which it started."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks")
    code = models.CharField(max_length=64)
    step = models.PositiveIntegerField()
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=16, choices=UNITS)
    warn = models.PositiveIntegerField()
    basis = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    yellow_at = models.DateTimeField(null=True)
    is_estimate = models.BooleanField(default=False)
    promised_value = models.PositiveIntegerField(null=True)
    promised_due_at = models.DateTimeField(null=True)
    promised_yellow_at = models.DateTimeField(null=True)
    escalated = models.PositiveSmallIntegerField(default=0)
    """How many escalations of its type were raised; none is raised twice, even when the end moves."""
    escalate_at = models.DateTimeField(null=True)
    silence_at = models.DateTimeField(null=True)
    """After which moment silence means what its type says."""

    objects = ClockQuerySet.as_manager()

    class Meta:
        db_table = "casework_clock"
        ordering = ["started_at", "id"]
        indexes = [
            models.Index(
                fields=["escalate_at"],
                condition=Q(stopped_at=None, escalate_at__isnull=False),
                name="casework_clock_escalate",
            ),
            models.Index(
                fields=["silence_at"],
                condition=Q(stopped_at=None, silence_at__isnull=False),
                name="casework_clock_silence",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "code", "step"], name="casework_clock_once_a_step"),
            models.UniqueConstraint(
                fields=["case", "code"], condition=Q(stopped_at=None), name="casework_one_running_clock"
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="casework_clock_has_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.step}"


_RUNNING = Selection(Clock, "WHERE case_id = %s AND stopped_at IS NULL ORDER BY started_at, id")


class ClockPause(models.Model):
    """A time in which a clock stood still, on a lawful ground."""

    id = models.BigAutoField(primary_key=True)
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="pauses")
    ground = models.CharField(max_length=64)
    basis = models.CharField(max_length=300)
    active_from = models.DateTimeField()
    active_to = models.DateTimeField(null=True)
    expected_at = models.DateTimeField(null=True)
    """Until when it was told that it would last."""

    class Meta:
        db_table = "casework_clock_pause"
        ordering = ["active_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(active_to=None), name="casework_one_open_pause"
            ),
            models.CheckConstraint(
                condition=Q(active_to=None) | Q(active_to__gte=F("active_from")),
                name="casework_pause_goes_forward",
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="casework_pause_has_basis"),
        ]

    def __str__(self) -> str:
        return self.ground


class CalendarSeen(models.Model):
    """The special days with which the running clocks were last counted."""

    name = models.CharField(max_length=16, primary_key=True)
    days = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        db_table = "casework_calendar_seen"

    def __str__(self) -> str:
        return self.name


class ClockExtension(models.Model):
    """More time, consented to by whom the case type names."""

    id = models.BigAutoField(primary_key=True)
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="extensions")
    value = models.PositiveIntegerField()
    unit = models.CharField(max_length=16, choices=UNITS)
    basis = models.CharField(max_length=300)
    reason = models.TextField()
    granted_at = models.DateTimeField()
    granted_by = models.UUIDField()

    class Meta:
        db_table = "casework_clock_extension"
        ordering = ["granted_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(basis=""), name="casework_extension_has_basis"),
            models.CheckConstraint(condition=~Q(reason=""), name="casework_extension_has_reason"),
        ]

    def __str__(self) -> str:
        return self.clock_id.hex
