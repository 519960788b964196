"""The second look: it clears a test that fails only beside others, and nothing else."""

from pathlib import Path

import pytest

from tools import suite

SECOND_TIME_RIGHT = """
from pathlib import Path

def test_shaken():
    seen = Path("seen")
    was_seen = seen.exists()
    seen.touch()
    assert was_seen
"""
NEVER_RIGHT = "def test_wrong():\n    assert False\n"
RIGHT = "def test_right():\n    assert True\n"


@pytest.fixture(autouse=True)
def _a_project_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # Every process that looks for plugins imports all that are there, for seconds.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-q -p xdist.plugin")
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)


def run(**files: str) -> int:
    for name, text in files.items():
        Path(f"test_{name}.py").write_text(text, encoding="utf-8")
    return suite.main([])


def test_names_what_passes_only_alone(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(shaken=SECOND_TIME_RIGHT, right=RIGHT) == 0
    told = capfd.readouterr().out
    assert "UNSTEADY" in told
    assert "test_shaken.py::test_shaken" in told.rpartition("UNSTEADY")[2]


def test_a_failure_that_stays_fails_the_run(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(shaken=SECOND_TIME_RIGHT, wrong=NEVER_RIGHT) == suite.FAILED
    assert "UNSTEADY" not in capfd.readouterr().out


def test_many_failures_are_not_looked_at_again() -> None:
    many = {f"wrong{number}": SECOND_TIME_RIGHT for number in range(suite.MOST_LOOKED_AT_AGAIN + 1)}
    assert run(**{name: text.replace('"seen"', f'"{name}"') for name, text in many.items()}) == suite.FAILED
    assert Path("wrong0").exists()


def test_a_right_run_is_run_once(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(right=RIGHT) == 0
    assert "once more" not in capfd.readouterr().out
