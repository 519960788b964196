"""Why a value probably fails, and what it should be where that is certain."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.quality.domain.causes import Cause, Setting, common_prefix, guess
from zhengshu.contexts.quality.domain.checks import (
    Check,
    CheckDigit,
    Complete,
    HasLength,
    HasType,
    Holds,
    InRange,
    Listed,
    Matches,
    Refers,
    Scheme,
    Unique,
    ValueType,
)
from zhengshu.contexts.quality.domain.judging import Verdict, judge
from zhengshu.contexts.quality.domain.rules import Rule

SETTING = Setting(today=date(2026, 6, 30), tables={}, prefixes={"a": "4703"})
PLAIN = Setting(today=date(2026, 6, 30), tables={}, prefixes={})
DAY = HasType(type=ValueType.DATE)
CITIZEN = CheckDigit(scheme=Scheme.CITIZEN_ID)
REGION = Matches(pattern="4703[0-9]{5}")


def rule(check: Check) -> Rule:
    return Rule(code="r", name="r", check=check, indicator="0302", basis="b", column="a")


class TestGuessing:
    @pytest.mark.parametrize(
        ("check", "text", "cause", "correction"),
        [
            (Complete(), "", Cause.MISSING, ""),
            (
                CheckDigit(scheme=Scheme.CITIZEN_ID),
                "３６０４２６１９９１０１０１００７１",
                Cause.FULL_WIDTH,
                "360426199101010071",
            ),
            (
                CheckDigit(scheme=Scheme.CITIZEN_ID),
                "360426 19910101 0071",
                Cause.BLANKS,
                "360426199101010071",
            ),
            (CITIZEN, "360426199101010072", Cause.OTHER, ""),
            (Listed(values=("X1", "X2")), "x1", Cause.LETTER_CASE, "X1"),
            (DAY, "2024/3/5", Cause.DATE_SPELLING, "2024-03-05"),
            (DAY, "2024年3月5日", Cause.DATE_SPELLING, "2024-03-05"),
            (DAY, "2024-25-03", Cause.DAY_AND_MONTH, "2024-03-25"),
            (DAY, "2024-02-30", Cause.OTHER, ""),
            (HasType(type=ValueType.DECIMAL), "1,200,000元", Cause.NUMBER_SPELLING, "1200000"),
            (HasType(type=ValueType.DECIMAL), "120万元", Cause.OTHER, ""),
            (REGION, "01004", Cause.PREFIX_MISSING, "470301004"),
            (Listed(values=("张三",)), "å¼\u00a0ä¸‰", Cause.WRONG_ENCODING, "张三"),
            (Listed(values=("张三",)), "寮犱笁", Cause.WRONG_ENCODING, "张三"),
            (Listed(values=("张三",)), "张\ufffd", Cause.WRONG_ENCODING, ""),
            (InRange(least="0", most="150"), "4000", Cause.OUT_OF_RANGE, ""),
            (Unique(columns=("a",)), "1", Cause.REPEATED, ""),
            (Refers(table="t", columns=("a",), their_columns=("a",)), "1", Cause.NOT_FOUND, ""),
            (Holds(holds="a == b"), "1", Cause.CONTRADICTION, ""),
        ],
    )
    def test_names_cause_and_correction(self, check: Check, text: str, cause: Cause, correction: str) -> None:
        found = guess(rule(check), {"a": text, "b": "2"}, blamed_columns=1, setting=SETTING)

        assert (found.cause, found.correction) == (cause, correction)

    def test_a_row_that_fails_in_many_columns_was_moved_sideways(self) -> None:
        assert guess(rule(DAY), {"a": "2024/3/5"}, blamed_columns=3, setting=SETTING).cause is Cause.SHIFTED

    def test_a_harmless_reading_goes_before_a_daring_one(self) -> None:
        narrow = Matches(pattern="[0-9 ]+")
        found = guess(rule(narrow), {"a": "１ ２"}, blamed_columns=1, setting=SETTING)

        assert (found.cause, found.correction) == (Cause.FULL_WIDTH, "1 2")

    @given(st.text(max_size=20))
    def test_a_proposal_passes_the_rule_that_blames_the_value(self, text: str) -> None:
        for check in (DAY, REGION, HasType(type=ValueType.INTEGER), HasLength(least=3, most=8)):
            asked = rule(check)
            found = guess(asked, {"a": text}, blamed_columns=1, setting=SETTING)
            if found.correction:
                verdict = judge(asked, {"a": found.correction}, today=SETTING.today, tables={})
                assert verdict is Verdict.PASSES

    def test_without_a_common_beginning_none_is_proposed(self) -> None:
        assert guess(rule(REGION), {"a": "01004"}, blamed_columns=1, setting=PLAIN).correction == ""


class TestCommonPrefix:
    @pytest.mark.parametrize(
        ("values", "prefix"),
        [
            (["470301", "470302", "470401", "470501"], "470"),
            (["甲1", "乙2", "丙3", "丁4"], ""),
            (["4703"], ""),
            ([], ""),
        ],
    )
    def test_is_what_nearly_all_share(self, values: list[str], prefix: str) -> None:
        assert common_prefix(values) == prefix

    def test_one_odd_value_in_a_hundred_does_not_hide_it(self) -> None:
        assert common_prefix([*(f"4703{number:05}" for number in range(10_000, 10_200)), "99"]).startswith(
            "4703"
        )
