"""What a department's own monitor of the proof log hands in: read strictly, and put into lines that people read."""

from datetime import date
from typing import Annotated

import msgspec

from zhengshu.contexts.exchange.domain.refusals_base import ReportUnreadable

MOST_FAULTS, MOST_DIFFERENCES = 100, 200
_Text = Annotated[str, msgspec.Meta(max_length=300)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
_Kind = Annotated[str, msgspec.Meta(pattern="^(unsigned|rolled_back|forked|missing|entry)$")]
_What = Annotated[str, msgspec.Meta(pattern="^(answered|refused)$")]
_Code = Annotated[str, msgspec.Meta(pattern="^[0-9A-Z]{0,18}$")]
_Grant = Annotated[str, msgspec.Meta(pattern="^([0-9a-f-]{36})?$")]


class ReportedFault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something wrong with the log itself; `index` names the entry where it is about one."""

    kind: _Kind
    text: _Text
    index: _Count | None = None

    @property
    def line(self) -> str:
        """The fault in one line."""
        place = "" if self.index is None else f" {self.index}"
        return f"{self.kind}{place} {_plain(self.text)}"


class ReportedDifference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day on which the log and the department's own record do not have the same number of calls."""

    day: date
    department: _Code
    grant: _Grant
    what: _What
    logged: _Count
    recorded: _Count
    system: _Text = ""

    @property
    def line(self) -> str:
        """The difference in one line, as the platform's own monitor writes it."""
        return (
            f"{self.day} {self.department} {_plain(self.system) or '-'} {self.grant or '-'}: "
            f"{self.what} {self.logged} in the log, {self.recorded} in the record"
        )


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a run of a monitor found.

    Attributes:
        size: entries that it has recomputed.
        faults: what is wrong with the log itself.
        differences: where it and the department's own record do not agree.
    """

    size: _Count
    faults: Annotated[tuple[ReportedFault, ...], msgspec.Meta(max_length=MOST_FAULTS)] = ()
    differences: Annotated[tuple[ReportedDifference, ...], msgspec.Meta(max_length=MOST_DIFFERENCES)] = ()


def read_report(body: bytes) -> Report:
    """Return the report in a body.

    Raises:
        ReportUnreadable: it is not the JSON document that is expected, or reports nothing.
    """
    try:
        report = msgspec.json.decode(body, type=Report)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise ReportUnreadable from fault
    if not report.faults and not report.differences:
        raise ReportUnreadable
    return report


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)
