"""What allauth and Django tell us about sign-ins and second factors, put into sessions and audit."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest
from django.utils import timezone

from zhengshu.contexts.trust.application.keep_sessions import close_session, open_session
from zhengshu.contexts.trust.application.passwords import demand_new_password_when_old
from zhengshu.contexts.trust.application.providers.come_in import note_provider_session
from zhengshu.contexts.trust.application.record_factor import record_factor
from zhengshu.contexts.trust.interfaces.middleware import actor_behind, address_of, note_use
from zhengshu.contexts.trust.interfaces.providers.kept import ENTERING, from_plain
from zhengshu.contexts.trust.models import Account


def connect() -> None:
    """Listen; called once when the application is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="trust.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="trust.signed_out")
    authenticator_added.connect(_factor_added, dispatch_uid="trust.factor_added")
    authenticator_removed.connect(_factor_removed, dispatch_uid="trust.factor_removed")


def _signed_in(request: HttpRequest, user: Account, **_rest: object) -> None:
    at = timezone.now()
    records = get_authentication_records(request, user)
    used = [str(record.get("type", "")) for record in records]
    if any(record.get("method") == "password" for record in records):
        demand_new_password_when_old(account=user, at=at)
    open_session(
        account=user,
        session_key=request.session.session_key or "",
        address=address_of(request),
        agent=str(request.META.get("HTTP_USER_AGENT", "")),
        second_factor=next((kind for kind in used if kind), ""),
        at=at,
    )
    note_use(request, at=at, started_at=at)
    kept = request.session.pop(ENTERING, None)
    named = {str(record.get("provider", "")) for record in records}
    if isinstance(kept, dict) and kept["provider_id"] in named:
        note_provider_session(identity=from_plain(kept), session_key=request.session.session_key or "", at=at)


def _signed_out(request: HttpRequest, user: Account | None, **_rest: object) -> None:
    if user is not None and request.session.session_key:
        close_session(
            session_key=request.session.session_key,
            reason="signed_out",
            address=address_of(request),
            at=timezone.now(),
        )


def _factor_added(request: HttpRequest, user: Account, authenticator: Authenticator, **_rest: object) -> None:
    record_factor(
        account=user, factor=authenticator.type, is_added=True, actor=actor_behind(request), at=timezone.now()
    )


def _factor_removed(
    request: HttpRequest, user: Account, authenticator: Authenticator, **_rest: object
) -> None:
    record_factor(
        account=user,
        factor=authenticator.type,
        is_added=False,
        actor=actor_behind(request),
        at=timezone.now(),
    )
