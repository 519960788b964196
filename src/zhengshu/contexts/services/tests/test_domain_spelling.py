"""Words typed wrongly, or in letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.services.domain.spelling import Letters, Spelling

KNOWN = Spelling(
    ["结婚", "登记", "身份证", "营业执照", "居住证", "许可", "许可证", "猪贩子", "养老保险费", "改革"]
)


class TestCorrected:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("结婚登纪", "结婚登记"),
            ("身分证丢了", "身份证丢了"),
            ("营业执造", "营业执照"),
            ("外地人办居主证", "外地人办居住证"),
            ("经营许可正", "经营许可证"),
            ("营也执照", "营业执照"),
        ],
    )
    def test_puts_a_letter_right_that_sounds_alike(self, typed: str, meant: str) -> None:
        assert KNOWN.corrected(typed) == meant

    def test_puts_one_letter_right_between_others_that_does_not(self) -> None:
        assert KNOWN.corrected("营小执照") == "营业执照"

    @pytest.mark.parametrize(
        "typed", ["租房子", "养老保险交了多少", "改个名字", "结婚登记", "身份证", "id card"]
    )
    def test_leaves_alone_what_is_no_mistake(self, typed: str) -> None:
        assert KNOWN.corrected(typed) == typed

    @given(st.text(max_size=60))
    def test_reads_whatever_was_typed(self, text: str) -> None:
        assert isinstance(KNOWN.corrected(text), str)
        assert Spelling([]).corrected(text) == text


class TestLetters:
    NAMES = Letters(["生育津贴支付", "失业登记", "居民身份证办理", "银行账户", "Ｌ字签证"])

    @pytest.mark.parametrize(
        ("typed", "places"),
        [
            ("shengyu", {0}),
            ("ShengYu jin", {0}),
            ("sydj", {1}),
            ("shenfenzheng", {2}),
            ("yinhang", {3}),
            ("sheng'y", {0}),
        ],
    )
    def test_finds_names_in_full_letters_and_in_first_ones(self, typed: str, places: set[int]) -> None:
        assert set(self.NAMES.places(typed)) == places

    @pytest.mark.parametrize("typed", ["", "s", "engyu", "zzqqxx", "12", "生育", "'"])
    def test_finds_nothing_in_the_middle_of_a_syllable_or_in_what_is_no_letters(self, typed: str) -> None:
        assert self.NAMES.places(typed) == {}

    def test_a_known_word_is_known_by_its_letters(self) -> None:
        assert KNOWN.word_of("ShenFenZheng") == "身份证"
        assert KNOWN.word_of("shenfen") == ""

    @given(st.text(max_size=40))
    def test_reads_whatever_was_typed(self, text: str) -> None:
        assert all(0 < share <= 1 for share in self.NAMES.places(text).values())
