"""What the public site says itself: announcements of the data authority."""

from django.db import models
from django.db.models import Q

from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Announcements, always by what an actor may see."""

    def visible_to(self, actor: Actor) -> "AnnouncementQuerySet":
        """Return what is published; drafts and what was withdrawn for reviewers of the office that wrote them."""
        if actor.is_platform:
            return self
        seen = Q(state=Announcement.State.PUBLISHED)
        if actor.has(Role.REVIEWER) and actor.department_id is not None:
            seen |= Q(department_id=actor.department_id)
        return self.filter(seen)

    def published(self) -> "AnnouncementQuerySet":
        """Return what everybody reads now, the newest first."""
        return self.filter(state=Announcement.State.PUBLISHED).order_by("-published_at", "-id")


class Announcement(models.Model):
    """An official announcement; plain text in paragraphs."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=10_000)
    department_id = models.UUIDField()
    department_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        db_table = "portal_announcement"
        indexes = [
            models.Index(
                fields=["-published_at"], condition=Q(state="published"), name="portal_announced_newest"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False),
                name="portal_published_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""),
                name="portal_withdrawn_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title
