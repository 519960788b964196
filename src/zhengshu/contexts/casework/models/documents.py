"""Documents of cases: which kept file belongs to which case, who added it, and who may have it."""

from django.db import models
from django.db.models import Q

from zhengshu.contexts.casework.models.cases import Case
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import new_id


class CaseDocumentQuerySet(models.QuerySet["CaseDocument"]):
    """Documents as an actor may have them."""

    def visible_to(self, actor: Actor) -> "CaseDocumentQuerySet":
        """Keep those of the cases that the actor may see; internal ones are for officials."""
        rows = self.filter(case__in=Case.objects.visible_to(actor))
        if actor.department_id is None and not actor.is_platform:
            rows = rows.filter(is_internal=False)
        return rows


class CaseDocument(models.Model):
    """One document of a case; a record of what was handed in, so a trigger refuses to change or remove it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    digest = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    is_internal = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.UUIDField()
    added_by_name = models.CharField(max_length=100)
    department_id = models.UUIDField(null=True)

    objects = CaseDocumentQuerySet.as_manager()

    class Meta:
        db_table = "casework_case_document"
        indexes = [models.Index(fields=["digest"], name="casework_document_digest")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "digest", "name", "is_internal"], name="casework_document_once"
            ),
            models.CheckConstraint(
                condition=Q(is_internal=False) | Q(department_id__isnull=False),
                name="casework_internal_documents_are_departments",
            ),
        ]

    def __str__(self) -> str:
        return self.name
