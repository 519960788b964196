"""The draft's form."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.forms.formsets import formset_factory
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from zhengshu.contexts.catalog import api
from zhengshu.contexts.catalog.application.reading_samples import read_samples
from zhengshu.contexts.catalog.domain.checks import MOST_ITEMS
from zhengshu.contexts.catalog.domain.vocabulary import (
    FormatCategory,
    OpeningClass,
    SharingClass,
    SharingMethod,
    State,
    UpdateCycle,
)
from zhengshu.contexts.catalog.interfaces.forms import (
    ITEMS_PREFIX,
    ItemForm,
    ItemFormSet,
    Items,
    ResourceForm,
    in_words,
    initial_of,
    initial_of_items,
    put_faults,
    read_draft,
    sections_of,
)
from zhengshu.foundation.files.sheets import read_upload
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Refused

_BLANK_ROWS = 3
_MOST_SYSTEMS = 200
_START = {
    "format_category": FormatCategory.DATABASE.value,
    "update_cycle": UpdateCycle.DAILY.value,
    "sharing_class": SharingClass.UNCONDITIONAL.value,
    "sharing_methods": [SharingMethod.SERVICE.value],
    "opening_class": OpeningClass.CLOSED.value,
}


@allow(Role.DATA_OFFICER)
def resource_new(request: ActorRequest) -> HttpResponse:
    """Declare a new resource; a sample file proposes its items."""
    if request.method != "POST":
        return _show(request, _form(request.actor), _rows([{} for _ in range(_BLANK_ROWS)]))
    form, items = _posted(request)
    if handled := _before_saving(request, form, items):
        return handled
    try:
        made = api.draft_resource(draft=read_draft(form, items), actor=request.actor, at=timezone.now())
    except api.DraftNotAcceptable as refusal:
        put_faults(form, items, refusal.faults)
        return _show(request, form, items, status=422)
    messages.success(request, gettext("The draft is kept. Submit it when it is complete."))
    return redirect("catalog:resource-draft", code=made.code)


@allow(Role.DATA_OFFICER)
def resource_edit(request: ActorRequest, code: str) -> HttpResponse:
    """Change the version on its way."""
    found = next(
        (one for one in api.versions_of(code=code, actor=request.actor) if _may_change(one.state)), None
    )
    if found is None:
        return redirect("catalog:resource-detail", code=code)
    shown = api.resource_version(code=code, number=found.number, actor=request.actor)
    if shown.department_id != request.actor.department_id:
        raise api.StepNotYours
    if request.method != "POST":
        initial = {**initial_of(shown.declared()), "revision": found.revision}
        rows = _rows(initial_of_items(shown.items))
        return _show(request, _form(request.actor, initial=initial), rows, shown=shown)
    form, items = _posted(request)
    if handled := _before_saving(request, form, items, shown=shown):
        return handled
    try:
        api.change_draft(
            code=code,
            draft=read_draft(form, items),
            expected_revision=form.cleaned_data["revision"] or 0,
            actor=request.actor,
            at=timezone.now(),
        )
    except api.DraftNotAcceptable as refusal:
        put_faults(form, items, refusal.faults)
    except Refused as refusal:
        form.add_error(None, sentence(refusal))
    else:
        messages.success(request, gettext("The changes are kept."))
        return redirect("catalog:resource-draft", code=code)
    return _show(request, form, items, shown=shown, status=422)


def _may_change(state: State) -> bool:
    return state in {State.DRAFT, State.RETURNED}


def _before_saving(
    request: ActorRequest, form: ResourceForm, items: Items, *, shown: api.ResourceRecord | None = None
) -> HttpResponse | None:
    """Answer the buttons that only reshape the form, and forms that cannot be read."""
    if "add" in request.POST:
        return _show(request, _same(request), _same_rows(request, more=1), shown=shown)
    if "sample" in request.POST:
        return _proposed(request, shown=shown)
    if form.is_valid() and items.is_valid():
        return None
    return _show(request, form, items, shown=shown, status=422)


def _proposed(request: ActorRequest, *, shown: api.ResourceRecord | None) -> HttpResponse:
    """Fill the rows with what the columns of a sample file look like."""
    try:
        data, name = read_upload(request.FILES.get("sample_file"))
        samples = read_samples(data, name=name)
    except Refused as refusal:
        messages.error(request, sentence(refusal))
        return _show(request, _same(request), _same_rows(request, more=0), shown=shown, status=422)
    proposals = api.propose_items(columns=samples)
    items = _rows(initial_of_items([one.item for one in proposals]))
    for row, proposal in zip(items.forms, proposals, strict=True):
        row.reasons = tuple(in_words(reason.message, reason.data) for reason in proposal.reasons)
    messages.info(
        request, gettext("The items are proposals from the file. Correct what is wrong, then save.")
    )
    return _show(request, _same(request), items, shown=shown)


def _posted(request: ActorRequest) -> tuple[ResourceForm, Items]:
    return _form(request.actor, data=request.POST), ItemFormSet(request.POST, prefix=ITEMS_PREFIX)


def _same(request: ActorRequest) -> ResourceForm:
    """Return the form with what was typed, not yet checked."""
    typed: dict[str, object] = {
        name: request.POST.getlist(name) if name == "sharing_methods" else request.POST.get(name, "")
        for name in ResourceForm.base_fields
    }
    return _form(request.actor, initial=typed)


def _same_rows(request: ActorRequest, *, more: int) -> Items:
    """Return the rows with what was typed, not yet checked, and some empty ones."""
    count = request.POST.get(f"{ITEMS_PREFIX}-TOTAL_FORMS", "0")
    number = min(int(count), MOST_ITEMS) if count.isdecimal() and len(count) < 6 else 0  # noqa: PLR2004 - a count
    rows = [
        {name: request.POST.get(f"{ITEMS_PREFIX}-{row}-{name}", "") for name in ItemForm.base_fields}
        for row in range(number)
        if f"{ITEMS_PREFIX}-{row}-DELETE" not in request.POST
    ]
    return _rows([*rows, *({} for _ in range(more))])


def _rows(initial: Sequence[Mapping[str, object]]) -> Items:
    return formset_factory(ItemForm, extra=0, can_delete=True, max_num=MOST_ITEMS)(
        prefix=ITEMS_PREFIX, initial=[dict(row) for row in initial]
    )


def _form(
    actor: Actor, *, data: QueryDict | None = None, initial: Mapping[str, object] | None = None
) -> ResourceForm:
    leaves = [(one.code, f"{one.code} {one.name}") for one in api.classification() if one.is_leaf]
    query = ListQuery(filters={"department": (str(actor.department_id),)}, size=_MOST_SYSTEMS)
    systems = [(str(one.id), one.name) for one in api.find_systems(query=query, actor=actor).rows]
    return ResourceForm(data, classifications=leaves, systems=systems, initial=initial or _START)


def _show(
    request: ActorRequest,
    form: ResourceForm,
    items: Items,
    *,
    shown: api.ResourceRecord | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "sections": sections_of(form),
        "items": items,
        "shown": shown,
        "elements": api.elements(),
        "code_tables": api.find_code_tables(query=ListQuery(size=_MOST_SYSTEMS), actor=request.actor).rows,
        "row_faults": sum(bool(row.errors) for row in items.forms) if items.is_bound else 0,
    }
    return render(request, "catalog/resource_form.html", context, status=status)
