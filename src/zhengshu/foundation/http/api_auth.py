"""Who may call an operation of the management API: a signed-in session, with the roles that it names."""

from collections.abc import Callable

from django.http import HttpRequest

from zhengshu.foundation.http.rules import NotAllowed, Rule
from zhengshu.kernel.actors import OFFICIALS, Actor, Role
from zhengshu.kernel.errors import Kind, Refused


class SignInNeeded(Refused):
    """The call carries no session of a signed-in account; sign in first."""

    code = "access.sign-in-needed"
    kind = Kind.FORBIDDEN
    message = "Sign in first."


def official(*roles: Role) -> Callable[[HttpRequest], Actor]:
    """Return the `auth=` of an operation: an official who holds one of the roles, or any role when none is named."""
    rule = Rule(roles=frozenset(roles) or OFFICIALS)

    def authenticate(request: HttpRequest) -> Actor:
        actor = getattr(request, "actor", None)
        if not isinstance(actor, Actor) or not actor.is_signed_in:
            raise SignInNeeded
        if not rule.admits(actor):
            raise NotAllowed
        return actor

    authenticate.access_rule = rule  # type: ignore[attr-defined]  # read by the walk over all operations
    return authenticate
