from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.quality.domain.check_digits import has_right_check
from zhengshu.contexts.quality.domain.checks import (
    Check,
    CheckDigit,
    CodesBy,
    Complete,
    CompleteWhen,
    DateOrder,
    HasLength,
    HasType,
    InRange,
    Listed,
    Matches,
    Scheme,
    ValueType,
)
from zhengshu.contexts.quality.domain.judging import Verdict, judge
from zhengshu.contexts.quality.domain.rules import CodeTable, Rule
from zhengshu.contexts.quality.domain.values import day_of, is_empty, number_of

TODAY = date(2026, 6, 30)
TABLES = {"gender": CodeTable(code="gender", codes=frozenset({"1", "2"}), names=frozenset({"男", "女"}))}


def verdict(check: Check, text: str | None, **others: str | None) -> Verdict:
    rule = Rule(code="r", name="r", check=check, indicator="0301", basis="b", column="a")
    return judge(rule, {"a": text, **others}, today=TODAY, tables=TABLES)


class TestJudge:
    @pytest.mark.parametrize(
        ("check", "passes", "fails"),
        [
            (HasType(type=ValueType.DATE), "2024-02-29", "2023-02-29"),
            (HasType(type=ValueType.DATE), "2024-02-29", "2024年2月29日"),
            (HasType(type=ValueType.DATE), "2024-02-29", "2024-02-29 "),
            (HasType(type=ValueType.COMPACT_DATE), "20240229", "20240230"),
            (HasType(type=ValueType.DATETIME), "2024-02-29T08:00:00+08:00", "2024-02-29 25:00"),
            (HasType(type=ValueType.INTEGER), "-12", "1.0"),
            (HasType(type=ValueType.DECIMAL), "1.50", "1,000"),
            (HasType(type=ValueType.BOOLEAN), "是", "maybe"),
            (HasLength(least=2, most=3), "𠮷田", "欧阳修之"),
            (Matches(pattern="[0-9]+"), "12", "1２"),
            (Matches(pattern=".*[ 　].*", forbids=True), "甲乙", "甲　乙"),
            (Listed(table="gender"), "1", "男"),
            (Listed(table="gender", by=CodesBy.EITHER, values=("未知",)), "未知", "3"),
            (InRange(least="0", most="1.5"), "1.50", "1.51"),
            (InRange(least="1949-10-01", most="today"), "20260630", "2026-07-01"),
            (CheckDigit(scheme=Scheme.CREDIT_CODE), "９１１１００００600037341l", "91110000600037341M"),
            (CheckDigit(scheme=Scheme.CITIZEN_ID), "360426199101010071", "360426199113010071"),
            (CheckDigit(scheme=Scheme.CITIZEN_ID_OR_CREDIT_CODE), "91110000600037341L", "36042619910101007X"),
            (CheckDigit(scheme=Scheme.MOD_11_2), "079X", "0791"),
            (CheckDigit(scheme=Scheme.MOD_37_36), "A12425GABC1234002M", "A12425GABC1234002N"),
            (CheckDigit(scheme=Scheme.MOD_97_10), "79444", "79445"),
            (CheckDigit(scheme=Scheme.LUHN), "79927398713", "79927398710"),
            (DateOrder(not_after="today"), "2026-06-30", "2026-07-01"),
        ],
    )
    def test_tells_right_from_wrong_and_does_not_ask_what_is_empty(
        self, check: Check, passes: str, fails: str
    ) -> None:
        assert verdict(check, passes) is Verdict.PASSES
        assert verdict(check, fails) is Verdict.FAILS
        assert verdict(check, "　NULL ") is Verdict.NOT_ASKED
        assert verdict(check, None) is Verdict.NOT_ASKED

    def test_leaves_emptiness_to_completeness(self) -> None:
        assert verdict(Complete(), "　") is Verdict.FAILS
        assert verdict(Complete(), "0") is Verdict.PASSES

    def test_asks_for_a_value_only_where_the_condition_holds(self) -> None:
        check = CompleteWhen(when="state == '注销'")

        assert verdict(check, None, state="注销") is Verdict.FAILS
        assert verdict(check, None, state="存续") is Verdict.NOT_ASKED
        assert verdict(check, None, state=None) is Verdict.NOT_ASKED

    def test_does_not_compare_a_day_that_cannot_be_read(self) -> None:
        check = DateOrder(not_after="b")

        assert verdict(check, "2024-01-02", b="2024年1月1日") is Verdict.FAILS
        assert verdict(check, "2024-01-02", b="soon") is Verdict.NOT_ASKED
        assert verdict(check, "2024-13-02", b="2024-01-01") is Verdict.NOT_ASKED


class TestValues:
    @pytest.mark.parametrize(
        "text", ["", " ", "\t\n", "\u3000", "\ufeff", "\u200b", "n/a", " null ", "无", "——"]
    )
    def test_knows_what_stands_for_nothing(self, text: str) -> None:
        assert is_empty(text)

    @pytest.mark.parametrize("text", ["0", "无锡", "NAME", "---", "ｎ/ａ"])
    def test_takes_other_texts_for_values(self, text: str) -> None:
        assert not is_empty(text)

    def test_reads_no_number_that_an_engine_could_not_hold(self) -> None:
        assert number_of("9" * 20 + ".12345678") == Decimal("9" * 20 + ".12345678")
        assert number_of("9" * 21) is None
        assert number_of("0.123456789") is None
        assert number_of("1\n") is None

    def test_reads_the_day_of_an_instant(self) -> None:
        assert day_of("2024-03-05 08:00:00+08") == date(2024, 3, 5)
        assert day_of("2024-03-05 8") is None


class TestHasRightCheck:
    @given(body=st.text("0123456789", min_size=1, max_size=20))
    def test_accepts_exactly_one_luhn_digit(self, body: str) -> None:
        assert sum(has_right_check(f"{body}{digit}", scheme=Scheme.LUHN) for digit in range(10)) == 1

    @given(body=st.text("0123456789", min_size=1, max_size=20))
    def test_accepts_exactly_one_character_of_mod_11_2(self, body: str) -> None:
        assert sum(has_right_check(body + last, scheme=Scheme.MOD_11_2) for last in "0123456789X") == 1

    @given(body=st.text("0123456789", min_size=1, max_size=20))
    def test_accepts_two_check_digits_of_mod_97_10(self, body: str) -> None:
        right = [two for two in range(100) if has_right_check(f"{body}{two:02}", scheme=Scheme.MOD_97_10)]

        assert {two % 97 for two in right} == {right[0] % 97}
