"""Background jobs of `exchange`: the platform's own monitor of the proof log."""

from django.utils import timezone

from zhengshu.contexts.exchange.application.compare_log import compare_log
from zhengshu.foundation.jobs import app

WALK, COMPARE, LOCK = "exchange.walk_log", "exchange.compare_log", "exchange.monitor"
EVERY_HOUR, AT_NIGHT = "23 * * * *", "47 2 * * *"
DAYS = 7


@app.periodic(cron=EVERY_HOUR)
@app.task(name=WALK, queueing_lock=WALK, lock=LOCK, pass_context=False)
def walk_log(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    """Recompute what was published since the last time."""
    compare_log(days=0, at=timezone.now())


@app.periodic(cron=AT_NIGHT)
@app.task(
    name="exchange.compare_log",
    queueing_lock="exchange.compare_log",
    lock="exchange.monitor",
    pass_context=False,
)
def compare_days(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    """Compare the calls of the last days with what the log has of them."""
    compare_log(days=DAYS, at=timezone.now())
