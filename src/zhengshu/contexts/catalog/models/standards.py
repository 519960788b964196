"""What a catalogue entry refers to: the classification, data elements, code tables."""

from typing import Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from zhengshu.contexts.catalog.domain.vocabulary import DataType, Grade, PersonalClass
from zhengshu.kernel.actors import OFFICIALS, Actor
from zhengshu.kernel.identity import new_id

M = TypeVar("M", bound=models.Model)


class OfficialQuerySet(models.QuerySet[M]):
    """Rows that every official may see and nobody else."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all rows for officials, none for others."""
        return self if actor.has(*OFFICIALS) else self.none()


class Classification(models.Model):
    """One node of the classification of resources (类, 项, 目, 细目)."""

    code = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=100)
    parent_code = models.CharField(max_length=12, blank=True)
    is_leaf = models.BooleanField()

    objects = OfficialQuerySet["Classification"].as_manager()

    class Meta:
        db_table = "catalog_classification"
        ordering = ["code"]


class CodeTable(models.Model):
    """A closed list of codes that items may refer to."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    standard = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField()

    objects = OfficialQuerySet["CodeTable"].as_manager()

    class Meta:
        db_table = "catalog_code_table"
        ordering = ["code"]


class CodeEntry(models.Model):
    """One code of a table."""

    id = models.BigAutoField(primary_key=True)
    table = models.ForeignKey(CodeTable, on_delete=models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    parent_code = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "catalog_code_entry"
        ordering = ["table", "position"]
        constraints = [models.UniqueConstraint(fields=["table", "code"], name="catalog_code_once_in_table")]


class DataElement(models.Model):
    """The standard that items follow, so that the same thing is called and written the same everywhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    definition = models.TextField()
    data_type = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in DataType])
    length = models.PositiveIntegerField(null=True, blank=True)
    representation = models.CharField(max_length=60, blank=True)
    code_table = models.CharField(max_length=60, blank=True)
    grade = models.PositiveSmallIntegerField(choices=[(int(grade), grade.name) for grade in Grade])
    personal = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in PersonalClass])
    synonyms = ArrayField(models.CharField(max_length=100), default=list)
    column = models.CharField(max_length=63)
    shape = models.CharField(max_length=40, blank=True)
    standard = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()

    objects = OfficialQuerySet["DataElement"].as_manager()

    class Meta:
        db_table = "catalog_data_element"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(column__regex=r"^[a-z][a-z0-9_]{0,62}$"),
                name="catalog_element_column_form",
            ),
            models.CheckConstraint(
                condition=models.Q(grade__gte=1, grade__lte=6), name="catalog_element_grade_range"
            ),
        ]
