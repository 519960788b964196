"""Cases, their parties, to-dos and timelines."""

from datetime import datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from zhengshu.contexts.casework.domain.completing import Holder
from zhengshu.contexts.casework.domain.records import INTERNAL, INTERNAL_STEPS, OPEN, StepKind, TaskKind
from zhengshu.contexts.casework.models.readers import CaseReader, read_by, scopes_of
from zhengshu.contexts.casework.models.types import CaseTypeVersion
from zhengshu.foundation.statements import Selection, Statement
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.clocks import Light
from zhengshu.kernel.identity import DepartmentId, new_id
from zhengshu.kernel.mandates import Power


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases as an actor may see them."""

    def visible_to(self, actor: Actor) -> "CaseQuerySet":
        """Keep the cases that the actor's department opened, supervises or is a party to, or that he asked for.

        Whoever does not work with cases sees those that he opened in the department in which he still is.
        """
        if actor.is_platform:
            return self
        if not actor.is_signed_in:
            return self.none()
        scopes = scopes_of(actor)
        if not scopes and actor.department_id is None:
            return self.none()
        if not scopes:
            return self.filter(opened_by=actor.id, department_id=actor.department_id)
        readers = CaseReader.objects.filter(case_id=OuterRef("pk"))
        return self.filter(Exists(readers.filter(read_by(scopes))))

    def locked_for(self, actor: Actor, *, case_id: UUID) -> "Case | None":
        """Lock a case that the actor may see and return it; none where there is no such one.

        It says what `visible_to` says, in SQL that is written once: every step begins with it.
        """
        scopes = scopes_of(actor)
        (case,) = _LOCKED.rows(
            case_id,
            actor.is_platform,
            [scope.reader for scope in scopes],
            [scope.is_supervisor for scope in scopes],
            actor.id if actor.is_signed_in and not scopes else None,
            actor.department_id,
        ) or (None,)
        return case

    def with_light(self, light: Light, *, at: datetime) -> "CaseQuerySet":
        """Keep the open cases whose nearest clock shows a light at a moment."""
        return self.filter(light_condition(light, at=at), state=OPEN)


def light_condition(light: Light, *, at: datetime) -> Q:
    """Return the condition on `due_at` and `yellow_at` for a light."""
    match light:
        case Light.RED:
            return Q(due_at__lt=at)
        case Light.YELLOW:
            return Q(due_at__gte=at, yellow_at__lte=at)
        case Light.GREEN:
            return Q(due_at__gte=at, yellow_at__gt=at)
        case Light.GREY:
            return Q(due_at=None)


class Case(models.Model):
    """One case; it runs one version of its type for ever."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=40, unique=True)
    version = models.ForeignKey(CaseTypeVersion, on_delete=models.PROTECT, related_name="cases")
    type_code = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=64)
    subject_id = models.UUIDField()
    subject_title = models.CharField(max_length=300)
    subject_path = models.CharField(max_length=300)
    state = models.CharField(max_length=64, default=OPEN)
    data = models.JSONField(default=dict)
    running = models.JSONField(default=dict)
    done = models.JSONField(default=dict)
    """Task → outcome → who, so that avoidance and things that happen only once need no look at the past."""
    steps = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField()
    opened_by_name = models.CharField(max_length=100)
    department_id = models.UUIDField(null=True)
    applicant_id = models.UUIDField(null=True)
    applicant_name = models.CharField(max_length=60, blank=True)
    enterprise_id = models.UUIDField(null=True)
    enterprise_name = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    yellow_at = models.DateTimeField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        db_table = "casework_case"
        indexes = [
            models.Index(fields=["subject_id", "-opened_at"], name="casework_case_subject"),
            models.Index(fields=["department_id", "-opened_at"], name="casework_case_started"),
            models.Index(fields=["opened_by"], name="casework_case_opener"),
            models.Index(fields=["due_at"], condition=Q(state=OPEN), name="casework_case_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=OPEN, closed_at=None) | (~Q(state=OPEN) & Q(closed_at__isnull=False)),
                name="casework_closed_cases_have_a_time",
            ),
            models.CheckConstraint(
                condition=Q(enterprise_id=None) | Q(applicant_id__isnull=False),
                name="casework_enterprises_ask_through_persons",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CaseParty(models.Model):
    """A department's part in a case, or its supervision of it."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    name = models.CharField(max_length=64)
    department_id = models.UUIDField()
    is_supervisor = models.BooleanField(default=False)

    class Meta:
        db_table = "casework_case_party"
        indexes = [models.Index(fields=["department_id", "case"], name="casework_party_department")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "name"], condition=Q(is_supervisor=False), name="casework_party_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


_LOCKED = Selection(
    Case,
    """
    WHERE id = %s AND (
        %s
        OR EXISTS (
            SELECT FROM casework_case_reader AS reading
            JOIN unnest(%s::uuid[], %s::boolean[]) AS scope (reader, is_supervisor) USING (reader, is_supervisor)
            WHERE reading.case_id = casework_case.id
        )
        OR (opened_by = %s AND department_id = %s)
    )
    FOR UPDATE OF casework_case
    """,
)
_PARTIES = Statement(
    "SELECT name, department_id FROM casework_case_party WHERE case_id = %s AND NOT is_supervisor ORDER BY id"
)


def parties_of(case_id: UUID) -> dict[str, DepartmentId]:
    """Return the parts of a case with their departments."""
    return {str(name): DepartmentId(department) for name, department in _PARTIES.rows(case_id)}


class TaskQuerySet(models.QuerySet["Task"]):
    """To-dos as an actor may see and do them."""

    def visible_to(self, actor: Actor) -> "TaskQuerySet":
        """Keep the to-dos of the cases that the actor may see."""
        if actor.is_platform:
            return self
        return self.filter(case__in=Case.objects.visible_to(actor))

    def open(self) -> "TaskQuerySet":
        """Keep those that wait for somebody."""
        return self.filter(state=Task.State.OPEN)

    def open_in(self, case_id: UUID) -> "list[Task]":
        """Load the open to-dos of a case, the oldest first."""
        return _OPEN_TASKS.rows(case_id)

    def doable_by(self, actor: Actor) -> "TaskQuerySet":
        """Keep the open to-dos that the actor may complete himself.

        They are his department's and his role's, no colleague holds them, and neither avoidance nor four eyes bar him.
        """
        return self.open_to(actor).filter(Q(claimed_by=None) | Q(claimed_by=actor.id))

    def open_to(self, actor: Actor) -> "TaskQuerySet":
        """Keep the open to-dos of the actor's department and roles from which nothing bars him, claimed or not."""
        return (
            self.open()
            .filter(_is_for(actor), roles__overlap=[role.value for role in actor.roles])
            .exclude(barred__contains=[actor.id])
        )


def _is_for(actor: Actor) -> Q:
    """Return the condition on whose to-do it is; `Holder.admits` is its twin."""
    if actor.department_id is not None:
        return Q(department_id=actor.department_id)
    own = Q(person_id=actor.id, enterprise_id=None) | Q(enterprise_id__in=sorted(actor.enterprise_ids))
    for one in actor.mandates:
        if codes := one.codes(Power.MATTERS):
            own |= Q(enterprise_id=one.enterprise_id, case__type_code__in=sorted(codes))
    return own


class Task(models.Model):
    """One to-do of the people in some roles of one department, or of the applicant."""

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in TaskKind])
    code = models.CharField(max_length=100)
    token = models.CharField(max_length=32, blank=True)
    clock_code = models.CharField(max_length=64, blank=True)
    department_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    """The applicant whose to-do it is."""
    enterprise_id = models.UUIDField(null=True)
    """The enterprise for which the applicant asked; any of its delegates may do it."""
    roles = ArrayField(models.CharField(max_length=32))
    barred = ArrayField(models.UUIDField(), default=list)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    completed_by = models.UUIDField(null=True)
    claimed_by = models.UUIDField(null=True)
    claimed_by_name = models.CharField(max_length=100, blank=True)
    claimed_at = models.DateTimeField(null=True)
    handed_by = models.UUIDField(null=True)
    """Who handed it to whoever holds it; it goes back to him when it is returned."""
    handed_by_name = models.CharField(max_length=100, blank=True)
    about = models.CharField(max_length=32, blank=True)
    """For a countersignature: the token of the task that waits for it."""
    waits_for = models.CharField(max_length=100, blank=True)
    """The countersigner without whose agreement it cannot be done."""
    is_objected = models.BooleanField(default=False)
    """Whether that countersigner objected."""
    outcome = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(null=True)
    yellow_at = models.DateTimeField(null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        db_table = "casework_task"
        indexes = [
            models.Index(fields=["case", "state"], name="casework_task_of_case"),
            models.Index(
                fields=["department_id", "due_at"], condition=Q(state="open"), name="casework_task_inbox"
            ),
            models.Index(
                fields=["person_id", "due_at"],
                condition=Q(state="open", person_id__isnull=False),
                name="casework_task_person",
            ),
            models.Index(
                fields=["enterprise_id", "due_at"],
                condition=Q(state="open", enterprise_id__isnull=False),
                name="casework_task_enterprise",
            ),
            models.Index(
                fields=["claimed_by"],
                condition=Q(state="open", claimed_by__isnull=False),
                name="casework_task_claimed",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "token"], condition=~Q(token=""), name="casework_one_task_a_token"
            ),
            models.UniqueConstraint(
                fields=["case", "clock_code"],
                condition=Q(state="open", kind=TaskKind.EXTENSION.value),
                name="casework_one_open_ask_a_clock",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_at=None)
                | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="casework_claims_have_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(completed_at__isnull=False) & ~Q(outcome="")),
                name="casework_done_tasks_have_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(department_id__isnull=False, person_id=None, enterprise_id=None)
                | Q(department_id=None, person_id__isnull=False),
                name="casework_tasks_are_somebodys",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def holder(self) -> Holder:
        """Whose to-do it is."""
        return Holder(
            roles=frozenset(self.roles),
            department_id=DepartmentId(self.department_id) if self.department_id else None,
            person_id=self.person_id,
            enterprise_id=self.enterprise_id,
            matter=self.case.type_code if self.enterprise_id else "",
        )


_OPEN_TASKS = Selection(Task, "WHERE case_id = %s AND state = 'open' ORDER BY opened_at, id")


class TimelineEntry(models.Model):
    """One thing that happened to a case; a trigger refuses to change or remove it."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="timeline")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=24, choices=[(kind.value, kind.value) for kind in StepKind])
    at = models.DateTimeField()
    actor_id = models.UUIDField()
    actor_name = models.CharField(max_length=100)
    department_id = models.UUIDField(null=True)
    task = models.CharField(max_length=100, blank=True)
    clock = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    basis = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict)
    """What its sentence names besides: a person to whom, for whom, a date from which and to which."""

    class Meta:
        db_table = "casework_timeline_entry"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="casework_timeline_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"

    @property
    def is_internal(self) -> bool:
        """Whether the applicant is not told of it."""
        return self.kind in INTERNAL_STEPS or INTERNAL in self.details


class NumberSeries(models.Model):
    """The last number that was given within a prefix and period; its row's lock keeps numbers free of gaps."""

    id = models.BigAutoField(primary_key=True)
    prefix = models.CharField(max_length=16)
    period = models.CharField(max_length=8)
    last = models.PositiveIntegerField()

    class Meta:
        db_table = "casework_number_series"
        constraints = [models.UniqueConstraint(fields=["prefix", "period"], name="casework_series_once")]

    def __str__(self) -> str:
        return f"{self.prefix}{self.period}"
