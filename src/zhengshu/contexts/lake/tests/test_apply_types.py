"""The vectorised path and the exact path give the same answers."""

from collections.abc import Iterator
from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengshu.contexts.lake.application.apply_types import Typer
from zhengshu.contexts.lake.application.reading.chunks import Chunk, OddRow, text_batch
from zhengshu.contexts.lake.domain.columns import Column, ColumnType
from zhengshu.contexts.lake.domain.faults import Fault
from zhengshu.contexts.lake.domain.reading import read_value

KINDS = tuple(ColumnType)
COLUMNS = {
    (kind, is_required): Column(
        name="f",
        column="f",
        kind=kind,
        length=6 if kind is ColumnType.TEXT else None,
        is_required=is_required,
    )
    for kind in KINDS
    for is_required in (False, True)
}


@pytest.fixture(scope="module")
def typers() -> Iterator[dict[tuple[ColumnType, bool], Typer]]:
    # a second column keeps a row from being blank
    made = {
        key: Typer([column, Column(name="g", column="g")], present=["f", "g"])
        for key, column in COLUMNS.items()
    }
    yield made
    for typer in made.values():
        typer.close()


dates = st.dates(date(1790, 1, 1), date(3010, 1, 1))
moments = st.datetimes(datetime(1790, 1, 1), datetime(3010, 1, 1))  # noqa: DTZ001 - as typed, without a zone
spellings = st.one_of(
    st.text(max_size=12),
    st.text("0123456789-/.年月日 ,:+eET０１２", max_size=20),
    st.integers(-(10**20), 10**20).map(str),
    st.integers(-(10**12), 10**12).map(lambda n: f"{n:,}"),
    st.decimals(allow_nan=False, allow_infinity=False, places=6).map(str),
    dates.map(str),
    dates.map(lambda d: f"{d.year}年{d.month}月{d.day}日"),
    dates.map(lambda d: f"{d.year}/{d.month}/{d.day}"),
    dates.map(lambda d: f"{d:%Y%m%d}"),
    moments.map(lambda m: m.isoformat(sep=" ", timespec="seconds")),
    st.sampled_from(
        ["是", "否", "TRUE", "no", "无", "N/A", "null", "-", "", " ", "\\N", "\x00", "\ufffd", "#REF!", "　x"]
    ),
)


class TestBothPaths:
    @given(
        kind=st.sampled_from(KINDS),
        is_required=st.booleans(),
        texts=st.lists(spellings, min_size=1, max_size=20),
    )
    @settings(max_examples=300, deadline=None)
    def test_agree(
        self,
        typers: dict[tuple[ColumnType, bool], Typer],
        kind: ColumnType,
        is_required: bool,  # noqa: FBT001 - Hypothesis passes it by name
        texts: list[str],
    ) -> None:
        column = COLUMNS[kind, is_required]
        expected = [read_value(text, column=column) for text in texts]
        chunk = Chunk(
            text_batch(["f", "g"], [texts, [str(n) for n in range(len(texts))]]), np.arange(len(texts))
        )

        typed = typers[kind, is_required].apply(chunk)

        accepted = {int(row["g"]): row["f"] for batch in typed.accepted for row in batch.to_pylist()}
        faulty = {row.line: row.faults for row in typed.faulty}
        for place, value in enumerate(expected):
            if isinstance(value, Fault):
                assert faulty[place] == (value,)
            else:
                assert accepted[place] == value

    def test_blank_rows_are_counted_and_passed_over(
        self, typers: dict[tuple[ColumnType, bool], Typer]
    ) -> None:
        chunk = Chunk(text_batch(["f", "g"], [["", "　", "x"], ["", " ", "1"]]), np.arange(3))

        typed = typers[ColumnType.TEXT, False].apply(chunk)

        assert (typed.blank, typed.rows, typed.faulty) == (2, 1, [])

    def test_odd_rows_without_a_fault_are_read(self, typers: dict[tuple[ColumnType, bool], Typer]) -> None:
        chunk = Chunk(text_batch(["f", "g"], [[], []]), np.array([]), (OddRow(7, {"f": "1", "g": "2"}),))

        typed = typers[ColumnType.INTEGER, True].apply(chunk)

        assert [row for batch in typed.accepted for row in batch.to_pylist()] == [{"f": 1, "g": "2"}]
