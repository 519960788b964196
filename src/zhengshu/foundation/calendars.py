"""The working days of the platform: the published calendar of `packs/calendar` and its own table."""

from datetime import date, time, timedelta
from functools import lru_cache
from pathlib import Path

import msgspec.yaml
from django.conf import settings

from zhengshu.foundation.models import CalendarOverride
from zhengshu.foundation.statements import Selection
from zhengshu.kernel.calendars import SpecialDay, WorkCalendar


class _Holiday(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")


class _MakeUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    day: date


class _Year(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    basis: str
    holidays: tuple[_Holiday, ...]
    make_up: tuple[_MakeUp, ...] = ()


class _Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    name: str
    hours: tuple[str, ...]
    years: dict[int, _Year]


def read_calendar(file: Path) -> WorkCalendar:
    """Read a published calendar; its form is described at the head of the file.

    Raises:
        msgspec.ValidationError: the file does not have the form, with the place that failed.
    """
    content = msgspec.yaml.decode(file.read_bytes(), type=_Calendar)
    days: list[SpecialDay] = []
    for year in content.years.values():
        for holiday in year.holidays:
            days += [
                SpecialDay(
                    day=holiday.first + timedelta(days=n),
                    is_working=False,
                    reason=holiday.name,
                    basis=year.basis,
                )
                for n in range((holiday.last - holiday.first).days + 1)
            ]
        days += [
            SpecialDay(day=made.day, is_working=True, reason=made.name, basis=year.basis)
            for made in year.make_up
        ]
    hours = tuple(_interval(text) for text in content.hours)
    return WorkCalendar.of(days=days, published=content.years, hours=hours)


_OVERRIDES = Selection(CalendarOverride, "ORDER BY day")


def work_calendar() -> WorkCalendar:
    """Return the published calendar with the platform's own table over it; one query."""
    own = [
        SpecialDay(day=row.day, is_working=row.is_working, reason=row.reason, basis=row.basis)
        for row in _OVERRIDES.rows()
    ]
    return published_calendar().overridden(own)


@lru_cache(maxsize=1)
def published_calendar() -> WorkCalendar:
    """Return the calendar of `packs/calendar/CN.yaml`, read once a process."""
    return read_calendar(Path(settings.PACKS_FOLDER) / "calendar" / "CN.yaml")


def _interval(text: str) -> tuple[time, time]:
    opens, closes = text.split("-")
    return time.fromisoformat(opens), time.fromisoformat(closes)
