"""Take a step of a matter: a correction, a misuse, a demand or a dispute."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.application.carry_out import carry_out
from zhengshu.contexts.exchange.application.given import take_over
from zhengshu.contexts.exchange.application.matters import bring_in_line, rows_of, tell_step
from zhengshu.contexts.exchange.domain.matters import MatterKind, Step
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId


@transaction
def take_step(*, kind: MatterKind, matter_id: UUID, step: Step, actor: Actor, at: datetime) -> str:
    """End a to-do of a matter with an outcome and what belongs to it; return where the matter then stands.

    What the outcome means for grants happens in the same transaction: a misuse that was corrected puts its grant
    in force again, a use that is ended is revoked.

    Basis: Decree 809, articles 25 to 28.

    Raises:
        MatterNotFound: the actor may not see such a matter.
        Refused: by casework: not the actor's to-do, no reason, no basis; or what the outcome needs is missing.
    """
    row = rows_of(kind).visible_to(actor).locked(matter_id)
    given = take_over(row, step, actor=actor, at=at)
    case = casework.complete_task(
        case_id=CaseId(row.case_id),
        task=step.task,
        outcome=step.outcome,
        data=given.data,
        parties=given.parties,
        reason=step.reason.strip(),
        basis=step.basis.strip(),
        actor=actor,
        at=at,
    )
    bring_in_line(row, case)
    row.touch(at=at)
    carry_out(row, at=at)
    tell_step(row, step, actor=actor, at=at)
    return row.state
