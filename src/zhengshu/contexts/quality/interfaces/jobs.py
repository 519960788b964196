"""Background jobs of `quality`: assessing tables, by hand, after new batches and by schedule; cleaning up."""

from uuid import UUID

import structlog
from django.utils import timezone

from zhengshu.contexts.quality.application.assess_table import assess_table
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
        assess.defer(run_id=str(next_run))


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="quality.clean_up", queueing_lock="quality.clean_up", pass_context=False)
def clean_up(timestamp: int) -> int:  # noqa: ARG001 - procrastinate passes it
    """Mark runs whose process died; return how many there were."""
    return mark_interrupted(at=timezone.now())


@app.periodic(cron=EVERY_HOUR)
@app.task(name="quality.schedule", queueing_lock="quality.schedule", pass_context=False)
def schedule(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    """Assess the tables whose last assessment is older than their plan allows."""
    for run_id in assess_due(at=timezone.now()):
        assess.defer(run_id=str(run_id))
