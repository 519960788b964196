"""Assessments of tables: runs, what each rule found in them, the rules as they stood, what tables demand."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from zhengshu.contexts.quality.domain.plans import Plan
from zhengshu.contexts.quality.domain.rectifications import UNDER_WAY, RectificationState
from zhengshu.contexts.quality.domain.rules import Severity
from zhengshu.contexts.quality.domain.runs import OPEN_STATES, RunCause, RunState
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

WHOLE_VIEW = frozenset({Role.REVIEWER, Role.LEADER})
"""Who sees the results of all departments: scores and counts."""

OWN_VIEW = frozenset({Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.OPERATOR, Role.APPROVER})
"""Who sees the results of the own department."""

ROWS_VIEW = frozenset({Role.DATA_OFFICER, Role.DEPARTMENT_HEAD})
"""Who sees the failing rows of the own department; reviewers of the data authority see all, masked."""


def of_department(actor: Actor) -> Q:
    """Return the condition that a row belongs to what an actor may see the results of."""
    if actor.is_platform or not actor.roles.isdisjoint(WHOLE_VIEW):
        return Q()
    if actor.department_id is None or actor.roles.isdisjoint(OWN_VIEW):
        return Q(pk__in=[])
    return Q(department_id=actor.department_id)


def rows_of_department(actor: Actor) -> Q:
    """Return the condition that an actor may see the failing rows themselves."""
    if actor.is_platform or actor.has(Role.REVIEWER):
        return Q()
    if actor.department_id is None or actor.roles.isdisjoint(ROWS_VIEW):
        return Q(pk__in=[])
    return Q(department_id=actor.department_id)


class RunQuerySet(models.QuerySet["Run"]):
    """Runs, as far as somebody may see them."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the runs of the own department; reviewers and leaders see all."""
        return self.filter(of_department(actor))

    def with_rows_for(self, actor: Actor) -> Self:
        """Keep the runs whose failing rows the actor may see."""
        return self.filter(rows_of_department(actor))

    def whole(self) -> Self:
        """Keep those that have results."""
        return self.filter(state=RunState.WHOLE)

    def newest(self, *, at: datetime | None = None) -> Self:
        """Keep the last whole run of each table, as of an instant."""
        known = self.whole() if at is None else self.whole().filter(finished_at__lte=at)
        last = known.order_by("resource_id", "-finished_at", "-id").distinct("resource_id").values("pk")
        return self.filter(pk__in=last)


class Run(models.Model):
    """One assessment of a table.

    Attributes:
        region: the region of the department that owns the table.
        snapshot_id: the state of the table that is checked; empty until it is opened.
        done, total: how many row visits are done, of how many.
        faulty: rows that at least one row rule blames.
        dimensions: dimension → score, by the score model of that time.
        model: the score model's version.
        kept: where the places and bits of its failing rows stand in the lake.
        refusal_*: why it failed.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    resource_id = models.UUIDField()
    resource_code = models.CharField(max_length=100)
    resource_name = models.CharField(max_length=200)
    department_id = models.UUIDField()
    region = models.CharField(max_length=12)
    cause = models.CharField(max_length=12, choices=[(cause, cause) for cause in RunCause])
    state = models.CharField(max_length=12, choices=[(state, state) for state in RunState])
    is_stop_asked = models.BooleanField(default=False)
    batch_id = models.UUIDField(null=True)
    snapshot_id = models.BigIntegerField(null=True)
    pack = models.CharField(max_length=100, blank=True)
    model = models.CharField(max_length=64, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    faulty = models.BigIntegerField(default=0)
    score = models.FloatField(null=True)
    grade = models.CharField(max_length=10, blank=True)
    dimensions = models.JSONField(default=dict)
    kept = models.JSONField(default=dict)
    refusal_code = models.CharField(max_length=100, blank=True)
    refusal_message = models.TextField(blank=True)
    refusal_data = models.JSONField(default=dict)
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        db_table = "quality_run"
        constraints = [
            models.UniqueConstraint(
                fields=["resource_id"], condition=Q(state__in=OPEN_STATES), name="quality_run_one_at_a_time"
            ),
            models.CheckConstraint(
                name="quality_run_whole_is_finished",
                condition=~Q(state=RunState.WHOLE) | Q(snapshot_id__isnull=False, finished_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["resource_id", "-finished_at"], name="quality_run_resource"),
            models.Index(fields=["department_id", "-asked_at"], name="quality_run_department"),
            models.Index(fields=["-asked_at"], name="quality_run_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.resource_name} {self.asked_at:%Y-%m-%d}"


class RuleVersion(models.Model):
    """A rule as it stood when it was asked; the same words are kept once.

    Attributes:
        digest: SHA-256 of the body, in hexadecimal.
        body: the rule as a document, from which it can be asked again.
    """

    digest = models.CharField(primary_key=True, max_length=64)
    code = models.CharField(max_length=160)
    base_code = models.CharField(max_length=100)
    body = models.JSONField()
    first_used_at = models.DateTimeField()

    class Meta:
        db_table = "quality_rule_version"
        indexes = [models.Index(fields=["base_code", "-first_used_at"], name="quality_rule_version_code")]

    def __str__(self) -> str:
        return self.code


class Outcome(models.Model):
    """What one rule found in one run.

    Attributes:
        base_code: the rule's code; `code` carries the column behind a colon where it was written for an element.
        places: some of the failing rows, for rules that all rows answer together.
        reason_*: why it could not ask.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="outcomes")
    version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="outcomes")
    code = models.CharField(max_length=160)
    base_code = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    column = models.CharField(max_length=63, blank=True)
    kind = models.CharField(max_length=20)
    dimension = models.CharField(max_length=2)
    indicator = models.CharField(max_length=4)
    severity = models.CharField(max_length=10)
    weight = models.PositiveSmallIntegerField()
    is_row_rule = models.BooleanField()
    asked = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)
    score = models.FloatField(null=True)
    places = models.JSONField(default=list)
    observed = models.JSONField(default=dict)
    reason_message = models.TextField(blank=True)
    reason_data = models.JSONField(default=dict)

    class Meta:
        db_table = "quality_outcome"
        constraints = [
            models.UniqueConstraint(fields=["run", "code"], name="quality_outcome_once"),
            models.CheckConstraint(
                name="quality_outcome_counts", condition=Q(failed__gte=0, failed__lte=models.F("asked"))
            ),
        ]
        indexes = [models.Index(fields=["base_code"], name="quality_outcome_code")]

    def __str__(self) -> str:
        return self.code


class RegionCount(models.Model):
    """How many rows of a run lie in a region by their own codes, and how many of them a rule blames."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="regions")
    region = models.CharField(max_length=12)
    rows = models.BigIntegerField()
    faulty = models.BigIntegerField()

    class Meta:
        db_table = "quality_region_count"
        constraints = [
            models.UniqueConstraint(fields=["run", "region"], name="quality_region_count_once"),
            models.CheckConstraint(
                name="quality_region_count_counts", condition=Q(faulty__gte=0, faulty__lte=models.F("rows"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.rows}"


class ScoreModelVersion(models.Model):
    """A score model as it stood; every run names the edition that it was scored by."""

    digest = models.CharField(primary_key=True, max_length=64)
    body = models.JSONField()
    first_used_at = models.DateTimeField()

    class Meta:
        db_table = "quality_score_model_version"

    def __str__(self) -> str:
        return self.digest


class TablePlan(models.Model):
    """When a table is assessed and what it demands of its batches; absent means the default of `domain.plans`."""

    resource_id = models.UUIDField(primary_key=True)
    department_id = models.UUIDField()
    is_on_batch = models.BooleanField(default=True)
    every_days = models.PositiveSmallIntegerField(default=7)
    is_paused = models.BooleanField(default=False)
    least_score = models.FloatField(null=True)
    no_failure_of = models.CharField(max_length=10, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField()
    changed_by_name = models.CharField(max_length=200)

    class Meta:
        db_table = "quality_table_plan"

    def __str__(self) -> str:
        return str(self.resource_id)

    @property
    def plan(self) -> Plan:
        """The plan as the domain knows it."""
        return Plan(
            is_on_batch=self.is_on_batch,
            every_days=self.every_days,
            is_paused=self.is_paused,
            least_score=self.least_score,
            no_failure_of=Severity(self.no_failure_of) if self.no_failure_of else None,
        )


class RectificationQuerySet(models.QuerySet["Rectification"]):
    """Rectifications, as far as somebody may see them."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep those of the own department; reviewers and leaders see all."""
        return self.filter(of_department(actor))

    def with_rows_for(self, actor: Actor) -> Self:
        """Keep those whose rows the actor may see in full: officers and heads of the owner alone."""
        if actor.is_platform:
            return self
        if actor.department_id is None or actor.roles.isdisjoint(ROWS_VIEW):
            return self.none()
        return self.filter(department_id=actor.department_id)

    def under_way(self) -> Self:
        """Keep those that have not ended."""
        return self.filter(state__in=UNDER_WAY)


class Rectification(models.Model):
    """The failing rows of one table as a matter of the department that owns them.

    Attributes:
        run: the last whole run of the table.
        rules: codes of the rules whose rows are to be rectified, by the last run.
        relapse_of: the rectification of the same table that had ended well before.
        rule_code, rule_version: the rule that its owner objects to, and its words of then.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    department_id = models.UUIDField()
    resource_id = models.UUIDField()
    resource_code = models.CharField(max_length=100)
    resource_name = models.CharField(max_length=200)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="rectifications")
    case_id = models.UUIDField()
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=15, choices=[(state, state) for state in RectificationState])
    rules = models.JSONField(default=list)
    rows_first = models.BigIntegerField()
    rows_left = models.BigIntegerField()
    score_before = models.FloatField(null=True)
    score_after = models.FloatField(null=True)
    relapse_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="relapses")
    rule_code = models.CharField(max_length=160, blank=True)
    rule_version = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    objects = RectificationQuerySet.as_manager()

    class Meta:
        db_table = "quality_rectification"
        constraints = [
            models.UniqueConstraint(
                fields=["resource_id"], condition=Q(state__in=UNDER_WAY), name="quality_rectification_one"
            )
        ]
        indexes = [
            models.Index(fields=["department_id", "-opened_at"], name="quality_rectification_dept"),
            models.Index(fields=["case_id"], name="quality_rectification_case"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.resource_name}"


class Round(models.Model):
    """How far a rectification was after one assessment."""

    id = models.BigAutoField(primary_key=True)
    rectification = models.ForeignKey(Rectification, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    rows_left = models.BigIntegerField()
    score = models.FloatField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "quality_round"
        constraints = [
            models.UniqueConstraint(fields=["rectification", "number"], name="quality_round_number"),
            models.UniqueConstraint(fields=["rectification", "run"], name="quality_round_run"),
        ]

    def __str__(self) -> str:
        return f"{self.rectification_id} {self.number}"
