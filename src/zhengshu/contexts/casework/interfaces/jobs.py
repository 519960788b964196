"""Background jobs of `casework`: what is due when nobody acts, and clocks when the working days change."""

from django.utils import timezone

from zhengshu.contexts.casework import api
from zhengshu.foundation.jobs import app

EVERY_MINUTE, EVERY_TEN_MINUTES = "* * * * *", "*/10 * * * *"


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="casework.watch", queueing_lock="casework.watch", pass_context=False)
def watch(timestamp: int) -> int:  # noqa: ARG001 - procrastinate passes it
    """Escalate what is late, and carry out what silence means; return how many cases were touched."""
    return api.watch_clocks(at=timezone.now())


@app.periodic(cron=EVERY_TEN_MINUTES)
@app.task(name="casework.recompute", queueing_lock="casework.recompute", pass_context=False)
def recompute(timestamp: int) -> int:  # noqa: ARG001 - procrastinate passes it
    """Count the running clocks again when the working days have changed; return how many cases moved."""
    return api.recompute_clocks(at=timezone.now())


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="casework.timers", queueing_lock="casework.timers", pass_context=False)
def timers(timestamp: int) -> int:  # noqa: ARG001 - procrastinate passes it
    """Let the timers of flows happen whose time has come; return how many did."""
    return api.fire_timers(at=timezone.now())
