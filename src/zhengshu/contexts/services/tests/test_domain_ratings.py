"""What is hidden of a rating, and why no difference between published figures is about fewer than a batch."""

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.services.domain.ratings import (
    Indicator,
    RatingChannel,
    RatingDraft,
    RatingUnfit,
    Tally,
    check_rating,
    released_after,
    stars_of,
    without_identity,
)
from zhengshu.contexts.services.domain.vocabulary import Satisfaction

cells = st.tuples(st.sampled_from("AB"), st.sampled_from("xyz"), st.sampled_from(["", "1", "2"]))
histories = st.lists(st.tuples(cells, st.integers(1, 5)), max_size=120)
LEAST = 5


class TestWords:
    @pytest.mark.parametrize(
        "told",
        ["13800001234", "138-0000-1234", "138 0000 1234", "470302199001011236", "47030219900101123X",
         "wang.fang@example.cn", "XK202603020001"],
    )  # fmt: skip
    def test_hide_what_tells_who_wrote(self, told: str) -> None:
        assert told not in without_identity(f"请打{told}找我")

    def test_hide_what_was_pasted_with_signs_that_nobody_sees(self) -> None:
        hidden = without_identity("打138\u200b0000\u200b1234找王\u200b芳", names=["王芳"])

        assert hidden == "打＊＊＊找＊＊＊"

    def test_keep_what_helps_to_mend(self) -> None:
        words = "3号窗口让我跑了2趟，2026年说要交500元"

        assert without_identity(words) == words

    @given(
        st.text(max_size=40),
        st.text(min_size=2, max_size=6).filter(lambda name: name.strip() == name and len(name) > 1),
    )
    def test_never_keep_a_name(self, words: str, name: str) -> None:
        hidden = without_identity(f"{words}{name}", names=[name])

        assert name not in hidden.replace("＊＊＊", "") or name in "＊＊＊"


class TestLevels:
    def test_code_and_stars_count_in_opposite_directions(self) -> None:
        assert [(level.value, stars_of(level)) for level in Satisfaction] == [
            ("1", 5), ("2", 4), ("3", 3), ("4", 2), ("5", 1),
        ]  # fmt: skip

    def test_a_window_is_not_rated_as_a_page(self) -> None:
        draft = RatingDraft(
            level=Satisfaction.SATISFIED,
            channel=RatingChannel.QR,
            indicators={Indicator.OPERATION: Satisfaction.SATISFIED},
        )

        check_rating(draft, is_online=True)
        with pytest.raises(RatingUnfit):
            check_rating(draft, is_online=False)

    def test_too_many_words_are_refused(self) -> None:
        draft = RatingDraft(level=Satisfaction.SATISFIED, channel=RatingChannel.PC, words="长" * 501)

        with pytest.raises(RatingUnfit):
            check_rating(draft, is_online=True)


class TestBatches:
    @given(histories)
    def test_every_published_figure_at_every_moment_is_a_sum_of_whole_batches(
        self, history: list[tuple[tuple[str, str, str], int]]
    ) -> None:
        """Whatever cells two figures sum, of whatever moments, their difference is a sum of batches of at least LEAST.

        So each coefficient of a single rating in any difference is shared by at least LEAST ratings.
        """
        taken: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        released: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0])
        for cell, level in history:
            taken[cell].append(level)
            now = released_after(taken=len(taken[cell]), released=released[cell][-1], least=LEAST)
            if now != released[cell][-1]:
                released[cell].append(now)

        for cell, steps in released.items():
            assert all(after - before >= LEAST for before, after in pairwise(steps))
            assert len(taken[cell]) - steps[-1] < LEAST

    @given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 20))
    def test_never_publishes_more_than_was_given_nor_takes_back(
        self, before: int, more: int, least: int
    ) -> None:
        now = released_after(taken=before + more, released=before, least=least)

        assert before <= now <= before + more

    @given(st.lists(st.integers(0, 4), min_size=1, max_size=50))
    def test_means_and_shares_are_of_what_was_counted(self, places: list[int]) -> None:
        counts = [places.count(place) for place in range(5)]
        tally = sum(
            (Tally(counts=tuple(int(one == place) for one in range(5))) for place in places),  # type: ignore[arg-type]
            Tally(),
        )

        assert list(tally.counts) == counts
        assert tally.stars == pytest.approx(sum(5 - place for place in places) / len(places))
        assert tally.satisfied == pytest.approx(sum(place < 3 for place in places) / len(places))
