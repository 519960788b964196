"""Administrative regions: the codes of GB/T 2260 and what stands below them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

from zhengshu.kernel.errors import Refused
from zhengshu.kernel.text import compact

NATION = "100000"
"""The code that the organs of the nation carry."""

_FORM = re.compile(r"[1-8][0-9]{5}(?:[0-9]{3}){0,2}")


class RegionCodeInvalid(Refused):
    """The code is not 6, 9 or 12 digits of the form of GB/T 2260; correct it at its source."""

    code: ClassVar[str] = "kernel.region-code-invalid"
    message: ClassVar[str] = (
        "This is not a region code. Expected are 6 digits (down to the county), 9 (town) or 12 (community), "
        "the first from 1 to 8."
    )


class RegionLevel(StrEnum):
    """How far down a region lies."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True, order=True)
class RegionCode:
    """A region by its code, in the form of GB/T 2260 and of the statistical division codes.

    Only the form is checked: which codes are in use is content, and changes every year. Make one by `parse`.
    Trailing zeros are taken away where they say nothing: a community's ``000`` is its town.

    >>> RegionCode.parse("470302004").parent
    RegionCode(text='470302')
    """

    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a region code as people type it.

        Raises:
            RegionCodeInvalid: not 6, 9 or 12 digits, or zeros where digits must follow.
        """
        digits = compact(text)
        if not _FORM.fullmatch(digits):
            raise RegionCodeInvalid
        while len(digits) > 6 and digits.endswith("000"):  # noqa: PLR2004 - the length of a county's code
            digits = digits[:-3]
        if (digits[2:4] == "00" and digits[4:6] != "00") or (len(digits) > 6 and digits[6:9] == "000"):  # noqa: PLR2004
            raise RegionCodeInvalid
        return cls(digits)

    @classmethod
    def is_valid(cls, text: str) -> bool:
        """Whether `parse` would read it."""
        try:
            cls.parse(text)
        except RegionCodeInvalid:
            return False
        return True

    @property
    def level(self) -> RegionLevel:
        """How far down it lies."""
        if len(self.text) > 6:  # noqa: PLR2004 - the length of a county's code
            return RegionLevel.TOWN if len(self.text) == 9 else RegionLevel.COMMUNITY  # noqa: PLR2004
        if self.text == NATION:
            return RegionLevel.NATION
        if self.text.endswith("0000"):
            return RegionLevel.PROVINCE
        return RegionLevel.CITY if self.text.endswith("00") else RegionLevel.COUNTY

    @property
    def parent(self) -> Self | None:
        """The region that it lies in; None for the nation."""
        match self.level:
            case RegionLevel.NATION:
                return None
            case RegionLevel.PROVINCE:
                return type(self)(NATION)
            case RegionLevel.CITY:
                return type(self)(self.text[:2] + "0000")
            case RegionLevel.COUNTY:
                return type(self)(self.text[:4] + "00")
            case _:
                return type(self)(self.text[:-3])

    def upward(self) -> Iterator[Self]:
        """Yield the region itself, then each that it lies in, up to the nation."""
        region: Self | None = self
        while region is not None:
            yield region
            region = region.parent

    def contains(self, other: Self) -> bool:
        """Whether the other is this region or lies in it."""
        return any(region == self for region in other.upward())

    def __str__(self) -> str:
        return self.text
