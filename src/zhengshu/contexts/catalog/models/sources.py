"""The one authoritative source of each data element."""

from django.db import models
from django.db.models import Q

from zhengshu.contexts.catalog.models.resources import Resource
from zhengshu.contexts.catalog.models.standards import DataElement, OfficialQuerySet
from zhengshu.kernel.identity import new_id


class AuthoritativeSource(models.Model):
    """A resource named the source of an element for a half-open period; open while `active_to` is empty."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    element = models.ForeignKey(DataElement, on_delete=models.PROTECT, related_name="sources")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="source_of")
    department_id = models.UUIDField()
    named_by = models.CharField(max_length=100)
    active_from = models.DateTimeField()
    active_to = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    objects = OfficialQuerySet["AuthoritativeSource"].as_manager()

    class Meta:
        db_table = "catalog_authoritative_source"
        ordering = ["element", "-active_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["element"], condition=Q(active_to__isnull=True), name="catalog_one_source_for_element"
            ),
            models.CheckConstraint(
                condition=Q(active_to__isnull=True) | Q(active_to__gte=models.F("active_from")),
                name="catalog_source_period",
            ),
        ]
