"""Runs that move running cases to another edition, and the verdict of each case in each run."""

from django.db import models

from zhengshu.contexts.casework.models.cases import Case
from zhengshu.kernel.identity import new_id


class CaseMigration(models.Model):
    """One run; a run that was cut short is known again by its key or by what it was to do."""

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.CharField(max_length=64, blank=True)
    """The digest of the idempotency key and of whose it is; empty where none was given."""
    content = models.CharField(max_length=64)
    """The digest of what it was to do."""
    begun_by = models.UUIDField()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_migration"
        indexes = [
            models.Index(
                fields=["content"], condition=models.Q(ended_at=None), name="casework_migration_unended"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=~models.Q(key=""), name="casework_migration_by_key"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class CaseVerdict(models.Model):
    """What one run said of one case; written in the transaction that moves it."""

    migration = models.ForeignKey(CaseMigration, on_delete=models.CASCADE, related_name="verdicts")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    move = models.JSONField()

    class Meta:
        db_table = "casework_case_verdict"
        constraints = [models.UniqueConstraint(fields=["migration", "case"], name="casework_one_verdict")]

    def __str__(self) -> str:
        return str(self.case_id)
