"""The power to act in an enterprise's name: given by its legal representative, for something, until a day."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.mandates import Power

LONGEST = timedelta(days=3 * 366)
"""A power for longer is given again: nobody remembers it by then."""


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


class ScopeUnknown(Refused):
    """A power is for kinds of acts, for case types and for sites that there are."""

    code = "trust.scope-unknown"
    message = "There is nothing called “%(item)s” that a power could be for."


def scope_of(items: Iterable[str], *, offered: Mapping[Power, Iterable[str]]) -> tuple[str, ...]:
    """Return a scope in order; what is for all of a kind needs none of its single things.

    Raises:
        PowerMissing: for nothing.
        ScopeUnknown: a kind that there is not, or a thing that is not offered.
    """
    given = set(items)
    for item in given:
        kind, colon, code = item.partition(":")
        if kind not in set(Power) or (colon and code not in set(offered.get(Power(kind), ()))):
            raise ScopeUnknown(item=item[:100])
    if not given:
        raise PowerMissing
    return tuple(sorted(item for item in given if ":" not in item or item.partition(":")[0] not in given))


def check_period(*, last_on: date, today: date) -> None:
    """Check until when a power is given.

    Raises:
        ValidityUnfit: over before it begins, or for too long.
    """
    if not today <= last_on <= today + LONGEST:
        raise ValidityUnfit
