"""Pages on which an organ keeps the versions of its items: write, compare, hand in, approve, give back, retire."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.services import api
from zhengshu.contexts.services.application.access import (
    EDITORS,
    ItemNotAcceptable,
    ItemStepNotYours,
    steps_of,
)
from zhengshu.contexts.services.application.begin_item import begin_item
from zhengshu.contexts.services.application.items_in_the_making import FILTERS as MAKING_FILTERS
from zhengshu.contexts.services.application.items_in_the_making import open_versions
from zhengshu.contexts.services.application.keep_version import (
    approve_version,
    give_up_version,
    retire_item,
    return_version,
    submit_version,
    write_version,
)
from zhengshu.contexts.services.application.queries import item_version, versions_of
from zhengshu.contexts.services.application.records import ItemRecord
from zhengshu.contexts.services.application.take_back_version import take_back_version
from zhengshu.contexts.services.domain.checks import gaps_in
from zhengshu.contexts.services.domain.faults import Fault
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.vocabulary import ItemState, VersionState
from zhengshu.contexts.services.interfaces.compared import compared
from zhengshu.contexts.services.interfaces.guides import guide_of
from zhengshu.contexts.services.interfaces.item_forms import BLANK, VersionForms, Writing
from zhengshu.contexts.services.interfaces.labels import element_label, fault_text, label
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.kernel.actors import OFFICIALS, Actor, Role
from zhengshu.kernel.errors import Refused

_WRITERS = (Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.REVIEWER)
_IN_THE_MAKING = (VersionState.DRAFT, VersionState.SUBMITTED)


class _Written(TypedDict):
    """What both commands take that keep a declaration."""

    code: str
    draft: ItemDraft
    effective_from: date
    cause: str
    actor: Actor
    at: datetime


@require_GET
@allow(*OFFICIALS)
def item_versions(request: ActorRequest, code: str) -> HttpResponse:
    """Show the versions of an item and what can be done with them."""
    return _versions(request, code)


@require_GET
@allow(*OFFICIALS)
def item_version_page(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Show the guide of one version."""
    shown = item_version(code=code, number=number, actor=request.actor)
    return render(request, "services/item_guide.html", {**guide_of(shown), "is_version": True})


@require_GET
@allow(*OFFICIALS)
def item_compare(request: ActorRequest, code: str, old: int, new: int) -> HttpResponse:
    """Show what differs between two versions, element by element."""
    before = item_version(code=code, number=old, actor=request.actor)
    after = item_version(code=code, number=new, actor=request.actor)
    context = {"before": before, "after": after, "rows": compared(before.facts, after.facts)}
    return render(request, "services/item_compare.html", context)


@require_http_methods(["GET", "POST"])
@allow(*_WRITERS)
def item_edit(request: ActorRequest, code: str) -> HttpResponse:
    """Write the next version, or go on with the draft; whoever may not is told before he writes anything."""
    found = versions_of(code=code, actor=request.actor)
    summary = found[0].summary
    if summary.state is not ItemState.RETIRED and not steps_of(summary, None, request.actor).may_edit:
        return _versions(request, code, faults=[sentence(ItemStepNotYours())])
    draft = next((one for one in found if one.version_state is VersionState.DRAFT), None)
    base, revision = draft or _latest(found), draft.revision if draft else 0
    about = Writing(themes=api.themes())
    if request.method == "GET":
        first, cause = (draft.effective_from, draft.cause) if draft else (timezone.localdate(), "")
        forms = VersionForms.showing(base.facts, first_day=first, about=about, revision=revision, cause=cause)
        return _edit_page(request, base, forms)
    if act := request.POST.get("act", ""):
        return _edit_page(request, base, VersionForms.reshaped(request.POST, act, about=about))
    forms = VersionForms.written(request.POST, about=about)
    return _kept(request, base, forms) or _edit_page(request, base, forms, status=422)


@require_http_methods(["GET", "POST"])
@allow(*EDITORS)
def item_new(request: ActorRequest) -> HttpResponse:
    """Write the first version of an item that was not offered before."""
    about = Writing(themes=api.themes(), is_new=True)
    if request.method == "GET":
        forms = VersionForms.showing(BLANK, first_day=timezone.localdate(), about=about)
        return _edit_page(request, None, forms)
    if act := request.POST.get("act", ""):
        return _edit_page(request, None, VersionForms.reshaped(request.POST, act, about=about))
    forms = VersionForms.written(request.POST, about=about)
    return _kept(request, None, forms) or _edit_page(request, None, forms, status=422)


@require_GET
@allow(*OFFICIALS)
def item_desk(request: ActorRequest) -> HttpResponse:
    """Show the versions that are written or wait for approval."""
    query = ListQuery.read(request.GET, filters=MAKING_FILTERS)
    page = open_versions(query=query, actor=request.actor, on=timezone.localdate())
    states = Facet(
        name="state",
        label=gettext("State"),
        is_single=True,
        options=(
            *(Option(value=one.value, label=label(one)) for one in _IN_THE_MAKING),
            Option(value=VersionState.PUBLISHED.value, label=gettext("Approved, not in force yet")),
        ),
    )
    context = {
        "query": query,
        "page": page,
        "facets": (states,),
        "may_begin": request.actor.has(*EDITORS),
    }
    return render(request, "services/item_desk.html", context)


def _kept(request: ActorRequest, base: ItemRecord | None, forms: VersionForms) -> HttpResponse | None:
    """Write the version and lead on; where it is refused, mark what is wrong and return None."""
    if not forms.is_valid():
        return None
    data = forms.form.cleaned_data
    try:
        code = base.code if base else data["code"]
        facts = _Written(
            code=code,
            draft=forms.declared(base.facts if base else BLANK),
            effective_from=data["effective_from"],
            cause=data["cause"],
            actor=request.actor,
            at=timezone.now(),
        )
        if base is None:
            kept = begin_item(**facts)
        else:
            kept = write_version(**facts, expected_revision=data["expected_revision"])
    except ItemNotAcceptable as refusal:
        forms.put(refusal.faults)
        return None
    except Refused as refusal:
        forms.form.add_error(None, sentence(refusal))
        return None
    messages.success(request, gettext("The draft is kept. Hand it in when it is complete."))
    return redirect("services:item-versions", kept.code)


@require_POST
@allow(*_WRITERS)
def item_step(request: ActorRequest, code: str) -> HttpResponse:
    """Hand in, give up, approve, give back, take back or retire."""
    reason, now = request.POST.get("reason", "")[:2000], timezone.now()
    try:
        match request.POST.get("step"):
            case "submit":
                submit_version(code=code, actor=request.actor, at=now)
            case "give-up":
                give_up_version(code=code, actor=request.actor, at=now)
            case "approve":
                approve_version(code=code, actor=request.actor, at=now)
            case "return":
                return_version(code=code, reason=reason, actor=request.actor, at=now)
            case "take-back" if (number := request.POST.get("number", "")[:7]).isdecimal():
                take_back_version(code=code, number=int(number), reason=reason, actor=request.actor, at=now)
            case "retire":
                retire_item(code=code, reason=reason, actor=request.actor, at=now)
    except ItemNotAcceptable as refusal:
        return _versions(request, code, faults=[_of_element(fault) for fault in refusal.faults])
    except api.ItemNotFound:
        raise
    except Refused as refusal:
        return _versions(request, code, faults=[sentence(refusal)])
    return redirect("services:item-versions", code)


def _latest(found: Sequence[ItemRecord]) -> ItemRecord:
    """Return the version that the next one begins from; of an item that never was offered the last one written."""
    return next((one for one in found if one.version_state is VersionState.PUBLISHED), found[0])


def _of_element(fault: Fault) -> str:
    return f"{element_label(fault.field)}{gettext(': ')}{fault_text(fault)}"


def _versions(request: ActorRequest, code: str, *, faults: list[str] | None = None) -> HttpResponse:
    found = versions_of(code=code, actor=request.actor)
    open_one = next((one for one in found if one.version_state in _IN_THE_MAKING), None)
    numbers = [one.version for one in found]
    steps = steps_of(found[0].summary, open_one.version_state if open_one else None, request.actor)
    today = timezone.localdate()
    coming = [
        one for one in found if one.version_state is VersionState.PUBLISHED and one.effective_from > today
    ]
    context = {
        "shown": open_one or _latest(found),
        "versions": [(one, max((n for n in numbers if n < one.version), default=0)) for one in found],
        "open_one": open_one,
        "gaps": [element_label(fault.field) for fault in gaps_in(open_one.facts)] if open_one else [],
        "steps": steps,
        "coming": coming if steps.may_take_back else [],
        "faults": faults or [],
    }
    return render(request, "services/item_versions.html", context, status=422 if faults else 200)


def _edit_page(
    request: ActorRequest, base: ItemRecord | None, forms: VersionForms, *, status: int = 200
) -> HttpResponse:
    context = {
        "shown": base,
        "forms": forms,
        "sections": forms.sections(),
        "mistakes": forms.mistakes(),
        "elements": catalog.elements(),
    }
    return render(request, "services/item_edit.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("desk/", item_desk, name="item-desk"),
    path("new-item/", item_new, name="item-new"),
    path("items/<slug:code>/versions/", item_versions, name="item-versions"),
    path("items/<slug:code>/versions/<int:number>/", item_version_page, name="item-version"),
    path("items/<slug:code>/compare/<int:old>/<int:new>/", item_compare, name="item-compare"),
    path("items/<slug:code>/edit/", item_edit, name="item-edit"),
    path("items/<slug:code>/step/", item_step, name="item-step"),
]
