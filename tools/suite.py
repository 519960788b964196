"""Run the suite: all tests beside each other, then the few that failed once more, alone.

A test that fails beside others and passes alone is no proof against the product, but a fault of the test, or of what it
shares with others: it is named at the end of every run until somebody mends it. More than a few failures are never
looked at again.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

MOST_LOOKED_AT_AGAIN = 5
MOST_PROCESSES = 4
"""One more than there are processors, because browsers and platforms are waited for; yet each costs memory."""
FAILED = 1
"""Pytest's exit code when tests ran and some failed."""
LAST_FAILED = Path(".pytest_cache/v/cache/lastfailed")


def main(arguments: list[str]) -> int:
    """Return the exit code of the run, or that of the second look at what failed in it."""
    processes = str(min(len(os.sched_getaffinity(0)) + 1, MOST_PROCESSES))
    beside = ["--cache-clear", "--numprocesses", processes, "--dist", "loadfile", "--no-loadscope-reorder"]
    code = _pytest(*beside, *arguments)
    failed = _last_failed() if code == FAILED else []
    if not failed or len(failed) > MOST_LOOKED_AT_AGAIN:
        return code
    _say(f"Looking once more, alone, at what failed ({len(failed)})")
    again = _pytest("--numprocesses", "0", *failed)
    if again == 0:
        _say("UNSTEADY: these failed beside others and passed alone; mend them:")
        _say("\n".join(f"  {name}" for name in failed))
    return again


def _pytest(*arguments: str) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    # Compiled files are kept, whatever the environment asks: hundreds of processes would compile the same again.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(command, env={**kept, "ALL_PROGRAMS": "1"}, check=False).returncode


def _last_failed() -> list[str]:
    return list(json.loads(LAST_FAILED.read_text())) if LAST_FAILED.exists() else []


def _say(text: str) -> None:
    print(text, flush=True)  # a command's own words


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
