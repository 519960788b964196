"""A process gets ready for the first question while somebody still reads the page on which it may be asked.

Measured: the first question waits for 1.4 s of processor (sentence encoder, dictionary), and the process grows by
140 MB. So nothing is loaded at the start of a process, where it would cost both whether or not anybody ever asks.
"""

from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Final

import structlog

from zhengshu.contexts.services.application import meaning
from zhengshu.contexts.services.application.everyday_words import everyday_words
from zhengshu.contexts.services.domain.questions import core_of, words_of
from zhengshu.kernel.pinyin import sound

log = structlog.get_logger(__name__)

QUESTION: Final = "我要办事"


class Readiness:
    """Loads in the background what a first use needs, once in a process, where that is wanted at all."""

    def __init__(self, load: Callable[[], object]) -> None:
        """Keep what is to be done."""
        self._load = load
        self._is_wanted = Event()
        self._once = Lock()

    def want(self) -> None:
        """Let `begin` do something in this process."""
        self._is_wanted.set()

    def begin(self) -> bool:
        """Begin to load and return at once; False where it is not wanted, was begun before, or cannot begin."""
        if not self._is_wanted.is_set() or not self._once.acquire(blocking=False):
            return False
        try:
            Thread(target=self._load, name="services.ready-search", daemon=True).start()
        except RuntimeError:
            log.warning("services.search-not-readied")
            return False
        return True


def _load() -> None:
    words_of(QUESTION)
    sound(QUESTION)
    everyday_words()
    meaning.vectors_of([core_of(QUESTION)])


SEARCH: Final = Readiness(_load)
"""The search of this process."""


def expect_questions() -> None:
    """Let this process get ready as soon as it serves a page with the field; jobs, commands and tests do not."""
    SEARCH.want()
