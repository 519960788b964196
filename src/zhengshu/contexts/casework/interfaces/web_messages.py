"""Messages: one's own, the channels by which one wants them, and those that could not be delivered."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from zhengshu.contexts.casework.application.messages import read_messages
from zhengshu.contexts.casework.domain.message_rules import Channel
from zhengshu.contexts.casework.interfaces import web_channels, web_live
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, signed_in
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Role

app_name = "messages"

CHANNELS: dict[str, str | Promise] = {
    Channel.EMAIL.value: gettext_lazy("E-mail"),
    Channel.SMS.value: gettext_lazy("SMS"),
}
FAULTS: dict[str, str | Promise] = {
    "no-address": gettext_lazy("The person takes no e-mail any more."),
    "no-number": gettext_lazy("The person takes no SMS any more."),
    "sms-refused": gettext_lazy("The operator does not take the SMS."),
    "slow": gettext_lazy("The mail server did not answer in time."),
    "unreachable": gettext_lazy("The mail server or the outbox could not be reached."),
    "broken-off": gettext_lazy("The mail server broke the connection off."),
}


@require_GET
@signed_in
def message_list(request: ActorRequest) -> HttpResponse:
    """List one's own messages."""
    query = ListQuery.read(request.GET, filters=("state",))
    page = read_messages.messages(actor=request.actor, query=query)
    context = {
        "page": page,
        "query": query,
        "is_unread_only": query.one("state") == "unread",
        "unread": read_messages.unread(actor=request.actor),
    }
    return render(request, "casework/messages.html", context)


@require_POST
@signed_in
def message_read(request: ActorRequest, message_id: UUID) -> HttpResponse:
    """Mark a message as read, and lead to its case."""
    case_id, subject_path = read_messages.read_message(
        message_id=message_id, actor=request.actor, at=timezone.now()
    )
    if "stay" in request.POST:
        return redirect("messages:list")
    if request.actor.has(*READERS):
        return redirect("casework:case-detail", case_id)
    return redirect(subject_path)


@require_POST
@signed_in
def message_read_all(request: ActorRequest) -> HttpResponse:
    """Mark everything as read."""
    count = read_messages.read_all(actor=request.actor, at=timezone.now())
    messages.success(request, _("%(count)s messages were marked as read.") % {"count": count})
    return redirect("messages:list")


@require_GET
@allow(Role.OPERATOR, Role.SYSTEM_ADMIN)
def troubled(request: ActorRequest) -> HttpResponse:
    """List what could not be delivered, without a word of whom it was for."""
    query = ListQuery.read(request.GET, filters=("state",))
    page = read_messages.troubled(query=query)
    rows = [(row, CHANNELS[row.channel], _why(row.fault)) for row in page.rows]
    context = {"page": page, "rows": rows, "query": query, "trail": _trail(_("Not delivered"))}
    return render(request, "casework/troubled.html", context)


@require_POST
@allow(Role.OPERATOR, Role.SYSTEM_ADMIN)
def retry(request: ActorRequest, delivery_id: UUID) -> HttpResponse:
    """Have a message sent again."""
    read_messages.retry_delivery(delivery_id=delivery_id, actor=request.actor, at=timezone.now())
    messages.success(request, _("The message was queued again."))
    return redirect("messages:troubled")


def _why(fault: str) -> str:
    """Return in words why a message was not delivered; the answers of mail servers by their number."""
    if fault in FAULTS:
        return str(FAULTS[fault])
    number = fault.removeprefix("smtp-")
    if number.startswith("5"):
        return _("The mail server refuses it for good (%(number)s).") % {"number": number}
    return _("The mail server refuses it for now (%(number)s).") % {"number": number}


def _trail(last: str) -> list[tuple[str, str]]:
    return [(_("Messages"), reverse("messages:list")), (last, "")]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", message_list, name="list"),
    path("read/", message_read_all, name="read-all"),
    path("channels/", web_channels.channels, name="channels"),
    path("channels/<str:channel>/", web_channels.confirm, name="confirm"),
    path("channels/<str:channel>/code/", web_channels.again, name="code"),
    path("troubled/", troubled, name="troubled"),
    path("troubled/<uuid:delivery_id>/", retry, name="retry"),
    path("live/", web_live.stamp, name="live"),
    path("<uuid:message_id>/", message_read, name="read"),
]
