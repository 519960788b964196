"""Completing many to-dos at once, each for itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zhengshu.contexts.casework.application.complete_task import complete_task
from zhengshu.contexts.casework.application.working import CaseNotFound
from zhengshu.contexts.casework.models import Task
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId, TaskId

MOST = 200
"""To-dos of one bulk action: what one page of the inbox shows."""


class TooMany(Refused):
    """A bulk action takes what one page shows."""

    code = "casework.too-many"
    message = "Choose at most %(most)s to-dos at once."


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one to-do of a bulk action.

    Attributes:
        task_id: the to-do as it was named.
        case_id: its case, where the actor may see it.
        number: the case's number, likewise.
        refusal: why it was not done; None when it was.
    """

    task_id: TaskId
    case_id: CaseId | None = None
    number: str = ""
    refusal: Refused | None = None

    @property
    def is_done(self) -> bool:
        """Whether it was done."""
        return self.refusal is None


def complete_many(
    *,
    task_ids: Sequence[TaskId],
    outcome: str,
    reason: str = "",
    basis: str = "",
    actor: Actor,
    at: datetime,
    idempotency_key: str = "",
) -> tuple[Verdict, ...]:
    """End several to-dos with the same outcome and reason; each gets a verdict, and none undoes another.

    Raises:
        TooMany: more than `MOST`.
    """
    wanted = list(dict.fromkeys(task_ids))
    if len(wanted) > MOST:
        raise TooMany(most=MOST)
    rows = Task.objects.visible_to(actor).filter(pk__in=wanted)
    found = {row.pk: row for row in rows.select_related("case")}
    verdicts = []
    for key in wanted:
        row = found.get(key)
        if row is None:
            verdicts.append(Verdict(task_id=key, refusal=CaseNotFound()))
            continue
        case_id, number = CaseId(row.case_id), row.case.number
        try:
            complete_task(
                case_id=case_id,
                task=key,
                outcome=outcome,
                reason=reason,
                basis=basis,
                actor=actor,
                at=at,
                idempotency_key=f"{idempotency_key} {key}" if idempotency_key else "",
            )
        except Refused as refusal:
            verdicts.append(Verdict(task_id=key, case_id=case_id, number=number, refusal=refusal))
        else:
            verdicts.append(Verdict(task_id=key, case_id=case_id, number=number))
    return tuple(verdicts)
