"""Which texts of a column need the exact path: looked at as bytes, a whole column at a time.

Whatever is not flagged here is a text that `reading.read_value` would return as it stands. Flagging too many only
costs time, so the marks are read generously.
"""

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhengshu.contexts.lake.application.reading.chunks import texts_of
from zhengshu.contexts.lake.domain.columns import Column
from zhengshu.contexts.lake.domain.reading import NOTHING_IN_TEXT

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

_LONGEST_WORD = max(len(word.encode()) for word in NOTHING_IN_TEXT)
_BLANK = 0x20
_ALLOWED = (0x09, 0x0A, 0x0D)
_DELETE = 0x7F
_REPLACEMENT = (0xEF, 0xBF, 0xBD)
_WIDE_EDGES = ((0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF), (0xE2, 0x80, 0x8B))
"""Ideographic space, zero-width no-break space, zero-width space."""


def doubtful_texts(column: pa.StringArray, *, of: Column) -> Flags:
    """Return which rows of a text column need the exact path."""
    data, offsets = _bytes_of(column)
    sizes = offsets[1:] - offsets[:-1]
    is_filled: Flags = sizes > 0
    doubt: Flags = ~is_filled if of.must_hold else np.zeros(len(sizes), np.bool_)
    if not is_filled.any():
        return doubt
    doubt |= is_filled & (_has_edge_before(data, offsets) | _has_edge_behind(data, offsets))
    _flag_damage(data, offsets, doubt)
    _flag_words(column, np.flatnonzero(is_filled & (sizes <= _LONGEST_WORD)), doubt)
    if of.length is not None:
        _flag_long(column, np.flatnonzero(sizes > of.length), of.length, doubt)
    return doubt


def blank_rows(rows: pa.RecordBatch) -> Flags:
    """Return which rows hold no character in any column."""
    blank: Flags = np.ones(rows.num_rows, np.bool_)
    for column in rows.columns:
        if not blank.any():
            break
        blank &= np.asarray(
            pc.equal(pc.binary_length(texts_of(column)), pa.scalar(0, pa.int32())), dtype=np.bool_
        )
    return blank


@cache
def _words() -> pa.StringArray:
    """Return the words that stand for nothing; made when asked, for the first array loads pandas."""
    return pa.array(sorted(NOTHING_IN_TEXT - {""}), pa.string())


def _bytes_of(column: pa.StringArray) -> tuple[npt.NDArray[np.uint8], Numbers]:
    _, places, data = column.buffers()
    if places is None or data is None or data.size == 0:
        return np.zeros(1, np.uint8), np.zeros(len(column) + 1, np.int64)
    offsets = np.frombuffer(memoryview(places), np.int32)[column.offset : column.offset + len(column) + 1]
    return np.frombuffer(memoryview(data), np.uint8), offsets.astype(np.int64)


def _has_edge_before(data: npt.NDArray[np.uint8], offsets: Numbers) -> Flags:
    last = len(data) - 1
    first, second, third = (data[np.minimum(offsets[:-1] + step, last)] for step in range(3))
    flags: Flags = (first <= _BLANK) | (first == ord("#")) | ((first == 0xC2) & (second == 0xA0))  # noqa: PLR2004 - U+00A0
    for one, two, three in _WIDE_EDGES:
        flags |= (first == one) & (second == two) & (third == three)
    return flags


def _has_edge_behind(data: npt.NDArray[np.uint8], offsets: Numbers) -> Flags:
    last, before, earlier = (data[np.maximum(offsets[1:] - step, 0)] for step in (1, 2, 3))
    flags: Flags = (last <= _BLANK) | ((last == 0xA0) & (before == 0xC2))  # noqa: PLR2004 - U+00A0
    for one, two, three in _WIDE_EDGES:
        flags |= (last == three) & (before == two) & (earlier == one)
    return flags


def _flag_damage(data: npt.NDArray[np.uint8], offsets: Numbers, doubt: Flags) -> None:
    region = data[offsets[0] : offsets[-1]]
    bad: Flags = (region < _BLANK) | (region == _DELETE)
    if bad.any():
        bad &= ~np.isin(region, _ALLOWED)
    one, two, three = _REPLACEMENT
    if (region == one).any():
        bad[:-2] |= (region[:-2] == one) & (region[1:-1] == two) & (region[2:] == three)
    if bad.any():
        places = np.flatnonzero(bad) + offsets[0]
        doubt[np.searchsorted(offsets, places, side="right") - 1] = True


def _flag_words(column: pa.StringArray, places: Numbers, doubt: Flags) -> None:
    if len(places):
        words = pc.utf8_upper(column.take(pa.array(places, pa.int64())))
        doubt[places] |= np.asarray(pc.is_in(words, value_set=_words()), dtype=np.bool_)


def _flag_long(column: pa.StringArray, places: Numbers, most: int, doubt: Flags) -> None:
    if len(places):
        lengths = np.asarray(pc.utf8_length(column.take(pa.array(places, pa.int64()))), dtype=np.int64)
        doubt[places] |= lengths > most
