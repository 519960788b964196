"""Processes that are killed between any two words to the database."""

import os
import signal
import traceback
from collections.abc import Callable
from itertools import count

from django.db import connection

SECONDS = 60
"""After so long a process that waits for ever is ended."""
MOST_WORDS = 400
"""Words to the database within one step; a step that needs more never ends here."""


def is_killed(act: Callable[[], object], *, before_word: int) -> bool:
    """Do something in a process that is killed before its n-th word to the database; say whether it was.

    A commit is a word, and so is whatever would follow it: a process may die when the database has stored everything
    and nobody was told.
    """
    _, status = os.waitpid(_forked(lambda: _do_in_words(act, before_word=before_word)), 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {-signal.SIGKILL, 0}
    return code != 0


def _forked(act: Callable[[], object]) -> int:
    """Do something in a process of its own, over a connection of its own; return the process.

    What Typst sets must be made by a `zygote`: where it ran before a fork, it waits for its threads for ever after it.
    """
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        try:
            parents = connection.connection  # kept, for the parent goes on talking over it
            connection.connection = None
            act()
            del parents
        except BaseException:  # noqa: BLE001 - this process must end here, whatever happens
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return child


def _do_in_words(act: Callable[[], object], *, before_word: int) -> None:
    words, commit = count(1), connection._commit  # type: ignore[attr-defined]  # Django's own

    def word() -> None:
        if next(words) == before_word:
            os.kill(os.getpid(), signal.SIGKILL)

    def commit_between_words() -> None:
        word()
        commit()
        word()

    def say(execute: Callable[..., object], *call: object) -> object:
        word()
        return execute(*call)

    connection._commit = commit_between_words  # type: ignore[attr-defined]  # Django's own
    with connection.execute_wrapper(say):
        act()


def killed_everywhere(act: Callable[[], object], *, see: Callable[[], object]) -> int:
    """Do something again and again, killed one word later each time, until it is done; return how often it died.

    Until the commit nothing may be seen of it, from the commit on all of it, and repeating it changes nothing.
    """
    before, after, deaths = see(), None, 0
    for number in range(1, MOST_WORDS):
        was_killed = is_killed(act, before_word=number)
        seen = see()
        if after is None and seen != before:
            after = seen
        assert seen == (after or before)
        if not was_killed:
            break
        deaths += 1
    act()
    assert see() == after
    return deaths


def at_once(act: Callable[[], object], *, processes: int) -> None:
    """Do something in several processes that begin at the same moment; all must end well."""
    waits, begins = os.pipe()

    def begin() -> None:
        os.close(begins)
        os.read(waits, 1)
        act()

    children = [_forked(begin) for _ in range(processes)]
    os.close(waits)
    os.close(begins)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * processes
