"""Rules as the platform knows them: what they demand, why, where they are used, how often they were wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from zhengshu.contexts.quality.application import own_rules
from zhengshu.contexts.quality.application.rule_versions import base_code, rule_of
from zhengshu.contexts.quality.application.tables import rules_in_force
from zhengshu.contexts.quality.domain.checks import kind_of
from zhengshu.contexts.quality.domain.rectifications import RectificationState
from zhengshu.contexts.quality.domain.rules import Rule
from zhengshu.contexts.quality.models import Outcome, Rectification, RuleVersion, Run
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused


class RuleNotFound(Refused):
    """No pack in force has such a rule, and none was asked in the past."""

    code = "quality.rule-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no rule “%(rule)s”."


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRecord:
    """A rule.

    Attributes:
        is_in_force: whether the pack has it now.
    """

    code: str
    name: str
    kind: str
    element: str
    column: str
    dimension: str
    indicator: str
    severity: str
    weight: int
    basis: str
    name_en: str = ""
    basis_en: str = ""
    is_in_force: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleUse:
    """What a rule found in the last run of one table."""

    run_id: UUID
    code: str
    resource_code: str
    resource_name: str
    department_id: UUID
    column: str
    asked: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleStanding:
    """How a rule has done so far.

    Attributes:
        editions: how many different wordings of it were asked.
        rectified: rectifications that it led to and that ended with correct rows.
        wrong: rectifications that ended because it was at fault.
    """

    editions: int
    rectified: int
    wrong: int

    @property
    def false_alarm_rate(self) -> float | None:
        """The share of ended rectifications in which the rule was at fault; None before any has ended."""
        ended = self.rectified + self.wrong
        return self.wrong / ended if ended else None


def rules(*, actor: Actor) -> tuple[tuple[RuleRecord, int, int], ...]:
    """Return the rules in force, each with the rows that it asked and blamed in the last runs that the actor sees."""
    newest = Run.objects.visible_to(actor).newest()
    totals: dict[str, tuple[int, int]] = {
        row["base_code"]: (row["asked"] or 0, row["failed"] or 0)
        for row in Outcome.objects.filter(run__in=newest)
        .values("base_code")
        .annotate(asked=Sum("asked"), failed=Sum("failed"))
    }
    return tuple((_record(rule), *totals.get(rule.code, (0, 0))) for rule in _in_force())


def rule(*, code: str) -> RuleRecord:
    """Return a rule: as the pack has it now, or as it was last asked.

    Raises:
        RuleNotFound: there was never one.
    """
    known = next((one for one in _in_force() if one.code == base_code(code)), None)
    if known is not None:
        return _record(known)
    last = RuleVersion.objects.filter(base_code=base_code(code)).order_by("-first_used_at").first()
    if last is None:
        raise RuleNotFound(rule=code)
    return _of_the_past(last.base_code, last.body)


def uses(*, code: str, actor: Actor) -> tuple[RuleUse, ...]:
    """Return what a rule found in the last runs of the tables that the actor sees, most rows first."""
    rows = (
        Outcome.objects.filter(run__in=Run.objects.visible_to(actor).newest(), base_code=base_code(code))
        .select_related("run")
        .order_by("-failed", "run__resource_name", "code")
    )
    return tuple(
        RuleUse(
            run_id=row.run_id,
            code=row.code,
            resource_code=row.run.resource_code,
            resource_name=row.run.resource_name,
            department_id=row.run.department_id,
            column=row.column,
            asked=row.asked,
            failed=row.failed,
        )
        for row in rows
    )


def standing(*, code: str) -> RuleStanding:
    """Return how a rule has done; counts of the whole city, for they say something of the rule and of nobody."""
    editions = RuleVersion.objects.filter(base_code=base_code(code)).count()
    ended = Rectification.objects.exclude(closed_at=None)
    wrong = ended.filter(state=RectificationState.RULE_AT_FAULT).filter(
        Q(rule_code=code) | Q(rule_code__startswith=f"{code}:")
    )
    rectified = ended.filter(state=RectificationState.CORRECTED, rounds__run__outcomes__in=_failing(code))
    return RuleStanding(editions=editions, rectified=rectified.distinct().count(), wrong=wrong.count())


def _in_force() -> tuple[Rule, ...]:
    return (*rules_in_force().pack.rules, *own_rules.in_force())


def _failing(code: str) -> QuerySet[Outcome]:
    return Outcome.objects.filter(base_code=base_code(code), failed__gt=0)


def _record(one: Rule) -> RuleRecord:
    return RuleRecord(
        code=one.code,
        name=one.name,
        kind=kind_of(one.check),
        element=one.element,
        column="" if one.element else one.column,
        dimension=one.measures.dimension.value,
        indicator=one.indicator,
        severity=one.severity.value,
        weight=one.weight,
        basis=one.basis,
        name_en=one.name_en,
        basis_en=one.basis_en,
    )


def _of_the_past(code: str, body: Mapping[str, object]) -> RuleRecord:
    return replace(_record(rule_of(body)), code=code, is_in_force=False)
