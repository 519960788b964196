"""Pages of one thing: choose what is needed, one form without a repeated question, one page with every result."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhengshu.contexts.services.application import bundle_queries as queries
from zhengshu.contexts.services.application.answer_bundle import answer_bundle
from zhengshu.contexts.services.application.begin_bundle import (
    MergedQuestion,
    begin_bundle,
    questions_of,
)
from zhengshu.contexts.services.application.carry_bundle import send_bundle, withdraw_bundle
from zhengshu.contexts.services.application.discard_bundle import discard_bundle
from zhengshu.contexts.services.application.foresee_letters import lacking_in_bundle
from zhengshu.contexts.services.application.one_thing_pack import one_thing, one_things
from zhengshu.contexts.services.application.register_firm import firms_founded
from zhengshu.contexts.services.domain.applications import together
from zhengshu.contexts.services.domain.one_things import OneThing
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.contexts.services.interfaces.slots import foreseen, letters_of, views_of
from zhengshu.contexts.services.interfaces.thing_forms import (
    ChoiceForm,
    OneForm,
    Step,
    is_english,
    shown,
    steps_of,
)
from zhengshu.foundation.http.kept import keeps
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.actors import APPLICANTS
from zhengshu.kernel.errors import Refused

OWNERS = tuple(sorted(APPLICANTS))

PART_STATES: Final[Mapping[str, tuple[str, Promise]]] = {
    "waiting": ("grey", _("waits for another part")),
    "open": ("blue", _("being handled")),
    "done": ("green", _("done")),
    "failed": ("red", _("not granted")),
    "dropped": ("grey", _("not begun, because what it needs was not granted or was taken back")),
    "withdrawn": ("grey", _("withdrawn")),
}
THING_STATES: Final[Mapping[str, tuple[str, Promise]]] = {
    "open": ("blue", _("being handled")),
    "done": ("green", _("all done")),
    "partly": ("yellow", _("partly done")),
    "failed": ("red", _("not granted")),
    "withdrawn": ("grey", _("withdrawn")),
}


def name_of(thing: OneThing) -> str:
    """Return a bundle's name in the reader's language."""
    return thing.name_en if is_english() else thing.name


def summary_of(thing: OneThing) -> str:
    """Return what a bundle is, in the reader's language."""
    return thing.summary_en if is_english() else thing.summary


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
            key=form.cleaned_data["key"],
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


@keeps
@never_cache
@require_http_methods(["GET", "POST"])
@allow(*OWNERS)
def thing(request: ActorRequest, bundle_id: UUID) -> HttpResponse:
    """Ask, check and send; afterwards show how every part stands, with all certificates."""
    record = queries.my_bundle(bundle_id=bundle_id, actor=request.actor, at=timezone.now())
    trail = [(_("One thing"), reverse("services:thing-list")), (name_of(record.thing), "")]
    if record.sent_at is not None:
        if request.method == "POST":
            return redirect("services:thing", bundle_id)
        context = {
            "record": record,
            "name": name_of(record.thing),
            "state": THING_STATES[record.state],
            "parts": [(part, *PART_STATES[part.state]) for part in record.parts],
            "firms": firms_founded(bundle_id=bundle_id, actor=request.actor, at=timezone.now()),
            "trail": trail,
        }
        return render(request, "services/thing_result.html", context)
    questions = questions_of(bundle_id=bundle_id, actor=request.actor)
    names = {part.item: part.name for part in record.parts}
    steps = steps_of(questions, names=names, title=name_of(record.thing))
    page = _Page(record=record, steps=steps, questions=questions, trail=trail)
    number = _number(request, steps)
    return _check(request, page) if number > len(steps) else _step(request, page, steps[number - 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What every page of the one form shows."""

    record: queries.BundleRecord
    steps: tuple[Step, ...]
    questions: tuple[MergedQuestion, ...]
    trail: Sequence[tuple[object, str]]

    def context(self, number: int) -> dict[str, object]:
        """Return it with the page's number; the last page checks and sends."""
        return {
            "record": self.record,
            "name": name_of(self.record.thing),
            "summary": summary_of(self.record.thing),
            "number": number,
            "count": len(self.steps) + 1,
            "steps": [(one.number, one.title, one.is_answered) for one in self.steps],
            "trail": self.trail,
        }

    def address(self, number: int) -> str:
        """Return where a page is."""
        return f"{reverse('services:thing', args=[self.record.id])}?step={number}"


def _number(request: ActorRequest, steps: Sequence[Step]) -> int:
    """Return the page that is sent or asked for, else the first on which something is missing.

    A page says which it is, so that one that is sent again, or from another tab, is never taken for the next.
    """
    wanted = request.POST.get("step") or request.GET.get("step", "")
    if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted[:3]) <= len(steps) + 1:
        return int(wanted[:3])
    return next((one.number for one in steps if not one.is_answered), len(steps) + 1)


def _step(request: ActorRequest, page: _Page, step: Step) -> HttpResponse:
    is_corrected = "correct" in request.GET
    asked = step.questions if is_corrected else step.open
    form = OneForm(request.POST or None, request.FILES or None, questions=asked)
    if request.method == "POST" and form.is_valid() and _kept(request, form, page.record.id):
        return redirect(page.address(step.number + 1))
    context = {
        **page.context(step.number),
        "title": step.title,
        "form": form,
        "back": page.address(step.number - 1) if step.number > 1 else "",
        "known": () if is_corrected else _told(step.known),
        "supplied": _supplied(page.questions) if step.number == 1 else (),
        "correct": f"{page.address(step.number)}&correct=1",
    }
    return render(request, "services/thing_form.html", context)


def _check(request: ActorRequest, page: _Page) -> HttpResponse:
    """Show all answers with what the rules say of them, and send."""
    refusal = ""
    if "send" in request.POST:
        try:
            send_bundle(bundle_id=page.record.id, channel=Channel.WEB, actor=request.actor, at=timezone.now())
        except Refused as fault:
            refusal = sentence(fault)
        else:
            messages.success(request, gettext("Sent. This page shows how each part stands."))
            return redirect("services:thing", page.record.id)
    checks = foreseen(queries.foreseen_of(bundle_id=page.record.id, actor=request.actor))
    context = {
        **page.context(len(page.steps) + 1),
        "refusal": refusal,
        "back": page.address(len(page.steps)),
        "supplied": _supplied(page.questions),
        "answered": [
            (step.title, page.address(step.number), _told(step.questions), step.is_answered)
            for step in page.steps
        ],
        "is_complete": all(step.is_answered for step in page.steps),
        "checks": views_of(checks),
        "verdict": together(one.verdict.value for one in checks).value if checks else "",
        "letters": letters_of(
            lacking_in_bundle(bundle_id=page.record.id, actor=request.actor, on=timezone.localdate())
        ),
        "is_before": True,
    }
    return render(request, "services/thing_check.html", context)


def _told(questions: Iterable[MergedQuestion]) -> list[tuple[str, str, str, datetime | None]]:
    return [(one.question.label, shown(one), one.source, one.source_at) for one in questions]


def _supplied(questions: Iterable[MergedQuestion]) -> list[tuple[str, str, str]]:
    return [
        (one.question.label, one.question.value, one.question.source)
        for one in questions
        if one.question.source and one.question.value
    ]


def _kept(request: ActorRequest, form: OneForm, bundle_id: UUID) -> bool:
    """Keep the answers of a page; whether the page is answered."""
    try:
        faulty = answer_bundle(
            bundle_id=bundle_id,
            answers=form.answers(),
            files=form.uploads(),
            actor=request.actor,
            at=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, sentence(refusal))
        return False
    for one in faulty:
        if one.question.fault is not None and one.name in form.fields:
            form.add_error(one.name, sentence(one.question.fault))
    return form.is_valid()


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


@never_cache
@require_http_methods(["GET", "POST"])
@allow(*OWNERS)
def thing_discard(request: ActorRequest, bundle_id: UUID) -> HttpResponse:
    """Ask before a one thing that was not sent is thrown away, then do it."""
    if request.method == "POST":
        discard_bundle(bundle_id=bundle_id, actor=request.actor)
        messages.success(request, gettext("The draft was discarded."))
        return redirect("apply:list")
    record = queries.my_bundle(bundle_id=bundle_id, actor=request.actor, at=timezone.now())
    if record.sent_at is not None:
        return redirect("services:thing", bundle_id)
    context = {
        "title": _("Discard this draft?"),
        "text": gettext(
            "Everything that you answered in “%(name)s” will be lost, for all matters that belong to it. "
            "No department has received anything yet."
        )
        % {"name": name_of(record.thing)},
        "action_label": _("Discard"),
        "cancel_url": reverse("services:thing", args=[bundle_id]),
        "is_dangerous": True,
    }
    return render(request, "ui/confirm.html", context)


urlpatterns = [
    path("one-things/", thing_list, name="thing-list"),
    path("one-things/begin/<slug:code>/", thing_begin, name="thing-begin"),
    path("one-things/<uuid:bundle_id>/", thing, name="thing"),
    path("one-things/<uuid:bundle_id>/withdraw/", thing_withdraw, name="thing-withdraw"),
    path("one-things/<uuid:bundle_id>/discard/", thing_discard, name="thing-discard"),
]
