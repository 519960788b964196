"""Applications over all channels, and the checks that were made of each before anybody decided."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from zhengshu.contexts.services.domain.applications import ApplicationState, PreReview
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.contexts.services.models.items import ServiceItem
from zhengshu.kernel.actors import OFFICIALS, Actor, Role
from zhengshu.kernel.identity import new_id
from zhengshu.kernel.mandates import Power


def _seen(actor: Actor) -> Q:
    seen = Q(applicant_id=actor.id, enterprise_id=None)
    if enterprises := actor.enterprises_in(""):
        seen |= Q(enterprise_id__in=enterprises)
    for mandate in actor.mandates:
        if codes := mandate.codes(Power.MATTERS):
            seen |= Q(enterprise_id=mandate.enterprise_id, case_type__in=codes)
    if actor.has(*OFFICIALS) and actor.department_id is not None:
        seen |= Q(department_id=actor.department_id) | Q(opened_in=actor.department_id)
    return seen


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications, always by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the actor's own and his enterprises'; for officials those that their department handles or took in.

        Leaders and reviewers see all: an application says what was asked for and how it went, and names nobody.
        """
        if actor.is_platform or actor.has(Role.LEADER, Role.REVIEWER):
            return self
        return self.filter(_seen(actor)) if actor.is_signed_in else self.none()


class Application(models.Model):
    """One submission for one service item, by whichever channel it came; its number is its case's.

    Who asks stands here as an id, for access; names and answers stand in the case and in its form.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=40, unique=True)
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="applications")
    item_version = models.PositiveIntegerField()
    case_type = models.CharField(max_length=80)
    case_id = models.UUIDField(unique=True)
    draft_id = models.UUIDField(unique=True)
    """The form that was sent; a second sending finds the first by it."""
    bundle_id = models.UUIDField(null=True)
    """The one thing of which it is a part; None for an application by itself."""
    ticket_id = models.UUIDField(null=True)
    """The number that was called when it was taken in at a window."""
    channel = models.CharField(max_length=1, choices=[(one.value, one.value) for one in Channel])
    applicant_id = models.UUIDField()
    enterprise_id = models.UUIDField(null=True)
    opened_by = models.UUIDField()
    opened_in = models.UUIDField(null=True)
    """The department at whose window it was taken in."""
    department_id = models.UUIDField()
    """The department that handles it."""
    sources = models.JSONField(default=list)
    """Which data elements sources supplied, each with source and time; never the values."""
    supplied = models.PositiveIntegerField(default=0)
    typed = models.PositiveIntegerField(default=0)
    letters = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=10, choices=[(one.value, one.value) for one in PreReview])
    is_hands_free = models.BooleanField(default=False)
    """Whether it was decided in the request that sent it, by nobody."""
    state = models.CharField(max_length=20, choices=[(one.value, one.value) for one in ApplicationState])
    certificate_id = models.UUIDField(null=True)
    """What was issued because it was granted."""
    certificate_fault = models.CharField(max_length=80, blank=True)
    """Why it could not be made yet, by the code of the refusal."""
    certificate_words = ArrayField(models.TextField(), size=2, null=True)
    """The same in a sentence, in Chinese and in English."""
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    # What it adds to the figures for leaders; see `application.count_application`.
    checks_made = models.PositiveSmallIntegerField(default=0)
    checks_by_rule = models.PositiveSmallIntegerField(default=0)
    materials_saved = models.PositiveSmallIntegerField(default=0)
    visits_saved = models.PositiveSmallIntegerField(default=0)
    days_saved = models.PositiveIntegerField(default=0)
    is_kept = models.BooleanField(null=True)
    """Whether its case had kept all its limits when it ended; None while it is open, and without a limit."""

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        db_table = "services_application"
        ordering = ["-submitted_at", "-id"]
        indexes = [
            models.Index(fields=["applicant_id", "-submitted_at"], name="services_application_person"),
            models.Index(
                fields=["enterprise_id", "-submitted_at"],
                condition=Q(enterprise_id__isnull=False),
                name="services_application_firm",
            ),
            models.Index(fields=["department_id", "-submitted_at"], name="services_application_office"),
            models.Index(fields=["item", "-submitted_at"], name="services_application_item"),
            models.Index(fields=["-submitted_at", "-id"], name="services_application_latest"),
            models.Index(
                fields=["bundle_id"],
                condition=Q(bundle_id__isnull=False),
                name="services_application_bundle",
            ),
            models.Index(
                fields=["ticket_id"],
                condition=Q(ticket_id__isnull=False),
                name="services_application_ticket",
            ),
            models.Index(
                fields=["certificate_fault", "submitted_at"],
                condition=~Q(certificate_fault=""),
                name="services_application_fault",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state=ApplicationState.OPEN.value) & Q(decided_at=None))
                | (~Q(state=ApplicationState.OPEN.value) & Q(decided_at__isnull=False)),
                name="services_decided_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PreReviewCheckQuerySet(models.QuerySet["PreReviewCheck"]):
    """Checks of applications, always by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of the applications that the actor may see."""
        return self.filter(application__in=Application.objects.visible_to(actor))


class PreReviewCheck(models.Model):
    """What one decision table said of one application when it was sent; never changed."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="checks")
    position = models.PositiveSmallIntegerField()
    check_code = models.CharField(max_length=80)
    verdict = models.CharField(max_length=10, choices=[(one.value, one.value) for one in PreReview])
    name = ArrayField(models.TextField(), size=2)
    """What was checked, in Chinese and in English."""
    words = ArrayField(models.TextField(), size=2)
    """The reason, or the question for a person, in Chinese and in English."""
    basis = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    objects = PreReviewCheckQuerySet.as_manager()

    class Meta:
        db_table = "services_pre_review_check"
        ordering = ["application", "position"]
        constraints = [
            models.UniqueConstraint(fields=["application", "check_code"], name="services_check_once"),
        ]

    def __str__(self) -> str:
        return self.check_code
