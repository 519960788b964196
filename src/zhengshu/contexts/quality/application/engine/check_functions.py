"""Check characters of a whole column at once: bytes in a matrix, one row a text, instead of a walk in SQL.

Only texts of eighteen plain characters are computed so. What could be a number that was typed otherwise (full width,
blanks, hyphens) goes to `domain.check_digits`, which decides; everything else is wrong by its length.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhengshu.contexts.quality.domain.check_digits import has_right_check
from zhengshu.contexts.quality.domain.checks import Scheme
from zhengshu.kernel.checks import CREDIT_ALPHABET

Flags = npt.NDArray[np.bool_]
Letters = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]

_LENGTH = 18
_NONE = 255
_TEN = 10
_FEW = 64
_EARLIEST_YEAR = 1800
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, *[0] * 87], np.int64)
_FEBRUARY = 2


def _table(values: Mapping[str, int]) -> bytes:
    """Return the value of each byte, 255 for those that cannot stand in a number."""
    table = bytearray([_NONE] * 256)
    for letter, value in values.items():
        table[ord(letter)] = table[ord(letter.lower())] = value
    return bytes(table)


_CREDIT_VALUES = _table({letter: value for value, letter in enumerate(CREDIT_ALPHABET)})
_CITIZEN_VALUES = _table({letter: value for value, letter in enumerate("0123456789X")})
_CREDIT_WEIGHTS = np.array([*(pow(3, place, 31) for place in range(17)), 1], np.float32)
_CITIZEN_WEIGHTS = np.zeros((_LENGTH, 4), np.float32)
"""Four sums of one pass over the digits: the check sum, year, month and day."""
_CITIZEN_WEIGHTS[:, 0] = [*(pow(2, 17 - place, 11) for place in range(17)), 1]
_CITIZEN_WEIGHTS[6:10, 1] = [1000, 100, 10, 1]
_CITIZEN_WEIGHTS[10:12, 2] = [10, 1]
_CITIZEN_WEIGHTS[12:14, 3] = [10, 1]
_ODD = np.zeros(256, np.bool_)
"""Bytes that people read over, or that are part of a full-width letter: the exact path decides."""
_ODD[: ord(" ") + 1] = _ODD[ord("-")] = _ODD[0x7F:] = True


def check_column(texts: pa.StringArray, *, scheme: Scheme) -> Flags:
    """Return which texts of a column have the right check character; nothing counts as wrong."""
    kernel = _KERNELS.get(scheme)
    if kernel is None:
        return _exactly(texts.to_pylist(), scheme)
    data, offsets = _bytes_of(texts)
    sizes = offsets[1:] - offsets[:-1]
    right: Flags = np.zeros(len(sizes), np.bool_)
    places = np.flatnonzero(sizes == _LENGTH)
    if len(places):
        right[places] = kernel(_matrix(data, offsets, places))
    left = np.flatnonzero(~right & (sizes > 0))
    odd = left[_odd_rows(data, offsets, left)] if len(left) else left
    if len(odd):
        right[odd] = _exactly(texts.take(pa.array(odd, pa.int64())).to_pylist(), scheme)
    return right


def wrong_in(texts: pa.StringArray, *, scheme: Scheme) -> Flags:
    """Return which texts of a column have a wrong check character; where there is no text there is none."""
    is_wrong = ~check_column(texts, scheme=scheme)
    if texts.null_count:
        is_wrong &= np.asarray(texts.is_valid())
    return is_wrong


def _exactly(texts: Sequence[str | None], scheme: Scheme) -> Flags:
    return np.array([text is not None and has_right_check(text, scheme=scheme) for text in texts], np.bool_)


def _bytes_of(texts: pa.StringArray) -> tuple[Letters, Places]:
    _, places, data = texts.buffers()
    if places is None or data is None or data.size == 0:
        return np.zeros(1, np.uint8), np.zeros(len(texts) + 1, np.int64)
    offsets = np.frombuffer(memoryview(places), np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(memoryview(data), np.uint8), offsets.astype(np.int64)


def _matrix(data: Letters, offsets: Places, places: Places) -> bytes:
    """Return the bytes of the texts of eighteen, one behind the other."""
    first, last = int(offsets[0]), int(offsets[-1])
    if last - first == len(places) * _LENGTH:  # no other text between them
        return bytes(data[first:last])
    return bytes(data[offsets[places][:, None] + np.arange(_LENGTH)])


def _odd_rows(data: Letters, offsets: Places, rows: Places) -> Flags:
    """Return which of some rows hold an odd byte: each looked at by itself where they are few, else by running sums."""
    if len(rows) <= _FEW:
        return np.array([_ODD[data[offsets[row] : offsets[row + 1]]].any() for row in rows], np.bool_)
    first, last = int(offsets[0]), int(offsets[-1])
    sums = np.concatenate(([0], np.cumsum(_ODD[data[first:last]])))
    found: Flags = sums[offsets[rows + 1] - first] > sums[offsets[rows] - first]
    return found


def _values(letters: bytes, table: bytes) -> tuple[Letters, Flags]:
    """Return the values of letters, one row a text, and which rows have only letters of the table."""
    translated = letters.translate(table)
    values = np.frombuffer(translated, np.uint8).reshape(-1, _LENGTH)
    is_formed: Flags = np.ones(len(values), np.bool_)
    if bytes([_NONE]) in translated:
        is_formed[np.flatnonzero(values.reshape(-1) == _NONE) // _LENGTH] = False
    return values, is_formed


def _digits_only(values: Letters, is_formed: Flags, first: int, last: int) -> Flags:
    part = values[:, first:last] >= _TEN
    return is_formed & ~part.any(axis=1) if part.any() else is_formed


def _credit_codes(letters: bytes) -> Flags:
    values, is_formed = _values(letters, _CREDIT_VALUES)
    total = (values.astype(np.float32) @ _CREDIT_WEIGHTS).astype(np.int64)
    right: Flags = _digits_only(values, is_formed, 2, 8) & (total % 31 == 0)
    return right


def _citizen_ids(letters: bytes) -> Flags:
    values, is_formed = _values(letters, _CITIZEN_VALUES)
    total, year, month, day = (values.astype(np.float32) @ _CITIZEN_WEIGHTS).astype(np.int64).T
    first = values[:, 0]
    right: Flags = (
        _digits_only(values, is_formed, 0, _LENGTH - 1)
        & (first >= 1)
        & (first <= 8)  # noqa: PLR2004 - the eight regions of provinces
        & (total % 11 == 1)
        & _are_days(year, month, day)
    )
    return right


def _are_days(year: Places, month: Places, day: Places) -> Flags:
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _DAYS[np.minimum(month, 99)] + (is_leap & (month == _FEBRUARY))
    right: Flags = (year >= _EARLIEST_YEAR) & (day >= 1) & (day <= last)
    return right


_KERNELS: Mapping[Scheme, Callable[[bytes], Flags]] = {
    Scheme.CREDIT_CODE: _credit_codes,
    Scheme.CITIZEN_ID: _citizen_ids,
    Scheme.CITIZEN_ID_OR_CREDIT_CODE: lambda letters: _citizen_ids(letters) | _credit_codes(letters),
}
