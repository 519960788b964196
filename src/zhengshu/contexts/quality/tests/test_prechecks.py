"""Check characters that are looked at before the pass: the same answers over many batches, in bounded memory."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from zhengshu.contexts.quality.application.engine import prechecks
from zhengshu.contexts.quality.application.engine.assess import Job, assess
from zhengshu.contexts.quality.application.engine.source import parquet_source
from zhengshu.contexts.quality.application.engine.watching import AssessmentCancelled
from zhengshu.contexts.quality.domain.checks import CheckDigit, Scheme
from zhengshu.contexts.quality.domain.rules import Rule, Table

RIGHT, WRONG = "91110000600037341L", "91110000600037341M"
ROWS = 3_000
BAD = (1, 999, 1000, 1001, 1024, 2049, ROWS)
RULES = tuple(
    Rule(code=f"r{number}", name="r", check=check, indicator="0301", basis="b", column=column)
    for number, (column, check) in enumerate(
        [
            ("a", CheckDigit(scheme=Scheme.CREDIT_CODE)),
            ("b", CheckDigit(scheme=Scheme.CREDIT_CODE)),
            ("a", CheckDigit(scheme=Scheme.CREDIT_CODE, places=(1, 18))),
        ]
    )
)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    own = [WRONG if place in BAD else None if place % 7 == 0 else RIGHT for place in range(1, ROWS + 1)]
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"a": own, "b": [RIGHT] * ROWS}), path, row_group_size=1_000)
    return Job(
        table=Table(code="t", name="t", columns=()),
        rules=RULES,
        source=parquet_source([path], {"a": "a", "b": "b"}),
        today=date(2026, 6, 30),
        extension=None,
    )


class TestFindWrong:
    def test_finds_the_same_rows_over_many_batches_and_when_places_are_given_away_at_once(
        self, job: Job, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, value in (("_BATCH", 128), ("_PIECE", 50), ("_HELD", 1), ("_WAITING", 1)):
            monkeypatch.setattr(prechecks, name, value)

        first, sound, part = assess(job).rules

        assert first.places == part.places == BAD
        assert (first.failed, sound.failed, sound.asked) == (len(BAD), 0, ROWS)
        assert first.asked == ROWS - sum(place % 7 == 0 and place not in BAD for place in range(1, ROWS + 1))

    def test_stops_between_batches(self, job: Job) -> None:
        told: list[int] = []

        def stop(done: int, _total: int) -> bool:
            told.append(done)
            return False

        with pytest.raises(AssessmentCancelled):
            assess(replace(job, rules=RULES[:1]), told=stop)

        assert told == [0]
