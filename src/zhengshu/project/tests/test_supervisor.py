"""The supervisor is tested with real processes: it starts, restarts, refuses and stops them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from zhengshu.project.supervisor import PortTaken, Program, Supervisor

SCRIPT = """
import sys
from pathlib import Path
from zhengshu.project.supervisor import Program, Supervisor

folder, port = Path(sys.argv[1]), int(sys.argv[2])
serve = f'''
import os, socket, sys, time
with open({str(folder / "pids")!r}, "a") as out: out.write(f"{{os.getpid()}}\\\\n")
if len(sys.argv) > 1 and not os.fork():  # a worker, as web and gateway have them
    with open({str(folder / "workers")!r}, "a") as out: out.write(f"{{os.getpid()}}\\\\n")
    time.sleep(600)
s = socket.create_server(("127.0.0.1", {port}))
while True: s.accept()[0].close()
'''
Supervisor(
    [Program(name="served", command=[sys.executable, "-c", serve, *sys.argv[3:]], port=port, variable="PORT")],
    log_folder=folder, say=lambda text: print(text, flush=True), ready=lambda: print("ready", flush=True),
).run()
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until(condition: Callable[[], bool], *, seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").exists() and ") Z " not in Path(f"/proc/{pid}/stat").read_text()


@pytest.mark.faults
class TestSupervisor:
    def test_restarts_a_killed_program_and_stops_all(self, tmp_path: Path) -> None:
        pids = tmp_path / "pids"

        def started() -> list[int]:
            return [int(line) for line in pids.read_text().split()] if pids.exists() else []

        with subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(tmp_path), str(_free_port())],
            stdout=subprocess.PIPE,
            text=True,
        ) as supervisor:
            assert _until(lambda: len(started()) == 1)
            os.kill(started()[0], signal.SIGKILL)

            assert _until(lambda: len(started()) == 2)
            supervisor.send_signal(signal.SIGINT)
            output, _ = supervisor.communicate(timeout=20)

        assert "served ended with status -9" in output
        assert output.endswith("stopped\n")
        assert not any(_alive(pid) for pid in started())

    def test_ends_the_workers_of_a_killed_program(self, tmp_path: Path) -> None:
        pids, workers = tmp_path / "pids", tmp_path / "workers"

        def started(file: Path) -> list[int]:
            return [int(line) for line in file.read_text().split()] if file.exists() else []

        with subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(tmp_path), str(_free_port()), "with-a-worker"],
            stdout=subprocess.DEVNULL,
        ) as supervisor:
            assert _until(lambda: len(started(workers)) == 1)
            os.kill(started(pids)[0], signal.SIGKILL)

            assert _until(lambda: not _alive(started(workers)[0]))
            assert _until(lambda: len(started(workers)) == 2)
            supervisor.send_signal(signal.SIGINT)
            assert supervisor.wait(20) == 0

        assert not any(_alive(pid) for pid in (*started(pids), *started(workers)))

    def test_runs_once_what_comes_afterwards(self, tmp_path: Path) -> None:
        done = tmp_path / "done"
        after = ', Program(name="after", command=["sh", "-c", sys.argv[3]], is_once=True)]'
        script = SCRIPT.replace('variable="PORT")]', f'variable="PORT"){after}').replace("*sys.argv[3:]", "")
        words = f"echo once >> {done}; exit 3"
        with subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path), str(_free_port()), words],
            stdout=subprocess.PIPE,
            text=True,
        ) as supervisor:
            assert supervisor.stdout is not None
            assert _until(done.exists)
            time.sleep(1)
            supervisor.send_signal(signal.SIGINT)
            output = supervisor.communicate(timeout=20)[0]

        assert done.read_text() == "once\n"
        assert output.index("ready") < output.index("after ended with status 3")

    def test_leaves_no_orphan_when_it_is_killed_itself(self, tmp_path: Path) -> None:
        pids = tmp_path / "pids"
        with subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path), str(_free_port())]) as supervisor:
            assert _until(lambda: pids.exists() and bool(pids.read_text().strip()))
            supervisor.kill()

        assert _until(lambda: not _alive(int(pids.read_text())))

    def test_refuses_a_port_that_is_taken_and_starts_nothing(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = int(other.getsockname()[1])
            program = Program(name="web", command=["true"], port=port, variable="ZHENGSHU_WEB_PORT")

            with pytest.raises(PortTaken, match="ZHENGSHU_WEB_PORT"):
                Supervisor([program], log_folder=tmp_path, say=print).run()

        assert not (tmp_path / "web.log").exists()
