"""Rules in SQL that the data authority has written for tables of the catalogue, in all their editions."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from zhengshu.contexts.quality.domain.checks import OwnSql
from zhengshu.contexts.quality.domain.rules import Rule, Severity
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id


class OwnRuleQuerySet(models.QuerySet["OwnRule"]):
    """Rules in SQL, as far as somebody may see their statements."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep all for reviewers of the data authority, none for others: a statement may name values."""
        return self if actor.is_platform or actor.has(Role.REVIEWER) else self.none()

    def in_force(self) -> Self:
        """Keep those that assessments ask."""
        return self.filter(retired_at=None)


class OwnRule(models.Model):
    """A rule in SQL for one table.

    Attributes:
        code: what the rule is called in results; begins with ``own-``.
        number: the edition in force.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=80, unique=True)
    resource_id = models.UUIDField()
    resource_code = models.CharField(max_length=100)
    resource_name = models.CharField(max_length=200)
    number = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    retired_by_name = models.CharField(max_length=200, blank=True)

    objects = OwnRuleQuerySet.as_manager()

    class Meta:
        db_table = "quality_own_rule"
        indexes = [
            models.Index(
                fields=["resource_id"], condition=Q(retired_at=None), name="quality_own_rule_resource"
            )
        ]

    def __str__(self) -> str:
        return self.code


class OwnRuleVersionQuerySet(models.QuerySet["OwnRuleVersion"]):
    """Editions of rules in SQL."""

    def current(self) -> Self:
        """Keep the edition of each rule that is in force, or was when the rule was retired."""
        return self.filter(number=F("rule__number")).select_related("rule")


class OwnRuleVersion(models.Model):
    """One edition of a rule in SQL; it is never changed.

    Attributes:
        column: the column that the rule speaks of; empty where it speaks of whole rows.
        tables: codes of the other tables of the pack that the statement reads.
        statement: one SELECT of the places that it blames.
    """

    id = models.BigAutoField(primary_key=True)
    rule = models.ForeignKey(OwnRule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=300)
    basis_en = models.CharField(max_length=300, blank=True)
    column = models.CharField(max_length=63, blank=True)
    statement = models.TextField()
    tables = models.JSONField(default=list)
    indicator = models.CharField(max_length=4)
    severity = models.CharField(max_length=10)
    weight = models.PositiveSmallIntegerField()
    saved_at = models.DateTimeField()
    saved_by = models.UUIDField()
    saved_by_name = models.CharField(max_length=200)

    objects = OwnRuleVersionQuerySet.as_manager()

    class Meta:
        db_table = "quality_own_rule_version"
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="quality_own_rule_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.number}"

    def as_rule(self, code: str) -> Rule:
        """Return it as the engine asks it."""
        return Rule(
            code=code,
            name=self.name,
            name_en=self.name_en,
            check=OwnSql(select=self.statement, tables=tuple(self.tables)),
            indicator=self.indicator,
            severity=Severity(self.severity),
            weight=self.weight,
            basis=self.basis,
            basis_en=self.basis_en,
            column=self.column,
        )
