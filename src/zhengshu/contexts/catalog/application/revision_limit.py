"""Until when a change of law or duty must stand in the catalogue."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
from django.conf import settings

from zhengshu.contexts.catalog.domain.limits import last_day
from zhengshu.foundation.calendars import work_calendar
from zhengshu.kernel.limits import LimitUnit, TimeLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionLimit:
    """The limit with its basis, the last day, and the last day when the data authority consents to an extension."""

    value: int
    basis: str
    due_on: date
    extended_value: int
    extended_on: date


class _Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    value: int
    unit: LimitUnit
    basis: str


def revision_limit(*, cause_on: date) -> RevisionLimit:
    """Return until when a change that came into force on a day must be entered.

    Basis: Decree 809, article 17; the days are content (``packs/catalog/limits.yaml``), a province may be stricter.
    """
    limit, extension = _limits(Path(settings.PACKS_FOLDER) / "catalog" / "limits.yaml")
    calendar = work_calendar()
    extended = limit.extended(value=extension.value, basis=extension.basis)
    return RevisionLimit(
        value=limit.value,
        basis=limit.basis,
        due_on=last_day(limit, since=cause_on, calendar=calendar),
        extended_value=extension.value,
        extended_on=last_day(extended, since=cause_on, calendar=calendar),
    )


@cache
def _limits(file: Path) -> tuple[TimeLimit, TimeLimit]:
    read = msgspec.yaml.decode(file.read_bytes(), type=dict[str, _Limit])
    limit, extension = (
        TimeLimit(code, read[code].value, read[code].unit, read[code].basis)
        for code in ("revision", "revision_extension")
    )
    return limit, extension
