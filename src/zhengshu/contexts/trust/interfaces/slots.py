"""What `trust` shows on pages that do not know it: the buttons of other providers beside the sign-in form."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from zhengshu.contexts.trust.application.providers.keep_providers import providers_at_work
from zhengshu.foundation.ui.slots import slot


@slot("foundation.sign-in", HttpRequest)
def provider_buttons(request: HttpRequest, _shown: HttpRequest) -> SafeString:
    """Offer the other providers."""
    offered = providers_at_work()
    if not offered:
        return SafeString("")
    target = request.GET.get("next", "")
    query = f"?{urlencode({'next': target})}" if target else ""
    buttons = [(name, reverse("providers:start", args=[key]) + query) for key, name in offered]
    return render_to_string("trust/sign_on/buttons.html", {"buttons": buttons}, request=request)
