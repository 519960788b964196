"""Messages: one's own, the channels by which one wants them, and those that could not be delivered."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengshu.contexts.casework.application.messages import read_messages
from zhengshu.contexts.casework.application.messages.choose_channels import Chosen, choose_channels, chosen
from zhengshu.contexts.casework.application.messages.send import channels_now
from zhengshu.contexts.casework.domain.message_rules import Channel
from zhengshu.contexts.casework.interfaces import web_live
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, signed_in
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Role
from zhengshu.kernel.errors import Refused

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


class ChannelForm(forms.Form):
    """By which channels one wants messages; what is left empty stays as it was."""

    by_email = forms.BooleanField(label=gettext_lazy("Tell me by e-mail"), required=False)
    email = forms.CharField(label=gettext_lazy("E-mail address"), required=False, max_length=200)
    by_sms = forms.BooleanField(label=gettext_lazy("Tell me by SMS"), required=False)
    phone = forms.CharField(label=gettext_lazy("Mobile number"), required=False, max_length=40)

    def __init__(self, *args: object, known: Chosen, **kwargs: object) -> None:
        """Offer the channels that this platform has, with what is known, masked."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own
        offered = channels_now()
        for channel, names in ((Channel.EMAIL, ("by_email", "email")), (Channel.SMS, ("by_sms", "phone"))):
            if channel not in offered:
                for name in names:
                    del self.fields[name]
        for name, value in (("email", known.email), ("phone", known.phone)):
            if name in self.fields and value:
                self.fields[name].help_text = _("Known is %(value)s; leave it empty to keep it.") % {
                    "value": value
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


@require_http_methods(["GET", "POST"])
@signed_in
def channels(request: ActorRequest) -> HttpResponse:
    """Choose by which channels one wants to be told."""
    known = chosen(actor=request.actor)
    if request.method == "POST":
        form = ChannelForm(request.POST, known=known)
        if form.is_valid():
            data = form.cleaned_data
            try:
                choose_channels(
                    by_email=bool(data.get("by_email")),
                    by_sms=bool(data.get("by_sms")),
                    email=str(data.get("email", "")),
                    phone=str(data.get("phone", "")),
                    actor=request.actor,
                    at=timezone.now(),
                )
            except Refused as refusal:
                form.add_error(None, sentence(refusal))
            else:
                messages.success(request, _("Your choice was saved."))
                return redirect("messages:channels")
    else:
        form = ChannelForm(initial={"by_email": known.by_email, "by_sms": known.by_sms}, known=known)
    return render(request, "casework/channels.html", {"form": form, "trail": _trail(_("Channels"))})


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
    path("channels/", channels, name="channels"),
    path("troubled/", troubled, name="troubled"),
    path("troubled/<uuid:delivery_id>/", retry, name="retry"),
    path("live/", web_live.stamp, name="live"),
    path("<uuid:message_id>/", message_read, name="read"),
]
