"""What is wrong with one part of a declaration, said so that a person can put it right."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One part that does not meet a rule.

    Attributes:
        field: the part's name; materials are addressed as ``materials.0``, counted from zero.
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
