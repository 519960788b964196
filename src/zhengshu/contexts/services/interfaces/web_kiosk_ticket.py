"""Taking a number at a kiosk: for one matter, or for any."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhengshu.contexts.services.application.keep_kiosk import KioskRecord
from zhengshu.contexts.services.application.keep_window_groups import WindowGroupNotFound
from zhengshu.contexts.services.application.take_ticket import take_ticket
from zhengshu.contexts.services.application.ticket_queries import hall_now
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import public
from zhengshu.kernel.errors import Refused


@never_cache
@require_http_methods(["GET", "POST"])
@public
def number(request: ActorRequest) -> HttpResponse:
    """Let whoever stands at the kiosk take a number; nobody signs in for that."""
    kiosk = getattr(request, "kiosk", None)
    if not isinstance(kiosk, KioskRecord):
        return redirect("portal:home")
    if request.method == "POST":
        try:
            return _taken(request, kiosk)
        except Refused as refusal:
            messages.error(request, sentence(refusal))
    context = {
        "groups": hall_now(department_id=kiosk.department_id, at=timezone.now()),
        "once": uuid4(),
    }
    return render(request, "services/kiosk_number.html", context)


def _taken(request: ActorRequest, kiosk: KioskRecord) -> HttpResponse:
    group, _colon, item = request.POST.get("choice", "").partition(":")
    try:
        group_id, once = UUID(group), UUID(request.POST.get("once", ""))
    except ValueError as fault:
        raise WindowGroupNotFound from fault
    taken = take_ticket(group_id=group_id, item_code=item, once=once, kiosk=kiosk, at=timezone.now())
    return redirect("hall:ticket", taken.code)
