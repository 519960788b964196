"""Chance and columns: named random streams, and columns of text made from them without loops."""

import zlib
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhengshu.kernel.checks import CREDIT_ALPHABET

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = pa.StringArray

EPOCH = date(1970, 1, 1)
_FIRST_DAY = date(1880, 1, 1)
_LAST_DAY = date(2060, 12, 31)
_CITIZEN_WEIGHTS = np.array([pow(2, 17 - place, 11) for place in range(17)], dtype=np.int64)
_CITIZEN_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_CREDIT_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)], dtype=np.int64)
_CREDIT_LETTERS = np.frombuffer(CREDIT_ALPHABET.encode(), dtype=np.uint8)
_SUBJECT_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_SUBJECT_VALUES = {letter: value for value, letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


class Chance:
    """Independent random streams by name: a new one never changes what the others draw."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def stream(self, name: str) -> np.random.Generator:
        """Return the stream of that name, from its beginning."""
        return np.random.Generator(
            np.random.PCG64(np.random.SeedSequence([self.seed, zlib.crc32(name.encode())]))
        )


def weighted(draw: np.random.Generator, weights: Sequence[float], count: int) -> Ints:
    """Draw indices with the given weights."""
    shares = np.asarray(weights, dtype=np.float64)
    return draw.choice(len(shares), size=count, p=shares / shares.sum()).astype(np.int64)


def texts(values: Sequence[str]) -> Texts:
    """Return words as a column."""
    return pa.array(values, type=pa.string())


def as_texts(column: object) -> Texts:
    """Return a column of which it is known that it holds text.

    Raises:
        TypeError: it holds something else, or comes in several pieces.
    """
    if not isinstance(column, pa.StringArray):
        message = f"a column of text was expected, not {type(column).__name__}"
        raise TypeError(message)
    return column


def words_of(column: Texts) -> list[str]:
    """Return the values of a column that has no empty places."""
    return [str(value) for value in column.to_pylist()]


def places(rows: Ints) -> pa.Int64Array:
    """Return row numbers as an index into columns."""
    return pa.array(rows, pa.int64())


def pick(words: Sequence[str] | Texts, index: Ints) -> Texts:
    """Return the word at each index."""
    column = words if isinstance(words, pa.StringArray) else texts(words)
    return as_texts(column.take(places(index)))


def joined(*parts: Texts | str) -> Texts:
    """Return the parts written one after the other, row by row; at least one of them is a column."""
    rows = max(len(part) for part in parts if not isinstance(part, str))
    columns = [_constant(part, rows) if isinstance(part, str) else part for part in parts]
    return as_texts(pc.binary_join_element_wise(*columns, _constant("", rows)))


def numbers(values: Ints, *, width: int = 0) -> Texts:
    """Return numbers as text, with zeros in front up to the width."""
    column = as_texts(pc.cast(pa.array(values, pa.int64()), pa.string()))
    return as_texts(pc.utf8_lpad(column, width=width, padding="0")) if width else column


def where(condition: Flags, yes: Texts | str, no: Texts | str) -> Texts:
    """Return one column where the condition holds and the other elsewhere."""
    rows = len(condition)
    chosen = [_constant(part, rows) if isinstance(part, str) else part for part in (yes, no)]
    return as_texts(pc.if_else(pa.array(condition, pa.bool_()), *chosen))


def is_text(column: Texts, text: str) -> Flags:
    """Return where a column holds exactly the text."""
    return _flags(pc.equal(column, pa.scalar(text)))


def is_as_long(column: Texts, length: int) -> Flags:
    """Return where a column's values have at least so many letters."""
    return _flags(pc.greater_equal(pc.utf8_length(column), pa.scalar(length)))


def replaced(column: Texts, mask: Flags, values: Texts) -> Texts:
    """Return the column with the values, in order, in the places of the mask."""
    return as_texts(pc.replace_with_mask(column, pa.array(mask, pa.bool_()), values))


def day_number(day: date) -> int:
    """Return the days since 1970."""
    return (day - EPOCH).days


def iso_dates(days: Ints) -> Texts:
    """Return days since 1970 as 2024-03-05."""
    return pick(_ISO_DATES, days - day_number(_FIRST_DAY))


def years(days: Ints) -> Texts:
    """Return the year of days since 1970 as 2024."""
    return as_texts(pc.utf8_slice_codeunits(iso_dates(days), start=0, stop=4))


def months(days: Ints) -> Texts:
    """Return the month of days since 1970 as 202403."""
    return joined(years(days), as_texts(pc.utf8_slice_codeunits(iso_dates(days), start=5, stop=7)))


def written_as_number(days: Ints) -> Ints:
    """Return days since 1970 as 20240305."""
    return _COMPACT_DATES[days - day_number(_FIRST_DAY)]


def fixed_text(letters: NDArray[np.uint8]) -> Texts:
    """Return a matrix of ASCII letters, a row each, as a column of text."""
    rows, width = letters.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * np.int32(width)
    buffers = pa.py_buffer(offsets.tobytes()), pa.py_buffer(letters.tobytes())
    return pa.StringArray.from_buffers(rows, *buffers)


def digits(values: Ints, width: int) -> NDArray[np.uint8]:
    """Return the decimal digits of numbers as a matrix, most significant first."""
    matrix = np.empty((len(values), width), dtype=np.uint8)
    rest = values.copy()
    for place in range(width - 1, -1, -1):
        rest, matrix[:, place] = rest // 10, (rest % 10).astype(np.uint8)
    return matrix


def citizen_ids(regions: Ints, birthdays: Ints, sequences: Ints) -> Texts:
    """Return citizen IDs with their check characters (GB 11643).

    Args:
        regions: six digits as a number.
        birthdays: eight digits as a number.
        sequences: 0 to 999, odd for men.
    """
    body = digits((regions * 100_000_000 + birthdays) * 1000 + sequences, 17)
    total = body.astype(np.int64) @ _CITIZEN_WEIGHTS
    return fixed_text(np.column_stack([body + ord("0"), _CITIZEN_CHECKS[total % 11]]))


def credit_codes(heads: Sequence[str], head: Ints, regions: Ints, numbers_within: Ints) -> Texts:
    """Return unified social credit codes with both of their check characters (GB 32100, GB 11714).

    Args:
        heads: the first two characters that are in use.
        head: which of them each has.
        regions: six digits as a number.
        numbers_within: the number of the organisation, below 31 to the sixth; unequal ones give unequal codes.
    """
    rows = len(head)
    letters = np.empty((rows, 18), dtype=np.uint8)
    letters[:, :2] = np.frombuffer("".join(heads).encode(), dtype=np.uint8).reshape(-1, 2)[head]
    letters[:, 2:8] = digits(regions, 6) + ord("0")
    letters[:, 8:10] = np.frombuffer(b"MA", dtype=np.uint8)
    rest = numbers_within.copy()
    for place in range(15, 9, -1):
        rest, letters[:, place] = rest // 31, _CREDIT_LETTERS[rest % 31]
    letters[:, 16] = _subject_checks(letters[:, 8:16])
    values = np.zeros(128, dtype=np.int64)
    values[_CREDIT_LETTERS] = np.arange(31)
    letters[:, 17] = _CREDIT_LETTERS[-(values[letters[:, :17]] @ _CREDIT_WEIGHTS) % 31]
    return fixed_text(letters)


def _subject_checks(letters: NDArray[np.uint8]) -> NDArray[np.uint8]:
    values = np.zeros(128, dtype=np.int64)
    for letter, value in _SUBJECT_VALUES.items():
        values[ord(letter)] = value
    check = (11 - values[letters] @ _SUBJECT_WEIGHTS % 11) % 11
    letters_of_checks: NDArray[np.uint8] = np.frombuffer(b"0123456789X", dtype=np.uint8)[check]
    return letters_of_checks


def _constant(text: str, rows: int) -> Texts:
    return as_texts(pa.repeat(text, rows))


def _flags(column: pa.BooleanArray) -> Flags:
    return np.array(column.to_numpy(zero_copy_only=False), dtype=np.bool_)


def _every_day() -> list[date]:
    return [_FIRST_DAY + timedelta(days=n) for n in range((_LAST_DAY - _FIRST_DAY).days + 1)]


_ISO_DATES = texts([day.isoformat() for day in _every_day()])
_COMPACT_DATES = np.array(
    [day.year * 10_000 + day.month * 100 + day.day for day in _every_day()], dtype=np.int64
)
