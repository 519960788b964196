"""What an assessment found, and the scores that follow from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import fmean

from zhengshu.contexts.quality.domain.checks import kind_of
from zhengshu.contexts.quality.domain.faults import Reason
from zhengshu.contexts.quality.domain.indicators import Dimension
from zhengshu.contexts.quality.domain.rules import Rule, Severity, Table

GRADES: tuple[tuple[float, str], ...] = ((95, "A"), (85, "B"), (75, "C"), (60, "D"), (0, "E"))
"""Least score → grade. Five grades as DB11/T 2317-2024 has them; its thresholds are not published, these are ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """What one rule found.

    Attributes:
        rule: the rule, bound to its column.
        asked: how many rows it asked; rows that are empty where completeness is not the question are not asked.
        failed: how many of them it blames.
        places: some of the blamed rows, by line or row number, the first ones.
        reason: why it could not ask at all; None where it did.
        observed: what kinds that compare runs saw (rows, days, shares), for the next run.
        error: half the width of the 95 % confidence interval of the share of failing rows, of 1, where only a sample
            of the rows was asked; None where all were.
    """

    rule: Rule
    asked: int = 0
    failed: int = 0
    places: tuple[int, ...] = ()
    reason: Reason | None = None
    observed: Mapping[str, float | str] = field(default_factory=dict)
    error: float | None = None

    @property
    def was_asked(self) -> bool:
        """Whether any row answered it."""
        return self.reason is None and self.asked > 0

    @property
    def score(self) -> float | None:
        """The share of asked rows that pass, of 100; None where none was asked."""
        return 100 * (self.asked - self.failed) / self.asked if self.was_asked else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where the blamed rows of an assessment stand.

    Attributes:
        files: names of files in the folder that the caller named.
        rules: the fingerprints of the rules, as those files know them → the codes of the rules.
    """

    files: tuple[str, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One run of a pack over one table, whole: a run that was cancelled or failed has none.

    Attributes:
        table: the table as the pack describes it.
        rows: how many rows were checked.
        faulty: how many of them at least one row rule blames.
        broken: rows that could not be read at all, for instance with too many fields.
        rules: what each rule found.
        unknown: headings of the file that the pack does not know.
        missing: columns of the pack that the file does not hold.
        seconds: how long it took.
        is_compiled: whether the compiled extension answered; the results are equal without it.
        sampled: how many rows were read where a sample was asked for; None where all were.
        kept: where the blamed rows stand.
        reused: how many rows were not read again, because an earlier run had finished them.
    """

    table: Table
    rows: int
    faulty: int
    broken: int
    rules: tuple[RuleResult, ...]
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    seconds: float = 0.0
    is_compiled: bool = False
    sampled: int | None = None
    kept: Kept = field(default_factory=Kept)
    reused: int = 0

    @property
    def failing(self) -> tuple[RuleResult, ...]:
        """The rules that blame rows, most serious and most rows first."""
        order = list(Severity)
        found = [result for result in self.rules if result.failed]
        return tuple(sorted(found, key=lambda result: (order.index(result.rule.severity), -result.failed)))

    @property
    def dimensions(self) -> Mapping[Dimension, float]:
        """The score of each dimension that any rule asked about."""
        scores: dict[Dimension, float] = {}
        for dimension in Dimension:
            own = [result for result in self.rules if result.rule.measures.dimension is dimension]
            if (score := mean_score(own)) is not None:
                scores[dimension] = score
        return scores

    @property
    def score(self) -> float | None:
        """The mean of the dimensions."""
        scores = list(self.dimensions.values())
        return fmean(scores) if scores else None

    @property
    def grade(self) -> str:
        """The first grade whose threshold is met; empty where nothing was asked."""
        score = self.score
        return "" if score is None else next(grade for least, grade in GRADES if score >= least)


def mean_score(results: Iterable[RuleResult]) -> float | None:
    """Return the mean of the indicators' scores, each the mean of its rules by weight; None where none was asked."""
    by_indicator: dict[str, list[tuple[float, int]]] = {}
    for result in results:
        if (score := result.score) is not None:
            by_indicator.setdefault(result.rule.indicator, []).append((score, result.rule.weight))
    means = [
        sum(score * weight for score, weight in scores) / sum(weight for _, weight in scores)
        for scores in by_indicator.values()
    ]
    return fmean(means) if means else None


def count_by_kind(results: Iterable[RuleResult]) -> Mapping[str, int]:
    """Return how many rows each kind of rule blames."""
    counts: dict[str, int] = {}
    for result in results:
        counts[kind_of(result.rule.check)] = counts.get(kind_of(result.rule.check), 0) + result.failed
    return counts
