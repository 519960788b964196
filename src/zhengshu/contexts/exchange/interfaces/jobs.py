"""Background jobs of `exchange`: the platform's own monitor of the proof log, and the rules that watch calls."""

import structlog
from django.utils import timezone

from zhengshu.contexts.exchange.application.compare_log import compare_log
from zhengshu.contexts.exchange.application.take_reports import take_reports
from zhengshu.contexts.exchange.application.watch_calls import watch_calls
from zhengshu.foundation.jobs import app

log = structlog.get_logger(__name__)

WATCH, WALK, COMPARE = "exchange.watch", "exchange.walk_log", "exchange.compare_log"
REPORTS = "exchange.take_reports"
LOCK = "exchange.monitor"
EVERY_MINUTE, EVERY_HOUR, AT_NIGHT = "* * * * *", "23 * * * *", "47 2 * * *"
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


@app.periodic(cron=EVERY_MINUTE)
@app.task(name=REPORTS, queueing_lock=REPORTS, lock=REPORTS, pass_context=False)
def take_handed_in(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    """Raise the alarms of what departments' own monitors have handed in."""
    take_reports(at=timezone.now())


@app.periodic(cron=EVERY_MINUTE)
@app.task(name=WATCH, queueing_lock=WATCH, lock=WATCH, pass_context=False)
def watch(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    """Judge the calls that came since the last run."""
    done = watch_calls(at=timezone.now())
    if done.calls:
        log.info("exchange.watched", calls=done.calls, findings=done.findings, milliseconds=done.milliseconds)
