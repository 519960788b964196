"""The proof log's side of the database: what waits to be logged, and what was."""

from django.db import models


class LogQueueItem(models.Model):
    """Something durable that waits for its place in the log; removed in the transaction that gives it one."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)
    source = models.BigIntegerField()

    class Meta:
        db_table = "trust_log_queue"

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"


class LogEntry(models.Model):
    """One entry; triggers let only its salt be deleted.

    The table is made by SQL in migration 0004; it is unmanaged so that no tool of Django tries to empty it.

    Attributes:
        index: its place in the log, from 0, without gaps.
        kind: `call` or `act`.
        source: the sequence of the call's record, or the id of the audit event.
        entry: what was hashed.
        salt: ties the entry to its act; deleted when the act must be forgotten.
    """

    index = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=20)
    source = models.BigIntegerField()
    entry = models.BinaryField()
    salt = models.BinaryField(null=True)

    class Meta:
        db_table = "trust_log_entry"
        managed = False
        ordering = ["index"]

    def __str__(self) -> str:
        return f"{self.index} {self.kind}"


class LogName(models.Model):
    """The name by which strangers know the log: one row, which triggers let nobody change.

    The table is made by SQL in migration 0005; it is unmanaged so that no tool of Django tries to empty it.
    """

    is_only = models.BooleanField(primary_key=True)
    origin = models.TextField()

    class Meta:
        db_table = "trust_log_name"
        managed = False

    def __str__(self) -> str:
        return self.origin
