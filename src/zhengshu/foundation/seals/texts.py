"""What a document says, and where on it a seal belongs."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

MM = 72 / 25.4
"""Points in a millimetre."""


class CharactersMissing(ValueError):
    """The font lacks characters of the text, which are the argument; a sealed document must not show empty boxes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a document says, in one language.

    Attributes:
        language: `zh` or `en`.
        office: who signs it off.
        dated: the date in words.
        check: how anybody checks the document; printed beside a QR code of `check_url`.
    """

    language: str
    title: str
    number: str
    paragraphs: tuple[str, ...]
    office: str
    dated: str
    at: datetime
    check: str
    check_url: str

    @property
    def digest(self) -> str:
        """SHA-256 of what it says, in hexadecimal: this is approved, and nothing else is sealed."""
        said = (self.language, self.title, self.number, self.paragraphs, self.office, self.dated)
        return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where on a page a seal's middle belongs: points from the left and from the bottom; pages from 0."""

    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Ready:
    """A document that can be sealed: its bytes, and where the seal's middle belongs."""

    content: bytes = field(repr=False)
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealable:
    """A document that is to bear a seal: what it says, and how it is set where it has a form of its own.

    Attributes:
        text: what it says; its digest is what was approved.
        typeset: makes its PDF; a text without one is set as a notice.
        write: makes its OFD; a text without one is written as a notice.
    """

    text: Text
    typeset: Callable[[], Ready] | None = None
    write: Callable[[], Ready] | None = None
