"""The page on which a window clerk registers a person who has no account."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengshu.contexts.trust.application.register_person import register_person
from zhengshu.contexts.trust.interfaces.forms import PersonForm
from zhengshu.contexts.trust.interfaces.pages import done
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.actors import Role


@never_cache
@require_http_methods(["GET", "POST"])
@allow(Role.WINDOW_CLERK)
def person_register(request: ActorRequest) -> HttpResponse:
    """Open an account for a person; what he signs in with first is shown once, to be printed and handed over."""
    form, back = PersonForm(request.POST or None), _way_back(request)
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        opened = done(
            form,
            lambda: register_person(
                citizen_id=entered["citizen_id"],
                name=entered["name"],
                actor=request.actor,
                at=timezone.now(),
            ),
        )
        if opened:
            slip = {"username": opened.username, "password": opened.password, "onward_url": back}
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


def _way_back(request: ActorRequest) -> str:
    target = request.GET.get("next", "")
    is_ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if is_ours else "/"
