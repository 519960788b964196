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
_BODY = _LENGTH - 1
_NONE = 255
_DIGIT, _TEN = ord("0"), 10
_CITIZEN_WEIGHTS = np.array([pow(2, _BODY - place, 11) for place in range(_BODY)], np.float32)
_CITIZEN_CHECKS = np.frombuffer(b"10X98765432", np.uint8)
_CREDIT_WEIGHTS = np.array([pow(3, place, 31) for place in range(_BODY)], np.float32)
_EARLIEST_YEAR = 1800
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, *[0] * 87], np.int64)
_FEBRUARY = 2


def _capitals() -> Letters:
    table = np.arange(256, dtype=np.uint8)
    table[ord("a") : ord("z") + 1] -= 32
    return table


def _credit_values() -> Letters:
    table = np.full(256, _NONE, np.uint8)
    for value, letter in enumerate(CREDIT_ALPHABET):
        table[[ord(letter), ord(letter.lower())]] = value
    return table


def _odd_bytes() -> Flags:
    table: Flags = np.zeros(256, np.bool_)
    table[: ord(" ") + 1] = True
    table[ord("-")] = True
    table[0x7F:] = True
    return table


_CAPITALS, _CREDIT_VALUES, _ODD = _capitals(), _credit_values(), _odd_bytes()


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
        right[places] = kernel(data[offsets[:-1][places][:, None] + np.arange(_LENGTH)])
    odd = _odd_rows(data, offsets)
    if len(odd):
        right[odd] = _exactly(texts.take(pa.array(odd, pa.int64())).to_pylist(), scheme)
    return right


def _exactly(texts: Sequence[str | None], scheme: Scheme) -> Flags:
    return np.array([text is not None and has_right_check(text, scheme=scheme) for text in texts], np.bool_)


def _bytes_of(texts: pa.StringArray) -> tuple[Letters, Places]:
    _, places, data = texts.buffers()
    if places is None or data is None or data.size == 0:
        return np.zeros(1, np.uint8), np.zeros(len(texts) + 1, np.int64)
    offsets = np.frombuffer(memoryview(places), np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(memoryview(data), np.uint8), offsets.astype(np.int64)


def _odd_rows(data: Letters, offsets: Places) -> Places:
    first, last = int(offsets[0]), int(offsets[-1])
    bytes_at = np.flatnonzero(_ODD[data[first:last]])
    if not len(bytes_at):
        return np.empty(0, np.int64)
    rows: Places = np.unique(np.searchsorted(offsets, bytes_at + first, side="right") - 1)
    return rows


def _credit_codes(letters: Letters) -> Flags:
    values = _CREDIT_VALUES[letters]
    total = (values[:, :_BODY].astype(np.float32) @ _CREDIT_WEIGHTS).astype(np.int64)
    is_formed = (values != _NONE).all(axis=1) & (values[:, 2:8] < _TEN).all(axis=1)
    right: Flags = is_formed & (-total % 31 == values[:, _BODY])
    return right


def _citizen_ids(letters: Letters) -> Flags:
    digits = letters[:, :_BODY] - _DIGIT  # what is no digit wraps around to more than nine
    total = (digits.astype(np.float32) @ _CITIZEN_WEIGHTS).astype(np.int64)
    is_formed = (digits < _TEN).all(axis=1) & (digits[:, 0] >= 1) & (digits[:, 0] <= 8)  # noqa: PLR2004 - the eight regions of provinces
    right: Flags = (
        is_formed & (_CITIZEN_CHECKS[total % 11] == _CAPITALS[letters[:, _BODY]]) & _are_days(digits)
    )
    return right


def _are_days(digits: Letters) -> Flags:
    wide = digits[:, 6:14].astype(np.int64)
    year = wide[:, :4] @ np.array([1000, 100, 10, 1])
    month, day = wide[:, 4] * 10 + wide[:, 5], wide[:, 6] * 10 + wide[:, 7]
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = _DAYS[np.minimum(month, 99)] + (is_leap & (month == _FEBRUARY))
    right: Flags = (year >= _EARLIEST_YEAR) & (day >= 1) & (day <= last)
    return right


_KERNELS: Mapping[Scheme, Callable[[Letters], Flags]] = {
    Scheme.CREDIT_CODE: _credit_codes,
    Scheme.CITIZEN_ID: _citizen_ids,
    Scheme.CITIZEN_ID_OR_CREDIT_CODE: lambda letters: _citizen_ids(letters) | _credit_codes(letters),
}
