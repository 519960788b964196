"""The page on which a window clerk registers a person who has no account."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengshu.contexts.trust.application.add_account import PersonHasAccount
from zhengshu.contexts.trust.application.register_person import (
    EnterpriseUnknown,
    FirstSignIn,
    register_handler,
    register_person,
)
from zhengshu.contexts.trust.interfaces.forms import PersonForm
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.actors import Role


@never_cache
@require_http_methods(["GET", "POST"])
@allow(Role.WINDOW_CLERK)
def person_register(request: ActorRequest) -> HttpResponse:
    """Open an account for a person; what he signs in with first is shown once, to be printed and handed over."""
    form, back = PersonForm(request.POST or None), _way_back(request)
    if request.method == "POST" and form.is_valid() and (opened := _opened(form, request)) is not None:
        slip = {
            "name": form.cleaned_data["name"],
            "username": opened.username,
            "password": opened.password,
            "address": f"{settings.PUBLIC_URL}{settings.LOGIN_URL}",
            "enterprise": opened.enterprise,
            "onward_url": back,
        }
        return render(request, "trust/first_password.html", slip)
    context = {
        "form": form,
        "title": _("Register a person"),
        "lead": _(
            "For whoever stands at your window with the identity card and has no account yet. Look at the card "
            "and at the person; the audit keeps who registered whom."
        ),
        "cancel_url": back,
        "action_label": _("Register"),
    }
    return render(request, "trust/form.html", context)


def _opened(form: PersonForm, request: ActorRequest) -> FirstSignIn | None:
    """Open the account; what stands against it is said at its field, with what the clerk does then."""
    entered = form.cleaned_data
    number, name, at = entered["citizen_id"], entered["name"], timezone.now()
    try:
        if entered["use"] == PersonForm.HANDLER:
            code = entered["enterprise_code"]
            return register_handler(
                citizen_id=number, name=name, enterprise_code=code, actor=request.actor, at=at
            )
        return register_person(citizen_id=number, name=name, actor=request.actor, at=at)
    except PersonHasAccount:
        form.add_error(
            "citizen_id",
            _(
                "The person has such an account already. Who forgot how to sign in gets a new password from the "
                "system administrator; you can go back and fill in for him."
            )
            if entered["use"] == PersonForm.OWN
            else _(
                "The person has an account for enterprises already. The legal representative gives the power to it."
            ),
        )
    except EnterpriseUnknown as refusal:
        form.add_error("enterprise_code", sentence(refusal))
    return None


def _way_back(request: ActorRequest) -> str:
    target = request.GET.get("next", "")
    is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if is_ours else "/"
