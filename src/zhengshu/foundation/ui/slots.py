"""Places on a page that contexts further up may fill, without the page knowing them.

A context registers a function for a slot when it starts (``apps.ready``); the page asks for the fragments. What a
fragment shows is decided by its own context, with the actor of the request.
"""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest
from django.utils.safestring import SafeString

S = TypeVar("S")
Fill = Callable[[HttpRequest, S], SafeString]

_fills: dict[str, dict[str, Callable[[HttpRequest, object], SafeString]]] = {}


def slot(name: str, subject: type[S]) -> Callable[[Fill[S]], Fill[S]]:
    """Register a function that fills a slot: ``@slot("catalog.resource", ResourceRecord)``.

    Args:
        name: context and place.
        subject: what the page hands over; a fragment is asked only for subjects of this type.
    """

    def register(fill: Fill[S]) -> Fill[S]:
        def typed(request: HttpRequest, shown: object) -> SafeString:
            return fill(request, shown) if isinstance(shown, subject) else SafeString("")

        _fills.setdefault(name, {})[f"{fill.__module__}.{fill.__qualname__}"] = typed
        return fill

    return register


def fragments(name: str, request: HttpRequest, subject: object) -> tuple[SafeString, ...]:
    """Return what is shown in a slot, in the order of registration; empty fragments are left out."""
    filled = (fill(request, subject) for fill in _fills.get(name, {}).values())
    return tuple(fragment for fragment in filled if fragment)
