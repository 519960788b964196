"""Finds out who acts, ends sessions that are over, and asks for what an account owes first."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from zhengshu.contexts.trust.application.keep_sessions import close_session, touch_session
from zhengshu.contexts.trust.application.queries import enterprises_in, mandates_of
from zhengshu.contexts.trust.domain import sessions
from zhengshu.contexts.trust.domain.assurance import fresh_level, is_assured
from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.domain.sessions import Ending, SessionRules
from zhengshu.contexts.trust.interfaces.assurance import STARTED, started_at, steps_of
from zhengshu.contexts.trust.models import Account, SecurityPolicy
from zhengshu.foundation.http.problems import respond
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId

SEEN = "trust_seen_at"
SECONDS_BETWEEN_NOTES = 60
"""How often a session's last use is written down; a session may live this much longer than the policy says less."""

LIVE = "Zhengshu-Live"
"""The header of requests that a page makes by itself; they are no sign that somebody is at work."""

OPEN_WHILE_OWING = ("/accounts/", "/static/", "/preferences/", "/i18n/")

CLOSED_ROUTES = frozenset(
    {
        "account_signup",
        "account_email",
        "account_email_verification_sent",
        "account_confirm_email",
        "account_set_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "account_confirm_login_code",
        "account_inactive",
    }
)
"""Routes of allauth for e-mail and sign-up, which accounts here do not have."""


class PasswordDue(Refused):
    """The password is a first one or too old; change it on the page for it."""

    code = "trust.password-due"
    kind = Kind.FORBIDDEN
    message = "Change your password first: it was given to you, or it is older than the rules allow."


class SecondFactorDue(Refused):
    """The policy asks for a second factor; set one up on the page for it."""

    code = "trust.second-factor-due"
    kind = Kind.FORBIDDEN
    message = "Set up a second factor first: your duties require one."


class _Next(Protocol):
    def __call__(self, request: HttpRequest, /) -> HttpResponse: ...


class ActorMiddleware:
    """Set `request.actor`; the roles come with the account, so that this costs no query of its own."""

    def __init__(self, get_response: _Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        """Find the actor and pass the request on."""
        if over := self._ended(request):
            request.actor = Actor.anonymous(address=address_of(request))
            return over
        request.actor = actor_behind(request)
        if due := debt(request):
            return due
        return self.get_response(request)

    def process_view(
        self, request: ActorRequest, _view: object, _args: tuple[object, ...], _kwargs: dict[str, object]
    ) -> HttpResponseBase | None:
        """Close the routes of allauth that this platform does not have."""
        if request.resolver_match and request.resolver_match.url_name in CLOSED_ROUTES:
            raise Http404
        return None

    def _ended(self, request: HttpRequest) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, Account):
            return None
        at = timezone.now()
        started, seen = _instant(request, STARTED, at), _instant(request, SEEN, at)
        limits = _limits(user)
        rules = SessionRules(idle_minutes=int(limits["idle_minutes"]), hours=int(limits["session_hours"]))
        reason = sessions.ending(started_at=started, seen_at=seen, rules=rules, at=at)
        if reason is None:
            is_at_work = LIVE not in request.headers or SEEN not in request.session
            if is_at_work and (
                (at - seen).total_seconds() >= SECONDS_BETWEEN_NOTES or SEEN not in request.session
            ):
                note_use(request, at=at, started_at=started)
            return None
        return _sign_out(request, reason, at=at)


def actor_behind(request: HttpRequest) -> Actor:
    """Return the signed-in account as an actor, else the anonymous visitor."""
    user = request.user
    if not isinstance(user, Account):
        return Actor.anonymous(address=address_of(request))
    codes: list[str] = getattr(user, "role_codes", [])
    mandates = mandates_of(getattr(user, "mandate_rows", []))
    return Actor(
        id=user.id,
        name=user.name,
        department_id=DepartmentId(user.department_id) if user.department_id else None,
        department_name=user.department.shown_name if user.department else "",
        roles=frozenset(Role(code) for code in codes),
        address=address_of(request),
        enterprise_ids=enterprises_in(mandates),
        mandates=mandates,
        is_assured=_is_assured(request, user, roles=frozenset(Role(code) for code in codes)),
        level=fresh_level(
            steps=steps_of(request),
            started_at=started_at(request),
            within=timedelta(minutes=int(_limits(user)["step_up_minutes"])),
            at=timezone.now(),
        ),
    )


def _is_assured(request: HttpRequest, user: Account, *, roles: frozenset[Role]) -> bool:
    limits = _limits(user)
    is_owed = sessions.needs_second_factor(SecondFactorRule(str(limits["second_factor"])), roles=roles)
    return is_assured(
        steps=steps_of(request),
        started_at=started_at(request),
        needs_second=is_owed or bool(getattr(user, "has_second_factor", False)),
        within=timedelta(minutes=int(limits["step_up_minutes"])),
        at=timezone.now(),
    )


def address_of(request: HttpRequest) -> str:
    """Return the address of the connection's other end; a proxy in front sets it, headers of clients do not."""
    return str(request.META.get("REMOTE_ADDR", ""))


def note_use(request: HttpRequest, *, at: datetime, started_at: datetime) -> None:
    """Write down that the session is in use."""
    request.session[STARTED], request.session[SEEN] = started_at.timestamp(), at.timestamp()
    if request.session.session_key:
        touch_session(session_key=request.session.session_key, at=at)


def debt(request: ActorRequest) -> HttpResponse | None:
    """Return where an account has to go first: a new password, a second factor; None when it owes nothing."""
    user = request.user
    if not isinstance(user, Account) or request.path.startswith(OPEN_WHILE_OWING):
        return None
    limits = _limits(user)
    if user.must_change_password:
        return _send(request, PasswordDue(), "account_change_password")
    rule = SecondFactorRule(str(limits["second_factor"]))
    if sessions.needs_second_factor(rule, roles=request.actor.roles) and not getattr(
        user, "has_second_factor", False
    ):
        return _send(request, SecondFactorDue(), "mfa_index")
    return None


def _send(request: HttpRequest, refusal: Refused, route: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return respond(request, refusal)
    messages.warning(request, gettext(refusal.message))
    return redirect(route)


def _sign_out(request: HttpRequest, reason: Ending, *, at: datetime) -> HttpResponse | None:
    close_session(
        session_key=request.session.session_key or "", reason=reason.value, address=address_of(request), at=at
    )
    logout(request)
    if request.path.startswith(settings.LOGIN_URL):
        return None
    if request.path.startswith("/api/"):
        return HttpResponse(status=401)
    messages.info(
        request, gettext("You were signed out because your session was over. Please sign in again.")
    )
    from django.contrib.auth.views import redirect_to_login

    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def _limits(user: Account) -> Mapping[str, str | int]:
    """Return the limits that were loaded with the account; the defaults while no policy was stored."""
    limits: Mapping[str, str | int] | None = getattr(user, "limits", None)
    if limits is not None:
        return limits
    row = SecurityPolicy()
    return {
        "idle_minutes": row.idle_minutes,
        "session_hours": row.session_hours,
        "second_factor": row.second_factor,
        "step_up_minutes": row.step_up_minutes,
    }


def _instant(request: HttpRequest, key: str, default: datetime) -> datetime:
    kept = request.session.get(key)
    return datetime.fromtimestamp(kept, tz=UTC) if isinstance(kept, float) else default
