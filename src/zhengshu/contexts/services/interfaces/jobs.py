"""Background jobs of `services`: taking uploaded lists over, bringing versions into force on their day."""

from uuid import UUID

from django.utils import timezone

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
