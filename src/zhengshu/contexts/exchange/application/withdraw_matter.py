"""Take back a correction, a demand, a dispute or a finding of misuse."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.application.carry_out import ENDED, carry_out
from zhengshu.contexts.exchange.application.matters import bring_in_line, reference_of, rows_of, subject_of
from zhengshu.contexts.exchange.application.steps import StepNotOpen
from zhengshu.contexts.exchange.domain.matters import MatterKind, stated
from zhengshu.contexts.exchange.events import MatterWithdrawn
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId


@transaction
def withdraw_matter(*, kind: MatterKind, matter_id: UUID, reason: str, actor: Actor, at: datetime) -> None:
    """End a matter whose side no longer wants it; a misuse that is none puts its grant in force again.

    Raises:
        MatterNotFound: the actor may not see such a matter.
        StepNotOpen: a use was ended already; that is not taken back.
        StatementMissing: no reason.
        NotYourTask: by casework: the actor is not of the side that opened it.
        CaseClosedAlready: by casework: it has ended.
    """
    row = rows_of(kind).visible_to(actor).locked(matter_id)
    if kind is MatterKind.MISUSE and row.state in ENDED:
        raise StepNotOpen
    case = casework.withdraw_case(
        case_id=CaseId(row.case_id), reason=stated(reason, what="reason"), actor=actor, at=at
    )
    bring_in_line(row, case)
    row.touch(at=at)
    carry_out(row, at=at)
    publish(
        MatterWithdrawn(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=actor.department_id,
            matter=reference_of(row),
        )
    )
