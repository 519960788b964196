"""Versions of case types: stored once, never changed."""

from django.db import models

from zhengshu.kernel.identity import new_id


class CaseTypeVersion(models.Model):
    """One version of a case type, named by the digest of its files; a trigger refuses to change it.

    Only `is_current` moves: new cases take the current version, running ones keep theirs.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=64)
    edition = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    definition = models.TextField()
    flow = models.TextField()
    texts = models.JSONField()
    forms = models.JSONField(default=dict)
    """Code → the text of a `.form.json` file."""
    decisions = models.JSONField(default=dict)
    """Code → the text of a `.dmn` file."""
    loaded_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        db_table = "casework_case_type_version"
        constraints = [
            models.UniqueConstraint(fields=["code", "digest"], name="casework_version_once"),
            models.UniqueConstraint(fields=["code", "edition"], name="casework_edition_once"),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(is_current=True), name="casework_one_current_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.edition}"
