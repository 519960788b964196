"""PostgreSQL goes away and comes back: pages and API say so, and serve again without anybody's help."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from tests.kit.platform import Platform, until

PAGE, CALL = "/services/", "/api/trust/departments"
SESSION = {"sessionid": "a" * 32}
"""Nobody's, so that the call has to ask the database whose it is."""


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with TemporaryDirectory(prefix="zhengshu-faults-") as folder:
        running = Platform.start(Path(folder))
        yield running
        running.stop()


class Asking(threading.Thread):
    """Asks for pages and calls on and on; keeps how often each answer came."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(daemon=True)
        self.answers: Counter[tuple[str, int]] = Counter()
        self._platform, self._ended = platform, threading.Event()

    def run(self) -> None:
        with httpx.Client(timeout=20, cookies=SESSION) as client:
            while not self._ended.is_set():
                for path in (PAGE, CALL, "/healthz"):
                    self.answers[path, client.get(self._platform.web + path).status_code] += 1

    def end(self) -> None:
        self._ended.set()
        self.join(30)


@pytest.mark.faults
@pytest.mark.timeout(300)
class TestDatabaseAway:
    @pytest.mark.parametrize(
        "ending",
        [
            pytest.param(signal.SIGINT, id="stopped by its administrator"),
            pytest.param(signal.SIGKILL, id="killed"),
        ],
    )
    def test_is_told_with_503_and_heals_by_itself(self, platform: Platform, ending: signal.Signals) -> None:
        asking = Asking(platform)
        asking.start()
        assert until(lambda: asking.answers[PAGE, 200] > 3 and asking.answers[CALL, 403] > 3, seconds=60)

        platform.process.send_signal(signal.SIGSTOP)  # whoever would start the server again at once
        try:
            for pid in platform.pids("bin/postgres .*-D"):
                _end(pid, ending)
            assert until(lambda: asking.answers["/healthz", 503] > 3, seconds=60), asking.answers
            page = httpx.get(platform.web + PAGE, headers={"Accept": "text/html"}, timeout=20)
            call = httpx.get(platform.web + CALL, cookies=SESSION, timeout=20)
            alive = httpx.get(platform.web + "/livez", timeout=20)
        finally:
            platform.process.send_signal(signal.SIGCONT)

        assert until(platform.answers, seconds=60), platform.console()
        served = asking.answers[PAGE, 200], asking.answers[CALL, 403], asking.answers["/healthz", 200]
        assert until(
            lambda: (
                asking.answers[PAGE, 200] > served[0] + 10
                and asking.answers[CALL, 403] > served[1] + 10
                and asking.answers["/healthz", 200] > served[2] + 10
            ),
            seconds=60,
        ), asking.answers
        asking.end()
        assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
        assert "平台暂时无法连接数据库" in page.text
        assert (call.status_code, call.json()["code"]) == (503, "foundation.database-not-reachable")
        assert alive.status_code == 200
        assert {status for _path, status in asking.answers} <= {200, 403, 503}, asking.answers


def _end(pid: int, ending: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # its parent has ended it
        os.kill(pid, ending)
