"""What departments' own monitors of the proof log have handed in."""

from django.db import models


class MonitorReport(models.Model):
    """One report, written by the gateway before the record of its call.

    Attributes:
        id: the receipt of the call that handed it in; the report counts when that call's record says `ok`.
        content: as it was handed in.
        taken_at: when it became an alarm, or was found to be no news.
    """

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    system_id = models.UUIDField()
    content = models.JSONField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "exchange_monitor_report"
        indexes = [
            models.Index(fields=["at"], condition=models.Q(taken_at=None), name="exchange_report_waiting")
        ]

    def __str__(self) -> str:
        return str(self.id)
