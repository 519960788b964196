"""The page of the keys that encrypt personal data, for the security administrator."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from zhengshu.contexts.trust.application.keep_keys import encryption_state, rotate_data_keys
from zhengshu.contexts.trust.interfaces.labels import ENCRYPTED_COLUMNS
from zhengshu.contexts.trust.interfaces.pages import confirm
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive
from zhengshu.kernel.actors import Role


@require_GET
@allow(Role.SECURITY_ADMIN)
def keys_page(request: ActorRequest) -> HttpResponse:
    """Show the keys and how far the encrypting anew is."""
    found = encryption_state(actor=request.actor)
    context = {
        "found": found,
        "progress": [(ENCRYPTED_COLUMNS.get(one.column, one.column), one) for one in found.progress],
    }
    return render(request, "trust/keys.html", context)


@allow(Role.SECURITY_ADMIN)
@sensitive
def keys_rotate(request: ActorRequest) -> HttpResponse:
    """Rotate every data key."""
    return confirm(
        request,
        lambda: rotate_data_keys(actor=request.actor, at=timezone.now()),
        title=_("Rotate the data keys"),
        text=_(
            "Each department's key gets a new version at once, and what is stored is encrypted by it in the"
            " background. Nobody has to stop working."
        ),
        action_label=_("Rotate"),
        back=reverse("trust:keys"),
        said=_("The data keys were rotated. What is stored is encrypted anew from the next minutes on."),
        is_dangerous=False,
    )
