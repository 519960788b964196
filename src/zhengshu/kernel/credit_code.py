"""The unified social credit code of an organisation (GB 32100-2015)."""

import re
from dataclasses import dataclass
from typing import ClassVar, Self

from zhengshu.kernel.checks import CREDIT_ALPHABET, credit_check
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.regions import RegionCode
from zhengshu.kernel.text import compact

_LENGTH = 18
_FORM = re.compile(rf"[0-9A-HJ-NP-RTUWXY]{{2}}[0-9]{{6}}[{CREDIT_ALPHABET}]{{10}}")


class CreditCodeInvalid(Refused):
    """The code does not follow GB 32100; see the subclasses for which part failed."""

    code: ClassVar[str] = "kernel.credit-code-invalid"
    message: ClassVar[str] = "This is not a unified social credit code."


class CreditCodeLengthWrong(CreditCodeInvalid):
    """Letters are missing or too many; copy the code again from the certificate."""

    code: ClassVar[str] = "kernel.credit-code-length-wrong"
    message: ClassVar[str] = "A unified social credit code has 18 characters; this one has %(length)s."


class CreditCodeCharacterWrong(CreditCodeInvalid):
    """A letter stands where it cannot; often an O for a zero or an I for a one."""

    code: ClassVar[str] = "kernel.credit-code-character-wrong"
    message: ClassVar[str] = (
        "Character %(position)s of the unified social credit code cannot be right: "
        "characters 3 to 8 are digits, and the letters I, O, S, V and Z are never used."
    )


class CreditCodeCheckWrong(CreditCodeInvalid):
    """The last character does not fit the others: one of them was mistyped."""

    code: ClassVar[str] = "kernel.credit-code-check-wrong"
    message: ClassVar[str] = (
        "The check character of the unified social credit code does not fit: a character was mistyped."
    )


@dataclass(frozen=True, slots=True, order=True)
class CreditCode:
    """A unified social credit code whose form and check character are right. Make one by `parse`.

    >>> CreditCode.parse("９１１１００００-600037341l").region
    RegionCode(text='110000')
    """

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code as people type it: full width, small letters, blanks and hyphens are understood.

        Basis: GB 32100-2015.

        Raises:
            CreditCodeLengthWrong: not 18 characters.
            CreditCodeCharacterWrong: a character that cannot stand where it does.
            CreditCodeCheckWrong: the check character does not fit.
        """
        code = compact(text)
        if len(code) != _LENGTH:
            raise CreditCodeLengthWrong(length=len(code))
        if not _FORM.fullmatch(code):
            raise CreditCodeCharacterWrong(position=_first_wrong(code))
        if credit_check(code[:-1]) != code[-1]:
            raise CreditCodeCheckWrong
        return cls(code)

    @classmethod
    def is_valid(cls, text: str) -> bool:
        """Whether `parse` would read it."""
        code = compact(text)
        return _FORM.fullmatch(code) is not None and credit_check(code[:-1]) == code[-1]

    @property
    def authority(self) -> str:
        """Who registered it: 1 organ staffing, 5 civil affairs, 9 market regulation, Y others."""
        return self.text[0]

    @property
    def category(self) -> str:
        """The kind of organisation within its registering authority."""
        return self.text[1]

    @property
    def region(self) -> RegionCode:
        """Where it was registered, as its digits say."""
        return RegionCode(self.text[2:8])

    @property
    def subject(self) -> str:
        """The nine characters of the organisation itself (GB 11714)."""
        return self.text[8:17]

    def __str__(self) -> str:
        return self.text


def _first_wrong(code: str) -> int:
    for position, letter in enumerate(code):
        allowed = "0123456789" if 2 <= position < 8 else CREDIT_ALPHABET  # noqa: PLR2004 - the digits of the region
        if letter not in allowed:
            return position + 1
    message = "the form was refused though every character may stand where it does"
    raise AssertionError(message)
