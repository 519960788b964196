"""Background jobs of `casework`: what is due when nobody acts, clocks, and messages on their way."""

from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application.messages import confirm_address, send
from zhengshu.foundation.jobs import app

BACK_OFF = RetryStrategy(
    max_attempts=send.MOST_ATTEMPTS, exponential_wait=4, retry_exceptions=[send.NotDelivered]
)
"""4 seconds, 16, 64 … 18 hours: a mail server that is down for a night loses nothing."""

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


@app.task(name=send.JOB, retry=BACK_OFF, pass_context=False)
def deliver(delivery_id: str) -> None:
    """Send one message by one channel; what fails is tried again, later each time."""
    send.deliver(delivery_id=UUID(delivery_id), at=timezone.now())


@app.task(
    name=confirm_address.JOB,
    retry=RetryStrategy(max_attempts=5, wait=30, retry_exceptions=[confirm_address.CodeNotSent]),
    pass_context=False,
)
def send_code(code_id: str) -> None:
    """Send the code that confirms an address; tried again while the code is valid."""
    confirm_address.deliver_code(code_id=UUID(code_id), at=timezone.now())


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="casework.queue_abandoned", queueing_lock="casework.queue_abandoned", pass_context=False)
def queue_abandoned(timestamp: int) -> int:  # noqa: ARG001 - procrastinate passes it
    """Queue again the messages whose worker was killed; return how many were looked at."""
    return send.queue_abandoned(at=timezone.now())
