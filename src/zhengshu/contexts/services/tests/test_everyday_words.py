"""Everyday words: the shipped content, what is meant by a question, which step it speaks of."""

from pathlib import Path

import pytest

from zhengshu.contexts.services.application.everyday_words import (
    EverydayWordsNotReadable,
    everyday_words,
    read_everyday_words,
)
from zhengshu.contexts.services.domain.everyday import MOST_MEANT, Everyday, Step

PACK = Everyday(
    terms={"学籍异动": ("转学", "换 学校"), "居民身份证": ("身份证",), "食品经营许可": ("开饭馆", "饭馆")},
    steps={"first": Step(names=("核发",)), "loss": Step(names=("补办",), words=("丢",))},
)


class TestMeant:
    def test_a_word_stands_for_its_term_with_its_share_of_the_question(self) -> None:
        (meant,) = PACK.meant("孩子转学")

        assert (meant.typed, meant.term, meant.share) == ("转学", "学籍异动", 0.5)

    def test_parts_of_a_word_stand_anywhere(self) -> None:
        assert [one.typed for one in PACK.meant("学校想换一个")] == ["换…学校"]
        assert PACK.meant("换一个") == ()

    def test_whoever_says_the_official_term_needs_no_other(self) -> None:
        assert PACK.meant("居民身份证") == ()

    def test_the_longest_word_of_a_term_counts_and_the_surest_term_comes_first(self) -> None:
        assert [one.typed for one in PACK.meant("我开饭馆，饭馆在路口")] == ["开饭馆"]
        assert [one.term for one in PACK.meant("饭馆换学校")] == ["学籍异动", "食品经营许可"]

    def test_a_question_has_few_meanings(self) -> None:
        many = Everyday(terms={f"第{number}项": ("饭馆",) for number in range(9)}, steps={})

        assert len(many.meant("饭馆")) == MOST_MEANT

    def test_steps_are_those_that_are_said_or_the_first(self) -> None:
        assert PACK.steps_asked("身份证丢了") == {"loss"}
        assert PACK.steps_asked("身份证") == {"first"}
        assert PACK.steps_named("许可证补办") == {"loss"}
        assert PACK.steps_named("许可证") == frozenset()


class TestContent:
    def test_the_shipped_words_are_read(self) -> None:
        shipped = everyday_words()

        assert shipped.meant("小孩转学")[0].term == "学籍异动"
        assert shipped.steps_asked("营业执照丢了") == {"loss"}

    def test_no_word_is_so_short_that_it_stands_in_everything(self) -> None:
        words = [word for several in everyday_words().terms.values() for word in several]

        assert [word for word in words if len("".join(word.split())) < 2] == []

    @pytest.mark.parametrize(
        "content",
        [
            "terms: {登记: ['']}\nsteps: {}",
            "terms: {登记: [' ']}\nsteps: {}",
            "terms: {登记: [4050]}\nsteps: {}",
            "terms: {}",
            "terms: {}\nsteps: {}\nmore: 1",
            "terms: [",
        ],
    )
    def test_a_file_that_is_not_of_the_form_is_refused(self, tmp_path: Path, content: str) -> None:
        file = tmp_path / "words.yaml"
        file.write_text(content, encoding="utf-8")

        with pytest.raises(EverydayWordsNotReadable):
            read_everyday_words(file)

    def test_a_missing_file_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(EverydayWordsNotReadable, match="gone"):
            read_everyday_words(tmp_path / "gone.yaml")
