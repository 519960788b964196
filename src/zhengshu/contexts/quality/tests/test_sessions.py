"""The database that is kept from one assessment to the next: nothing of the former is seen, nothing broken is kept."""

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest

from zhengshu.contexts.quality.application.engine import sessions
from zhengshu.contexts.quality.application.engine.sessions import Limits, Session, open_session
from zhengshu.contexts.quality.application.engine.uniqueness import Keyed, Runs
from zhengshu.contexts.quality.application.engine.watching import Watch

LIMITS = Limits(memory_mib=96, threads=1)


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    """Begin and end without a kept database."""
    sessions._spare.close()
    yield
    sessions._spare.close()


def number_of(session: Session) -> int:
    """Return a number that is the database's own."""
    (found,) = session.engine.execute("SELECT nextval('own')").fetchall()
    return int(found[0])


def mark(session: Session) -> None:
    session.engine.execute("CREATE SEQUENCE own START 7")


class TestOpenSession:
    def test_keeps_the_database_for_the_next_session_and_nothing_of_the_former(self) -> None:
        with open_session(LIMITS) as former:
            mark(former)
            former.engine.execute("CREATE TEMP TABLE wrong_0 AS SELECT 1 AS place")
            former.engine.execute("SET VARIABLE program_0 = 'x'")
            (former.folder / "left").touch()
        with open_session(LIMITS) as latter:
            numbers = number_of(latter)
            (variable,) = latter.engine.execute("SELECT getvariable('program_0')").fetchall()
            with pytest.raises(duckdb.CatalogException):
                latter.engine.execute("FROM wrong_0")

        assert (numbers, variable) == (7, (None,))
        assert not former.folder.exists()

    def test_gives_sessions_at_the_same_time_databases_of_their_own(self) -> None:
        with open_session(LIMITS) as one:
            mark(one)
            with open_session(LIMITS) as other, pytest.raises(duckdb.CatalogException):
                number_of(other)

    def test_keeps_no_database_of_other_limits(self) -> None:
        with open_session(LIMITS) as one:
            mark(one)
        with open_session(Limits(memory_mib=128, threads=1)) as other:
            (limit,) = other.engine.execute("SELECT current_setting('memory_limit')").fetchall()
            with pytest.raises(duckdb.CatalogException):
                number_of(other)

        assert limit == ("128.0 MiB",)

    def test_keeps_none_in_which_something_failed(self) -> None:
        with pytest.raises(ZeroDivisionError), open_session(LIMITS) as one:
            mark(one)
            raise ZeroDivisionError
        with open_session(LIMITS) as other, pytest.raises(duckdb.CatalogException):
            number_of(other)

    def test_leaves_no_file_that_was_spilled(self, tmp_path: Path) -> None:
        with open_session(Limits(memory_mib=48, threads=1, spill=tmp_path)) as session:
            session.engine.execute(
                "CREATE TEMP TABLE much AS SELECT hash(range) AS a, hash(range + 1) AS b FROM range(6_000_000)"
            )
            spilled = [path for path in tmp_path.rglob("*") if path.is_file()]

        assert spilled
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_a_forked_process_opens_its_own(self) -> None:
        with open_session(LIMITS) as one:
            mark(one)
        child = os.fork()
        if child == 0:
            with open_session(LIMITS) as own:
                known = own.engine.execute("SELECT count(*) FROM duckdb_sequences()").fetchall()
            os._exit(int(known != [(0,)]))
        _, status = os.waitpid(child, 0)

        assert os.waitstatus_to_exitcode(status) == 0


class TestRun:
    def test_finds_what_is_common_with_and_without_a_sieve(self, tmp_path: Path) -> None:
        every = np.unique(np.random.default_rng(1).integers(0, 2**64, 5_000, np.uint64))
        sought = np.sort(np.concatenate((every[::50], every[1:] - np.uint64(1), np.array([0], np.uint64))))
        expected = np.intersect1d(every, sought)
        with open_session(LIMITS) as session:
            watch = Watch(told=lambda _done, _total: True, total=1)
            for is_kept in (True, False):
                runs = Runs(
                    session=session,
                    watch=watch,
                    folder=tmp_path / str(is_kept),
                    memory_mib=1,
                    is_kept=is_kept,
                )
                for count in (0, 1, 5_000):
                    values = ", ".join(f"({value}::UBIGINT)" for value in every[:count]) or "(NULL)"
                    rows = f"(SELECT h FROM (VALUES {values}) AS t(h) WHERE h IS NOT NULL)"  # noqa: S608 - of this test
                    run = runs.of(Keyed(name=str(count), relation=rows))

                    assert run.rows == count
                    assert (run.sieve > 0) == is_kept
                    assert np.array_equal(run.common(sought), np.intersect1d(every[:count], expected))
