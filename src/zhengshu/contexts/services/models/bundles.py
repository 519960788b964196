"""One thing: what somebody asked for with one form, and how each part of it stands."""

from typing import Self

from django.db import models
from django.db.models import Q

from zhengshu.contexts.services.domain.one_things import PartState, ThingState
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import new_id


class BundleQuerySet(models.QuerySet["Bundle"]):
    """Bundles, by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the actor's own; departments see the parts that they handle as cases."""
        if actor.is_platform:
            return self
        if not actor.is_signed_in:
            return self.none()
        return self.filter(
            Q(applicant_id=actor.id, enterprise_id=None) | Q(enterprise_id__in=actor.enterprise_ids)
        )


class Bundle(models.Model):
    """One thing, from its first page to its result. Its declaration stays as it was when it was begun."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=80)
    definition = models.JSONField()
    sources = models.JSONField(default=dict)
    """Question → which register answered it, and when; the answer itself stands in the forms."""
    applicant_id = models.UUIDField()
    enterprise_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=1, blank=True)
    state = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in ThingState], default=ThingState.OPEN.value
    )
    begun_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        db_table = "services_bundle"
        ordering = ["-begun_at"]
        indexes = [models.Index(fields=["applicant_id", "-begun_at"], name="services_bundle_person")]

    def __str__(self) -> str:
        return self.code


class BundlePartQuerySet(models.QuerySet["BundlePart"]):
    """Parts, by what an actor may see."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of the actor's bundles."""
        return self.filter(bundle__in=Bundle.objects.visible_to(actor))


class BundlePart(models.Model):
    """One item of a bundle: the form that becomes its case, and how far it is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="parts")
    item = models.SlugField(max_length=80)
    position = models.PositiveSmallIntegerField()
    draft_id = models.UUIDField(unique=True)
    case_id = models.UUIDField(null=True, unique=True)
    number = models.CharField(max_length=40, blank=True)
    state = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in PartState], default=PartState.WAITING.value
    )
    fault = models.TextField(blank=True)
    """Why it could not go on, in a sentence."""

    objects = BundlePartQuerySet.as_manager()

    class Meta:
        db_table = "services_bundle_part"
        ordering = ["bundle", "position"]
        constraints = [models.UniqueConstraint(fields=["bundle", "item"], name="services_part_once")]

    def __str__(self) -> str:
        return self.item
