"""Telephone numbers of the mainland, as people type them."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

from zhengshu.kernel.errors import Refused
from zhengshu.kernel.text import narrow

_COUNTRY = re.compile(r"(?:\+|00)86|86(?=1[3-9][0-9]{9}$)")
_SEPARATORS = re.compile(r"[ .()/-]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?P<area>0(?:10|2[0-9]|[3-9][0-9]{2}))(?P<line>[2-8][0-9]{6,7})")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|#|x)[ :]*(?P<extension>[0-9]{1,6})$", re.IGNORECASE)
_TRAILING_EXTENSION = re.compile(r"(?<=[0-9]{7})-(?P<extension>[0-9]{1,6})$")


class PhoneKind(StrEnum):
    """What sort of line it is."""

    MOBILE = "mobile"
    LANDLINE = "landline"


class PhoneInvalid(Refused):
    """Neither a mobile number nor a landline with its area code; never shows the number."""

    code: ClassVar[str] = "kernel.phone-invalid"
    message: ClassVar[str] = (
        "This is not a telephone number. Expected are 11 digits of a mobile number, "
        "or a landline with its area code (0371-66668888)."
    )


@dataclass(frozen=True, slots=True, order=True)
class Phone:
    """A mobile number or a landline with its area code and, where given, its extension. Make one by `parse`.

    >>> str(Phone.parse("（0371）6666 8888 转 801"))
    '0371-66668888-801'
    """

    kind: PhoneKind
    area: str
    line: str
    extension: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a number as people type it, with country code, brackets, blanks, hyphens, extension.

        Raises:
            PhoneInvalid: it is neither a mobile number nor a landline with its area code.
        """
        typed = narrow(text)
        found = _EXTENSION.search(typed) or _TRAILING_EXTENSION.search(typed)
        extension = found["extension"] if found else ""
        digits = _SEPARATORS.sub("", typed[: found.start()] if found else typed)
        national = _COUNTRY.sub("", digits, count=1) if _COUNTRY.match(digits) else digits
        if _MOBILE.fullmatch(national) and not extension:
            return cls(PhoneKind.MOBILE, "", national)
        if national != digits and not national.startswith("0"):
            national = "0" + national
        landline = _LANDLINE.fullmatch(national)
        if landline is None:
            raise PhoneInvalid
        return cls(PhoneKind.LANDLINE, landline["area"], landline["line"], extension)

    @classmethod
    def is_valid(cls, text: str) -> bool:
        """Whether `parse` would read it."""
        try:
            cls.parse(text)
        except PhoneInvalid:
            return False
        return True

    def __str__(self) -> str:
        return "-".join(part for part in (self.area, self.line, self.extension) if part)
