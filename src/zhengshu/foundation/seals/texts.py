"""What a document says, and where on it a seal belongs."""

import hashlib
from dataclasses import dataclass
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
