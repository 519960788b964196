"""Processes that do one thing each, on the database of the tests, and may be killed in the middle of it.

`Zygote` starts one Django program that has opened nothing yet; for each act it forks. (pytest's own process cannot: a
library whose threads were started before a fork waits for them for ever.)
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from itertools import count
from types import TracebackType
from typing import Self

WRITES = ("INSERT", "UPDATE", "DELETE")
Act = Callable[[Mapping[str, str]], str]
KILLED = "killed"
SECONDS = 60
"""After so long a process that waits for ever is ended."""


class Zygote:
    """The program from which the processes come."""

    def __init__(self, module: str) -> None:
        """Start the program.

        Args:
            module: what `python -m` runs; it calls `serve`.
        """
        from django.db import connection

        environment = {**os.environ, "ZYGOTE_DATABASE": str(connection.settings_dict["NAME"])}
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.kill()
        self.process.wait()

    def together(self, *acts: Mapping[str, str]) -> list[str]:
        """Do acts at the same time, each in a process of its own; return what came of each."""
        return self._asked([dict(act) for act in acts], before_write=0)

    def killed(self, act: Mapping[str, str], *, before_write: int) -> str:
        """Do something in a process that is killed before its n-th write; return `KILLED`, or what came of it.

        A commit is a write, and so is whatever would follow it: a process may die when everything is stored and nobody
        was told.
        """
        (outcome,) = self._asked([dict(act)], before_write=before_write)
        return outcome

    def _asked(self, acts: list[dict[str, str]], *, before_write: int) -> list[str]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([before_write, acts]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the zygote is gone"
        outcomes: list[str] = json.loads(answer)
        return outcomes


def serve(acts: Mapping[str, Act], *, modules: Iterable[str]) -> None:
    """Answer acts until standard input ends; for the program that `Zygote` starts.

    Args:
        acts: what a process can do.
        modules: what is imported before the processes part.
    """
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = os.environ["ZYGOTE_DATABASE"]
    django.setup()
    for module in modules:
        import_module(module)
    for line in sys.stdin:
        before_write, wanted = json.loads(line)
        print(json.dumps(_forked(acts, wanted, before_write=before_write)), flush=True)  # noqa: T201 - the protocol


def _forked(acts: Mapping[str, Act], wanted: Iterable[Mapping[str, str]], *, before_write: int) -> list[str]:
    gate, opener = os.pipe()
    children: list[tuple[int, int]] = []
    for one in wanted:
        heard, told = os.pipe()
        child = os.fork()
        if child == 0:
            signal.alarm(SECONDS)
            os.close(opener)
            _live(acts, one, gate=gate, told=told, before_write=before_write)
        os.close(told)
        children.append((child, heard))
    os.close(gate)
    os.close(opener)  # now they all begin
    outcomes = []
    for child, heard in children:
        with os.fdopen(heard) as end:
            said = end.read()
        _, status = os.waitpid(child, 0)
        outcomes.append(KILLED if os.waitstatus_to_exitcode(status) == -signal.SIGKILL else said)
    return outcomes


def _live(
    acts: Mapping[str, Act], one: Mapping[str, str], *, gate: int, told: int, before_write: int
) -> None:
    from django.db import connection

    from zhengshu.kernel.errors import Refused

    try:
        connection.ensure_connection()
        os.read(gate, 1)
        try:
            outcome = _counting(lambda: acts[one["act"]](one), before_write=before_write)
        except Refused as refusal:
            outcome = refusal.code
    except BaseException as fault:  # noqa: BLE001 - this process must end here, whatever happens
        outcome = repr(fault)
    os.write(told, outcome.encode())
    os._exit(0)


def _counting(act: Callable[[], str], *, before_write: int) -> str:
    from django.db import connection

    writes, commit = count(1), connection._commit  # type: ignore[attr-defined]  # Django's own

    def write() -> None:
        if next(writes) == before_write:
            os.kill(os.getpid(), signal.SIGKILL)

    def commit_between_writes() -> None:
        write()
        commit()
        write()

    def say(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.lstrip().startswith(WRITES):
            write()
        return execute(sql, *rest)

    connection._commit = commit_between_writes  # type: ignore[attr-defined]  # Django's own
    with connection.execute_wrapper(say):
        return act()
