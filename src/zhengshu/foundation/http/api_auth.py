"""Who may call an operation of the management API: a signed-in session, with the roles that it names.

The session of a browser travels with whatever any page sends here, so that what changes something is refused where
the browser says that another site sent it. Programs say nothing of that kind, and need no token.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from zhengshu.foundation.http.rules import NotAllowed, Rule
from zhengshu.kernel.actors import OFFICIALS, Actor, Role
from zhengshu.kernel.errors import Kind, Refused


class SignInNeeded(Refused):
    """The call carries no session of a signed-in account; sign in first."""

    code = "access.sign-in-needed"
    kind = Kind.FORBIDDEN
    message = "Sign in first."


class SentByAnotherSite(Refused):
    """A browser sent the call for a page of another site, which its user need not know of."""

    code = "access.sent-by-another-site"
    kind = Kind.FORBIDDEN
    message = "This was sent by a page of another site, and nothing was changed. Do it on the pages of this platform."


_CHANGE_NOTHING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OF_OTHERS: Final = frozenset({"cross-site", "same-site"})


def official(*roles: Role) -> Callable[[HttpRequest], Actor]:
    """Return the `auth=` of an operation: an official who holds one of the roles, or any role when none is named."""
    rule = Rule(roles=frozenset(roles) or OFFICIALS)

    def authenticate(request: HttpRequest) -> Actor:
        actor = getattr(request, "actor", None)
        if not isinstance(actor, Actor) or not actor.is_signed_in:
            raise SignInNeeded
        if is_from_another_site(request):
            raise SentByAnotherSite
        if not rule.admits(actor):
            raise NotAllowed
        return actor

    authenticate.access_rule = rule  # type: ignore[attr-defined]  # read by the walk over all operations
    return authenticate


def is_from_another_site(request: HttpRequest) -> bool:
    """Whether a page of another origin, also one of a neighbouring site, had a browser send what changes something."""
    if request.method in _CHANGE_NOTHING:
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site") in _OF_OTHERS
    own = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return origin not in own
