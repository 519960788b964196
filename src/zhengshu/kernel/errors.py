"""The base of every error that a caller can act on."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar


class Kind(StrEnum):
    """What sort of refusal it is; one place maps each to an HTTP status."""

    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    FORBIDDEN = "forbidden"
    INVALID = "invalid"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


class Stopped(Exception):
    """A request that the platform does not carry out, with what the person needs to go on.

    A subclass is named by the sentence that failed (``GrantExpired``) and sets:

    - ``code``: a stable machine name, ``context.sentence-in-kebab-case``;
    - ``kind``: the sort of refusal;
    - ``message``: an English sentence with ``%(name)s`` places for the data. It is the message id of the
      translation, says what, where, what was expected and what to do, and never carries personal data.
    """

    code: ClassVar[str] = "refused"
    kind: ClassVar[Kind] = Kind.INVALID
    message: ClassVar[str] = "The request was refused."

    def __init__(self, **data: object) -> None:
        """Keep the frozen data that the message and the problem document show."""
        self.data: Mapping[str, object] = MappingProxyType(data)
        super().__init__(self.text())

    def text(self) -> str:
        """Return the English sentence with its data filled in."""
        return self.message % self.data if self.data else self.message


class Refused(Stopped):
    """A request that the platform turns down; a page may say so where the person entered it."""
