"""Background jobs of `services`: taking uploaded lists over, bringing versions into force on their day."""

from uuid import UUID

from django.utils import timezone

from zhengshu.contexts.services.application.keep_version import take_effect
from zhengshu.contexts.services.application.learn_meanings import learn_meanings
from zhengshu.contexts.services.application.run_benefit import carry_out as carry_out_run
from zhengshu.contexts.services.application.take_over_list import JOB, carry_out
from zhengshu.foundation.jobs import app


@app.task(name=JOB)
def take_over(list_id: str) -> None:
    """Take an uploaded list over."""
    carry_out(list_id=UUID(list_id), at=timezone.now())


@app.task(name="services.run_benefit", lock="services.run_benefit")
def run_benefit(run_id: str) -> None:
    """Go through the areas of a benefit's run; what a killed worker has done already is not done again."""
    carry_out_run(run_id=UUID(run_id))


@app.periodic(cron="3 * * * *")
@app.task(name="services.take_effect", queueing_lock="services.take_effect", pass_context=False)
def versions_take_effect(timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes it
    """Show the versions whose first day has come, and learn what they mean."""
    at = timezone.now()
    take_effect(at=at)
    learn_meanings(at=at)
