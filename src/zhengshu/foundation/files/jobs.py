"""The worker's part of kept files: every night, remove those to which nothing refers."""

from django.utils import timezone

from zhengshu.foundation.files.keeping import drop_orphans
from zhengshu.foundation.jobs import app

EVERY_NIGHT = "17 3 * * *"


@app.periodic(cron=EVERY_NIGHT)
@app.task(name="foundation.drop_orphans", queueing_lock="foundation.drop_orphans", pass_context=False)
def sweep(timestamp: int) -> int:  # noqa: ARG001 - the schedule passes its time
    """Remove kept files that belong to nothing any more; return how many."""
    return drop_orphans(at=timezone.now())
