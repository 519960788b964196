"""Keys that are compared while row rules are asked: the same result, and none when either fails."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from zhengshu.contexts.quality.application.engine.assess import Job, assess
from zhengshu.contexts.quality.application.engine.blamed import blamed_rows
from zhengshu.contexts.quality.application.engine.sessions import Limits
from zhengshu.contexts.quality.application.engine.uniqueness import Run, Runs
from zhengshu.contexts.quality.application.engine.watching import (
    AssessmentCancelled,
    RoomExhausted,
    Told,
    Watch,
)
from zhengshu.contexts.quality.domain.checks import Alike
from zhengshu.contexts.quality.tests.test_keeping import DIGITS, UNIQUE, job_of, rule_of, source_of, write

ALIKE = rule_of("alike", Alike())
MANY = Limits(threads=64)


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return, as they are compared, the names of the parts."""
    names: list[str] = []
    real = Runs.of

    def of(runs: Runs, keyed: object) -> Run:
        names.append(getattr(keyed, "name", ""))
        return real(runs, keyed)  # type: ignore[arg-type]

    monkeypatch.setattr(Runs, "of", of)
    return names


class TestBeside:
    def test_says_the_same_as_one_after_the_other(self, tmp_path: Path) -> None:
        old, new = (
            write(tmp_path, name, values)
            for name, values in (("b", ["1", "x", "2"]), ("c", ["２", "1", "1", "y"]))
        )
        answers = []
        for name, limits in (("one", Limits(threads=1)), ("many", MANY)):
            store = tmp_path / name
            job = replace(job_of(source_of(old), store, DIGITS, UNIQUE, ALIKE), limits=limits)
            assess(job)
            done = assess(replace(job, source=source_of(old, new)))
            rows = blamed_rows(store, done.kept)
            answers.append(([(one.asked, one.places) for one in done.rules], rows, done.faulty))

        assert answers[0] == answers[1]
        assert answers[0][0] == [(7, (2, 4, 7)), (7, (5, 6)), (7, (4, 5, 6))]

    def test_stops_comparing_when_the_run_is_stopped(self, tmp_path: Path, compared: list[str]) -> None:
        store = tmp_path / "store"
        job = replace(
            job_of(source_of(write(tmp_path, "b", ["1", "1", "x"])), store, DIGITS, UNIQUE), limits=MANY
        )

        with pytest.raises(AssessmentCancelled):
            assess(job, told=lambda _done, _total: False)
        done = assess(job)

        assert compared
        assert [one.places for one in done.rules] == [(3,), (2,)]

    def test_has_no_result_when_comparing_fails(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job = replace(
            job_of(source_of(write(tmp_path, "b", ["1", "1"])), tmp_path / "store", DIGITS, UNIQUE),
            limits=MANY,
        )

        def repeated(_runs: Runs, _new: object, _old: object) -> None:
            raise duckdb.OutOfMemoryException("no room")

        with monkeypatch.context() as patch:
            patch.setattr(Runs, "repeated", repeated)
            with pytest.raises(RoomExhausted):
                assess(job)

        assert assess(job).rules[1].places == (2,)

    def test_is_not_begun_where_one_thread_may_run(self, tmp_path: Path) -> None:
        seen: list[Watch] = []
        job = job_of(source_of(write(tmp_path, "b", ["1", "1"])), tmp_path / "store", DIGITS, UNIQUE)

        assert watched(replace(job, limits=MANY), seen) == 2
        assert watched(replace(job, store=tmp_path / "other"), seen) == 1


def watched(job: Job, seen: list[Watch]) -> int:
    """Return how many watches told of an assessment."""
    real, seen[:] = Watch.__init__, []

    def made(watch: Watch, *, told: Told, total: int) -> None:
        seen.append(watch)
        real(watch, told=told, total=total)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Watch, "__init__", made)
        assess(job)
    return len(seen)
