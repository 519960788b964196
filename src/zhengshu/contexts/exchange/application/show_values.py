"""Show the values in a request for a correction to somebody who has to verify them."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.exchange.application.matter_queries import correction_record, may_open
from zhengshu.contexts.exchange.application.matter_records import CorrectionRecord
from zhengshu.contexts.exchange.application.matters import reference_of, subject_of
from zhengshu.contexts.exchange.application.steps import NotYourStep
from zhengshu.contexts.exchange.events import CorrectionValuesShown
from zhengshu.contexts.exchange.models import CorrectionRequest
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor


@transaction
def show_values(*, correction_id: UUID, actor: Actor, at: datetime) -> CorrectionRecord:
    """Return a correction with its values in full; the audit keeps that they were looked at.

    Raises:
        MatterNotFound: the actor may not see such a correction.
        NotYourStep: the actor sees it, but neither asked for it nor has to verify it.
    """
    row = CorrectionRequest.objects.visible_to(actor).one(correction_id)
    if not may_open(row, actor=actor):
        raise NotYourStep
    publish(
        CorrectionValuesShown(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=actor.department_id,
            matter=reference_of(row),
        )
    )
    return correction_record(row, is_open=True, actor=actor)
