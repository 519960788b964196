"""What killed workers had in hand is taken up; the real thing is in `tests/faults/test_worker_kill.py`."""

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from zhengshu.foundation.stalled_jobs import MOST_ATTEMPTS, take_up_stalled

pytestmark = pytest.mark.django_db


def worker(*, silent_for: int) -> int:
    return said(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id",
        silent_for,
    )


def job(
    *,
    by: int | None = None,
    status: str = "doing",
    attempts: int = 0,
    queueing_lock: str | None = None,
    lock: str | None = None,
) -> int:
    return said(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, worker_id, queueing_lock, lock)"
        " VALUES ('tests', 'tests.job', %s, %s, %s, %s, %s) RETURNING id",
        status,
        attempts,
        by,
        queueing_lock,
        lock,
    )


def said(statement: str, *values: str | int | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        (answer,) = cursor.fetchone() or (None,)
    return int(answer or 0)


def state(key: int) -> tuple[str, int]:
    job = ProcrastinateJob.objects.get(id=key)
    return str(job.status), int(job.attempts)


def take_up() -> int:
    return take_up_stalled(timestamp=0)


def test_a_job_of_a_silent_worker_is_queued_again() -> None:
    stalled = job(by=worker(silent_for=61))

    assert take_up() == 1
    assert state(stalled) == ("todo", 1)


def test_so_is_one_whose_worker_is_forgotten() -> None:
    stalled = job(by=None)

    assert take_up() == 1
    assert state(stalled) == ("todo", 1)


def test_what_a_living_worker_does_is_left_to_it() -> None:
    busy = job(by=worker(silent_for=30))
    waiting, ended = job(status="todo"), job(status="failed")

    assert take_up() == 0
    assert [state(key)[0] for key in (busy, waiting, ended)] == ["doing", "todo", "failed"]


def test_one_whose_like_waits_already_is_closed_without_a_trace() -> None:
    by = worker(silent_for=61)
    stalled, other = job(by=by, queueing_lock="a"), job(by=by, queueing_lock="b")
    waiting = job(status="todo", queueing_lock="a")

    assert take_up() == 2
    assert not ProcrastinateJob.objects.filter(id=stalled).exists()
    assert state(waiting) == ("todo", 0)
    assert state(other) == ("todo", 1)


def test_what_waits_for_its_lock_can_be_done() -> None:
    job(by=worker(silent_for=61), lock="monitor", attempts=MOST_ATTEMPTS - 1)
    waiting = job(status="todo", lock="monitor")
    fetch = "SELECT id FROM procrastinate_fetch_job_v2('{tests}', %s)"
    living = worker(silent_for=0)

    assert said(fetch, living) == 0
    take_up()
    assert said(fetch, living) == waiting


def test_what_kills_its_workers_is_closed_as_failed() -> None:
    by = worker(silent_for=61)
    deadly, unlucky = job(by=by, attempts=MOST_ATTEMPTS - 1), job(by=by, attempts=MOST_ATTEMPTS - 2)

    take_up()

    assert state(deadly) == ("failed", MOST_ATTEMPTS)
    assert state(unlucky) == ("todo", MOST_ATTEMPTS - 1)


def test_one_whose_end_was_asked_for_ends() -> None:
    stalled = job(by=worker(silent_for=61))
    said("UPDATE procrastinate_jobs SET abort_requested = true WHERE id = %s RETURNING id", stalled)

    take_up()

    assert state(stalled)[0] == "failed"
