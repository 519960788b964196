"""Ratings, what was invited to be rated, and — in a table of its own — who rated."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from zhengshu.contexts.services.domain.ratings import BAD, RatingChannel
from zhengshu.contexts.services.domain.vocabulary import Satisfaction
from zhengshu.foundation.vault.columns import encrypted_text
from zhengshu.kernel.actors import OFFICIALS, Actor, Role
from zhengshu.kernel.identity import new_id

CALL_BACK_ROLES = (Role.REVIEWER, Role.WINDOW_CLERK)
"""Who works at the call-back desk of a data authority."""


class RatingInvitationQuerySet(models.QuerySet["RatingInvitation"]):
    """Invitations; they tell who was served, so nobody but that person sees one."""

    def visible_to(self, actor: Actor) -> "RatingInvitationQuerySet":
        """Return those of the actor himself or of the enterprises for which he acts."""
        if actor.is_platform:
            return self
        if not actor.is_signed_in:
            return self.none()
        own = Q(person_id=actor.id, enterprise_id=None)
        return self.filter(own | Q(enterprise_id__in=actor.enterprise_ids))

    def due(self) -> "RatingInvitationQuerySet":
        """Return those that were not used."""
        return self.filter(used_at=None)


class RatingInvitation(models.Model):
    """One case or one visit that may be rated, once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case_id = models.UUIDField(null=True, unique=True)
    """None for a visit at a window."""
    case_number = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=16, null=True, unique=True)  # noqa: DJ001 - unique where there is one
    """What the QR of a window says; None for a case."""
    visit_id = models.UUIDField(null=True, unique=True)
    """The number that was called, else the application that was taken in; None for a case."""
    made_by = models.UUIDField(null=True)
    """The clerk who made the code of a visit."""
    item_code = models.CharField(max_length=80)
    item_name = models.CharField(max_length=500)
    department_id = models.UUIDField()
    department_name = models.CharField(max_length=200)
    window = models.CharField(max_length=40, blank=True)
    """Where somebody was served; empty: online."""
    person_id = models.UUIDField(null=True)
    enterprise_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = RatingInvitationQuerySet.as_manager()

    class Meta:
        db_table = "services_rating_invitation"
        indexes = [
            models.Index(fields=["person_id"], condition=Q(used_at=None), name="services_rating_due"),
            models.Index(fields=["enterprise_id"], condition=Q(used_at=None), name="services_rating_due_ent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(case_id__isnull=False) ^ Q(code__isnull=False),
                name="services_rating_case_or_visit",
            ),
            models.CheckConstraint(
                condition=Q(visit_id=None, made_by=None)
                | Q(visit_id__isnull=False, made_by__isnull=False, case_id=None),
                name="services_rating_visit_has_maker",
            ),
        ]

    def __str__(self) -> str:
        return self.item_name

    @property
    def is_online(self) -> bool:
        """Whether no window served the person."""
        return not self.window


class RatingCell(models.Model):
    """The ratings of one item of one department at one window (or online), published in whole batches."""

    department_id = models.UUIDField()
    department_name = models.CharField(max_length=200)
    item_code = models.CharField(max_length=80)
    item_name = models.CharField(max_length=500)
    window = models.CharField(max_length=40, blank=True)
    taken = models.PositiveIntegerField(default=0)
    released = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "services_rating_cell"
        constraints = [
            models.UniqueConstraint(
                fields=["department_id", "item_code", "window"], name="services_rating_cell_once"
            ),
            models.CheckConstraint(
                condition=Q(released__lte=models.F("taken")), name="services_released_was_taken"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_code} {self.window}"


class RatingQuerySet(models.QuerySet["Rating"]):
    """Ratings, without who gave them."""

    def visible_to(self, actor: Actor) -> "RatingQuerySet":
        """Return single bad ratings for the department that mends and for the call-back desk; others for nobody.

        What is good is told in published batches only: whoever sees single ratings may guess who gave them.
        """
        if actor.is_platform:
            return self
        if not actor.has(*OFFICIALS) or actor.department_id is None:
            return self.none()
        concerned = Q(cell__department_id=actor.department_id) | Q(desk_id=actor.department_id)
        return self.filter(concerned, rectification_id__isnull=False)

    def counted_for(self, actor: Actor) -> "RatingQuerySet":
        """Return the bad ratings whose rectification is counted for a reader: all for leaders and reviewers.

        Only the rectification is told them, by its number, and never what was said; so it opens nothing else.
        """
        if actor.has(Role.LEADER, Role.REVIEWER):
            return self.filter(rectification_id__isnull=False)
        return self.visible_to(actor)

    def to_mend(self) -> "RatingQuerySet":
        """Return bad ratings whose rectification was not opened yet."""
        return self.filter(level__in=[level.value for level in BAD], rectification_id=None)

    def published(self) -> "RatingQuerySet":
        """Return those whose batch is whole."""
        return self.filter(place__lte=models.F("cell__released"))


class Rating(models.Model):
    """What was said of one service; nothing here leads to who said it, not even the moment in its id."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    cell = models.ForeignKey(RatingCell, on_delete=models.PROTECT, related_name="ratings")
    place = models.PositiveIntegerField()
    """From 1, in its cell."""
    level = models.CharField(max_length=1, choices=[(one.value, one.value) for one in Satisfaction])
    """The code of table A.8: 1 is the best."""
    stars = models.PositiveSmallIntegerField()
    """Five for the best; kept apart, for some interfaces count the other way round."""
    channel = models.CharField(max_length=12, choices=[(one.value, one.value) for one in RatingChannel])
    indicators = models.JSONField(default=dict)
    """Codes of table A.8 by indicator."""
    words = models.TextField(blank=True)
    """As the department reads them: without names, numbers and addresses."""
    given_on = models.DateField()
    """The day alone; the moment would tell who was there."""
    released_on = models.DateField(null=True)
    desk_id = models.UUIDField(null=True)
    rectification_id = models.UUIDField(null=True, unique=True)
    rectification_number = models.CharField(max_length=60, blank=True)
    rectified_as = models.CharField(max_length=64, blank=True)
    """The end of the rectification; empty while it runs."""
    rectified_at = models.DateTimeField(null=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        db_table = "services_rating"
        indexes = [
            models.Index(fields=["released_on"], name="services_rating_released"),
            models.Index(
                fields=["given_on"],
                condition=Q(level__in=["4", "5"], rectification_id=None),
                name="services_rating_to_mend",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["cell", "place"], name="services_rating_place_once"),
            models.CheckConstraint(
                condition=Q(level__in=[one.value for one in Satisfaction]), name="services_rating_level_known"
            ),
            models.CheckConstraint(
                condition=Q(stars__gte=1, stars__lte=5), name="services_rating_stars_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.level


class RaterQuerySet(models.QuerySet["Rater"]):
    """Who rated; read one by one, and each read is audited."""

    def visible_to(self, actor: Actor) -> "RaterQuerySet":
        """Return those of bad ratings for the call-back desk, which is never the rated department's own."""
        if actor.is_platform:
            return self
        if not actor.has(*CALL_BACK_ROLES):
            return self.none()
        return self._of_desk(actor).filter(rating__rectification_id__isnull=False)

    def counted_for(self, actor: Actor) -> "RaterQuerySet":
        """Return those whose number a reviewer of the call-back desk learns, good ones too; never who they are."""
        return self._of_desk(actor) if actor.has(Role.REVIEWER) else self.none()

    def _of_desk(self, actor: Actor) -> "RaterQuerySet":
        if actor.department_id is None:
            return self.none()
        others = self.exclude(rating__cell__department_id=actor.department_id)
        return others.filter(rating__desk_id=actor.department_id)


class Rater(models.Model):
    """Who gave a rating, for the call-back desk alone; the only way from a rating to a person or case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rating = models.OneToOneField(Rating, on_delete=models.PROTECT, related_name="+")
    invitation = models.OneToOneField(RatingInvitation, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField(null=True)
    sealed_words = models.BinaryField(null=True)
    sealed_contact = models.BinaryField(null=True)
    words = encrypted_text("sealed_words")
    contact = encrypted_text("sealed_contact")

    objects = RaterQuerySet.as_manager()

    class Meta:
        db_table = "services_rater"

    def __str__(self) -> str:
        return "rater"
