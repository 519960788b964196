"""Pages of one thing: choose what is needed, one form without a repeated question, one page with every result."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhengshu.contexts.services.application import bundle_queries as queries
from zhengshu.contexts.services.application.begin_bundle import (
    MergedQuestion,
    answer_bundle,
    begin_bundle,
    questions_of,
)
from zhengshu.contexts.services.application.carry_bundle import send_bundle, withdraw_bundle
from zhengshu.contexts.services.application.one_thing_pack import one_thing, one_things
from zhengshu.contexts.services.domain.one_things import OneThing
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.actors import APPLICANTS
from zhengshu.kernel.errors import Refused

OWNERS = tuple(sorted(APPLICANTS))
CHOICE, DAY = "choice", "day"
_FEW = 6
"""As many choices are shown at once; more are folded into a list."""

PART_STATES: Final[Mapping[str, tuple[str, Promise]]] = {
    "waiting": ("grey", _("waits for another part")),
    "open": ("blue", _("being handled")),
    "done": ("green", _("done")),
    "failed": ("red", _("not granted")),
    "dropped": ("grey", _("not begun, because what it needs was not granted")),
    "withdrawn": ("grey", _("withdrawn")),
}
THING_STATES: Final[Mapping[str, tuple[str, Promise]]] = {
    "open": ("blue", _("being handled")),
    "done": ("green", _("all done")),
    "partly": ("yellow", _("partly done")),
    "failed": ("red", _("not granted")),
    "withdrawn": ("grey", _("withdrawn")),
}


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def name_of(thing: OneThing) -> str:
    """Return a bundle's name in the reader's language."""
    return thing.name_en if _is_english() else thing.name


def summary_of(thing: OneThing) -> str:
    """Return what a bundle is, in the reader's language."""
    return thing.summary_en if _is_english() else thing.summary


class ChoiceForm(forms.Form):
    """Which of the items that may be left out are wanted."""

    left_in = forms.MultipleChoiceField(
        label=_("What is wanted besides"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *arguments: object, thing: OneThing, **options: object) -> None:
        """Offer the items."""
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # handed on as they are
        choices = [
            (part.item, part.choice_en if _is_english() else part.choice)
            for part in thing.parts
            if part.choice
        ]
        if choices:
            self.fields["left_in"] = forms.MultipleChoiceField(
                label=_("What is wanted besides"),
                choices=choices,
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=[part.item for part in thing.parts if part.choice and part.is_suggested],
            )
        else:
            del self.fields["left_in"]


class OneForm(forms.Form):
    """The one form: each question once, whatever items ask it."""

    def __init__(self, *arguments: object, questions: Sequence[MergedQuestion], **options: object) -> None:
        """Ask what a person answers."""
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # handed on as they are
        for one in questions:
            if one.question.is_typed:
                self.fields[one.name] = _field(one)

    def answers(self) -> dict[str, str]:
        """Return the answers as texts."""
        return {name: str(value or "") for name, value in self.cleaned_data.items()}


def _field(one: MergedQuestion) -> forms.Field:
    asked = one.question
    label, hint = asked.label, asked.hint
    if asked.options:
        widget = forms.RadioSelect if len(asked.options) <= _FEW else forms.Select
        return forms.ChoiceField(
            label=label,
            help_text=hint,
            choices=asked.options,
            widget=widget,
            required=False,
            initial=asked.value,
        )
    widget_of: forms.Widget = (
        forms.DateInput(attrs={"type": "date"}) if asked.kind.value == DAY else forms.TextInput()
    )
    return forms.CharField(
        label=label, help_text=hint, widget=widget_of, required=False, max_length=400, initial=asked.value
    )


@never_cache
@require_GET
@allow(*OWNERS)
def thing_list(request: ActorRequest) -> HttpResponse:
    """List what may be asked for as one thing, and what the reader has begun."""
    roles = {role.value for role in request.actor.roles}
    context = {
        "things": [
            (one.code, name_of(one), summary_of(one)) for one in one_things() if one.audience in roles
        ],
        "mine": [
            (row, name_of(row.thing), *THING_STATES[row.state])
            for row in queries.my_bundles(actor=request.actor)
        ],
    }
    return render(request, "services/thing_list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(*OWNERS)
def thing_begin(request: ActorRequest, code: str) -> HttpResponse:
    """Let the reader say what he needs, and begin."""
    thing = one_thing(code)
    form = ChoiceForm(request.POST or None, thing=thing)
    if request.method == "POST" and form.is_valid():
        key = begin_bundle(
            code=code,
            left_in=form.cleaned_data.get("left_in", []),
            actor=request.actor,
            at=timezone.now(),
        )
        return redirect("services:thing", key)
    context = {
        "name": name_of(thing),
        "summary": summary_of(thing),
        "form": form,
        "items": queries.names_of([part.item for part in thing.parts], actor=request.actor),
        "trail": [(_("One thing"), reverse("services:thing-list")), (name_of(thing), "")],
    }
    return render(request, "services/thing_begin.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@allow(*OWNERS)
def thing(request: ActorRequest, bundle_id: UUID) -> HttpResponse:
    """Ask, check and send; afterwards show how every part stands, with all certificates."""
    record = queries.my_bundle(bundle_id=bundle_id, actor=request.actor, at=timezone.now())
    trail = [(_("One thing"), reverse("services:thing-list")), (name_of(record.thing), "")]
    if record.sent_at is not None:
        context = {
            "record": record,
            "name": name_of(record.thing),
            "state": THING_STATES[record.state],
            "parts": [(part, *PART_STATES[part.state]) for part in record.parts],
            "trail": trail,
        }
        return render(request, "services/thing_result.html", context)
    questions = questions_of(bundle_id=bundle_id, actor=request.actor)
    form = OneForm(request.POST or None, questions=questions)
    if request.method == "POST" and form.is_valid() and _sent(request, form, bundle_id):
        return redirect("services:thing", bundle_id)
    context = {
        "record": record,
        "name": name_of(record.thing),
        "summary": summary_of(record.thing),
        "form": form,
        "supplied": [
            (one.question.label, one.question.value, one.question.source)
            for one in questions
            if not one.question.is_typed and one.question.value
        ],
        "parts": record.parts,
        "trail": trail,
    }
    return render(request, "services/thing_form.html", context)


def _sent(request: ActorRequest, form: OneForm, bundle_id: UUID) -> bool:
    at = timezone.now()
    try:
        faulty = answer_bundle(bundle_id=bundle_id, answers=form.answers(), actor=request.actor, at=at)
        for one in faulty:
            if one.question.fault is not None:
                form.add_error(one.name if one.name in form.fields else None, sentence(one.question.fault))
        if faulty:
            return False
        send_bundle(bundle_id=bundle_id, channel=Channel.WEB, actor=request.actor, at=at)
    except Refused as refusal:
        form.add_error(None, sentence(refusal))
        return False
    messages.success(request, gettext("Sent. This page shows how each part stands."))
    return True


@never_cache
@require_http_methods(["GET", "POST"])
@allow(*OWNERS)
def thing_withdraw(request: ActorRequest, bundle_id: UUID) -> HttpResponse:
    """Ask, then take back what has not ended."""
    record = queries.my_bundle(bundle_id=bundle_id, actor=request.actor, at=timezone.now())
    if request.method == "POST":
        withdraw_bundle(
            bundle_id=bundle_id,
            reason=gettext("The applicant took the whole matter back."),
            actor=request.actor,
            at=timezone.now(),
        )
        messages.success(request, gettext("Taken back. What was done already stays."))
        return redirect("services:thing", bundle_id)
    context = {
        "title": _("Take back?"),
        "text": name_of(record.thing)
        + " · "
        + gettext("Parts that have not ended are taken back. What was done already stays."),
        "action_label": _("Take back"),
        "cancel_url": reverse("services:thing", args=[bundle_id]),
        "is_dangerous": True,
    }
    return render(request, "ui/confirm.html", context)


urlpatterns = [
    path("one-things/", thing_list, name="thing-list"),
    path("one-things/begin/<slug:code>/", thing_begin, name="thing-begin"),
    path("one-things/<uuid:bundle_id>/", thing, name="thing"),
    path("one-things/<uuid:bundle_id>/withdraw/", thing_withdraw, name="thing-withdraw"),
]
