"""Scores: rule → indicator → dimension → table → department → city, by a model that is content."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec


class TablesBy(StrEnum):
    """How the tables of a department weigh."""

    EQUAL = "equal"
    ROWS = "rows"


class DepartmentsBy(StrEnum):
    """How the departments of a city weigh."""

    EQUAL = "equal"
    TABLES = "tables"


class Threshold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A grade and the least score that earns it."""

    grade: str
    least: float


class ScoreModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How scores are put together; weights that are not named are 1.

    Attributes:
        severities: severity → how much a rule's own weight counts.
        indicators: indicator → weight among those of its dimension.
        dimensions: dimension → weight within a table.
        grades: from the best.
    """

    code: str
    name: str
    basis: str
    grades: tuple[Threshold, ...]
    severities: dict[str, float] = {}
    indicators: dict[str, float] = {}
    dimensions: dict[str, float] = {}
    tables: TablesBy = TablesBy.EQUAL
    departments: DepartmentsBy = DepartmentsBy.EQUAL

    def __post_init__(self) -> None:
        """Refuse a model that could not grade every score."""
        limits = [one.least for one in self.grades]
        if not limits or limits != sorted(set(limits), reverse=True) or limits[-1] > 0:
            raise ValueError("grades fall from the best to one whose least score is 0")
        weights = [*self.severities.values(), *self.indicators.values(), *self.dimensions.values()]
        if any(weight < 0 for weight in weights):
            raise ValueError("weights are not negative")

    def grade(self, score: float | None) -> str:
        """Return the grade of a score; empty where nothing was asked."""
        if score is None:
            return ""
        return next(one.grade for one in self.grades if score >= one.least)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleScore:
    """What a rule contributes: its score, or None where it asked no row."""

    dimension: str
    indicator: str
    severity: str
    weight: int
    score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableScore:
    """The score of a table, and of each indicator and dimension that any rule asked about."""

    score: float | None
    grade: str
    dimensions: Mapping[str, float] = field(default_factory=dict)
    indicators: Mapping[str, float] = field(default_factory=dict)


def score_table(rules: Iterable[RuleScore], model: ScoreModel) -> TableScore:
    """Return the score of a table by what its rules found.

    >>> grades = (Threshold(grade="A", least=95), Threshold(grade="B", least=0))
    >>> model = ScoreModel(code="m", name="", basis="", grades=grades)
    >>> half = RuleScore(dimension="01", indicator="0101", severity="error", weight=1, score=50.0)
    >>> score_table([half], model).grade
    'B'
    """
    by_indicator: dict[str, list[tuple[float, float]]] = {}
    for rule in rules:
        weight = rule.weight * model.severities.get(rule.severity, 1)
        if rule.score is not None and weight:
            by_indicator.setdefault(rule.indicator, []).append((rule.score, weight))
    indicators = {
        code: mean for code, pairs in sorted(by_indicator.items()) if (mean := weighted(pairs)) is not None
    }
    by_dimension: dict[str, list[tuple[float, float]]] = {}
    for code, score in indicators.items():
        by_dimension.setdefault(code[:2], []).append((score, model.indicators.get(code, 1)))
    dimensions = {code: mean for code, pairs in by_dimension.items() if (mean := weighted(pairs)) is not None}
    total = weighted([(score, model.dimensions.get(code, 1)) for code, score in dimensions.items()])
    return TableScore(score=total, grade=model.grade(total), dimensions=dimensions, indicators=indicators)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMark:
    """A table's part in the score of its department."""

    score: float | None
    rows: int


def score_department(tables: Sequence[TableMark], model: ScoreModel) -> float | None:
    """Return the score of a department by those of its tables; None where none was scored."""
    by_rows = model.tables is TablesBy.ROWS
    return weighted([(one.score, one.rows if by_rows else 1) for one in tables if one.score is not None])


def score_city(departments: Sequence[tuple[float | None, int]], model: ScoreModel) -> float | None:
    """Return the score of a city by the scores of its departments and how many tables each has."""
    by_tables = model.departments is DepartmentsBy.TABLES
    return weighted(
        [(score, tables if by_tables else 1) for score, tables in departments if score is not None]
    )


def weighted(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Return the mean of values by their weights; None where nothing weighs."""
    total = sum(weight for _, weight in pairs)
    return sum(value * weight for value, weight in pairs) / total if total else None
