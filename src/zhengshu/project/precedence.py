"""Which processes of the platform wait for which others."""

import os
from contextlib import suppress
from pathlib import Path

SESSION = Path("/proc/self/autogroup")
"""How much of the processor a session gets beside other sessions; absent where Linux does not weigh them."""


def make_room(nice: int) -> None:
    """Run after others: later than them by `nice`, 0 to 19 (setpriority(2)).

    Linux weighs sessions before it weighs their processes (sched(7), autogroups), and each program of the supervisor
    is a session of its own: without the second step the first one changes nothing. A session that others share is
    left alone.
    """
    os.nice(nice)
    if os.getsid(0) == os.getpid():
        with suppress(OSError):
            SESSION.write_text(str(nice), encoding="ascii")
