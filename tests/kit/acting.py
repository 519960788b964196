"""Programs in the environment of a platform: one waits for Django, and every act is forked from it."""

import json
import os
import runpy
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NoReturn

SCRIPT = "-c"


class Stage:
    """Runs modules as programs, one after another, each in a process of its own."""

    def __init__(self, environment: Mapping[str, str], *, modules: Sequence[str] = ()) -> None:
        """Start what they are forked from, which imports some modules first."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).resolve().parents[2],
            env={**environment, "DJANGO_SETTINGS_MODULE": "zhengshu.project.settings"},
        )

    def act(self, module: str, *words: str) -> str:
        """Do what `python -m module words` does; return what it printed."""
        status, printed, complaints = self._asked(module, *words)
        assert status == 0, f"{module} {' '.join(words)} ended with status {status}:\n{complaints}"
        return printed

    def run(self, script: str, *words: str) -> tuple[int, str]:
        """Do what `python -c script words` does; return its exit code, as of `subprocess.run`, and its complaints."""
        status, _, complaints = self._asked(SCRIPT, script, *words)
        return status, complaints

    def _asked(self, *words: str) -> tuple[int, str, str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the stage is gone"
        status, printed, complaints = json.loads(answer)
        return int(status), str(printed), str(complaints)

    def close(self) -> None:
        """End it."""
        self._process.communicate()


def serve() -> None:
    """Answer until standard input ends."""
    import django

    django.setup()
    for module in sys.argv[1:]:
        import_module(module)
    for line in sys.stdin:
        print(json.dumps(_forked(json.loads(line))), flush=True)  # noqa: T201 - the protocol


def _forked(words: list[str]) -> tuple[int, str, str]:
    with TemporaryFile("w+") as printed, TemporaryFile("w+") as complaints:
        child = os.fork()
        if child == 0:
            _live(words, printed, complaints)
        _, status = os.waitpid(child, 0)
        printed.seek(0)
        complaints.seek(0)
        return os.waitstatus_to_exitcode(status), printed.read(), complaints.read()


def _live(words: list[str], printed: IO[str], complaints: IO[str]) -> NoReturn:
    """Be the program: this process ends here, whatever happens, and cleans up nothing of its parent's."""
    status = 1
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, descriptor in enumerate((nothing, printed.fileno(), complaints.fileno())):
            os.dup2(descriptor, number)
        if words[0] == SCRIPT:
            sys.argv = [SCRIPT, *words[2:]]
            exec(words[1], {"__name__": "__main__"})  # noqa: S102 - a test's own script
        else:
            sys.argv = words
            runpy.run_module(words[0], run_name="__main__")
        status = 0
    except BaseException:  # noqa: BLE001 - it is told to the test
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    serve()
