"""Pages on which an organ keeps the versions of its items: write, compare, hand in, approve, give back, retire."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.services import api
from zhengshu.contexts.services.application.access import ItemNotAcceptable, steps_of
from zhengshu.contexts.services.application.keep_version import (
    approve_version,
    retire_item,
    return_version,
    submit_version,
    write_version,
)
from zhengshu.contexts.services.application.queries import item_version, versions_of
from zhengshu.contexts.services.application.records import ItemRecord
from zhengshu.contexts.services.domain.checks import gaps_in
from zhengshu.contexts.services.domain.faults import Fault
from zhengshu.contexts.services.domain.vocabulary import VersionState
from zhengshu.contexts.services.interfaces.compared import compared
from zhengshu.contexts.services.interfaces.guides import guide_of
from zhengshu.contexts.services.interfaces.item_forms import VersionForms
from zhengshu.contexts.services.interfaces.labels import element_label, fault_text
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.actors import OFFICIALS, Role
from zhengshu.kernel.errors import Refused

_WRITERS = (Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.REVIEWER)
_OPEN = {VersionState.DRAFT, VersionState.SUBMITTED}


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
    """Write the next version, or go on with the draft."""
    found = versions_of(code=code, actor=request.actor)
    draft = next((one for one in found if one.version_state is VersionState.DRAFT), None)
    base, revision = draft or found[0], draft.revision if draft else 0
    themes = api.themes()
    if request.method == "GET":
        first = base.effective_from if draft else timezone.localdate()
        forms = VersionForms.showing(base, first_day=first, revision=revision, themes=themes)
        return _edit_page(request, base, forms)
    if act := request.POST.get("act", ""):
        return _edit_page(request, base, VersionForms.reshaped(request.POST, act, themes=themes))
    forms = VersionForms.written(request.POST, themes=themes)
    if not (forms.is_valid() and _is_kept(request, base, forms)):
        return _edit_page(request, base, forms, status=422)
    messages.success(request, gettext("The draft is kept. Hand it in when it is complete."))
    return redirect("services:item-versions", code)


def _is_kept(request: ActorRequest, base: ItemRecord, forms: VersionForms) -> bool:
    """Write the version; where it is refused, mark what is wrong."""
    data = forms.form.cleaned_data
    try:
        write_version(
            code=base.code,
            draft=forms.declared(base.facts),
            effective_from=data["effective_from"],
            cause=data["cause"],
            expected_revision=data["expected_revision"],
            actor=request.actor,
            at=timezone.now(),
        )
    except ItemNotAcceptable as refusal:
        forms.put(refusal.faults)
        return False
    except Refused as refusal:
        forms.form.add_error(None, sentence(refusal))
        return False
    return True


@require_POST
@allow(*_WRITERS)
def item_step(request: ActorRequest, code: str) -> HttpResponse:
    """Hand in, approve, give back or retire."""
    reason, now = request.POST.get("reason", "")[:2000], timezone.now()
    try:
        match request.POST.get("step"):
            case "submit":
                submit_version(code=code, actor=request.actor, at=now)
            case "approve":
                approve_version(code=code, actor=request.actor, at=now)
            case "return":
                return_version(code=code, reason=reason, actor=request.actor, at=now)
            case "retire":
                retire_item(code=code, reason=reason, actor=request.actor, at=now)
    except ItemNotAcceptable as refusal:
        return _versions(request, code, faults=[_of_element(fault) for fault in refusal.faults])
    except api.ItemNotFound:
        raise
    except Refused as refusal:
        return _versions(request, code, faults=[sentence(refusal)])
    return redirect("services:item-versions", code)


def _of_element(fault: Fault) -> str:
    return f"{element_label(fault.field)}{gettext(': ')}{fault_text(fault)}"


def _versions(request: ActorRequest, code: str, *, faults: list[str] | None = None) -> HttpResponse:
    found = versions_of(code=code, actor=request.actor)
    open_one = next((one for one in found if one.version_state in _OPEN), None)
    numbers = [one.version for one in found]
    context = {
        "shown": found[0],
        "versions": [(one, max((n for n in numbers if n < one.version), default=0)) for one in found],
        "open_one": open_one,
        "gaps": [element_label(fault.field) for fault in gaps_in(open_one.facts)] if open_one else [],
        "steps": steps_of(found[0].summary, open_one.version_state if open_one else None, request.actor),
        "faults": faults or [],
    }
    return render(request, "services/item_versions.html", context, status=422 if faults else 200)


def _edit_page(
    request: ActorRequest, base: ItemRecord, forms: VersionForms, *, status: int = 200
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
    path("items/<slug:code>/versions/", item_versions, name="item-versions"),
    path("items/<slug:code>/versions/<int:number>/", item_version_page, name="item-version"),
    path("items/<slug:code>/compare/<int:old>/<int:new>/", item_compare, name="item-compare"),
    path("items/<slug:code>/edit/", item_edit, name="item-edit"),
    path("items/<slug:code>/step/", item_step, name="item-step"),
]
