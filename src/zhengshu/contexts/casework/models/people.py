"""Who stands in for whom, and who urges whom."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from zhengshu.contexts.casework.models.cases import Case
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences."""

    def visible_to(self, actor: Actor) -> "AbsenceQuerySet":
        """Keep one's own, those in which one is the deputy, and for a head those of his department."""
        if not actor.is_signed_in or actor.department_id is None:
            return self.none()
        own = Q(person_id=actor.id) | Q(deputy_id=actor.id)
        if actor.has(Role.DEPARTMENT_HEAD):
            own |= Q(department_id=actor.department_id)
        return self.filter(own)


class Absence(models.Model):
    """A time in which a deputy does a person's to-dos, in all or in some types of cases (half-open)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=100)
    department_id = models.UUIDField()
    deputy_id = models.UUIDField()
    deputy_name = models.CharField(max_length=100)
    case_types = ArrayField(models.CharField(max_length=64), default=list)
    active_from = models.DateTimeField()
    active_to = models.DateTimeField()
    declared_by = models.UUIDField()
    declared_at = models.DateTimeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        db_table = "casework_absence"
        indexes = [
            models.Index(fields=["deputy_id", "active_to"], name="casework_absence_deputy"),
            models.Index(fields=["person_id", "active_to"], name="casework_absence_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(active_to__gte=F("active_from")), name="casework_absence_goes_forward"
            ),
            models.CheckConstraint(
                condition=~Q(person_id=F("deputy_id")), name="casework_absence_has_another"
            ),
        ]

    def __str__(self) -> str:
        return self.person_name


class SupervisionNote(models.Model):
    """An urging, or a note that a department must answer by a day."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField()
    department_id = models.UUIDField()
    due_at = models.DateTimeField(null=True)
    """None: an urging, which asks for no answer."""
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    answered_by_name = models.CharField(max_length=100, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        db_table = "casework_supervision_note"
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="casework_answers_have_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.text
