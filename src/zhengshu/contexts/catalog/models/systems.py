"""Information systems from which resources come."""

from django.db import models

from zhengshu.contexts.catalog.domain.vocabulary import Network, SystemStage
from zhengshu.contexts.catalog.models.standards import OfficialQuerySet
from zhengshu.kernel.identity import new_id


class InformationSystem(models.Model):
    """A system that a department runs, in the ledger of systems."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    department_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=100)
    summary = models.TextField()
    network = models.CharField(max_length=20, choices=[(value.value, value.value) for value in Network])
    stage = models.CharField(max_length=20, choices=[(value.value, value.value) for value in SystemStage])
    protection_level = models.PositiveSmallIntegerField()
    builder = models.CharField(max_length=100, blank=True)
    launched_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    objects = OfficialQuerySet["InformationSystem"].as_manager()

    class Meta:
        db_table = "catalog_information_system"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["department_id", "name"], name="catalog_system_once_in_department"
            ),
            models.CheckConstraint(
                condition=models.Q(protection_level__gte=1, protection_level__lte=5),
                name="catalog_system_protection_range",
            ),
        ]
