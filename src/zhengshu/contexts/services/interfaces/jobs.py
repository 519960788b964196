"""Background jobs of `services`: taking uploaded lists over, bringing versions into force on their day."""

from uuid import UUID

from django.utils import timezone

from zhengshu.contexts.services.application.take_over_list import JOB, carry_out
from zhengshu.foundation.jobs import app


@app.task(name=JOB)
def take_over(list_id: str) -> None:
    """Take an uploaded list over."""
    carry_out(list_id=UUID(list_id), at=timezone.now())
