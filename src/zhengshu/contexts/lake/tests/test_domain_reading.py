"""What people type becomes values, or a reason."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from zhengshu.contexts.lake.domain.columns import Column, ColumnType
from zhengshu.contexts.lake.domain.faults import SENTENCES, Fault, FaultKind
from zhengshu.contexts.lake.domain.reading import read_value

K = ColumnType


def read(text: str, kind: ColumnType, *, length: int | None = None, is_required: bool = False) -> object:
    column = Column(name="字段", column="f", kind=kind, length=length, is_required=is_required)
    return read_value(text, column=column)


def fault_of(
    text: str, kind: ColumnType, *, length: int | None = None, is_required: bool = False
) -> FaultKind:
    value = read(text, kind, length=length, is_required=is_required)
    assert isinstance(value, Fault)
    return value.kind


class TestReadValue:
    @pytest.mark.parametrize(
        ("text", "kind", "value"),
        [
            ("２０２４年３月５日", K.DATE, date(2024, 3, 5)),
            ("2024/3/5", K.DATE, date(2024, 3, 5)),
            ("20240305", K.DATE, date(2024, 3, 5)),
            ("2024-03-05 00:00:00", K.DATE, date(2024, 3, 5)),
            ("2024-03-05 09:30:00", K.DATETIME, datetime(2024, 3, 5, 1, 30, tzinfo=UTC)),
            ("１，２００", K.INTEGER, 1200),
            ("1,234,567", K.INTEGER, 1234567),
            ("12.00", K.INTEGER, 12),
            ("-3", K.INTEGER, -3),
            ("1,200.50", K.DECIMAL, Decimal("1200.5")),
            ("是", K.BOOLEAN, True),
            ("无", K.BOOLEAN, False),
            ("true", K.BOOLEAN, True),
            ("　两端空格 ", K.TEXT, "两端空格"),
            ("无", K.TEXT, "无"),
            ("N/A", K.TEXT, None),
            ("无", K.INTEGER, None),
            ("--", K.DATE, None),
            ("", K.DECIMAL, None),
        ],
    )
    def test_reads_what_people_type(self, text: str, kind: ColumnType, value: object) -> None:
        assert read(text, kind) == value

    @pytest.mark.parametrize(
        ("text", "kind", "expected"),
        [
            ("2024-02-30", K.DATE, FaultKind.NOT_DATE),
            ("3/5/24", K.DATE, FaultKind.NOT_DATE),
            ("150,000(万)", K.DECIMAL, FaultKind.NOT_DECIMAL),
            ("1,20", K.DECIMAL, FaultKind.NOT_DECIMAL),
            ("12.5", K.INTEGER, FaultKind.NOT_INTEGER),
            ("1e5", K.INTEGER, FaultKind.NOT_INTEGER),
            ("9223372036854775808", K.INTEGER, FaultKind.TOO_LARGE),
            ("0.12345678901", K.DECIMAL, FaultKind.TOO_FINE),
            ("9" * 29, K.DECIMAL, FaultKind.TOO_LARGE),
            ("也许", K.BOOLEAN, FaultKind.NOT_BOOLEAN),
            ("坏\x00字", K.TEXT, FaultKind.CONTROL_CHARACTER),
            ("坏\ufffd字", K.TEXT, FaultKind.UNREADABLE_CHARACTER),
            ("#REF!", K.TEXT, FaultKind.CELL_ERROR),
        ],
    )
    def test_says_why_it_cannot(self, text: str, kind: ColumnType, expected: FaultKind) -> None:
        assert fault_of(text, kind) is expected

    def test_an_empty_required_field_is_missing(self) -> None:
        assert fault_of("N/A", K.TEXT, is_required=True) is FaultKind.MISSING

    def test_a_text_beyond_its_length_says_both_lengths(self) -> None:
        value = read("一二三四", K.TEXT, length=3)

        assert isinstance(value, Fault)
        assert value.text() == "The text has 4 characters; the catalogue allows 3."

    def test_every_kind_of_fault_has_a_sentence(self) -> None:
        assert set(SENTENCES) == set(FaultKind)


class TestTranslations:
    @pytest.mark.parametrize("kind", FaultKind)
    def test_every_reason_is_said_in_chinese(self, kind: FaultKind) -> None:
        with translation.override("zh-hans"):
            assert translation.gettext(SENTENCES[kind]) != SENTENCES[kind]
