"""What is counted of calls to watch them, the rules, and what they found."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from zhengshu.contexts.exchange.domain.watching import RuleCode
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

CONFIRMED, DISMISSED = "confirmed", "dismissed"
"""How a finding's case ends: a true alarm, a false one."""
PROVIDER_ROLES = (Role.DATA_OFFICER, Role.DEPARTMENT_HEAD)


class WatchState(models.Model):
    """How far calls were counted: the one row that a run of the job locks.

    Attributes:
        sequence: the last call that was counted.
        seen_sequence, seen_at: the latest call that a run saw, and when, by the clock of the job.
        settled: the latest call that was seen a minute ago; none can come before it any more.
        calls, milliseconds: of the last run that counted anything, and what it cost.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    seen_sequence = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    settled = models.BigIntegerField(default=0)
    ran_at = models.DateTimeField(null=True)
    calls = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "exchange_watch_state"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="exchange_watch_state_is_one_row")]

    def __str__(self) -> str:
        return str(self.sequence)


class CallDay(models.Model):
    """The calls of one system with one grant on one resource on one day; counted by SQL, see `count_new_calls`.

    Attributes:
        grant_id: all zeroes where no grant was found.
        unnamed: calls that named no official although the policy of their system asks for it.
        by_hour: 24 counts.
    """

    pk = models.CompositePrimaryKey("system_id", "grant_id", "resource_code", "day")
    day = models.DateField()
    system_id = models.UUIDField()
    grant_id = models.UUIDField()
    resource_code = models.CharField(max_length=100)
    consumer_department_id = models.UUIDField()
    provider_department_id = models.UUIDField(null=True)
    calls = models.IntegerField()
    refused = models.IntegerField()
    empty = models.IntegerField()
    caseless = models.IntegerField()
    unnamed = models.IntegerField(default=0, db_default=0)
    subjects = models.IntegerField()
    by_hour = ArrayField(models.IntegerField())
    first_sequence = models.BigIntegerField()
    last_sequence = models.BigIntegerField()

    class Meta:
        db_table = "exchange_call_day"
        indexes = [models.Index(fields=["day"], name="call_day_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.resource_code}"


class SubjectDay(models.Model):
    """The calls about one key on one day by one system with one grant for one official; counted by SQL.

    Attributes:
        subject_digest: as in the records of calls; tells nobody whose key it is.
        official_ref: as in the records of calls; empty where no official was named.
        calls: how many.
        sequences: the first thousand of them.
    """

    pk = models.CompositePrimaryKey(
        "subject_digest", "day", "system_id", "grant_id", "resource_code", "official_ref"
    )
    subject_digest = models.BinaryField()
    day = models.DateField()
    system_id = models.UUIDField()
    grant_id = models.UUIDField()
    resource_code = models.CharField(max_length=100)
    official_ref = models.CharField(max_length=64, default="", db_default="")
    consumer_department_id = models.UUIDField(null=True)
    calls = models.IntegerField()
    sequences = ArrayField(models.BigIntegerField())

    class Meta:
        db_table = "exchange_subject_day"

    def __str__(self) -> str:
        return f"{self.day} {self.resource_code}"


class WatchSetting(models.Model):
    """A rule as the security administrator has set it; where there is no row, the pack's numbers hold."""

    code = models.CharField(
        primary_key=True, max_length=20, choices=[(code.value, code.value) for code in RuleCode]
    )
    is_on = models.BooleanField(default=True)
    thresholds = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField()
    changed_by_name = models.CharField(max_length=100)

    class Meta:
        db_table = "exchange_watch_setting"

    def __str__(self) -> str:
        return self.code


class FindingQuerySet(models.QuerySet["Finding"]):
    """Findings, by who may see them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all for the security administrator; for a provider's people those on its data that were confirmed."""
        if actor.has(Role.SECURITY_ADMIN):
            return self
        if actor.department_id is None or not actor.has(*PROVIDER_ROLES):
            return self.none()
        return self.filter(provider_department_id=actor.department_id, verdict=CONFIRMED)


class Finding(models.Model):
    """What a rule found in a group's day; one for each rule, group and day, whatever follows.

    Attributes:
        value, limit: what was measured, and the number that it reached.
        thresholds: the rule's numbers at that time.
        evidence: further counts; keys only as the beginning of their digests.
        calls: receipts of the first calls that it rests on.
        verdict: empty until its case has ended: `confirmed` (true alarm) or `dismissed` (false).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.CharField(max_length=20)
    day = models.DateField()
    system_id = models.UUIDField()
    grant_id = models.UUIDField()
    resource_code = models.CharField(max_length=100)
    consumer_department_id = models.UUIDField()
    provider_department_id = models.UUIDField(null=True)
    value = models.IntegerField()
    limit = models.IntegerField()
    thresholds = models.JSONField()
    evidence = models.JSONField(default=dict)
    calls = ArrayField(models.UUIDField(), default=list)
    raised_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    case_id = models.UUIDField(null=True)
    number = models.CharField(max_length=40, blank=True)
    verdict = models.CharField(max_length=20, blank=True)
    judged_at = models.DateTimeField(null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        db_table = "exchange_finding"
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "system_id", "grant_id", "resource_code", "day"], name="exchange_finding_once"
            )
        ]
        indexes = [
            models.Index(fields=["rule", "verdict"], name="exchange_finding_verdicts"),
            models.Index(fields=["-raised_at"], name="exchange_finding_latest"),
            models.Index(fields=["id"], condition=Q(case_id=None), name="exchange_finding_caseless"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.day}"
