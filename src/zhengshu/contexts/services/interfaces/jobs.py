"""Background jobs of `services`: uploaded lists, runs of benefits, first days of versions, bad ratings."""

from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from zhengshu.contexts.services.application.keep_version import take_effect
from zhengshu.contexts.services.application.learn_meanings import learn_meanings
from zhengshu.contexts.services.application.open_rectifications import open_rectifications
from zhengshu.contexts.services.application.retry_certificate import retry_waiting
from zhengshu.contexts.services.application.run_benefit import abandoned
from zhengshu.contexts.services.application.run_benefit import carry_out as carry_out_run
from zhengshu.contexts.services.application.take_over_list import JOB, carry_out
from zhengshu.foundation.jobs import app

log = structlog.get_logger(__name__)


@app.task(name=JOB)
def take_over(list_id: str) -> None:
    """Take an uploaded list over."""
    carry_out(list_id=UUID(list_id), at=timezone.now())


@app.task(name="services.run_benefit")
def run_benefit(run_id: str) -> None:
    """Go through the areas of a benefit's run; what a killed worker has done already is not done again."""
    carry_out_run(run_id=UUID(run_id))


def queue_run(run_id: UUID) -> None:
    """Queue the run of a benefit; one that is queued already is left as it is."""
    try:
        with transaction.atomic():
            run_benefit.configure(queueing_lock=f"services.run_benefit:{run_id}").defer(run_id=str(run_id))
    except AlreadyEnqueued:
        log.info("services.benefit_run_queued_already", run=str(run_id))


@app.task(name="services.make_waiting_certificates")
def make_waiting_certificates() -> int:
    """Make the certificates that waited for an issuer or a seal; return how many were made."""
    return retry_waiting(at=timezone.now())


def queue_waiting_certificates() -> None:
    """Queue that; once is enough however many seals are allowed at a time."""
    try:
        with transaction.atomic():
            lock = "services.make_waiting_certificates"
            make_waiting_certificates.configure(queueing_lock=lock).defer()
    except AlreadyEnqueued:
        log.info("services.waiting_certificates_queued_already")


@app.periodic(cron="* * * * *")
@app.task(name="services.go_on", queueing_lock="services.go_on", pass_context=False)
def runs_go_on(timestamp: int) -> int:  # noqa: ARG001 - procrastinate passes it
    """Queue the runs of benefits whose process died; return how many there were."""
    found = abandoned()
    for run_id in found:
        queue_run(run_id)
    return len(found)


@app.periodic(cron="3 * * * *")
@app.task(name="services.take_effect", queueing_lock="services.take_effect", pass_context=False)
def versions_take_effect(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    """Show the versions whose first day has come, and learn what they mean."""
    at = timezone.now()
    take_effect(at=at)
    learn_meanings(at=at)


@app.periodic(cron="20 * * * *")
@app.task(name="services.mend_ratings", queueing_lock="services.mend_ratings", pass_context=False)
def bad_ratings_are_mended(timestamp: int) -> int:  # noqa: ARG001 - procrastinate passes it
    """Open the rectifications of the days that are over; return how many."""
    return open_rectifications(at=timezone.now())
