"""The proof log's side of the database: what waits to be logged, and what was."""

from django.db import models

from zhengshu.kernel.identity import new_id


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


class Witness(models.Model):
    """Somebody else who remembers the log and cosigns its checkpoints, and what he said last.

    Attributes:
        name: his own, as his key has it.
        vkey: the verifier key of his cosignatures.
        address: where his `add-checkpoint` is.
        size: the largest checkpoint that he cosigned, as far as we know.
        line: his signature line under that checkpoint.
        cosigned_at: when, by his clock.
        log_version: the number of the log's keys to which he has followed.
        trouble: `unreachable`, `refused` or `forked` since his last cosignature, or empty.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=200, unique=True)
    vkey = models.CharField(max_length=400)
    address = models.URLField(max_length=400)
    department_id = models.UUIDField(null=True)
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField()
    size = models.BigIntegerField(default=0)
    line = models.TextField(blank=True)
    cosigned_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    log_version = models.PositiveIntegerField(default=1)
    trouble = models.CharField(max_length=20, blank=True)
    trouble_since = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "trust_witness"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class LogAlarm(models.Model):
    """What is wrong with the log, from when to when; one that is open is not raised again.

    Attributes:
        reporter: the department and system whose own monitor said so; empty where the platform found it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=20)
    witness = models.ForeignKey(Witness, on_delete=models.PROTECT, null=True)
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    reporter = models.CharField(max_length=300, blank=True, default="")
    answer = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=list)

    class Meta:
        db_table = "trust_log_alarm"
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "witness", "reporter"],
                condition=models.Q(cleared_at=None),
                nulls_distinct=False,
                name="trust_one_open_log_alarm",
            )
        ]

    def __str__(self) -> str:
        return self.kind


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
