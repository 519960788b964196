"""Alarms about the proof log: raised once, until what was wrong has ended."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet

from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.events import LogAlarmCleared, LogAlarmRaised
from zhengshu.contexts.trust.models import LogAlarm, Witness
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused

PLATFORM = Actor.platform("proof-log")
MOST_DETAILS = 200


class AlarmKind(StrEnum):
    """What an alarm says; the first three come from witnesses, the others from monitors."""

    LATE = "late"
    """Too few witnesses have cosigned in time."""
    FORKED = "forked"
    ROLLED_BACK = "rolled_back"
    REWRITTEN = "rewritten"
    """A monitor computes another root than the log has signed, or finds entries or files missing or malformed."""
    DIFFERS = "differs"
    """The log and somebody's own record do not have the same number of calls."""


WITNESSED = (AlarmKind.LATE, AlarmKind.FORKED, AlarmKind.ROLLED_BACK)


class AlarmNotFound(Refused):
    """No such alarm; the list of witnesses shows those that were raised."""

    code: ClassVar[str] = "trust.log-alarm-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such alarm."


@dataclass(frozen=True, slots=True, kw_only=True)
class LogAlarmRecord:
    """An alarm with its evidence.

    Attributes:
        answer: what the witness answered, or the monitor said.
        details: one line for each thing that was found.
    """

    id: UUID
    kind: AlarmKind
    witness: str
    reporter: str
    raised_at: datetime
    cleared_at: datetime | None
    answer: str
    details: tuple[str, ...]


@transaction
def raise_alarm(
    kind: AlarmKind,
    *,
    witness: Witness | None = None,
    reporter: str = "",
    answer: str = "",
    details: Sequence[str] = (),
    is_once: bool = False,
    at: datetime,
) -> None:
    """Raise an alarm unless one of its kind is open; an open one learns what was found since.

    Args:
        kind: what is wrong.
        witness: who says so.
        reporter: the department and system whose own monitor says so; empty for the platform's.
        answer: in what words.
        details: a line for each thing that was found.
        is_once: whether lines that an ended alarm had are old news, and raise no other one.
        at: now.
    """
    if is_once:
        ended = LogAlarm.objects.filter(kind=kind.value, reporter=reporter).exclude(cleared_at=None)
        told = {line for lines in ended.values_list("details", flat=True) for line in lines}
        details = [line for line in details if line not in told]
        if not details:
            return
        answer = details[0]
    alarm, is_new = LogAlarm.objects.get_or_create(
        kind=kind.value,
        witness=witness,
        reporter=reporter,
        cleared_at=None,
        defaults={"raised_at": at, "answer": answer[:300], "details": list(details)[:MOST_DETAILS]},
    )
    if is_new:
        publish(
            LogAlarmRaised(at=at, actor=PLATFORM, subject=_subject(alarm), kind=kind.value, reporter=reporter)
        )
    elif details and list(details)[:MOST_DETAILS] != alarm.details:
        alarm.details = list(details)[:MOST_DETAILS]
        alarm.save(update_fields=["details"])


@transaction
def clear_alarms(
    kinds: Collection[AlarmKind], *, still: Collection[tuple[AlarmKind, Witness | None]] = (), at: datetime
) -> None:
    """End the open alarms of some kinds that the platform has raised, except those whose reason is still there."""
    kept = Q(pk=None)
    for kind, row in still:
        kept |= Q(kind=kind.value, witness=row)
    rows = LogAlarm.objects.filter(cleared_at=None, reporter="", kind__in=[kind.value for kind in kinds])
    _end(rows.exclude(kept), at=at)


@transaction
def clear_reported(alarm_ids: Collection[UUID], *, at: datetime) -> None:
    """End alarms about counts, and those that other monitors have reported: nothing ends them but their cases."""
    rows = LogAlarm.objects.filter(pk__in=alarm_ids, cleared_at=None)
    _end(rows.filter(Q(kind=AlarmKind.DIFFERS.value) | ~Q(reporter="")), at=at)


def _end(rows: QuerySet[LogAlarm], *, at: datetime) -> None:
    ended = list(rows.select_related("witness"))
    for alarm in ended:
        alarm.cleared_at = at
        alarm.save(update_fields=["cleared_at"])
    publish(*(LogAlarmCleared(at=at, actor=PLATFORM, subject=_subject(one), kind=one.kind) for one in ended))


def alarms_of_cases() -> tuple[UUID, ...]:
    """Return the open alarms that end with their cases: those about counts, and those that others have reported."""
    rows = LogAlarm.objects.filter(cleared_at=None)
    return tuple(rows.filter(Q(kind=AlarmKind.DIFFERS.value) | ~Q(reporter="")).values_list("pk", flat=True))


def log_alarm(*, alarm_id: UUID, actor: Actor) -> LogAlarmRecord:
    """Return an alarm with its evidence.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        AlarmNotFound: there is none such.
    """
    require(actor, Role.SECURITY_ADMIN)
    row = LogAlarm.objects.select_related("witness").filter(pk=alarm_id).first()
    if row is None:
        raise AlarmNotFound
    return LogAlarmRecord(
        id=row.pk,
        kind=AlarmKind(row.kind),
        witness=row.witness.name if row.witness else "",
        reporter=row.reporter,
        raised_at=row.raised_at,
        cleared_at=row.cleared_at,
        answer=row.answer,
        details=tuple(str(one) for one in row.details),
    )


def _subject(alarm: LogAlarm) -> Subject:
    return Subject("log_alarm", str(alarm.pk), alarm.witness.name if alarm.witness else alarm.kind)
