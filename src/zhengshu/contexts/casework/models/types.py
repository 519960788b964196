"""Versions of case types: stored once, never changed."""

from django.db import models

from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.kernel.identity import new_id
from zhengshu.kernel.plain_yaml import write_yaml


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
    department_id = models.UUIDField(null=True)
    """Whose design it is; None for what came as a folder: that is the data authority's to redesign."""
    published_by_name = models.CharField(max_length=100, blank=True)
    source_texts = models.JSONField(default=dict)
    """Language → the text of its YAML file as it was loaded; empty for versions loaded before these were kept."""

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

    def files(self) -> TypeFiles:
        """Return its files; the texts as they were loaded, or written anew from their names."""
        return TypeFiles(
            name=self.code,
            definition=self.definition,
            flow=self.flow,
            texts=self.source_texts
            or {language: write_yaml(_tree(names)) for language, names in self.texts.items()},
            forms=self.forms,
            decisions=self.decisions,
        )


def _tree(names: dict[str, str]) -> dict[str, object]:
    """Return dotted names as the tree from which they were read."""
    tree: dict[str, object] = {}
    for name, text in names.items():
        *groups, last = name.split(".")
        place = tree
        for group in groups:
            inner = place.setdefault(group, {})
            place = inner if isinstance(inner, dict) else place
        place[last] = text
    return tree
