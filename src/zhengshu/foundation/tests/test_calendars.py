"""The published calendar and the platform's own table."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from django.db import IntegrityError

from zhengshu.foundation.calendars import published_calendar, read_calendar, work_calendar
from zhengshu.foundation.models import CalendarOverride
from zhengshu.kernel.calendars import DayKind


class TestPublishedCalendar:
    def test_agrees_day_by_day_with_another_source(self) -> None:
        calendar = published_calendar()
        first, last = date(2004, 1, 1), date(2026, 12, 31)

        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]

        assert [day for day in days if calendar.is_working_day(day) != chinese_calendar.is_workday(day)] == []
        assert not any(calendar.answer(day).is_estimate for day in days)
        assert calendar.answer(date(2027, 1, 1)).is_estimate

    def test_refuses_a_file_of_another_form(self, tmp_path: Path) -> None:
        file = tmp_path / "CN.yaml"
        file.write_text("code: CN\nname: x\nhours: []\nyears: {2026: {basis: x, holidays: [{name: y}]}}\n")

        with pytest.raises(ValueError, match="missing required field"):
            read_calendar(file)


@pytest.mark.django_db
class TestWorkCalendar:
    def test_the_platforms_own_table_wins(self) -> None:
        typhoon = date(2026, 7, 15)
        CalendarOverride.objects.create(
            day=typhoon, is_working=False, reason="台风停工", basis="市防指〔2026〕3号"
        )

        answer = work_calendar().answer(typhoon)

        assert (answer.is_working, answer.kind, answer.reason) == (False, DayKind.OVERRIDE, "台风停工")
        assert published_calendar().is_working_day(typhoon)

    def test_an_override_has_a_reason_and_a_basis(self) -> None:
        with pytest.raises(IntegrityError):
            CalendarOverride.objects.create(
                day=date(2026, 7, 15), is_working=False, reason="台风停工", basis=""
            )
