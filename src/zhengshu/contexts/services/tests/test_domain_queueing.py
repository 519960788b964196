"""Numbers of a hall: written and read, step by step, and what one who waits is told."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.services.domain.queueing import (
    AT_HAND,
    LETTERS,
    ROUND,
    Step,
    TicketState,
    after,
    foreseen_wait,
    label_of,
    read_label,
)

letters = st.sampled_from(LETTERS)
numbers = st.integers(1, 9_999)
minutes = st.lists(st.floats(0.5, 120), min_size=1, max_size=20)


class TestLabel:
    @given(letter=letters, number=numbers)
    def test_is_read_as_it_is_written(self, letter: str, number: int) -> None:
        assert read_label(label_of(letter, number)) == (letter, number)

    @given(letter=letters, number=numbers)
    def test_is_read_however_it_is_typed(self, letter: str, number: int) -> None:
        for typed in (f" {letter.lower()}{number} ", f"{letter}-{number:03}", f"{letter} {number}"):
            assert read_label(typed) == (letter, number)

    def test_is_read_in_full_width(self) -> None:
        assert read_label("Ａ０１２") == ("A", 12)

    @given(text=st.text(max_size=12))
    def test_is_never_guessed(self, text: str) -> None:
        found = read_label(text)

        assert found is None or read_label(label_of(*found)) == found

    def test_has_no_letter_that_is_heard_as_a_number(self) -> None:
        assert read_label("O12") is None
        assert read_label("I12") is None


class TestSteps:
    @given(steps=st.lists(st.sampled_from(Step), max_size=30))
    def test_serve_only_whom_was_called_and_end_only_what_was_served(self, steps: list[Step]) -> None:
        state, history = TicketState.WAITING, [TicketState.WAITING]
        for step in steps:
            state = after(state, step) or state
            history.append(state)

        for before, now in itertools.pairwise(history):
            if now == TicketState.SERVING:
                assert before in AT_HAND
            if now == TicketState.SERVED:
                assert before in (TicketState.SERVING, TicketState.SERVED)
            if now == TicketState.SKIPPED:
                assert before in (TicketState.CALLED, TicketState.SKIPPED)
        assert TicketState.WAITING not in history[history.count(TicketState.WAITING) :]

    def test_lead_nowhere_after_the_end(self) -> None:
        assert all(after(TicketState.SERVED, step) is None for step in Step)


class TestForeseenWait:
    @given(ahead=st.integers(0, 200), more=st.integers(0, 50), windows=st.integers(1, 20), served=minutes)
    def test_grows_with_those_ahead_and_shrinks_with_windows(
        self, ahead: int, more: int, windows: int, served: list[float]
    ) -> None:
        now = foreseen_wait(ahead=ahead, windows=windows, served=served)
        later = foreseen_wait(ahead=ahead + more, windows=windows, served=served)
        quicker = foreseen_wait(ahead=ahead, windows=windows + 1, served=served)

        assert now is not None
        assert later is not None
        assert quicker is not None
        assert 0 <= quicker <= now <= later
        assert now % ROUND == 0

    def test_is_not_told_while_nobody_can_know(self) -> None:
        assert foreseen_wait(ahead=3, windows=0, served=[4.0]) is None
        assert foreseen_wait(ahead=3, windows=2, served=[]) is None
