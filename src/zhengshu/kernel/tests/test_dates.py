"""Dates and times as people type them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.kernel.dates import (
    CHINA,
    DateAmbiguous,
    DateImpossible,
    DateIncomplete,
    DateUnreadable,
    TimeUnreadable,
    read_date,
    read_datetime,
)
from zhengshu.kernel.errors import Refused

FIFTH_OF_MARCH = date(2024, 3, 5)
NUMERALS = "〇一二三四五六七八九"
days = st.dates(date(1800, 1, 1), date(2999, 12, 31))


def wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def in_numerals(day: date) -> str:
    def tens(number: int) -> str:
        ten, one = divmod(number, 10)
        head = {0: "", 1: "十"}.get(ten, NUMERALS[ten] + "十")
        return head + (NUMERALS[one] if one else "")

    year = "".join(NUMERALS[int(digit)] for digit in str(day.year))
    return f"{year}年{tens(day.month)}月{tens(day.day)}日"


class TestReadDate:
    @pytest.mark.parametrize(
        "typed",
        [
            "2024-03-05",
            "2024-3-5",
            "20240305",
            "2024/3/5",
            "2024.3.5",
            "2024.03.05",
            "2024年3月5日",
            "2024年03月05日",
            "2024 年 3 月 5 日",
            "2024年3月5号",
            "2024年3月5",
            "２０２４年３月５日",
            "２０２４－０３－０５",
            "　2024/3/5 ",
            "二〇二四年三月五日",
            "二零二四年三月五日",
            "贰零贰肆年叁月伍日",
            "民国113年3月5日",
            "中华民国113年3月5日",
            "2024-03-05T08:00:00",
            "2024-03-05T08:00:00.000Z",
            "2024-03-05 00:00:00",
            "2024/3/5 0:00",
            "2024年3月5日上午10点半",
        ],
    )
    def test_understands_what_people_and_programs_write(self, typed: str) -> None:
        assert read_date(typed) == FIFTH_OF_MARCH

    @given(days, st.booleans())
    def test_reads_every_day_in_every_form(self, day: date, is_wide: bool) -> None:  # noqa: FBT001 - hypothesis gives it
        forms = (
            day.isoformat(),
            f"{day:%Y%m%d}",
            f"{day.year}/{day.month}/{day.day}",
            f"{day.year}.{day.month}.{day.day}",
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.isoformat()} 23:59:59",
        )

        assert {read_date(wide(form) if is_wide else form) for form in forms} == {day}
        assert read_date(in_numerals(day)) == day

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("2024-02-30", DateImpossible),
            ("20241305", DateImpossible),
            ("2023年2月29日", DateImpossible),
            ("0001-01-01", DateImpossible),
            ("2024", DateIncomplete),
            ("202403", DateIncomplete),
            ("2024年3月", DateIncomplete),
            ("2024-03", DateIncomplete),
            ("03/05/2024", DateAmbiguous),
            ("5.3.24", DateAmbiguous),
            ("24-03-05", DateAmbiguous),
            ("240305", DateAmbiguous),
            ("", DateUnreadable),
            ("无", DateUnreadable),
            ("45356", DateUnreadable),
            ("2024-3/5", DateUnreadable),
            ("2024-03-05 25:00", DateUnreadable),
            ("昨天", DateUnreadable),
        ],
    )
    def test_refuses_clearly(self, typed: str, sentence: type[Refused]) -> None:
        with pytest.raises(sentence) as caught:
            read_date(typed)
        assert caught.type is sentence

    def test_reads_serials_only_where_told(self) -> None:
        assert read_date("45356", serials=True) == FIFTH_OF_MARCH
        assert read_date("45356.75", serials=True) == FIFTH_OF_MARCH
        assert read_date("2024/3/5", serials=True) == FIFTH_OF_MARCH
        with pytest.raises(DateImpossible):
            read_date("60", serials=True)

    @given(st.text(max_size=30))
    def test_reads_or_refuses_whatever_is_typed(self, text: str) -> None:
        for read in (read_date, read_datetime):
            try:
                read(text)
            except Refused as refusal:
                assert refusal.code.startswith("kernel.")  # noqa: PT017 - both outcomes are right


class TestReadDatetime:
    @pytest.mark.parametrize(
        ("typed", "moment"),
        [
            ("2024-03-05 14:30", "2024-03-05T14:30:00+08:00"),
            ("2024-03-05T14:30:05", "2024-03-05T14:30:05+08:00"),
            ("2024-03-05T14:30:05Z", "2024-03-05T14:30:05+00:00"),
            ("2024-03-05T14:30:05+09:30", "2024-03-05T14:30:05+09:30"),
            ("2024-03-05 14:30:05.25", "2024-03-05T14:30:05.250000+08:00"),
            ("20240305143005", "2024-03-05T14:30:05+08:00"),
            ("202403051430", "2024-03-05T14:30:00+08:00"),
            ("2024/3/5 下午2:30", "2024-03-05T14:30:00+08:00"),
            ("2024年3月5日14时30分", "2024-03-05T14:30:00+08:00"),
            ("2024年3月5日凌晨12点", "2024-03-05T00:00:00+08:00"),
            ("2024年3月5日", "2024-03-05T00:00:00+08:00"),
            ("２０２４年３月５日　１４：３０", "2024-03-05T14:30:00+08:00"),
        ],
    )
    def test_understands_what_people_and_programs_write(self, typed: str, moment: str) -> None:
        assert read_datetime(typed).isoformat() == moment

    @pytest.mark.parametrize("typed", ["2024-03-05 25:00", "2024-03-05 14:60", "20240305256161"])
    def test_refuses_a_time_that_does_not_exist(self, typed: str) -> None:
        with pytest.raises(TimeUnreadable):
            read_datetime(typed)

    def test_takes_a_time_without_zone_in_the_given_one(self) -> None:
        assert read_datetime("2024-03-05 14:30", zone=UTC).tzinfo is UTC

    @given(
        st.datetimes(
            datetime(1900, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
            datetime(2100, 1, 1),  # noqa: DTZ001 - as above
            timezones=st.sampled_from([UTC, CHINA, timezone(timedelta(hours=-3, minutes=-30))]),
        )
    )
    def test_reads_back_what_programs_write(self, moment: datetime) -> None:
        assert read_datetime(moment.isoformat()) == moment
