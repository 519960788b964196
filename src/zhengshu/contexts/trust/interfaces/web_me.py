"""Pages of one's own account."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.trust.application.keep_sessions import (
    end_own_session,
    end_own_sessions,
    sessions_of,
)
from zhengshu.contexts.trust.application.own_account import own_sign_ins
from zhengshu.contexts.trust.application.providers.keep_providers import providers_at_work
from zhengshu.contexts.trust.application.providers.links import links_of
from zhengshu.contexts.trust.application.queries import departments
from zhengshu.contexts.trust.application.sign_on.consents import consents_of
from zhengshu.contexts.trust.interfaces.event_names import name_of
from zhengshu.contexts.trust.interfaces.labels import ROLES, SCOPES
from zhengshu.contexts.trust.interfaces.pages import confirm
from zhengshu.contexts.trust.interfaces.programs import program_of
from zhengshu.contexts.trust.models import Account
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import signed_in
from zhengshu.foundation.ui.tags import day


@signed_in
def me(request: ActorRequest) -> HttpResponse:
    """Show one's own account: profile, factors, sessions, latest sign-ins."""
    actor, user = request.actor, request.user
    account = user if isinstance(user, Account) else Account(username="", name=actor.name)
    department = departments(ids=[actor.department_id]) if actor.department_id else {}
    factors = set(Authenticator.objects.filter(user_id=actor.id).values_list("type", flat=True))
    facts = [
        (_("User name"), account.username),
        (_("Name of the person"), account.name),
        (_("Department"), next((one.name for one in department.values()), "")),
        (_("Roles"), "、".join(str(ROLES[role]) for role in sorted(actor.roles))),
        (_("Password changed"), day(account.password_changed_at)),
    ]
    links = links_of(actor=actor)
    linked = {row.provider for row in links}
    context = {
        "facts": facts,
        "has_totp": Authenticator.Type.TOTP in factors,
        "has_passkey": Authenticator.Type.WEBAUTHN in factors,
        "sessions": [
            (row, program_of(row.agent))
            for row in sessions_of(actor=actor, this_key=request.session.session_key or "")
        ],
        "links": links,
        "providers": [(key, name) for key, name in providers_at_work() if name not in linked],
        "consents": [(row, [SCOPES[scope] for scope in row.scopes]) for row in consents_of(actor=actor)],
        "sign_ins": [(row, name_of(row.name)) for row in own_sign_ins(actor=actor)],
    }
    return render(request, "trust/me.html", context)


@signed_in
def session_end(request: ActorRequest, session_id: UUID) -> HttpResponse:
    """End one of one's own sessions."""
    return confirm(
        request,
        lambda: end_own_session(session_id=session_id, actor=request.actor, at=timezone.now()),
        title=_("End this session?"),
        text=_("Whoever sits there is signed out at once, also of the sites that were opened from there."),
        action_label=_("End the session"),
        back=reverse("trust:me"),
        said=_("The session was ended."),
    )


@signed_in
def sessions_end(request: ActorRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    return confirm(
        request,
        lambda: end_own_sessions(
            but=request.session.session_key or "", actor=request.actor, at=timezone.now()
        ),
        title=_("End all other sessions?"),
        text=_("You are signed out everywhere but here, also of the sites that were opened from there."),
        action_label=_("End all other sessions"),
        back=reverse("trust:me"),
        said=_("All other sessions were ended."),
    )
