"""Scores: rule → indicator → dimension → table → department → city."""

import msgspec
import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.quality.domain.scoring import (
    DepartmentsBy,
    RuleScore,
    ScoreModel,
    TableMark,
    TablesBy,
    Threshold,
    score_city,
    score_department,
    score_table,
)

GRADES = (Threshold(grade="A", least=95), Threshold(grade="B", least=60), Threshold(grade="C", least=0))
MODEL = ScoreModel(code="m", name="m", basis="b", grades=GRADES)


def rule(score: float | None, indicator: str = "0201", weight: int = 1, severity: str = "error") -> RuleScore:
    return RuleScore(
        dimension=indicator[:2], indicator=indicator, severity=severity, weight=weight, score=score
    )


class TestTables:
    def test_rules_weigh_within_their_indicator(self) -> None:
        assert score_table([rule(100, weight=3), rule(0)], MODEL).score == 75

    def test_indicators_count_alike_whatever_the_number_of_their_rules(self) -> None:
        found = score_table([rule(100, "0301"), rule(100, "0301"), rule(0, "0302")], MODEL)

        assert found.dimensions == {"03": 50}

    def test_dimensions_count_alike(self) -> None:
        assert score_table([rule(100, "0101"), rule(50, "0301")], MODEL).score == 75

    def test_weights_of_the_model_change_it(self) -> None:
        model = msgspec.structs.replace(MODEL, dimensions={"01": 3}, severities={"hint": 0})

        found = score_table([rule(100, "0101"), rule(0, "0301"), rule(0, "0501", severity="hint")], model)

        assert found.score == 75

    def test_what_was_not_asked_does_not_count(self) -> None:
        assert score_table([rule(None), rule(80, "0301")], MODEL).score == 80
        assert score_table([rule(None)], MODEL).score is None
        assert score_table([rule(None)], MODEL).grade == ""

    @given(
        st.lists(st.tuples(st.floats(0, 100), st.sampled_from(["0101", "0201", "0302"]), st.integers(1, 9)))
    )
    def test_lies_between_the_worst_and_the_best_rule(self, given: list[tuple[float, str, int]]) -> None:
        found = score_table([rule(*one) for one in given], MODEL).score
        scores = [score for score, *_rest in given]

        assert found is None if not scores else min(scores) - 1e-6 <= (found or 0) <= max(scores) + 1e-6


class TestAbove:
    def test_departments_by_tables_or_rows(self) -> None:
        tables = [TableMark(score=100, rows=300), TableMark(score=0, rows=100), TableMark(score=None, rows=9)]

        assert score_department(tables, MODEL) == 50
        assert score_department(tables, msgspec.structs.replace(MODEL, tables=TablesBy.ROWS)) == 75

    def test_the_city_by_departments_or_tables(self) -> None:
        departments = [(100.0, 3), (0.0, 1), (None, 1)]

        assert score_city(departments, MODEL) == 50
        assert score_city(departments, msgspec.structs.replace(MODEL, departments=DepartmentsBy.TABLES)) == 75


class TestModels:
    @pytest.mark.parametrize(
        ("score", "grade"), [(100, "A"), (95, "A"), (94.99, "B"), (60, "B"), (0, "C"), (None, "")]
    )
    def test_a_threshold_belongs_to_the_better_grade(self, score: float | None, grade: str) -> None:
        assert MODEL.grade(score) == grade

    @pytest.mark.parametrize(
        "change",
        [
            {"grades": []},
            {"grades": [{"grade": "A", "least": 95}]},
            {"grades": [{"grade": "B", "least": 0}, {"grade": "A", "least": 95}]},
            {"dimensions": {"01": -1}},
            {"unknown": 1},
        ],
    )
    def test_one_that_cannot_grade_every_score_is_refused(self, change: dict[str, object]) -> None:
        with pytest.raises((msgspec.ValidationError, ValueError)):
            msgspec.convert({**msgspec.to_builtins(MODEL), **change}, ScoreModel)

    def test_the_one_of_the_packs_is_usable(self) -> None:
        text = (settings.PACKS_FOLDER / "scoring" / "standard.yaml").read_text("utf-8")

        assert msgspec.convert(yaml.safe_load(text), ScoreModel).grade(100) == "A"
