"""Drafts of case types: what a department designs before it becomes a version."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.domain.designing import DESIGNERS
from zhengshu.contexts.casework.models.types import CaseTypeVersion
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

APPROVERS = (Role.REVIEWER, Role.LEADER)
"""Who reads what other departments submitted to the data authority; only reviewers decide."""


class DraftQuerySet(models.QuerySet["CaseTypeDraft"]):
    """Drafts as an actor may see them."""

    def visible_to(self, actor: Actor) -> "DraftQuerySet":
        """Keep the drafts of the actor's department, and those that were submitted to it as data authority."""
        if actor.is_platform:
            return self
        if actor.department_id is None:
            return self.none()
        seen = Q()
        if actor.has(*DESIGNERS):
            seen |= Q(department_id=actor.department_id)
        if actor.has(*APPROVERS):
            seen |= Q(authority_id=actor.department_id, case_id__isnull=False)
        return self.filter(seen) if seen else self.none()


class CaseTypeDraft(models.Model):
    """A case type that is being designed: the files as texts, whose it is, and how far it is."""

    class State(models.TextChoices):
        """How far a draft is."""

        DRAFTING = "drafting"
        SUBMITTED = "submitted"
        PUBLISHED = "published"
        ABANDONED = "abandoned"

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=64)
    department_id = models.UUIDField()
    authority_id = models.UUIDField(null=True)
    """The data authority to which it was submitted."""
    base = models.ForeignKey(CaseTypeVersion, on_delete=models.PROTECT, null=True, related_name="+")
    """The version that was current when the draft was begun; None for a new case type."""
    published = models.ForeignKey(CaseTypeVersion, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFTING)
    revision = models.PositiveIntegerField(default=1)
    case_id = models.UUIDField(null=True)
    definition = models.TextField()
    flow = models.TextField()
    texts = models.JSONField()
    """Language → the text of its YAML file."""
    forms = models.JSONField(default=dict)
    decisions = models.JSONField(default=dict)
    authors = ArrayField(models.UUIDField(), default=list)
    """Everybody who saved it; none of them may approve it."""
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by_name = models.CharField(max_length=100)

    objects = DraftQuerySet.as_manager()

    class Meta:
        db_table = "casework_case_type_draft"
        indexes = [
            models.Index(fields=["department_id", "-saved_at"], name="casework_draft_of_department"),
            models.Index(fields=["authority_id", "-saved_at"], name="casework_draft_submitted_to"),
            models.Index(fields=["case_id"], name="casework_draft_case"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(state__in=["drafting", "submitted"]),
                name="casework_one_open_draft_of_a_type",
            )
        ]

    def __str__(self) -> str:
        return self.code

    def files(self) -> TypeFiles:
        """Return its files."""
        return TypeFiles(
            name=self.code,
            definition=self.definition,
            flow=self.flow,
            texts=self.texts,
            forms=self.forms,
            decisions=self.decisions,
        )

    def take(self, files: TypeFiles) -> None:
        """Keep other files instead; the caller saves."""
        self.definition, self.flow = files.definition, files.flow
        self.texts, self.forms, self.decisions = dict(files.texts), dict(files.forms), dict(files.decisions)
