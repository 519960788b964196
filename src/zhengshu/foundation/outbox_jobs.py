"""The worker's part of the outbox: every second, hand over what is due."""

from django.utils import timezone

from zhengshu.foundation import outbox
from zhengshu.foundation.jobs import app

MOST_ROUNDS = 20
"""Each may call one handler that takes long; then other jobs have their turn."""


@app.periodic(cron="* * * * * *")
@app.task(name="foundation.deliver_events", queueing_lock="foundation.deliver_events", pass_context=False)
def deliver_events(timestamp: int) -> int:  # noqa: ARG001 - the schedule passes its time
    """Deliver due events; two workers share the work without meeting (rows are locked and skipped)."""
    done = 0
    for _ in range(MOST_ROUNDS):
        delivered = outbox.deliver_due(at=timezone.now())
        done += delivered
        if not delivered:
            break
    return done
