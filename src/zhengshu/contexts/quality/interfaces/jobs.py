"""Background jobs of `quality`: assessing tables, by hand, after new batches and by schedule; cleaning up."""

from uuid import UUID

import structlog
from django.db import transaction as django_transaction
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from zhengshu.contexts.quality.application.assess_table import assess_table
from zhengshu.contexts.quality.application.control_run import abandoned
from zhengshu.contexts.quality.application.control_run import clean_up as mark_interrupted
from zhengshu.contexts.quality.application.due_tables import assess_due, follow_up
from zhengshu.contexts.quality.domain.plans import MINUTE
from zhengshu.foundation.jobs import app

log = structlog.get_logger(__name__)

EVERY_MINUTE, EVERY_HOUR = "* * * * *", f"{MINUTE} * * * *"


@app.task(name="quality.assess")
def assess(run_id: str) -> None:
    """Assess a table; a batch that came meanwhile is assessed afterwards."""
    assess_table(run_id=UUID(run_id), at=timezone.now())
    if (next_run := follow_up(run_id=UUID(run_id), at=timezone.now())) is not None:
        queue(next_run)


def queue(run_id: UUID) -> None:
    """Queue an assessment; one that is queued already is left as it is."""
    try:
        with django_transaction.atomic():
            assess.configure(queueing_lock=f"quality.assess:{run_id}").defer(run_id=str(run_id))
    except AlreadyEnqueued:
        log.info("quality.assessment_queued_already", run=str(run_id))


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="quality.clean_up", queueing_lock="quality.clean_up", pass_context=False)
def clean_up(timestamp: int) -> int:  # noqa: ARG001 - procrastinate passes it
    """Mark runs whose process died, queue those that wait without a job; return how many there were of both."""
    at = timezone.now()
    waiting = abandoned(at=at)
    for run_id in waiting:
        queue(run_id)
    return mark_interrupted(at=at) + len(waiting)


@app.periodic(cron=EVERY_HOUR)
@app.task(name="quality.schedule", queueing_lock="quality.schedule", pass_context=False)
def schedule(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    """Assess the tables whose last assessment is older than their plan allows."""
    for run_id in assess_due(at=timezone.now()):
        queue(run_id)
