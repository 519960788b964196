"""Background jobs of `lake`: collecting uploads, and cleaning up after processes that died."""

from uuid import UUID

import structlog
from django.utils import timezone

from zhengshu.contexts.lake import api
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.jobs import app
from zhengshu.kernel.actors import NOBODY, Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import BatchId, OfficialId

log = structlog.get_logger(__name__)

EVERY_MINUTE = "* * * * *"


@app.task(name="lake.collect")
def collect(batch_id: str) -> None:
    """Collect a batch that was received; a refusal is kept in the batch for whoever delivered it."""
    waiting = api.waiting_batch(batch_id=BatchId(UUID(batch_id)))
    if waiting is None:
        return
    is_platform = waiting.by_id == NOBODY
    actor = (
        Actor.platform(waiting.by_name)
        if is_platform
        else trust.actor_of(official_id=OfficialId(waiting.by_id))
    )
    try:
        api.collect_batch(batch_id=waiting.id, actor=actor, at=timezone.now())
    except Refused as refusal:
        log.info("lake.batch_refused", batch=batch_id, code=refusal.code)


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="lake.clean_up", queueing_lock="lake.clean_up", pass_context=False)
def clean_up(timestamp: int) -> int:  # noqa: ARG001 - procrastinate passes it
    """Mark batches whose process died, and remove what was left; return how many there were."""
    return len(api.clean_up(at=timezone.now()))
