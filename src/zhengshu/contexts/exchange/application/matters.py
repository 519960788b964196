"""What the use cases of matters have in common: the row of a kind, its case, and how it follows that case."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.domain.matters import MatterKind, Step
from zhengshu.contexts.exchange.events import (
    CorrectionStepTaken,
    DemandStepTaken,
    DisputeStepTaken,
    MatterReference,
    MatterStepTaken,
    MisuseStepTaken,
)
from zhengshu.contexts.exchange.models import CorrectionRequest, DataDemand, Dispute, Misuse
from zhengshu.contexts.exchange.models.corrections import CorrectionRequests
from zhengshu.contexts.exchange.models.demands import DataDemands
from zhengshu.contexts.exchange.models.disputes import Disputes
from zhengshu.contexts.exchange.models.matters import Matter
from zhengshu.contexts.exchange.models.misuses import Misuses
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId, DepartmentId

AnyMatter = CorrectionRequest | Misuse | Dispute | DataDemand
AnyMatters = CorrectionRequests | Misuses | Disputes | DataDemands

STEP_EVENTS: Mapping[MatterKind, type[MatterStepTaken]] = {
    MatterKind.CORRECTION: CorrectionStepTaken,
    MatterKind.MISUSE: MisuseStepTaken,
    MatterKind.DISPUTE: DisputeStepTaken,
    MatterKind.DEMAND: DemandStepTaken,
}


def rows_of(kind: MatterKind) -> AnyMatters:
    """Return all matters of a kind; narrow them to an actor before anything else."""
    match kind:
        case MatterKind.CORRECTION:
            return CorrectionRequest.objects.all()
        case MatterKind.MISUSE:
            return Misuse.objects.all()
        case MatterKind.DISPUTE:
            return Dispute.objects.all()
        case MatterKind.DEMAND:
            return DataDemand.objects.all()


def open_matter(
    row: AnyMatter,
    *,
    parties: Mapping[str, UUID],
    data: Mapping[str, int] | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Open the case of a fresh matter, and store the row.

    Raises:
        NotYourTask: by casework: the actor may not open such a case for its department.
    """
    case = casework.open_case(
        case_type=row.matter.case_type,
        subject=casework.CaseSubject(
            kind=row.matter.case_type.replace("-", "_"), id=row.id, title=row.title, path=row.path
        ),
        parties={name: DepartmentId(department) for name, department in parties.items()},
        data=data or {},
        actor=actor,
        at=at,
    )
    row.case_id, row.number = case.id, case.number
    row.opened_by, row.opened_at, row.changed_at = actor.id, at, at
    bring_in_line(row, case)
    row.save(force_insert=True)


def bring_in_line(row: Matter, case: casework.CaseRecord) -> None:
    """Set the state and the clock of a matter by its case, unsaved; an ended one keeps when it was due."""
    if case.is_open:
        steps = [task.task for task in case.open_tasks if task.kind is casework.TaskKind.FLOW]
        row.state, row.due_at = steps[0] if steps else case.state, case.due_at
        return
    row.state = case.state
    if row.closed_at is None and case.closed_at is not None:
        row.closed_at = case.closed_at
        row.in_time = None if row.due_at is None else case.closed_at <= row.due_at


def subject_of(row: AnyMatter) -> Subject:
    """Return what the audit shows of a matter."""
    return Subject(row.matter.case_type.replace("-", "_"), str(row.id), f"{row.number} {row.title}")


def reference_of(row: AnyMatter) -> MatterReference:
    """Return what an event says of a matter."""
    return MatterReference(matter_id=row.id, kind=row.matter.value, case_id=CaseId(row.case_id))


def tell_step(row: AnyMatter, step: Step, *, actor: Actor, at: datetime) -> None:
    """Announce that a step of a matter was taken."""
    publish(
        STEP_EVENTS[row.matter](
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=actor.department_id,
            matter=reference_of(row),
            task=step.task,
            outcome=step.outcome,
        )
    )
