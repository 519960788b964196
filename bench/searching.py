"""What the measurements of searches share: a server of their own, the same places, questions timed one by one."""

import os
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from bench.harness import WORK

Q = TypeVar("Q")


def listed(text: str) -> list[str]:
    """Return the entries of a text that 、 separates."""
    return text.split("、")


PLACES = listed(
    "云州市、青禾区、临江区、望山县、白水县、东湖新区、高新区、南屏县、北塘区、西岭县、石桥镇、柳河街道"
)


def use_own_server(name: str) -> None:
    """Start, or go on with, an embedded server under ``bench/work``, and set Django up on it."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["ZHENGSHU_DATA"] = str(WORK / name)
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhengshu.project.settings"
    from zhengshu.project import database

    database.ensure()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


def times(call: Callable[[Q], object], questions: Sequence[Q]) -> list[float]:
    """Return how many milliseconds each question took."""
    found = []
    for question in questions:
        started = time.perf_counter()
        call(question)
        found.append((time.perf_counter() - started) * 1000)
    return found


def processor_time(call: Callable[[Q], object], questions: Sequence[Q]) -> float:
    """Return the milliseconds of processor that this process spends on a question; the server's are not in it."""
    started = time.process_time()
    for question in questions:
        call(question)
    return (time.process_time() - started) * 1000 / len(questions)


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return sorted(values)[len(values) // 2]
