"""Codes of resources: classification, then a running number (compilation guide of 2017, GB/T 21063)."""

import re
from dataclasses import dataclass
from typing import Self

from zhengshu.contexts.catalog.domain.vocabulary import Category
from zhengshu.kernel.errors import Refused

_CLASSIFICATION = re.compile(r"[1-3][0-9]{5}[0-9]{0,6}")
_CODE = re.compile(r"([1-3][0-9]{5}[0-9]{0,6})[-/]([0-9]{1,9})")
DIGITS_OF_SEQUENCE = 5

_CATEGORIES = {"1": Category.BASE, "2": Category.THEME, "3": Category.DEPARTMENT}


class CodeNotReadable(Refused):
    """A text that is no resource code; correct it by the form named in the message."""

    code = "catalog.code-not-readable"
    message = (
        "“%(text)s” is no resource code. A code is the classification (6 to 12 digits, beginning with 1, 2 or 3),"
        " a hyphen or slash, and a running number, for example 306001-00012."
    )


@dataclass(frozen=True, slots=True)
class ResourceCode:
    """The code of a resource, in two spellings of the same thing.

    The standard writes ``306001/00012``. A slash cannot stand in one segment of a path, so addresses, file names
    and the gateway use ``306001-00012``; both are read.

    >>> ResourceCode.parse("306001/12").slug
    '306001-00012'
    >>> ResourceCode.parse("306001-00012").official
    '306001/00012'
    """

    classification: str
    sequence: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read either spelling.

        Raises:
            CodeNotReadable: it is neither.
        """
        found = _CODE.fullmatch(text.strip())
        if not found or int(found[2]) == 0:
            raise CodeNotReadable(text=text.strip()[:60])
        return cls(found[1], int(found[2]))

    @property
    def slug(self) -> str:
        """The spelling that may stand in an address."""
        return f"{self.classification}-{self.sequence:0{DIGITS_OF_SEQUENCE}d}"

    @property
    def official(self) -> str:
        """The spelling of the standard."""
        return f"{self.classification}/{self.sequence:0{DIGITS_OF_SEQUENCE}d}"

    @property
    def category(self) -> Category:
        """Base, theme or department resource."""
        return category_of(classification=self.classification)


def is_classification(text: str) -> bool:
    """Whether a text has the form of a classification code: 类 1, 项 2, 目 3 digits, 细目 0 to 6.

    >>> is_classification("306001"), is_classification("406001"), is_classification("3060")
    (True, False, False)
    """
    return _CLASSIFICATION.fullmatch(text) is not None


def category_of(*, classification: str) -> Category:
    """Return the first axis, which is the leading digit of a classification code."""
    return _CATEGORIES[classification[:1]]
