"""By which channels one wants messages, and the code that shows that an address is one's own."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zhengshu.contexts.casework.application.messages.choose_channels import Chosen, choose_channels, chosen
from zhengshu.contexts.casework.application.messages.confirm_address import (
    DIGITS,
    CodesTooMany,
    confirm_address,
    send_code,
)
from zhengshu.contexts.casework.application.messages.outside import channels_now
from zhengshu.contexts.casework.domain.message_rules import Channel
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import signed_in
from zhengshu.kernel.errors import Refused


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


class CodeForm(forms.Form):
    """The code that was sent."""

    code = forms.CharField(
        label=gettext_lazy("Code of six digits"),
        max_length=2 * DIGITS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


@require_http_methods(["GET", "POST"])
@signed_in
def channels(request: ActorRequest) -> HttpResponse:
    """Choose by which channels one wants to be told; a new address is sent a code."""
    known = chosen(actor=request.actor)
    if request.method == "POST":
        form = ChannelForm(request.POST, known=known)
        if form.is_valid():
            try:
                open_ones = _choose(request, form)
            except Refused as refusal:
                form.add_error(None, sentence(refusal))
            else:
                messages.success(request, _("Your choice was saved."))
                return (
                    redirect("messages:confirm", open_ones[0]) if open_ones else redirect("messages:channels")
                )
    else:
        form = ChannelForm(initial={"by_email": known.by_email, "by_sms": known.by_sms}, known=known)
    addresses = [
        (Channel.EMAIL.value, _("E-mail"), known.email, known.is_email_confirmed),
        (Channel.SMS.value, _("SMS"), known.phone, known.is_phone_confirmed),
    ]
    context = {"form": form, "addresses": [one for one in addresses if one[2]], "trail": _trail()}
    return render(request, "casework/channels.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def confirm(request: ActorRequest, channel: str) -> HttpResponse:
    """Type in the code that was sent to an address."""
    wanted = _channel(channel)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_address(
                channel=wanted, code=form.cleaned_data["code"], actor=request.actor, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error("code", sentence(refusal))
        else:
            messages.success(request, _("It is confirmed: messages will go there."))
            return redirect("messages:channels")
    known = chosen(actor=request.actor)
    context = {
        "form": form,
        "channel": channel,
        "address": known.email if wanted == Channel.EMAIL else known.phone,
        "trail": [
            *_trail()[:1],
            (_("Channels"), reverse("messages:channels")),
            (_("Confirm the address"), ""),
        ],
    }
    return render(request, "casework/confirm_address.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def again(request: ActorRequest, channel: str) -> HttpResponse:
    """Have another code sent."""
    try:
        send_code(channel=_channel(channel), actor=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("A new code was sent; earlier ones no longer count."))
    return redirect("messages:confirm", channel)


def _choose(request: ActorRequest, form: ChannelForm) -> list[str]:
    """Keep the choice, send codes to addresses that are new, and return the channels that wait for theirs."""
    data = form.cleaned_data
    now = timezone.now()
    wanted = choose_channels(
        by_email=bool(data.get("by_email")),
        by_sms=bool(data.get("by_sms")),
        email=str(data.get("email", "")),
        phone=str(data.get("phone", "")),
        actor=request.actor,
        at=now,
    )
    for channel in sorted(wanted):
        try:
            send_code(channel=channel, actor=request.actor, at=now)
        except CodesTooMany as refusal:
            messages.warning(request, sentence(refusal))
    return sorted(one.value for one in wanted)


def _channel(text: str) -> Channel:
    found = next((one for one in (Channel.EMAIL, Channel.SMS) if one.value == text), None)
    if found is None:
        raise Http404
    return found


def _trail() -> list[tuple[str, str]]:
    return [(_("Messages"), reverse("messages:list")), (_("Channels"), "")]
