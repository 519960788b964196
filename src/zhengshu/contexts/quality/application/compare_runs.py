"""Compare two assessments of one table: rule by rule."""

from dataclasses import dataclass
from uuid import UUID

from zhengshu.contexts.quality.application.queries import outcomes, run
from zhengshu.contexts.quality.application.records import OutcomeRecord, RunRecord
from zhengshu.contexts.quality.domain.runs import RunNotFound
from zhengshu.kernel.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """How a rule did in two runs; None where it was not asked in one of them.

    Attributes:
        change: how many more rows it blames in the later one.
        is_same_rule: whether it asked the same in both.
    """

    code: str
    name: str
    name_en: str
    column: str
    severity: str
    before: int | None
    after: int | None
    change: int
    is_same_rule: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two whole runs of one table, rules that changed most first."""

    earlier: RunRecord
    later: RunRecord
    rules: tuple[RuleChange, ...]

    @property
    def change(self) -> float | None:
        """How the score has changed."""
        if self.earlier.score is None or self.later.score is None:
            return None
        return self.later.score - self.earlier.score


def compare(*, earlier_id: UUID, later_id: UUID, actor: Actor) -> Comparison:
    """Return two runs side by side, whichever came first as the earlier one.

    Raises:
        RunNotFound: one of them is not whole, not visible, or of another table.
    """
    first, second = run(run_id=earlier_id, actor=actor), run(run_id=later_id, actor=actor)
    if first.resource_id != second.resource_id or not (first.is_whole and second.is_whole):
        raise RunNotFound
    earlier, later = sorted((first, second), key=lambda one: one.asked_at)
    before = {one.code: one for one in outcomes(run_id=earlier.id, actor=actor)}
    after = {one.code: one for one in outcomes(run_id=later.id, actor=actor)}
    rules = [_change(before.get(code), after.get(code)) for code in dict.fromkeys((*after, *before))]
    return Comparison(
        earlier=earlier, later=later, rules=tuple(sorted(rules, key=lambda one: -abs(one.change)))
    )


def _change(before: OutcomeRecord | None, after: OutcomeRecord | None) -> RuleChange:
    known = after or before
    if known is None:
        message = "a rule of neither run"
        raise ValueError(message)
    failed = (
        before.failed if before and before.was_asked else None,
        after.failed if after and after.was_asked else None,
    )
    return RuleChange(
        code=known.code,
        name=known.name,
        name_en=known.name_en,
        column=known.column,
        severity=known.severity,
        before=failed[0],
        after=failed[1],
        change=(failed[1] or 0) - (failed[0] or 0),
        is_same_rule=before is not None and after is not None and before.version == after.version,
    )
