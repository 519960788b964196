"""An interrupted or refused batch is collected once more, from the file that is still there."""

from datetime import datetime

from zhengshu.contexts.lake.application.access import deliverable
from zhengshu.contexts.lake.application.queries import visible_batch
from zhengshu.contexts.lake.application.receive_file import inbox, note_batch
from zhengshu.contexts.lake.application.records import BatchRecord, batch_record
from zhengshu.contexts.lake.domain.batches import BatchState, DeliveryMode, SourceKind
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import BatchId


class NotToBeRepeated(Refused):
    """The batch was published, is under way, or its file is gone."""

    code = "lake.not-to-be-repeated"
    kind = Kind.CONFLICT
    message = (
        "This batch cannot be collected again: it was published, is under way, or its file is no longer kept."
    )


@transaction
def retry_batch(*, batch_id: BatchId, actor: Actor, at: datetime) -> BatchRecord:
    """Note the file of a batch that was not published as a new batch.

    Raises:
        BatchNotFound: there is no such batch that the actor may see.
        NotToBeRepeated: see there.
    """
    former = visible_batch(batch_id=batch_id, actor=actor)
    resource = deliverable(resource_code=former.resource_code, actor=actor)
    staged = inbox() / former.staged_as
    is_over = former.state in {BatchState.INTERRUPTED, BatchState.REFUSED}
    if not is_over or not former.staged_as or not staged.exists():
        raise NotToBeRepeated
    batch = note_batch(
        resource,
        source_kind=SourceKind(former.source_kind),
        file_name=former.file_name,
        mode=DeliveryMode(former.mode),
        actor=actor,
        at=at,
        staged=staged,
        size=former.size,
        is_repetition_meant=former.is_repetition_meant,
    )
    former.staged_as = ""
    former.save(update_fields=["staged_as"])
    return batch_record(batch)
