"""Coming in by another provider: the button, the answer, the link, the end."""

from dataclasses import asdict
from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengshu.contexts.trust.application.providers.come_in import (
    Identity,
    Question,
    account_behind,
    begin,
    take_answer,
)
from zhengshu.contexts.trust.application.providers.hear_logout import hear_logout
from zhengshu.contexts.trust.application.providers.links import link_identity, unlink_identity
from zhengshu.contexts.trust.application.providers.talk import ProviderUnreachable
from zhengshu.contexts.trust.domain.id_tokens import ProviderAnswerWrong
from zhengshu.contexts.trust.interfaces.middleware import address_of
from zhengshu.contexts.trust.interfaces.pages import confirm, in_words
from zhengshu.contexts.trust.interfaces.providers.kept import ENTERING, from_plain, plain
from zhengshu.contexts.trust.models import Account
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import public, sensitive, signed_in
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused

ASKED, WAITING = "trust_question", "trust_identity"
SECONDS_TO_LINK = 15 * 60
"""How long an identity that nobody has linked waits in a session for its owner to sign in with the password."""


@never_cache
@require_GET
@public
def start(request: ActorRequest, provider_id: UUID) -> HttpResponse:
    """Send the browser to another provider."""
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = ""
    is_linking = request.user.is_authenticated
    question, address = begin(
        provider_id=provider_id,
        redirect_uri=_place(provider_id),
        for_account=str(request.actor.id) if is_linking else "",
        target=target,
        at=timezone.now(),
    )
    request.session[ASKED] = asdict(question)
    response = HttpResponse(status=303)
    response["Location"] = address
    return response


@never_cache
@require_GET
@public
def answer(request: ActorRequest, provider_id: UUID) -> HttpResponseBase:
    """Take the answer of another provider: sign in, or go on to a link."""
    kept = request.session.pop(ASKED, None)
    question = Question(**kept) if isinstance(kept, dict) else None
    try:
        identity = take_answer(
            provider_id=provider_id,
            question=question,
            answer=request.GET.dict(),
            redirect_uri=_place(provider_id),
            visitor=Actor.anonymous(address=address_of(request)),
            at=timezone.now(),
        )
    except (ProviderAnswerWrong, ProviderUnreachable) as refusal:
        context = {"title": _("The other sign-in did not succeed"), "lead": sentence(refusal), "error": ""}
        return render(request, "trust/sign_on/refused.html", context, status=403)
    if question is not None and question.for_account:
        return _to_link(request, identity, question)
    if request.user.is_authenticated:
        return redirect("/")
    account = account_behind(identity)
    if account is None:
        _keep(request, identity)
        messages.info(
            request,
            gettext(
                "Nobody has linked this identity yet. Sign in with your account here once; then you can link it."
            ),
        )
        return redirect(f"{reverse('account_login')}?next={reverse('providers:link')}")
    return _let_in(request, account, identity, target=question.target if question else "")


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
@sensitive
def link(request: ActorRequest) -> HttpResponse:
    """Ask the owner of an account whether an identity elsewhere is the same person; nobody else can say so."""
    identity = _kept(request)
    user = request.user
    if identity is None or not isinstance(user, Account):
        messages.warning(
            request, gettext("Nothing waits to be linked. Begin with the button of the other sign-in.")
        )
        return redirect("trust:me")
    if request.method != "POST":
        context = {"identity": identity, "person": user.name, "username": user.username}
        return render(request, "trust/sign_on/link.html", context)
    request.session.pop(WAITING, None)
    if request.POST.get("answer") != "yes":
        return redirect("trust:me")
    try:
        link_identity(identity=identity, account=user, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, gettext("The identity was linked; you can sign in with it from now on."))
    return redirect("trust:me")


@signed_in
def unlink(request: ActorRequest, link_id: UUID) -> HttpResponse:
    """End a link."""
    return confirm(
        request,
        lambda: unlink_identity(link_id=link_id, actor=request.actor, at=timezone.now()),
        title=_("Unlink this identity?"),
        text=_("You can no longer sign in with it. Sessions that it opened end at once."),
        action_label=_("Unlink"),
        back=reverse("trust:me"),
        said=_("The identity was unlinked."),
    )


@csrf_exempt
@require_POST
@public
def logout_notice(request: HttpRequest, provider_id: UUID) -> HttpResponse:
    """Obey a logout token (OpenID Connect Back-Channel Logout 1.0)."""
    headers = {"Cache-Control": "no-store"}
    try:
        hear_logout(
            provider_id=provider_id,
            token=request.POST.get("logout_token", ""),
            visitor=Actor.anonymous(address=address_of(request)),
            at=timezone.now(),
        )
    except (ProviderAnswerWrong, ProviderUnreachable):
        return HttpResponse(status=400, headers=headers)
    return HttpResponse(status=200, headers=headers)


def _let_in(request: HttpRequest, account: Account, identity: Identity, *, target: str) -> HttpResponseBase:
    """Sign somebody in as the password does: second factor, session limits, debts and audit are the same."""
    record_authentication(
        request, account, method="provider", provider=str(identity.provider_id), level=identity.level.value
    )
    request.session[ENTERING] = plain(identity)
    response: HttpResponseBase = perform_login(request, Login(user=account, redirect_url=target or None))
    return response


def _to_link(request: ActorRequest, identity: Identity, question: Question) -> HttpResponse:
    if str(request.actor.id) != question.for_account:
        raise Http404
    _keep(request, identity)
    return redirect("providers:link")


def _keep(request: HttpRequest, identity: Identity) -> None:
    request.session[WAITING] = {**plain(identity), "until": timezone.now().timestamp() + SECONDS_TO_LINK}


def _kept(request: HttpRequest) -> Identity | None:
    kept = request.session.get(WAITING)
    if not isinstance(kept, dict) or kept["until"] < timezone.now().timestamp():
        return None
    return from_plain(kept)


def _place(provider_id: UUID) -> str:
    """Return the address that answers of one provider alone come to."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("providers:answer", args=[provider_id])
