"""Masks: what of a value is shown, by its kind and its grade of GB/T 43697."""

import re
from enum import StrEnum
from typing import Final

STAR: Final = "*"
_LEAST_SHOWN: Final = 8
"""Numbers shorter than this could be guessed from their end."""
_OPEN_GRADE: Final = 2
"""General data up to this grade is shown as it is."""
_MASKED_GRADE: Final = 4
"""General data up to this grade is shown in part; above it nothing is."""

_TOWN = re.compile(
    r"(?:[^0-9路巷弄号栋]{1,12}?(?:特别行政区|自治区|自治州|街道|省|市|(?<![小社园])区|县|旗|镇|乡))*"
)
"""The administrative levels at the head of an address; house numbers and housing estates are not among them."""


class Mask(StrEnum):
    """How a value is shortened before it is shown."""

    NONE = "none"
    """As it is."""
    FULL = "full"
    """Nothing of it, not even its length."""
    NAME = "name"
    """The first letter of a name: 张**."""
    CITIZEN_ID = "citizen_id"
    """The first six and the last four: 470302********1234 (DB3212/T 1177-2025)."""
    PHONE = "phone"
    """The first three and the last four: 138****8000."""
    ADDRESS = "address"
    """Down to the town or street: 云州市青禾区文昌街道****."""
    DATE_YEAR = "date_year"
    """The year alone: 1991."""
    CREDIT_CODE = "credit_code"
    """As it is: the code of an organisation is public."""


def apply(mask: Mask, text: str) -> str:  # noqa: PLR0911 - one line a mask
    """Return what of the text may be shown; an empty text stays empty.

    >>> apply(Mask.CITIZEN_ID, "360426199101010071")
    '360426********0071'
    """
    if not text:
        return text
    match mask:
        case Mask.NONE | Mask.CREDIT_CODE:
            return text
        case Mask.FULL:
            return STAR * 4
        case Mask.NAME:
            return text[0] + STAR * max(1, len(text) - 1)
        case Mask.CITIZEN_ID:
            return _ends(text, head=6, tail=4)
        case Mask.PHONE:
            return _ends(text, head=3, tail=4)
        case Mask.ADDRESS:
            found = _TOWN.match(text)
            return (found[0] if found else "") + STAR * 4
        case Mask.DATE_YEAR:
            return text[:4] if text[:4].isdecimal() else STAR * 4


def masked_number(text: str) -> str:
    """Return the number of a document so that its holder knows it again: the last four characters at most.

    >>> masked_number("JY23704030012345"), masked_number("0012")
    ('****2345', '****')
    """
    return STAR * 4 + (text[-4:] if len(text) >= _LEAST_SHOWN else "")


def default_mask(*, grade: int, content: Mask = Mask.FULL) -> Mask:
    """Return the mask for an item where nobody chose another one.

    Args:
        grade: 1 to 4 general, 5 important, 6 core.
        content: the mask made for what the item holds; `Mask.FULL` where nothing is known of it.
    """
    if grade <= _OPEN_GRADE:
        return Mask.NONE
    return content if grade <= _MASKED_GRADE else Mask.FULL


def _ends(text: str, *, head: int, tail: int) -> str:
    if len(text) <= head + tail:
        return STAR * len(text)
    return text[:head] + STAR * (len(text) - head - tail) + text[-tail:]
