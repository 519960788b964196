"""What was logged last, for the page of the log."""

from dataclasses import dataclass
from datetime import datetime

from zhengshu.contexts.trust.application.queries import departments
from zhengshu.contexts.trust.models import LogEntry
from zhengshu.foundation.tlog.entries import read_entry


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRow:
    """One entry, with the names of the departments that it names by their codes."""

    index: int
    kind: str
    at: datetime
    departments: tuple[str, ...]
    resource: str
    purpose: str
    verdict: str


def latest_entries(*, most: int) -> tuple[LoggedRow, ...]:
    """Return the last entries, the newest first; anybody may read them, as they are public in the log itself."""
    names = {record.code: record.name for record in departments().values()}
    rows = LogEntry.objects.order_by("-index").values_list("index", "entry")[:most]
    return tuple(_row(index, bytes(entry), names) for index, entry in rows)


def _row(index: int, entry: bytes, names: dict[str, str]) -> LoggedRow:
    facts = read_entry(entry)
    codes = [str(facts[key]) for key in ("consumer", "provider", "department") if facts.get(key)]
    return LoggedRow(
        index=index,
        kind=str(facts["kind"]),
        at=datetime.fromisoformat(str(facts["at"])),
        departments=tuple(names.get(code, code) for code in codes),
        resource=str(facts.get("resource", "")),
        purpose=str(facts.get("purpose", "")),
        verdict=str(facts.get("verdict", "")),
    )
