"""What of a value is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.kernel.masks import Mask, apply, default_mask

HIDING = (Mask.FULL, Mask.NAME, Mask.CITIZEN_ID, Mask.PHONE, Mask.ADDRESS, Mask.DATE_YEAR)


class TestApply:
    @pytest.mark.parametrize(
        ("mask", "text", "shown"),
        [
            (Mask.NONE, "张三丰", "张三丰"),
            (Mask.CREDIT_CODE, "11100000000013338W", "11100000000013338W"),
            (Mask.FULL, "张三丰", "****"),
            (Mask.NAME, "张三丰", "张**"),
            (Mask.NAME, "张", "张*"),
            (Mask.CITIZEN_ID, "360426199101010071", "360426********0071"),
            (Mask.CITIZEN_ID, "3604261991", "**********"),
            (Mask.PHONE, "13800138000", "138****8000"),
            (Mask.PHONE, "8000", "****"),
            (Mask.ADDRESS, "云州市青禾区文昌街道书院路18号3栋502室", "云州市青禾区文昌街道****"),
            (Mask.ADDRESS, "书院路18号", "****"),
            (Mask.ADDRESS, "书院路18号市场旁3号", "****"),
            (Mask.ADDRESS, "青禾区文昌街道阳光小区3栋502室", "青禾区文昌街道****"),
            (Mask.DATE_YEAR, "1991-01-01", "1991"),
            (Mask.DATE_YEAR, "unknown", "****"),
        ],
    )
    def test_shows_what_its_mask_leaves(self, mask: Mask, text: str, shown: str) -> None:
        assert apply(mask, text) == shown

    @given(st.sampled_from(list(Mask)))
    def test_leaves_an_empty_text_empty(self, mask: Mask) -> None:
        assert apply(mask, "") == ""

    @given(st.sampled_from(HIDING), st.text("0123456789", min_size=1, max_size=30))
    def test_never_shows_the_middle(self, mask: Mask, digits: str) -> None:
        shown = apply(mask, digits)

        assert sum(letter != "*" for letter in shown) <= 10
        assert shown != digits or (mask is Mask.DATE_YEAR and len(digits) <= 4)

    @given(st.sampled_from([Mask.NAME, Mask.CITIZEN_ID, Mask.PHONE]), st.text("0123456789X", min_size=2))
    def test_keeps_the_length_where_the_form_is_public(self, mask: Mask, text: str) -> None:
        assert len(apply(mask, text)) == len(text)


class TestDefaultMask:
    @pytest.mark.parametrize(
        ("grade", "mask"),
        [(1, Mask.NONE), (2, Mask.NONE), (3, Mask.PHONE), (4, Mask.PHONE), (5, Mask.FULL), (6, Mask.FULL)],
    )
    def test_hides_more_with_the_grade(self, grade: int, mask: Mask) -> None:
        assert default_mask(grade=grade, content=Mask.PHONE) == mask

    def test_hides_all_where_nothing_is_known_of_the_content(self) -> None:
        assert default_mask(grade=3) == Mask.FULL
