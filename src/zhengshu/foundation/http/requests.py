"""The request as our views see it."""

from django.http import HttpRequest

from zhengshu.kernel.actors import Actor


class ActorRequest(HttpRequest):
    """A request whose actor the middleware of `trust` has found out."""

    actor: Actor
