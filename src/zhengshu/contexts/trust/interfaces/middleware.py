"""Finds out who acts."""

from typing import Protocol

from django.http import HttpRequest, HttpResponse

from zhengshu.contexts.trust.models import Account
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId


class _Next(Protocol):
    def __call__(self, request: HttpRequest, /) -> HttpResponse: ...


class ActorMiddleware:
    """Set `request.actor`; the roles come with the account, so that this costs no query of its own."""

    def __init__(self, get_response: _Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        """Find the actor and pass the request on."""
        request.actor = actor_behind(request)
        return self.get_response(request)


def actor_behind(request: HttpRequest) -> Actor:
    """Return the signed-in account as an actor, else the anonymous visitor."""
    address = request.META.get("REMOTE_ADDR", "")
    user = request.user
    if not isinstance(user, Account):
        return Actor.anonymous(address=address)
    codes: list[str] = getattr(user, "role_codes", [])
    return Actor(
        id=user.id,
        name=user.name,
        department_id=DepartmentId(user.department_id) if user.department_id else None,
        roles=frozenset(Role(code) for code in codes),
        address=address,
    )
