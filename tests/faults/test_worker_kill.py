"""A worker that is killed in the middle of a job: the next one does it."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from tests.kit.platform import Platform, until

SCHEDULED, QUEUED = "exchange.take_reports", "casework.deliver"
TABLES = {SCHEDULED: "exchange_monitor_report", QUEUED: "casework_delivery"}
DEFER = """
    SELECT procrastinate_defer_jobs_v1(
        ARRAY[ROW('default', %s, 0, %s, NULL, %s, NULL)::procrastinate_job_to_defer_v1])
"""


class Queue:
    """The jobs of a platform, seen from outside."""

    def __init__(self, platform: Platform) -> None:
        url = f"postgresql://postgres@/postgres?host={platform.folder}/postgres"
        self.server = psycopg.connect(url, autocommit=True)
        self._other = psycopg.connect(url)

    def defer(self, task: str, *, lock: str | None = None, arguments: str = '{"timestamp": 0}') -> int:
        (ids,) = self.server.execute(DEFER, (task, lock, arguments)).fetchone() or ([0],)
        return int(ids[0])

    def state(self, job: int) -> str:
        row = self.server.execute(
            "SELECT status::text FROM procrastinate_jobs WHERE id = %s", (job,)
        ).fetchone()
        return row[0] if row else "gone"

    def shut(self, table: str) -> None:
        """Let whoever reads a table wait."""
        self._other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")

    def open(self) -> None:
        self._other.rollback()

    def let_silent_workers_be_noticed(self) -> None:
        self.server.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
            " WHERE id <> (SELECT max(id) FROM procrastinate_workers)"
        )
        self.defer("foundation.take_up_stalled")

    def close(self) -> None:
        self._other.close()
        self.server.close()


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    with TemporaryDirectory(prefix="zhengshu-faults-") as folder:
        running = Platform.start(Path(folder))
        yield running
        running.stop()


@pytest.mark.faults
@pytest.mark.timeout(300)
class TestKilledWorker:
    @pytest.mark.parametrize("task", [SCHEDULED, QUEUED])
    def test_leaves_its_job_to_the_next(self, platform: Platform, task: str) -> None:
        queue = Queue(platform)
        arguments = '{"delivery_id": "00000000-0000-0000-0000-000000000000"}'
        before, killed = set(platform.pids("project.cli worker")), _newest_worker(queue)
        queue.shut(TABLES[task])
        job = queue.defer(task, arguments=arguments) if task == QUEUED else queue.defer(task, lock=SCHEDULED)
        assert until(lambda: queue.state(job) == "doing", seconds=60), platform.console()

        platform.kill("project.cli worker")
        assert until(lambda: bool(set(platform.pids("project.cli worker")) - before), seconds=60)
        assert until(lambda: _newest_worker(queue) > killed, seconds=60), platform.console()
        queue.open()
        assert queue.state(job) == "doing"
        queue.let_silent_workers_be_noticed()

        assert until(lambda: queue.state(job) == "gone", seconds=90), queue.state(job)
        later = (
            queue.defer(task, arguments=arguments) if task == QUEUED else queue.defer(task, lock=SCHEDULED)
        )
        assert until(lambda: queue.state(later) == "gone", seconds=90), queue.state(later)
        queue.close()


def _newest_worker(queue: Queue) -> int:
    (number,) = queue.server.execute("SELECT max(id) FROM procrastinate_workers").fetchone() or (None,)
    return int(number or 0)
