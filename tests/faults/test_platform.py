"""Killing any process of a running platform: the supervisor brings it back and nothing stays behind."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.kit.platform import Platform, until


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    # Not pytest's own folder: that one is closed to the user as whom PostgreSQL runs under root.
    with TemporaryDirectory(prefix="zhengshu-faults-") as folder:
        running = Platform.start(Path(folder))
        yield running
        running.stop()


@pytest.mark.faults
@pytest.mark.timeout(300)
class TestKilledProcesses:
    @pytest.mark.parametrize(
        "words",
        [
            pytest.param(("granian",), id="web"),
            pytest.param(("exchange.gateway",), id="gateway"),
            pytest.param(("project.cli worker",), id="worker"),
            pytest.param(("bin/postgres .*-D",), id="database"),
        ],
    )
    def test_comes_back_after_kill(self, platform: Platform, words: tuple[str, ...]) -> None:
        # The test before may have killed what this one needs a living one of.
        assert until(lambda: platform.answers() and bool(platform.pids(*words)), seconds=60), (
            platform.console()
        )
        before = set(platform.pids(*words))

        platform.kill(*words)

        assert until(lambda: bool(set(platform.pids(*words)) - before), seconds=30), platform.console()
        assert until(platform.answers, seconds=60), platform.console()


@pytest.mark.faults
@pytest.mark.timeout(300)
class TestStopping:
    def test_leaves_no_process_behind_and_starts_again(self) -> None:
        with TemporaryDirectory(prefix="zhengshu-faults-") as folder:
            first = Platform.start(Path(folder))

            assert first.stop() == 0
            assert until(lambda: first.pids("granian|gateway|worker|postgres") == [], seconds=20)
            second = Platform.start(Path(folder))
            assert second.stop() == 0
