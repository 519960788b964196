"""Benefits for those whom they found: why, confirm with an account, decline, object, and why somebody was not found."""

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengshu.contexts.services.application import benefit_queries as queries
from zhengshu.contexts.services.application.answer_benefit import ACCEPT, DECLINE, OBJECT, answer_benefit
from zhengshu.contexts.services.application.benefit_faults import AccountUnfit, BenefitNotFound
from zhengshu.contexts.services.interfaces.web_benefits import STATES, name_of, summary_of, text_of
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.actors import APPLICANTS
from zhengshu.kernel.errors import Refused

OWNERS = tuple(sorted(APPLICANTS))
TYPED = "typed"
_SHOWN = 4


class ConfirmForm(forms.Form):
    """To which account: one that the person gave before, or one that he types."""

    use = forms.ChoiceField(label=_("Account for payment"), widget=forms.RadioSelect, required=False)
    account = forms.CharField(
        label=_("Number of the card or account"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *arguments: object, known: Sequence[str], **options: object) -> None:
        """Offer the accounts that are known."""
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # handed on as they are
        self.known = known
        choices = [
            (str(place), gettext("the account ending in %(last)s") % {"last": one[-_SHOWN:]})
            for place, one in enumerate(known)
        ]
        if choices:
            self.fields["use"] = forms.ChoiceField(
                label=_("Account for payment"),
                choices=[*choices, (TYPED, gettext("another account"))],
                widget=forms.RadioSelect,
                initial="0",
            )
        else:
            del self.fields["use"]

    def chosen(self) -> str:
        """Return the account that was chosen or typed."""
        use = self.cleaned_data.get("use", TYPED)
        return str(self.cleaned_data["account"]) if use == TYPED else self.known[int(use)]


class ObjectionForm(forms.Form):
    """Why somebody should not have been found."""

    reason = forms.CharField(
        label=_("Why you should not have been found"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@never_cache
@require_GET
@allow(*OWNERS)
def my_benefits(request: ActorRequest) -> HttpResponse:
    """List what the reader was found entitled to, and what else there is."""
    rows = queries.my_entitlements(actor=request.actor)
    have = {(row.definition.code, row.number) for row in rows}
    context = {
        "rows": [(row, name_of(row.definition), *STATES[row.state]) for row in rows],
        "others": [
            (code, name_of(definition), summary_of(definition))
            for code, definition in queries.offered(actor=request.actor)
            if code not in {one for one, _number in have}
        ],
    }
    return render(request, "services/my_benefits.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(*OWNERS)
def my_benefit(request: ActorRequest, entitlement_id: UUID) -> HttpResponse:
    """Show why the reader was found, and let him confirm, decline or object."""
    record = queries.my_entitlement(entitlement_id=entitlement_id, actor=request.actor)
    form = ConfirmForm(request.POST or None, known=record.known_accounts)
    is_paid = bool(record.definition.amounts)
    waits = record.state == "asked" or (record.state == "active" and is_paid and not record.account)
    if request.method == "POST" and form.is_valid():
        try:
            answer_benefit(
                entitlement_id=entitlement_id,
                answer=ACCEPT,
                account=form.chosen() if is_paid else "",
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("account" if isinstance(refusal, AccountUnfit) else None, sentence(refusal))
        else:
            messages.success(request, gettext("Confirmed. You need not do anything else."))
            return redirect("services:my-benefit", entitlement_id)
    context = {
        "record": record,
        "name": name_of(record.definition),
        "summary": summary_of(record.definition),
        "state": STATES[record.state],
        "findings": [(text_of(one), one) for one in record.findings],
        "form": form,
        "waits": waits,
        "is_paid": is_paid,
        "account_end": record.account[-_SHOWN:],
        "trail": [(_("My benefits"), reverse("services:my-benefits")), (name_of(record.definition), "")],
    }
    return render(request, "services/my_benefit.html", context)


@require_POST
@allow(*OWNERS)
def my_benefit_decline(request: ActorRequest, entitlement_id: UUID) -> HttpResponse:
    """Take note that the reader does not want it."""
    answer_benefit(entitlement_id=entitlement_id, answer=DECLINE, actor=request.actor, at=timezone.now())
    messages.success(request, gettext("You declined. You are not asked again."))
    return redirect("services:my-benefit", entitlement_id)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(*OWNERS)
def my_benefit_object(request: ActorRequest, entitlement_id: UUID) -> HttpResponse:
    """Take the reader's objection; an official looks into it."""
    record = queries.my_entitlement(entitlement_id=entitlement_id, actor=request.actor)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer_benefit(
            entitlement_id=entitlement_id,
            answer=OBJECT,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=timezone.now(),
        )
        messages.success(request, gettext("Your objection was taken. You are told what comes of it."))
        return redirect("services:my-benefit", entitlement_id)
    context = {
        "title": _("I was wrongly found"),
        "text": gettext("An official of the department looks into it. Until then nothing is paid.")
        + f" {name_of(record.definition)}",
        "form": form,
        "action_label": _("Send the objection"),
        "cancel_url": reverse("services:my-benefit", args=[entitlement_id]),
    }
    return render(request, "ui/confirm.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(*OWNERS)
def my_benefit_check(request: ActorRequest, code: str) -> HttpResponse:
    """Ask the registers about the reader and say rule by rule why he was not found."""
    found: list[tuple[str, object, list[tuple[str, object]]]] = []
    fault = ""
    definitions = dict(queries.offered(actor=request.actor))
    if code not in definitions:
        raise BenefitNotFound
    if request.method == "POST":
        try:
            _definition, verdicts = queries.check_myself(code=code, actor=request.actor, at=timezone.now())
        except Refused as refusal:
            fault = sentence(refusal)
        else:
            found = [
                (number[-_SHOWN:], verdict, [(text_of(one), one) for one in verdict.findings])
                for number, verdict in verdicts
            ]
    definition = definitions[code]
    context = {
        "name": name_of(definition),
        "summary": summary_of(definition),
        "rules": [(text_of(rule), definition.sources[rule.source].resource) for rule in definition.rules],
        "found": found,
        "fault": fault,
        "trail": [(_("My benefits"), reverse("services:my-benefits")), (name_of(definition), "")],
    }
    return render(request, "services/my_benefit_check.html", context)


urlpatterns = [
    path("my-benefits/", my_benefits, name="my-benefits"),
    path("my-benefits/check/<slug:code>/", my_benefit_check, name="my-benefit-check"),
    path("my-benefits/<uuid:entitlement_id>/", my_benefit, name="my-benefit"),
    path("my-benefits/<uuid:entitlement_id>/decline/", my_benefit_decline, name="my-benefit-decline"),
    path("my-benefits/<uuid:entitlement_id>/object/", my_benefit_object, name="my-benefit-object"),
]
