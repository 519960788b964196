"""The power to act in an enterprise's name: given by its legal representative, for something, until a day."""

from datetime import date, timedelta
from enum import StrEnum

from zhengshu.kernel.errors import Kind, Refused

LONGEST = timedelta(days=3 * 366)
"""A power for longer is given again: nobody remembers it by then."""


class Power(StrEnum):
    """What a handler may do in an enterprise's name."""

    MATTERS = "matters"
    """Apply, follow and answer in the enterprise's matters on this platform."""
    SITES = "sites"
    """Be named as its handler to the sites that people sign in to with this platform."""


class NotItsRepresentative(Refused):
    """Only the legal representative gives and takes powers to act for an enterprise."""

    code = "trust.not-its-representative"
    kind = Kind.FORBIDDEN
    message = "Only the legal representative of the enterprise may do this."


class HandlerNotFound(Refused):
    """No account of an enterprise's delegate has this user name and this person's name."""

    code = "trust.handler-not-found"
    message = (
        "Nobody has this user name and this name together with an account for acting for enterprises. Ask the handler"
        " for both, exactly as they stand under My account."
    )


class HandlerHasPower(Refused):
    """The handler has a power for this enterprise; revoke it before giving another."""

    code = "trust.handler-has-power"
    kind = Kind.CONFLICT
    message = (
        "This handler already may act for the enterprise. Revoke that power first, then give the new one."
    )


class ValidityUnfit(Refused):
    """A power ends on a day from today on, within three years."""

    code = "trust.validity-unfit"
    message = "The last day must be today or later, and within three years."


class PowerMissing(Refused):
    """A power is for something; choose what for."""

    code = "trust.power-missing"
    message = "Choose what the handler may do."


def check_power(powers: frozenset[Power], *, last_on: date, today: date) -> None:
    """Check what is given and until when.

    Raises:
        PowerMissing: for nothing.
        ValidityUnfit: over before it begins, or for too long.
    """
    if not powers:
        raise PowerMissing
    if not today <= last_on <= today + LONGEST:
        raise ValidityUnfit
