"""Reports of departments' own monitors become the alarms that the platform's own monitor raises."""

from datetime import datetime, timedelta

import msgspec

from zhengshu.contexts.exchange.domain.reports import Report
from zhengshu.contexts.exchange.models import CallRecord, MonitorReport
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction

MOST = 100
GIVEN_UP_AFTER = timedelta(hours=1)
"""After which the record of the call that handed a report in will not come any more."""


@transaction
def take_reports(*, at: datetime) -> int:
    """Raise the alarms of reports whose calls were answered; return how many reports that were.

    A report is written before the record of its call, which alone says whether the call was good: one that was
    replayed, or whose record could not be written, raises nothing and is dropped.
    """
    rows = list(
        MonitorReport.objects.select_for_update(skip_locked=True).filter(taken_at=None).order_by("at")[:MOST]
    )
    verdicts = dict(CallRecord.objects.filter(id__in=[row.id for row in rows]).values_list("id", "verdict"))
    answered = [row for row in rows if verdicts.get(row.id) == CallRecord.ANSWERED]
    names = _names(answered)
    for row in answered:
        _raise(row, reporter=names.get(row.system_id, str(row.system_id)), at=at)
    MonitorReport.objects.filter(id__in=[row.id for row in answered]).update(taken_at=at)
    MonitorReport.objects.filter(
        id__in=[row.id for row in rows if _is_lost(row, verdicts.get(row.id, ""), at=at)]
    ).delete()
    return len(answered)


def _is_lost(row: MonitorReport, verdict: str, *, at: datetime) -> bool:
    return verdict != CallRecord.ANSWERED and (bool(verdict) or at - row.at > GIVEN_UP_AFTER)


def _raise(row: MonitorReport, *, reporter: str, at: datetime) -> None:
    report = msgspec.convert(row.content, type=Report)
    found = {
        trust.AlarmKind.REWRITTEN: [one.line for one in report.faults],
        trust.AlarmKind.DIFFERS: [one.line for one in report.differences],
    }
    for kind, lines in found.items():
        if lines:
            trust.raise_alarm(kind, reporter=reporter, answer=lines[0], details=lines, is_once=True, at=at)


def _names(rows: list[MonitorReport]) -> dict[object, str]:
    systems = trust.systems_by_id(ids=[row.system_id for row in rows])
    names = trust.department_names(ids={one.department_id for one in systems.values()})
    return {key: f"{names.get(one.department_id, '')} {one.name}".strip() for key, one in systems.items()}
