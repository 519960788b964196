"""Pages of information systems."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.catalog import api
from zhengshu.contexts.catalog.domain.vocabulary import Network, SystemStage
from zhengshu.contexts.catalog.interfaces.labels import choices
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.foundation.ui.widgets import DayInput
from zhengshu.kernel.actors import OFFICIALS, Role
from zhengshu.kernel.errors import Refused

_FILTERS = ("department", "stage", "network")


class SystemForm(forms.Form):
    """An information system as its department declares it."""

    name = forms.CharField(label=_("Name"), max_length=100)
    summary = forms.CharField(label=_("Summary"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    stage = forms.ChoiceField(label=_("Stage"))
    network = forms.ChoiceField(label=_("Network"))
    protection_level = forms.IntegerField(
        label=_("Level of graded protection"), min_value=1, max_value=5, initial=3
    )
    builder = forms.CharField(label=_("Builder or operator"), max_length=100, required=False)
    launched_on = forms.DateField(
        label=_("Launched on"),
        required=False,
        widget=DayInput(),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, object] | None = None) -> None:
        """Fill in the choices."""
        super().__init__(data, initial=initial)
        for name, kind in (("stage", SystemStage), ("network", Network)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices(kind)

    def draft(self) -> api.SystemDraft:
        """Return what a valid form declares."""
        facts = self.cleaned_data
        return api.SystemDraft(
            name=facts["name"],
            summary=facts["summary"],
            network=Network(facts["network"]),
            stage=SystemStage(facts["stage"]),
            protection_level=facts["protection_level"],
            builder=facts["builder"],
            launched_on=facts["launched_on"],
        )


@allow(*OFFICIALS)
def system_list(request: ActorRequest) -> HttpResponse:
    """Search information systems."""
    query = ListQuery.read(request.GET, filters=_FILTERS, sorts=("name", "stage", "protection_level"))
    facets = [
        _facet("stage", gettext("Stage"), SystemStage),
        _facet("network", gettext("Network"), Network),
    ]
    context = {
        "query": query,
        "page": api.find_systems(query=query, actor=request.actor),
        "facets": facets,
        "may_register": request.actor.has(Role.DATA_OFFICER),
    }
    return render(request, "catalog/system_list.html", context)


@allow(*OFFICIALS)
def system_detail(request: ActorRequest, system_id: UUID) -> HttpResponse:
    """Show an information system and the resources that come from it."""
    shown = api.system(system_id=system_id, actor=request.actor)
    may_change = request.actor.has(Role.DATA_OFFICER) and shown.department_id == request.actor.department_id
    context = {
        "system": shown,
        "resources": api.resources_of_system(system_id=system_id, actor=request.actor),
        "may_change": may_change,
    }
    return render(request, "catalog/system_detail.html", context)


@allow(Role.DATA_OFFICER)
def system_new(request: ActorRequest) -> HttpResponse:
    """Register an information system."""
    form = SystemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = api.register_system(draft=form.draft(), actor=request.actor, at=timezone.now())
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, gettext("The system is registered."))
            return redirect("catalog:system-detail", system_id=made)
    return _form_page(request, form)


@allow(Role.DATA_OFFICER)
def system_edit(request: ActorRequest, system_id: UUID) -> HttpResponse:
    """Change the entry of an information system."""
    shown = api.system(system_id=system_id, actor=request.actor)
    if shown.department_id != request.actor.department_id:
        raise api.SystemNotYours
    if request.method != "POST":
        initial: dict[str, object] = {name: getattr(shown, name) for name in SystemForm.base_fields}
        return _form_page(request, SystemForm(initial=initial), shown=shown)
    form = SystemForm(request.POST)
    if form.is_valid():
        try:
            api.change_system(
                system_id=system_id,
                draft=form.draft(),
                expected_revision=form.cleaned_data["revision"] or 0,
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, gettext("The changes are kept."))
            return redirect("catalog:system-detail", system_id=system_id)
    return _form_page(request, form, shown=shown)


def _form_page(
    request: ActorRequest, form: SystemForm, *, shown: api.SystemRecord | None = None
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "catalog/system_form.html", {"form": form, "system": shown}, status=status)


def _facet(name: str, title: str, kind: type[SystemStage] | type[Network]) -> Facet:
    options = tuple(Option(value=value, label=text) for value, text in choices(kind))
    return Facet(name=name, label=title, options=options, is_single=True)
