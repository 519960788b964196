"""What is wrong with a pack of rules: in which file, at which place, in a plain sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What is wrong, before it is known where: an English sentence with places for the details.

    A detail may be a reason itself; it is translated with the sentence in which it stands.
    """

    message: str
    details: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.text()

    def text(self) -> str:
        """Return the sentence in English."""
        return self.message % self.details if self.details else self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of a pack.

    Attributes:
        file: the file within the pack's folder.
        place: the rule or the table in it, or an empty text.
        message: an English sentence with places for the details; the message id of its translation.
        details: what the sentence names.
    """

    file: str
    place: str
    message: str
    details: Mapping[str, object] = field(default_factory=dict)

    def text(self) -> str:
        """Return the fault in English, with its place."""
        where = ": ".join(part for part in (self.file, self.place) if part)
        return f"{where}: {self.message % self.details if self.details else self.message}"
