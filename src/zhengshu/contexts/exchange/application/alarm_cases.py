"""An alarm of the proof log is a case of the security administrator: one for each alarm, however often it is told."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.events import LogAlarmCleared, LogAlarmRaised
from zhengshu.foundation.events import on
from zhengshu.kernel.actors import Actor

CASE_TYPE, SUBJECT = "log-alarm", "log_alarm"
SECURITY = "security"
PLATFORM = Actor.platform("exchange.alarm-cases")


@on(LogAlarmRaised)
def open_alarm_case(event: LogAlarmRaised) -> None:
    """Open the case of an alarm."""
    alarm_id = UUID(event.subject.id)
    with translation.override(settings.LANGUAGE_CODE):
        title = title_of(event.kind)
        if event.reporter:
            title = _("%(title)s (reported by %(reporter)s)") % {"title": title, "reporter": event.reporter}
    casework.open_case(
        case_type=CASE_TYPE,
        subject=casework.CaseSubject(
            kind=SUBJECT, id=alarm_id, title=title, path=f"/exchange/watching/alarms/{alarm_id}/"
        ),
        parties={SECURITY: trust.security_department().id},
        data={},
        actor=PLATFORM,
        at=event.at,
        idempotency_key=f"log-alarm:{alarm_id}",
    )


@on(LogAlarmCleared)
def note_end(event: LogAlarmCleared) -> None:
    """Write into the case that its alarm has ended; what caused it is still to be explained."""
    alarm_id = UUID(event.subject.id)
    case = casework.cases_of(subject_ids=[alarm_id]).get(alarm_id)
    if case is None or not case.is_open:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = _("The alarm has ended by itself. Write down what caused it.")
    casework.write_comment(
        case_id=case.id,
        text=text,
        is_internal=False,
        actor=PLATFORM,
        at=event.at,
        idempotency_key=f"log-alarm-ended:{alarm_id}",
    )


@on(CaseClosed)
def end_alarm(event: CaseClosed) -> None:
    """End an alarm about counts, or of another's monitor, when its case has ended: nothing else ends it."""
    if event.case_type == CASE_TYPE:
        _end_alarm(at=event.at)


def _end_alarm(*, at: datetime) -> None:
    open_ids = trust.alarms_of_cases()
    cases = casework.cases_of(subject_ids=open_ids)
    trust.clear_reported([alarm for alarm in open_ids if alarm in cases and not cases[alarm].is_open], at=at)


def title_of(kind: str) -> str:
    """Return in the reader's language what an alarm says."""
    match kind:
        case trust.AlarmKind.LATE:
            return _("Proof log: too few witnesses have cosigned in time")
        case trust.AlarmKind.FORKED:
            return _("Proof log: a witness says that it was rewritten")
        case trust.AlarmKind.ROLLED_BACK:
            return _("Proof log: a witness has seen more entries than are published")
        case trust.AlarmKind.DIFFERS:
            return _("Proof log: it does not have the calls that are on record")
        case _:
            return _("Proof log: what is published does not fit together")
