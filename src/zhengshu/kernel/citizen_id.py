"""The citizen ID of a natural person (GB 11643-1999)."""

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import ClassVar, Self

from zhengshu.kernel.checks import citizen_check
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.regions import RegionCode
from zhengshu.kernel.text import compact

_LENGTH = 18
_FORM = re.compile(r"[1-8][0-9]{16}[0-9X]")
_FIRST_GENERATION = re.compile(r"[1-8][0-9]{14}")
_EARLIEST_YEAR = 1800


class Sex(IntEnum):
    """GB/T 2261.1; a citizen ID tells only these two of its four codes."""

    MALE = 1
    FEMALE = 2


class CitizenIdInvalid(Refused):
    """The number does not follow GB 11643; see the subclasses for the part. Never shows the number."""

    code: ClassVar[str] = "kernel.citizen-id-invalid"
    message: ClassVar[str] = "This is not a citizen ID number."


class CitizenIdLengthWrong(CitizenIdInvalid):
    """Digits are missing or too many."""

    code: ClassVar[str] = "kernel.citizen-id-length-wrong"
    message: ClassVar[str] = "A citizen ID number has 18 characters; this one has %(length)s."


class CitizenIdCharacterWrong(CitizenIdInvalid):
    """Something else than digits and a last X."""

    code: ClassVar[str] = "kernel.citizen-id-character-wrong"
    message: ClassVar[str] = (
        "A citizen ID number has 17 digits, the first from 1 to 8, and ends with a digit or X; "
        "character %(position)s cannot be right."
    )


class CitizenIdBirthImpossible(CitizenIdInvalid):
    """Digits 7 to 14 are not a day of the calendar."""

    code: ClassVar[str] = "kernel.citizen-id-birth-impossible"
    message: ClassVar[str] = "Digits 7 to 14 of the citizen ID number are not a date of birth."


class CitizenIdCheckWrong(CitizenIdInvalid):
    """The last character does not fit the others: one of them was mistyped."""

    code: ClassVar[str] = "kernel.citizen-id-check-wrong"
    message: ClassVar[str] = (
        "The check character of the citizen ID number does not fit: a digit was mistyped."
    )


@dataclass(frozen=True, slots=True, order=True)
class CitizenId:
    """A citizen ID whose form, date of birth and check character are right. Make one by `parse`.

    Whether its region ever existed is not asked: that list is content and changes every year.

    >>> CitizenId.parse("36042619910101007１").born_on
    datetime.date(1991, 1, 1)
    """

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a number as people type it: full width, a small x, blanks and hyphens are understood.

        Basis: GB 11643-1999.

        Raises:
            CitizenIdLengthWrong: not 18 characters.
            CitizenIdCharacterWrong: something else than digits and a last X.
            CitizenIdBirthImpossible: no such day, or before 1800.
            CitizenIdCheckWrong: the check character does not fit.
        """
        number = compact(text)
        if len(number) != _LENGTH:
            raise CitizenIdLengthWrong(length=len(number))
        if not _FORM.fullmatch(number):
            raise CitizenIdCharacterWrong(position=_first_wrong(number))
        if _born_on(number) is None:
            raise CitizenIdBirthImpossible
        if citizen_check(number[:-1]) != number[-1]:
            raise CitizenIdCheckWrong
        return cls(number)

    @classmethod
    def from_first_generation(cls, text: str) -> Self:
        """Turn one of the 15 digits issued before 1999 into the number of 18 that replaced it.

        Raises:
            CitizenIdLengthWrong: not 15 characters.
            CitizenIdCharacterWrong: something else than digits.
            CitizenIdBirthImpossible: no such day in the twentieth century.
        """
        number = compact(text)
        if len(number) != 15:  # noqa: PLR2004 - the length before 1999
            raise CitizenIdLengthWrong(length=len(number))
        if not _FIRST_GENERATION.fullmatch(number):
            raise CitizenIdCharacterWrong(position=_first_wrong(number))
        body = f"{number[:6]}19{number[6:]}"
        return cls.parse(body + citizen_check(body))

    @classmethod
    def is_valid(cls, text: str) -> bool:
        """Whether `parse` would read it."""
        number = compact(text)
        return (
            _FORM.fullmatch(number) is not None
            and citizen_check(number[:-1]) == number[-1]
            and _born_on(number) is not None
        )

    @property
    def region(self) -> RegionCode:
        """Where the number was issued, as its digits say."""
        return RegionCode(self.text[:6])

    @property
    def born_on(self) -> date:
        """The date of birth that the number states."""
        return date(int(self.text[6:10]), int(self.text[10:12]), int(self.text[12:14]))

    @property
    def sex(self) -> Sex:
        """The sex that the number states: an odd sequence is a man's."""
        return Sex.MALE if int(self.text[16]) % 2 else Sex.FEMALE

    def __str__(self) -> str:
        return self.text


def _born_on(number: str) -> date | None:
    year = int(number[6:10])
    if year < _EARLIEST_YEAR:
        return None
    try:
        return date(year, int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _first_wrong(number: str) -> int:
    if number[0] not in "12345678":
        return 1
    last = len(number) - 1
    for position, letter in enumerate(number):
        if letter not in ("0123456789X" if position == last == _LENGTH - 1 else "0123456789"):
            return position + 1
    message = "the form was refused though every character may stand where it does"
    raise AssertionError(message)
