"""Killing any process of a platform under load: it comes back, no call loses its record, nothing stays behind."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.kit.gateway import Granted, Office, SigningKey, person
from tests.kit.load import CALLERS, Load
from tests.kit.platform import Platform, until


@dataclass(frozen=True, slots=True)
class Site:
    """A running platform with a key and a grant to call it by."""

    platform: Platform
    url: str
    key: SigningKey
    granted: Granted

    def load(self) -> Load:
        """Let callers call on and on."""
        return Load(self.platform.gateway, self.key, self.granted.resource)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    # Not pytest's own folder: that one is closed to the user as whom PostgreSQL runs under root.
    with TemporaryDirectory(prefix="zhengshu-faults-") as folder:
        running = Platform.start(Path(folder))
        office = Office(f"postgresql://postgres@/postgres?host={folder}/postgres")
        key = office.key(algorithm="ed25519")
        view = office.serve([person(number) for number in range(CALLERS)])
        granted = office.grant(key, view=view)
        office.close()
        yield Site(running, office.url, key, granted)
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
    def test_comes_back_and_no_answered_call_lacks_its_record(
        self, site: Site, words: tuple[str, ...]
    ) -> None:
        platform = site.platform
        assert until(lambda: bool(platform.pids(*words)), seconds=30), platform.console()
        before = set(platform.pids(*words))

        with site.load() as load:
            assert load.goes_on(calls=50), platform.console()
            platform.kill(*words)
            assert until(lambda: bool(set(platform.pids(*words)) - before), seconds=30), platform.console()
            assert until(platform.answers, seconds=60), platform.console()
            assert load.goes_on(calls=50), platform.console()

        load.check(Office(site.url))
        assert set(platform.pids(*words)).isdisjoint(before)

    @pytest.mark.parametrize("program", ["granian", "exchange.gateway"])
    def test_a_parent_that_is_killed_leaves_no_worker(self, site: Site, program: str) -> None:
        platform = site.platform
        before = platform.pids(program)

        with site.load() as load:
            assert load.goes_on(calls=50), platform.console()
            os.kill(min(before), signal.SIGKILL)
            assert until(lambda: set(platform.pids(program)).isdisjoint(before), seconds=30), (
                platform.console()
            )
            assert until(platform.answers, seconds=60), platform.console()

        load.check(Office(site.url))


@pytest.mark.faults
@pytest.mark.timeout(300)
class TestStopping:
    def test_leaves_no_process_behind_and_starts_again(self) -> None:
        with TemporaryDirectory(prefix="zhengshu-faults-") as folder:
            first = Platform.start(Path(folder), is_from_nothing=True)

            assert first.stop() == 0
            assert until(lambda: first.pids("granian|gateway|worker|postgres") == [], seconds=20)
            second = Platform.start(Path(folder))
            assert second.stop() == 0
