"""How the log is witnessed, for its page."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.trust.application.gather_cosignatures import is_late
from zhengshu.contexts.trust.application.policy import policy
from zhengshu.contexts.trust.application.publish_log import log_folder, published
from zhengshu.contexts.trust.application.queries import departments
from zhengshu.contexts.trust.models import LogAlarm, Witness
from zhengshu.foundation.tlog.notes import Checkpoint, split
from zhengshu.kernel.identity import DepartmentId

MOST_ALARMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessRow:
    """A witness and what he cosigned last.

    Attributes:
        behind: how many published entries he has not cosigned; 0 when he has seen all.
    """

    id: UUID
    name: str
    vkey: str
    address: str
    department: str
    is_active: bool
    size: int
    behind: int
    cosigned_at: datetime | None
    trouble: str
    trouble_since: datetime | None
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """An alarm, open or past."""

    id: UUID
    kind: str
    witness: str
    raised_at: datetime
    cleared_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessing:
    """How the log is witnessed now.

    Attributes:
        size: published entries; None before the first.
        witnessed: of these, entries under a checkpoint that enough have cosigned.
        quorum: how many must cosign; 0 asks for none.
        is_late: whether too few have in time.
    """

    size: int | None
    witnessed: int
    quorum: int
    minutes: int
    is_late: bool
    witnesses: tuple[WitnessRow, ...]
    alarms: tuple[AlarmRow, ...]


def witnessing(*, at: datetime) -> Witnessing:
    """Return how the log is witnessed; anybody may know."""
    last, note, rules = published(), log_folder().witnessed(), policy()
    size = last.size if last else 0
    rows = list(Witness.objects.order_by("-is_active", "name"))
    names = departments(ids={DepartmentId(row.department_id) for row in rows if row.department_id})
    alarms = LogAlarm.objects.select_related("witness")[:MOST_ALARMS]
    return Witnessing(
        size=last.size if last else None,
        witnessed=Checkpoint.of_text(split(note)[0]).size if note else 0,
        quorum=rules.witness_quorum,
        minutes=rules.witness_minutes,
        is_late=is_late(at=at),
        witnesses=tuple(
            WitnessRow(
                id=row.pk,
                name=row.name,
                vkey=row.vkey,
                address=row.address,
                department=names[DepartmentId(row.department_id)].name if row.department_id else "",
                is_active=row.is_active,
                size=row.size,
                behind=max(0, size - row.size),
                cosigned_at=row.cosigned_at,
                trouble=row.trouble,
                trouble_since=row.trouble_since,
                answer=row.answer,
            )
            for row in rows
        ),
        alarms=tuple(
            AlarmRow(
                id=row.pk,
                kind=row.kind,
                witness=row.witness.name if row.witness else "",
                raised_at=row.raised_at,
                cleared_at=row.cleared_at,
            )
            for row in alarms
        ),
    )
