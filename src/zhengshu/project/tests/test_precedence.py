import subprocess
import sys

import pytest

from zhengshu.project.precedence import SESSION

LOOK = """
import os
from pathlib import Path
from zhengshu.project.precedence import SESSION, make_room
make_room(7)
print(os.nice(0), *SESSION.read_text().split()[-1:])
"""


def looked(*, own_session: bool) -> list[str]:
    """Return by how much a process that made room waits for others, and its session where it has a weight."""
    return subprocess.run(
        [sys.executable, "-c", LOOK],
        start_new_session=own_session,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()


def test_a_program_makes_room_with_its_whole_session() -> None:
    if not SESSION.exists():
        pytest.skip("this Linux does not weigh sessions")
    assert looked(own_session=True) == ["7", "7"]


def test_a_session_that_others_share_is_left_alone() -> None:
    if not SESSION.exists():
        pytest.skip("this Linux does not weigh sessions")
    before = SESSION.read_text(encoding="ascii").split()[-1:]  # empty for a process of the system's own group
    assert looked(own_session=False) == ["7", *before]
