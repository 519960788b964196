"""What `quality` does when the lake announces something."""

from django.db import transaction as django_transaction

from zhengshu.contexts.lake.events import BatchPublished
from zhengshu.contexts.quality.application.due_tables import assess_batch
from zhengshu.contexts.quality.interfaces import jobs
from zhengshu.foundation.events import on


@on(BatchPublished)
def assess_new_batch(event: BatchPublished) -> None:
    """Have a table assessed whose rows have changed, where its plan says so.

    A worker queues by a connection of its own: a job that it took up before the run is committed would find none.
    """
    run_id = assess_batch(resource_id=event.resource_id, at=event.at)
    if run_id is not None:
        django_transaction.on_commit(lambda: jobs.queue(run_id))
