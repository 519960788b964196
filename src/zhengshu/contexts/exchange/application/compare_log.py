"""The platform's own monitor: recomputes the published proof log and compares it with the records of calls."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from zhengshu.contexts.exchange.application.count_calls import count_calls
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.tlog.counts import Difference, differences
from zhengshu.foundation.tlog.monitor import Monitor, Walked


@dataclass(frozen=True, slots=True, kw_only=True)
class LogCompared:
    """What was found; both parts raised an alarm where something is wrong."""

    walked: Walked
    differences: tuple[Difference, ...]


def compare_log(*, days: int, at: datetime) -> LogCompared | None:
    """Recompute what was published since the last time, and compare the last whole days; None before the first entry.

    Args:
        days: how many days before today are compared; 0 compares none.
        at: now.
    """
    if not trust.log_folder().checkpoint():
        return None
    monitor = _monitor()
    walked = monitor.walk()
    missing = trust.missing_entries() if days else 0
    told = [f"{missing} entries are missing in the database"] if missing > 0 else []
    if walked.faults or told:
        told += [
            f"{one.kind.value} {'' if one.index is None else one.index} {one.text}" for one in walked.faults
        ]
        trust.raise_alarm(trust.AlarmKind.REWRITTEN, answer=told[0], details=told, at=at)
    else:
        trust.clear_alarms([trust.AlarmKind.REWRITTEN], at=at)
    found = _differences(monitor, days=days, at=at) if days else ()
    if found:
        told = [one.text for one in found]
        trust.raise_alarm(trust.AlarmKind.DIFFERS, answer=told[0], details=told, is_once=True, at=at)
    return LogCompared(walked=walked, differences=found)


def _differences(monitor: Monitor, *, days: int, at: datetime) -> tuple[Difference, ...]:
    today = timezone.localdate(at)
    period = [today - timedelta(days=number) for number in range(1, days + 1)]
    recorded = count_calls(first=period[-1], last=period[0])
    return differences(monitor.counts, recorded, days=frozenset(period))


def _monitor() -> Monitor:
    folder = trust.log_folder().folder
    return Monitor(
        fetch=lambda path: (folder / path).read_bytes(),
        verifiers=trust.log_verifiers(),
        folder=Path(settings.PROOF_MONITOR_FOLDER),
        zone=timezone.get_default_timezone(),
    )
