"""Forms that people fill in: drafts of their own, and the answers that were sent with a case."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from zhengshu.contexts.casework.models.cases import Case, Task
from zhengshu.contexts.casework.models.types import CaseTypeVersion
from zhengshu.foundation.statements import Selection, Statement
from zhengshu.foundation.vault.columns import encrypted_json
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import new_id


class FormDraftQuerySet(models.QuerySet["FormDraft"]):
    """Drafts as an actor may see them."""

    def visible_to(self, actor: Actor) -> "FormDraftQuerySet":
        """Keep the actor's own; nobody else sees a draft, whatever the role, until it is sent."""
        if not actor.is_signed_in or actor.is_platform:
            return self.none()
        return self.filter(owner_id=actor.id)

    def locked_for(self, actor: Actor, *, draft_id: UUID) -> "FormDraft | None":
        """Lock a draft that the actor may see and return it; none where there is no such one.

        It says what `visible_to` says, in SQL that is written once: whatever is sent begins with it.
        """
        if not actor.is_signed_in or actor.is_platform:
            return None
        return next(iter(_LOCKED.rows(draft_id, actor.id)), None)

    def open_of(self, actor: Actor) -> int:
        """Return how many forms of his own an actor has not sent; `visible_to` and `open`, written once."""
        ((count,),) = _OPEN.rows(actor.id)
        return int(count)

    def open(self) -> "FormDraftQuerySet":
        """Keep those that were not sent."""
        return self.filter(sent_at=None)


class FormDraft(models.Model):
    """One form that one person fills in, to open a case or to do a task; its id makes sending it happen once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    owner_id = models.UUIDField()
    version = models.ForeignKey(CaseTypeVersion, on_delete=models.PROTECT, related_name="drafts")
    type_code = models.CharField(max_length=64)
    form = models.CharField(max_length=64)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, null=True, related_name="drafts")
    sealed_answers = models.BinaryField(null=True)
    sealed_supplied = models.BinaryField(null=True)
    answers = encrypted_json("sealed_answers", dict[str, list[str]], empty=dict)
    """Place → texts, as they were typed."""
    supplied = encrypted_json("sealed_supplied", dict[str, object], empty=dict)
    """Data element → value, source and time, as the exchange supplied it."""
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    applicant_id = models.UUIDField(null=True)
    """The person for whom an official at the window fills in the form; None where people do so themselves."""
    enterprise_id = models.UUIDField(null=True)
    """The enterprise in whose name that person asks."""
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="drafts")
    """The case that sending it opened, or whose task it did."""

    objects = FormDraftQuerySet.as_manager()

    class Meta:
        db_table = "casework_form_draft"
        indexes = [
            models.Index(
                fields=["owner_id", "-saved_at"], condition=Q(sent_at=None), name="casework_draft_owner"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner_id", "task"], condition=Q(sent_at=None), name="casework_one_draft_a_task"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(case__isnull=False), name="casework_sent_drafts_have_a_case"
            ),
        ]

    def __str__(self) -> str:
        return self.form


_OPEN = Statement("SELECT count(*) FROM casework_form_draft WHERE owner_id = %s AND sent_at IS NULL")
_LOCKED = Selection(FormDraft, "WHERE id = %s AND owner_id = %s FOR UPDATE")


class FormFileQuerySet(models.QuerySet["FormFile"]):
    """Files of forms as an actor may see them."""

    def visible_to(self, actor: Actor) -> "FormFileQuerySet":
        """Keep those of the actor's drafts, and those that were sent with a case that the actor may see."""
        own = FormDraft.objects.visible_to(actor)
        sent = FormAnswers.objects.visible_to(actor).values("case_id")
        return self.filter(Q(draft__in=own) | Q(is_sent=True, draft__case__in=sent))


class FormFile(models.Model):
    """A kept file that was attached to a draft, once for it; it goes when the draft is discarded."""

    id = models.UUIDField(primary_key=True, default=new_id)
    draft = models.ForeignKey(FormDraft, on_delete=models.CASCADE, related_name="files")
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    is_sent = models.BooleanField(default=False)
    """Whether it belongs to what was sent; a file that was attached and then hidden stays the person's own."""
    received_at = models.DateTimeField()

    objects = FormFileQuerySet.as_manager()

    class Meta:
        db_table = "casework_form_file"
        ordering = ["received_at", "id"]
        indexes = [models.Index(fields=["digest"], name="casework_form_file_digest")]
        constraints = [models.UniqueConstraint(fields=["draft", "digest"], name="casework_file_once_a_draft")]

    def __str__(self) -> str:
        return self.name


class FormAnswersQuerySet(models.QuerySet["FormAnswers"]):
    """Sent forms as an actor may see them."""

    def visible_to(self, actor: Actor) -> "FormAnswersQuerySet":
        """Keep those of the cases that the actor may see."""
        return self if actor.is_platform else self.filter(case__in=Case.objects.visible_to(actor))


class FormAnswers(models.Model):
    """What was answered in one form of one case. It may name persons, so it never stands in the case's own data."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="form_answers")
    task = models.OneToOneField(Task, on_delete=models.CASCADE, null=True, related_name="form_answers")
    version = models.ForeignKey(CaseTypeVersion, on_delete=models.PROTECT, related_name="form_answers")
    form = models.CharField(max_length=64)
    sealed_answers = models.BinaryField(null=True)
    sealed_values = models.BinaryField(null=True)
    sealed_supplied = models.BinaryField(null=True)
    answers = encrypted_json(
        "sealed_answers", dict[str, list[str]], empty=dict, department="case.department_id"
    )
    """Place → texts, without what was hidden."""
    values = encrypted_json("sealed_values", dict[str, object], empty=dict, department="case.department_id")
    """Place → value, typed and computed."""
    supplied = encrypted_json(
        "sealed_supplied", dict[str, object], empty=dict, department="case.department_id"
    )
    answered_by = models.UUIDField()
    answered_by_name = models.CharField(max_length=100)
    answered_at = models.DateTimeField()

    objects = FormAnswersQuerySet.as_manager()

    class Meta:
        db_table = "casework_form_answers"
        ordering = ["answered_at", "id"]
        indexes = [models.Index(fields=["case", "form"], name="casework_answers_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(task=None), name="casework_one_opening_form_a_case"
            )
        ]

    def __str__(self) -> str:
        return self.form
