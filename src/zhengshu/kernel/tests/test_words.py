"""Words for the index and questions to it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from zhengshu.kernel.words import document, exact_question, marked, pairs, question, words

_LEXEME = re.compile(r"'[~0-9a-z\u3400-\u9fff\U00020000-\U0003134f]+'(:[0-9]+[ABCD]?|:\*)?")


class TestDocument:
    def test_a_title_weighs_more_than_the_rest(self) -> None:
        text = document(title="登记", second=("金额",), third=("摘要",), fourth=("税务",))

        assert "'登记':1A" in text
        assert "'金额':3B" in text
        assert text.endswith("D")

    @given(st.text(max_size=200), st.text(max_size=200))
    def test_no_text_leaves_the_quotes(self, title: str, more: str) -> None:
        for part in document(title=title, fourth=(more,), parts=more).split():
            assert _LEXEME.fullmatch(part)


class TestQuestion:
    @given(st.text(max_size=100))
    def test_no_question_leaves_the_quotes(self, text: str) -> None:
        for form in (*question(text), *exact_question(text)):
            for part in re.split(r"[ &|()]+", form):
                assert not part or _LEXEME.fullmatch(part)

    def test_is_tried_ever_looser(self) -> None:
        strict, parts, similar = question("不动厂登记")

        assert "&" in strict
        assert parts.count("&") == 3
        assert "|" in similar

    def test_full_width_and_capitals_do_not_matter(self) -> None:
        assert question("ＡＢＣ") == question("abc")
        assert words("ＡＢＣ") == ("abc",)

    def test_exact_words_are_no_beginnings_but_a_letter_alone_is(self) -> None:
        assert exact_question("登记市") == ("'登记' & '市'", "'~登记' & '~记市'")
        assert exact_question("张")[0] == "'张':*"
        assert exact_question("，") == ()

    def test_one_letter_finds_what_begins_with_it(self) -> None:
        assert pairs("税") == ("税",)
        assert question("税")[-1] == "'~税':*"


class TestMarked:
    @given(st.text(max_size=60), st.text(max_size=30))
    def test_loses_no_letter(self, text: str, asked: str) -> None:
        assert "".join(piece for piece, _ in marked(text, asked=asked)) == text

    def test_marks_words_and_else_pairs_of_their_letters(self) -> None:
        assert ("登记", True) in marked("不动产登记", asked="登记 收费")
        assert marked("不动产登记", asked="动产") == (("不", False), ("动产", True), ("登记", False))
        assert marked("不动产登记", asked="收费") == (("不动产登记", False),)
        assert marked("Request ABC-1", asked="ａｂｃ")[1] == ("ABC", True)
