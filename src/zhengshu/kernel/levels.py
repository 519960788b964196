"""How surely a session knows who sits there."""

from enum import IntEnum

PREFIX = "urn:zhengshu:assurance:"
"""What the names of levels begin with, in `acr` of ID tokens."""


class Assurance(IntEnum):
    """The level of a sign-in; a higher one includes what a lower one promises."""

    ONE_FACTOR = 1
    TWO_FACTORS = 2
    BOUND_KEY = 3
    """A passkey or security key, which cannot be given away on a false page."""

    @property
    def acr(self) -> str:
        """The name of the level in an ID token."""
        return f"{PREFIX}{self.value}"

    @classmethod
    def named(cls, name: str) -> "Assurance":
        """Return the level that content names: `one_factor`, `two_factors`, `bound_key`."""
        return cls[name.upper()]
