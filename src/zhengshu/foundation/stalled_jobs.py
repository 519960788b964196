"""Jobs whose worker was killed: the next worker takes them up again.

A worker that is killed, or that loses the database, leaves its jobs as if they were being done. Nobody would begin them
again, and those that wait for the same lock would wait for ever. Every job may be done twice: what it has done already
it finds done.
"""

from typing import NamedTuple

import structlog
from django.db import IntegrityError, connection, transaction

from zhengshu.foundation.jobs import app

log = structlog.get_logger(__name__)

EVERY_MINUTE = "* * * * *"
SECONDS_OF_SILENCE = 60
"""A worker that lives says so every ten seconds."""
MOST_ATTEMPTS = 10
"""A job that was begun so often is closed as failed: perhaps it is what kills the workers."""

_STALLED = """
    SELECT job.id, job.task_name, job.attempts
    FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
    ORDER BY job.id FOR UPDATE OF job SKIP LOCKED
"""
_AGAIN = "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)"
_CLOSED = "SELECT procrastinate_finish_job_v1(%s, 'failed', %s)"


class Stalled(NamedTuple):
    """A job that nobody does any more."""

    id: int
    task: str
    attempts: int


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="foundation.take_up_stalled", queueing_lock="foundation.take_up_stalled", pass_context=False)
def take_up_stalled(timestamp: int) -> int:  # noqa: ARG001 - the schedule passes its time
    """Queue again what killed workers had in hand; return how many jobs that were."""
    with transaction.atomic():
        stalled = _stalled()
        for job in stalled:
            _take_up(job)
    return len(stalled)


def _stalled() -> list[Stalled]:
    with connection.cursor() as cursor:
        cursor.execute(_STALLED, [SECONDS_OF_SILENCE])
        return [Stalled(*row) for row in cursor.fetchall()]


def _take_up(job: Stalled) -> None:
    if job.attempts + 1 >= MOST_ATTEMPTS:
        _say(_CLOSED, job.id, False)
        log.error("jobs.given_up", job=job.id, task=job.task, attempts=job.attempts + 1)
        return
    try:
        with transaction.atomic():
            _say(_AGAIN, job.id)
    except (
        IntegrityError
    ):  # another of the same queueing lock waits already, and will do what this one had to
        _say(_CLOSED, job.id, True)
    log.warning("jobs.taken_up", job=job.id, task=job.task)


def _say(statement: str, *values: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
