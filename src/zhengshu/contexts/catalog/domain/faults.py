"""What is wrong with one field, said so that a person can put it right."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One field that does not meet a rule.

    Attributes:
        field: the field's name; items are addressed as ``items.0.column``, counted from zero.
        code: stable machine name of the rule.
        message: English sentence with ``%(name)s`` places; the message id of its translation.
        data: what fills the places.
    """

    field: str
    code: str
    message: str
    data: Mapping[str, str | int] = dataclasses.field(default_factory=dict)

    def text(self) -> str:
        """Return the English sentence with its data filled in."""
        return self.message % self.data if self.data else self.message


def gettext_noop(text: str) -> str:
    """Mark a sentence as a message id; the edge translates it when it is shown."""
    return text
