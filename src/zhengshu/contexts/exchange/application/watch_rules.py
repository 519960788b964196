"""The rules that watch calls: the pack's, as the security administrator has set them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

import yaml
from django.conf import settings

from zhengshu.contexts.exchange.domain.watching import Bounds, RuleCode, WatchRule
from zhengshu.contexts.exchange.events import WatchRuleChanged
from zhengshu.contexts.exchange.models import WatchSetting
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused


class WatchRulesUnreadable(ValueError):
    """`packs/watching.yaml` is not as its head comment says; correct the named entry."""


class NotYourRule(Refused):
    """Rules are set by the security administrator."""

    code: ClassVar[str] = "exchange.not-your-rule"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = "Only the security administrator sets the rules that watch calls."


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInForce:
    """A rule with the numbers that hold now.

    Attributes:
        changed_at, changed_by: when it was last set, and by whom; empty while the pack's numbers hold.
    """

    rule: WatchRule
    is_on: bool
    thresholds: Mapping[str, int]
    changed_at: datetime | None
    changed_by: str


def watch_rules() -> Mapping[RuleCode, WatchRule]:
    """Return the rules of the pack."""
    return _read(settings.PACKS_FOLDER / "watching.yaml")


def rules_in_force() -> tuple[RuleInForce, ...]:
    """Return all rules, those that are switched off included."""
    known = {row.code: row for row in WatchSetting.objects.all()}
    return tuple(_in_force(rule, known.get(code.value)) for code, rule in watch_rules().items())


@transaction
def change_rule(
    *, code: RuleCode, is_on: bool, thresholds: Mapping[str, int], actor: Actor, at: datetime
) -> None:
    """Set a rule; it holds from the next run of the job, for calls that come then.

    Raises:
        NotYourRule: the actor is not the security administrator.
        ThresholdUnfit: a number is out of its bounds.
    """
    if actor.is_platform or not actor.has(Role.SECURITY_ADMIN):
        raise NotYourRule
    rule = watch_rules()[code]
    values = rule.checked(thresholds)
    before = _in_force(rule, WatchSetting.objects.select_for_update().filter(pk=code.value).first())
    if (before.is_on, dict(before.thresholds)) == (is_on, values):
        return
    WatchSetting.objects.update_or_create(
        code=code.value,
        defaults={
            "is_on": is_on,
            "thresholds": values,
            "changed_at": at,
            "changed_by": actor.id,
            "changed_by_name": actor.name,
        },
    )
    publish(
        WatchRuleChanged(
            at=at,
            actor=actor,
            subject=Subject("watch_rule", code.value, code.value),
            before=_texts(is_on=before.is_on, thresholds=before.thresholds),
            after=_texts(is_on=is_on, thresholds=values),
        )
    )


def _in_force(rule: WatchRule, row: WatchSetting | None) -> RuleInForce:
    stored = {name: value for name, value in row.thresholds.items() if name in rule.thresholds} if row else {}
    return RuleInForce(
        rule=rule,
        is_on=row.is_on if row else True,
        thresholds={name: stored.get(name, bounds.value) for name, bounds in rule.thresholds.items()},
        changed_at=row.changed_at if row else None,
        changed_by=row.changed_by_name if row else "",
    )


def _texts(*, is_on: bool, thresholds: Mapping[str, int]) -> dict[str, str]:
    return {"on": str(is_on).lower(), **{name: str(value) for name, value in thresholds.items()}}


@cache
def _read(file: Path) -> Mapping[RuleCode, WatchRule]:
    entries: object = yaml.safe_load(file.read_text(encoding="utf-8"))
    if not isinstance(entries, list):
        message = f"{file}: a list of rules was expected"
        raise WatchRulesUnreadable(message)
    found = {rule.code: rule for rule in (_rule(entry, file=file) for entry in entries)}
    if set(found) != set(RuleCode) or len(found) != len(entries):
        message = f"{file}: exactly the rules {', '.join(RuleCode)} are expected"
        raise WatchRulesUnreadable(message)
    return MappingProxyType(found)


def _rule(entry: object, *, file: Path) -> WatchRule:
    match entry:
        case {"code": str(code), "basis": str(basis), "thresholds": dict(thresholds)} if code in set(
            RuleCode
        ):
            bounds = {str(name): _bounds(one, file=file) for name, one in thresholds.items()}
            return WatchRule(code=RuleCode(code), basis=basis, thresholds=bounds)
        case _:
            message = f"{file}: not a rule: {entry!r}"
            raise WatchRulesUnreadable(message)


def _bounds(entry: object, *, file: Path) -> Bounds:
    match entry:
        case {"value": int(value), "least": int(least), "most": int(most)} if least <= value <= most:
            return Bounds(value=value, least=least, most=most)
        case _:
            message = f"{file}: not a threshold: {entry!r}"
            raise WatchRulesUnreadable(message)
