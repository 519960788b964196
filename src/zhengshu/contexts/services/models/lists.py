"""Lists of other platforms that somebody uploaded to take them over."""

from typing import Self

from django.db import models

from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id


class ListImportQuerySet(models.QuerySet["ListImport"]):
    """Uploaded lists, always by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Return those of the own data authority, for its reviewers."""
        if actor.is_platform:
            return self
        if not actor.has(Role.REVIEWER) or actor.department_id is None:
            return self.none()
        return self.filter(authority_id=actor.department_id)


class ListImport(models.Model):
    """One uploaded list: first looked at, then taken over by a job; its content is kept until then."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    authority_id = models.UUIDField(null=True)
    official_id = models.UUIDField()
    official_name = models.CharField(max_length=100)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField(null=True)
    state = models.CharField(max_length=20)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    report = models.JSONField(default=list)
    refusal = models.TextField(blank=True)
    uploaded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ListImportQuerySet.as_manager()

    class Meta:
        db_table = "services_list_import"
        ordering = ["-uploaded_at"]
        indexes = [models.Index(fields=["authority_id", "-uploaded_at"], name="services_list_import_newest")]
