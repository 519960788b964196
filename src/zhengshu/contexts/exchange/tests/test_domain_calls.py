"""What calls ask for, how values are read and compared, and the statements they become."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.exchange.domain.asks import (
    cursor_after,
    read_case,
    read_rows_ask,
    read_verify_ask,
)
from zhengshu.contexts.exchange.domain.refusals import (
    BY_CODE,
    CallRefused,
    CaseUnreadable,
    PageUnreadable,
    ResourceNotReady,
    ValueUnreadable,
)
from zhengshu.contexts.exchange.domain.requests_scope import Condition, Operator
from zhengshu.contexts.exchange.domain.statements import select
from zhengshu.contexts.exchange.domain.subjects import subject_digest
from zhengshu.contexts.exchange.domain.values import ColumnType, Value, is_same, read_value, shown
from zhengshu.contexts.exchange.tests.test_domain_terms import TERMS
from zhengshu.kernel.masks import Mask

TYPES = {"citizen_id": ColumnType.TEXT, "name": ColumnType.TEXT, "born_on": ColumnType.DATE}


class TestRowsAsk:
    @given(query=st.text(max_size=100))
    def test_is_read_or_refused_and_never_fails(self, query: str) -> None:
        try:
            read_rows_ask(query)
        except CallRefused:
            return

    def test_reads_keys_fields_and_page(self) -> None:
        ask = read_rows_ask("key.name=%E5%BC%A0+%E4%B8%89&fields=a,b,a&limit=7")

        assert (ask.keys, ask.columns, ask.limit, ask.offset) == ({"name": "张 三"}, ("a", "b"), 7, 0)

    def test_a_cursor_leads_to_the_next_page_of_the_same_keys(self) -> None:
        first = read_rows_ask("key.a=1&limit=10")
        second = read_rows_ask(f"key.a=1&limit=10&cursor={cursor_after(first)}")

        assert second.offset == 10
        with pytest.raises(PageUnreadable):
            read_rows_ask(f"key.a=2&limit=10&cursor={cursor_after(first)}")


class TestVerifyAsk:
    @given(body=st.binary(max_size=100))
    def test_is_read_or_refused_and_never_fails(self, body: bytes) -> None:
        try:
            read_verify_ask(body)
        except CallRefused:
            return

    def test_reads_scalars_as_text(self) -> None:
        ask = read_verify_ask(b'{"key": {"a": 1}, "values": {"b": true, "c": 1.5, "d": null}}')

        assert (ask.keys, ask.values) == ({"a": "1"}, {"b": "true", "c": "1.5", "d": None})


class TestCase:
    def test_is_percent_decoded(self) -> None:
        assert read_case("%E4%BA%91-1") == "云-1"
        assert read_case(None) == ""

    @pytest.mark.parametrize("header", ["%ff", "x" * 201, "a%00b", "a%0ab", "\u00e4"])
    def test_refuses_what_is_no_case_number(self, header: str) -> None:
        with pytest.raises(CaseUnreadable):
            read_case(header)


class TestValues:
    @pytest.mark.parametrize(
        ("column_type", "text", "value"),
        [
            (ColumnType.TEXT, " a ", "a"),
            (ColumnType.INTEGER, "-42", -42),
            (ColumnType.DECIMAL, "12.50", Decimal("12.50")),
            (ColumnType.DATE, "2024-02-29", date(2024, 2, 29)),
            (ColumnType.DATETIME, "2024-03-05T09:30:00", datetime(2024, 3, 5, 9, 30, tzinfo=UTC)),
            (ColumnType.BOOLEAN, "true", True),
        ],
    )
    def test_are_read_by_the_columns_type(self, column_type: ColumnType, text: str, value: Value) -> None:
        assert read_value(text, column_type=column_type, column="c") == value

    @pytest.mark.parametrize(
        ("column_type", "text"),
        [
            (ColumnType.TEXT, "x" * 201),
            (ColumnType.TEXT, "a\0b"),
            (ColumnType.INTEGER, "1.0"),
            (ColumnType.INTEGER, "9223372036854775808"),
            (ColumnType.INTEGER, "1_000"),
            (ColumnType.DECIMAL, "NaN"),
            (ColumnType.DECIMAL, "1e400"),
            (ColumnType.DATE, "2023-02-29"),
            (ColumnType.DATETIME, "noon"),
            (ColumnType.BOOLEAN, "yes"),
        ],
    )
    def test_of_another_type_are_refused_with_what_was_expected(
        self, column_type: ColumnType, text: str
    ) -> None:
        with pytest.raises(ValueUnreadable) as refused:
            read_value(text, column_type=column_type, column="c")

        assert str(refused.value.data["expected"])

    @given(text=st.text(max_size=250), column_type=st.sampled_from(ColumnType))
    def test_are_read_or_refused_and_never_fail(self, text: str, column_type: ColumnType) -> None:
        try:
            read_value(text, column_type=column_type, column="c")
        except ValueUnreadable:
            return

    def test_text_is_compared_without_width_case_and_blanks(self) -> None:
        assert is_same("11010119900307123X", " １１０１０１１９９００３０７１２３ｘ ")
        assert not is_same("a", "b")
        assert not is_same(None, "a")
        assert is_same(None, None)

    def test_masked_values_are_text_and_empty_stays_empty(self) -> None:
        assert shown(date(1990, 1, 1), mask=Mask.DATE_YEAR) == "1990"
        assert shown(5, mask=Mask.FULL) == "****"
        assert shown(None, mask=Mask.FULL) is None
        assert shown(5, mask=Mask.NONE) == 5


class TestSelect:
    def test_holds_names_of_the_grant_and_places_for_values_only(self) -> None:
        condition = Condition(column="born_on", operator=Operator.ONE_OF, values=("1990-01-01", "1991-01-01"))

        statement = select(
            replace(TERMS, conditions=(condition,)), keys=("citizen_id",), columns=("name",), types=TYPES
        )

        assert statement.sql == (
            'SELECT "name" FROM serving."r_306001_00001" WHERE "citizen_id" = $1 AND "born_on" = ANY ($4) '
            "ORDER BY 1 LIMIT $2 OFFSET $3"
        )
        assert statement.filter_values == ([date(1990, 1, 1), date(1991, 1, 1)],)

    def test_escapes_a_prefix(self) -> None:
        condition = Condition(column="name", operator=Operator.STARTS_WITH, values=("50%_\\",))

        statement = select(
            replace(TERMS, conditions=(condition,)), keys=("citizen_id",), columns=("name",), types=TYPES
        )

        assert statement.filter_values == ("50\\%\\_\\\\%",)

    def test_refuses_a_table_that_lacks_a_column(self) -> None:
        with pytest.raises(ResourceNotReady):
            select(TERMS, keys=("citizen_id",), columns=("phone",), types=TYPES)


class TestRefusals:
    @pytest.mark.parametrize("refusal", BY_CODE.values(), ids=BY_CODE)
    def test_have_a_stable_code_a_status_and_a_sentence(self, refusal: type[CallRefused]) -> None:
        assert re.fullmatch(r"exchange\.[a-z]+(-[a-z]+)*", refusal.code)
        assert 400 <= refusal.status <= 503
        assert refusal.message.endswith(".")


class TestSubjects:
    MINE, OTHERS = "110101199003070011", "110101199003070038"

    def test_are_the_same_person_however_many_columns_are_asked_for(self) -> None:
        alone = subject_digest({"citizen_id": self.MINE}, key=b"k")

        assert subject_digest({"citizen_id": self.MINE, "name": "张三"}, key=b"k") == alone
        assert (
            subject_digest({"citizen_id": self.MINE, "born_on": "1990-03-07", "name": "李"}, key=b"k")
            == alone
        )
        assert subject_digest({"citizen_id": self.OTHERS, "name": "张三"}, key=b"k") != alone

    def test_of_several_columns_that_identify_nobody_are_all_of_them(self) -> None:
        both = subject_digest({"plate": "A1", "name": "张三"}, key=b"k")

        assert both != subject_digest({"plate": "A1"}, key=b"k")
        assert both != subject_digest({"plate": "A1", "name": "李四"}, key=b"k")
        assert both == subject_digest({"name": "张三", "plate": "A1"}, key=b"k")

    def test_mistyped_numbers_identify_nobody(self) -> None:
        wrong = self.MINE[:-1] + ("0" if self.MINE[-1] != "0" else "1")

        assert subject_digest({"citizen_id": wrong, "name": "a"}, key=b"k") != subject_digest(
            {"citizen_id": wrong}, key=b"k"
        )
