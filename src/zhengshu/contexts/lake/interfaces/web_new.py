"""A new resource from a file: upload, look at what was recognised, correct, declare."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import BaseFormSet, formset_factory
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.interfaces.access import officers
from zhengshu.contexts.lake.interfaces.forms import ItemForm, NewFileForm, ResourceFactsForm
from zhengshu.contexts.lake.interfaces.labels import GRADES, TYPES
from zhengshu.contexts.lake.interfaces.web_deliver import receive, refuse_announced
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.kernel.errors import Kind, Refused

SESSION_KEY = "lake.profiled"
_MOST_FILES = 5
_SHOWN_VALUES = 3
ItemFormSet = formset_factory(ItemForm, extra=0, max_num=2000, absolute_max=2000)


class ProfiledFileGone(Refused):
    """The uploaded file belongs to another session, or is no longer kept."""

    code = "lake.profiled-file-gone"
    kind = Kind.NOT_FOUND
    message = "The file is no longer kept. Upload it again."


@officers
@csrf_exempt
def new_file(request: ActorRequest) -> HttpResponse:
    """Take a file that is to become a new resource."""
    refuse_announced(request)
    return _new_file(request)


@csrf_protect
def _new_file(request: ActorRequest) -> HttpResponse:
    form = NewFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload: UploadedFile[bytes] = form.cleaned_data["file"]
        name = upload.name or ""
        staged = api.keep_upload(upload.chunks())
        try:
            api.profile(source=staged, file_name=name)
        except Refused as refusal:
            staged.unlink(missing_ok=True)
            form.add_error("file", sentence(refusal))
        else:
            known = dict(request.session.get(SESSION_KEY, {}))
            request.session[SESSION_KEY] = dict([*known.items(), (staged.name, name)][-_MOST_FILES:])
            return redirect("lake:new-resource", staged.name)
    return render(request, "lake/new_file.html", {"form": form}, status=422 if form.errors else 200)


@officers
def new_resource(request: ActorRequest, token: str) -> HttpResponse:
    """Show what was recognised in the file; declare the resource as the officer corrected it."""
    file_name = request.session.get(SESSION_KEY, {}).get(token)
    path = api.inbox() / token
    if not isinstance(file_name, str) or path.parent != api.inbox() or not path.exists():
        raise ProfiledFileGone
    profile = api.profile(source=path, file_name=file_name)
    proposals = catalog.propose_items(columns=profile.columns)
    is_sent = request.method == "POST"
    facts = ResourceFactsForm(
        request.POST if is_sent else None,
        classifications=_classifications(),
        initial={"name": file_name.rpartition(".")[0] or file_name},
    )
    items = ItemFormSet(
        request.POST if is_sent else None,
        prefix="items",
        initial=None if is_sent else [_initial(proposal) for proposal in proposals],
    )
    if is_sent and facts.is_valid() and items.is_valid():
        try:
            resource = _declare(request, facts, items, profile)
        except catalog.DraftNotAcceptable as refusal:
            _spread(refusal.faults, facts, items)
        else:
            if facts.cleaned_data["collect_now"]:
                batch = receive(request, code=resource.code, staged=path, file_name=file_name)
                messages.success(
                    request, gettext("The resource was drafted; its first delivery is being collected.")
                )
                return redirect("lake:batch-detail", batch.id)
            path.unlink(missing_ok=True)
            messages.success(request, gettext("The resource was drafted."))
            return redirect("catalog:resource-detail", resource.code)
    context = {
        "facts": facts,
        "items": items,
        "columns": _columns(profile, proposals, items),
        "profile": profile,
        "file_name": file_name,
    }
    return render(request, "lake/new_resource.html", context, status=422 if is_sent else 200)


def _declare(
    request: ActorRequest, facts: ResourceFactsForm, items: "BaseFormSet[ItemForm]", profile: api.FileProfile
) -> catalog.ResourceRecord:
    taken = tuple(form.item() for form in items if form.cleaned_data["is_taken"])
    draft = facts.draft(items=taken, format_type=profile.file_format)
    return catalog.draft_resource(draft=draft, actor=request.actor, at=timezone.now())


def _classifications() -> Sequence[tuple[str, str]]:
    return [(node.code, f"{node.code} {node.name}") for node in catalog.classification() if node.is_leaf]


def _initial(proposal: catalog.ItemProposal) -> Mapping[str, object]:
    values = asdict(proposal.item)
    return {
        "is_taken": True,
        **values,
        "grade": int(proposal.item.grade),
        "data_type": proposal.item.data_type.value,
    }


def _columns(
    profile: api.FileProfile, proposals: Sequence[catalog.ItemProposal], items: "BaseFormSet[ItemForm]"
) -> list[dict[str, object]]:
    rows = []
    for sample, proposal, form in zip(profile.columns, proposals, items.forms, strict=False):
        rows.append(
            {
                "form": form,
                "heading": sample.name,
                "values": tuple(dict.fromkeys(sample.filled()))[:_SHOWN_VALUES],
                "distinct": sample.distinct,
                "empty": sample.empty,
                "reasons": [gettext(reason.message) % reason.data for reason in proposal.reasons],
                "type": TYPES[proposal.item.data_type],
                "grade": GRADES[proposal.item.grade],
                "element": proposal.item.element_code,
                "is_key": proposal.item.is_key,
                "is_open": not proposal.item.element_code or (form.is_bound and bool(form.errors)),
            }
        )
    return rows


def _spread(
    faults: Sequence[catalog.Fault], facts: ResourceFactsForm, items: "BaseFormSet[ItemForm]"
) -> None:
    """Put each fault beside the field that it is about."""
    taken = [form for form in items if form.cleaned_data["is_taken"]]
    for fault in faults:
        text = gettext(fault.message) % fault.data if fault.data else gettext(fault.message)
        parts = fault.field.split(".")
        if parts[0] == "items" and len(parts) > 1 and parts[1].isdecimal() and int(parts[1]) < len(taken):
            form = taken[int(parts[1])]
            form.add_error(parts[2] if len(parts) > 2 and parts[2] in form.fields else None, text)  # noqa: PLR2004 - items.0.name
        else:
            facts.add_error(fault.field if fault.field in facts.fields else None, text)
