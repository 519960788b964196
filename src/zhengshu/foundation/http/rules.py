"""Default deny: a route without a rule is closed.

Every view carries one of these decorators. `RuleMiddleware` refuses a view that carries none, and a test walks
all routes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import Resolver404, resolve

from zhengshu.foundation.http.problems import respond
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import StepUpDue
from zhengshu.kernel.errors import Kind, Refused


class NotAllowed(Refused):
    """The actor's account does not open this page; the security administrator assigns roles to officials."""

    code = "access.not-allowed"
    kind = Kind.FORBIDDEN
    message = (
        "Your account does not open this. Officials who need it for their duties ask their security "
        "administrator."
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may call a route: anybody, whoever is signed in, or the holders of some roles."""

    is_public: bool = False
    roles: frozenset[Role] = field(default_factory=frozenset)

    def admits(self, actor: Actor) -> bool:
        """Whether the rule lets the actor in."""
        if self.is_public:
            return True
        return actor.is_signed_in and (not self.roles or actor.has(*self.roles))


V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def allow(*roles: Role) -> Callable[[V], V]:
    """Open a view to the holders of any of the roles."""
    if not roles:
        message = "name the roles, or use signed_in or public"
        raise TypeError(message)
    return _mark(Rule(roles=frozenset(roles)))


def signed_in(view: V) -> V:
    """Open a view to whoever is signed in; what is seen is decided in the query."""
    return _mark(Rule())(view)


def public(view: V) -> V:
    """Open a view to everybody."""
    return _mark(Rule(is_public=True))(view)


def sensitive(view: V) -> V:
    """Ask whoever opens a view to have shown lately who he is; the use case behind it demands the same."""
    view.is_sensitive = True  # type: ignore[attr-defined]  # a function may carry attributes
    return view


def rule_of(view: object) -> Rule | None:
    """Return the rule of a view, its own or that which settings give a third party's view.

    A `partial` is looked through: ninja serves its OpenAPI document by one.
    """
    view = getattr(view, "func", view)
    rule = getattr(view, "access_rule", None)
    if isinstance(rule, Rule):
        return rule
    return _foreign_rules().get(getattr(view, "__module__", "").split(".")[0])


def opens(path: str, actor: Actor) -> bool:
    """Whether the rule of a path's route admits somebody; what he sees behind it is decided in its query."""
    try:
        rule = rule_of(resolve(path.partition("?")[0]).func)
    except Resolver404:
        return False
    return rule is not None and rule.admits(actor)


def _mark(rule: Rule) -> Callable[[V], V]:
    def mark(view: V) -> V:
        view.access_rule = rule  # type: ignore[attr-defined]  # a function may carry attributes
        return view

    return mark


def _foreign_rules() -> Mapping[str, Rule]:
    """Rules of libraries that bring views of their own and guard them themselves, by their top package."""
    return {package: Rule(is_public=True) for package in settings.PACKAGES_WITH_OWN_ACCESS_RULES}


def step_up(request: HttpRequest, due: StepUpDue) -> HttpResponse:
    """Lead a person to the page that asks again who he is, and back; tell a program that it is due.

    What was entered in a form is not carried over: the person comes back to the page that it stood on.
    """
    if request.path.startswith("/api/"):
        return respond(request, due)
    back = request.get_full_path()
    if request.method != "GET":
        before = urlsplit(request.headers.get("Referer", ""))
        back = (before.path if before.netloc == request.get_host() else "") or "/"
    return HttpResponseRedirect(
        f"{settings.STEP_UP_URL}?{urlencode({'next': back, 'level': due.level.value})}"
    )


class _Next(Protocol):
    def __call__(self, request: HttpRequest, /) -> HttpResponse: ...


class RuleMiddleware:
    """Refuse views without a rule and actors whom the rule does not admit."""

    def __init__(self, get_response: _Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the check needs the resolved view."""
        return self.get_response(request)

    def process_view(
        self, request: ActorRequest, view: object, _args: tuple[object, ...], _kwargs: dict[str, object]
    ) -> HttpResponseBase | None:
        """Let the request through, ask to sign in, or refuse."""
        rule = rule_of(view)
        if rule is not None and rule.admits(request.actor):
            is_due = getattr(view, "is_sensitive", False) and not request.actor.is_assured
            return step_up(request, StepUpDue()) if is_due else None
        if rule is not None and not request.actor.is_signed_in and not request.path.startswith("/api/"):
            return redirect_to_login(request.get_full_path())
        return respond(request, NotAllowed())

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Lead to the page that asks again who somebody is, whichever act asked for it."""
        return step_up(request, exception) if isinstance(exception, StepUpDue) else None
