"""Filters of lists that people keep."""

from django.db import models
from django.db.models import Q

from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import new_id


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    """Saved filters as an actor may see them."""

    def visible_to(self, actor: Actor) -> "SavedFilterQuerySet":
        """Keep the actor's own, and those that colleagues share with his department."""
        if not actor.is_signed_in or actor.is_platform:
            return self.none()
        seen = Q(owner_id=actor.id, department_id=actor.department_id)
        if actor.department_id is not None:
            seen |= Q(department_id=actor.department_id, is_shared=True)
        return self.filter(seen)

    def owned_by(self, actor: Actor) -> "SavedFilterQuerySet":
        """Keep those that the actor may change."""
        return self.visible_to(actor).filter(owner_id=actor.id)


class SavedFilter(models.Model):
    """What a list was narrowed by, under a name; it finds what its reader may see, not what its owner may."""

    id = models.UUIDField(primary_key=True, default=new_id)
    owner_id = models.UUIDField()
    owner_name = models.CharField(max_length=100)
    department_id = models.UUIDField(null=True)
    name = models.CharField(max_length=40)
    is_shared = models.BooleanField(default=False)
    text = models.CharField(max_length=200, blank=True)
    filters = models.JSONField(default=dict)
    sort = models.CharField(max_length=20, blank=True)
    saved_at = models.DateTimeField()

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        db_table = "casework_saved_filter"
        indexes = [models.Index(fields=["department_id", "is_shared"], name="casework_filter_department")]
        constraints = [
            models.UniqueConstraint(fields=["owner_id", "name"], name="casework_filter_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
