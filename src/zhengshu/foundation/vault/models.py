"""Tables of the vault."""

from django.db import models


class DataKey(models.Model):
    """One version of the key of a department and grade; a trigger lets nothing of it be changed but its end."""

    id = models.PositiveIntegerField(primary_key=True)
    """Random; stands in front of each ciphertext."""
    department_id = models.UUIDField(null=True)
    """Whose data it encrypts; None for what belongs to no department (a citizen's own)."""
    grade = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    wrapped = models.BinaryField()
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "foundation_data_key"
        managed = False

    def __str__(self) -> str:
        return f"{self.department_id} {self.grade} v{self.version}"


class Reencryption(models.Model):
    """How far the job is that encrypts one column anew; a killed one goes on from here."""

    column = models.CharField(max_length=120, primary_key=True)
    after = models.CharField(max_length=40, null=True)  # noqa: DJ001 - None is before the first row
    """The key of the last row that was looked at, as text; None before the first."""
    looked_at = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    unreadable = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    """How many rows there were when it began."""
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "foundation_reencryption"

    def __str__(self) -> str:
        return self.column
