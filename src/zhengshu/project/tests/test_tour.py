"""`zhengshu tour` as a newcomer runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from zhengshu.project import database, prepare
from zhengshu.project.tour.__main__ import main as walk_through

STEPS = 13


def tour(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a tour beside the tests' database, in a database of its own."""
    url = database.sibling(os.environ["DATABASE_URL"], "postgres")
    return subprocess.run(
        [sys.executable, "-m", "zhengshu.project.cli", "tour", *arguments],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def databases_of_tours() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'zhengshu_tour_%'")
        (count,) = cursor.fetchone() or (0,)
    return int(count)


@pytest.mark.django_db
@pytest.mark.timeout(300)
class TestTour:
    def test_shows_every_step_as_expected_and_leaves_nothing_behind(self) -> None:
        done = tour()

        assert done.returncode == 0, done.stdout + done.stderr
        assert f"{STEPS} of {STEPS} steps as expected" in done.stdout
        assert databases_of_tours() == 0

    def test_ends_with_a_sentence_where_a_file_is_no_register(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "notes.csv"
        file.write_text("日期,事项\n2026-01-01,开会\n2026-01-02,开会\n", encoding="utf-8")

        monkeypatch.setattr(prepare, "migrate", lambda **_said: None)  # the tests' database has its tables

        status = walk_through(file)

        assert status == 1
        assert "no column of the file identifies a row by a credit code" in capsys.readouterr().out
