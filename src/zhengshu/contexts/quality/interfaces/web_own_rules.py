"""Rules in SQL: writing, trying, saving and retiring them, for the data authority alone."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application import own_rules
from zhengshu.contexts.quality.application.own_rules import OwnRuleRecord
from zhengshu.contexts.quality.application.retire_own_rule import retire_own_rule
from zhengshu.contexts.quality.application.save_own_rule import save_own_rule
from zhengshu.contexts.quality.application.tables import rules_in_force, table_of
from zhengshu.contexts.quality.application.try_own_rule import LIMITS, Tried, try_own_rule
from zhengshu.contexts.quality.domain.own_rules import OwnRuleUnfit
from zhengshu.contexts.quality.interfaces import labels
from zhengshu.contexts.quality.interfaces.access import authority
from zhengshu.contexts.quality.interfaces.own_rule_form import OwnRuleForm
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.kernel.errors import Refused


@require_GET
@authority
def own_rule_list(request: ActorRequest) -> HttpResponse:
    """Show the rules in SQL."""
    query = ListQuery.read(request.GET, filters=own_rules.FILTERS, sorts=own_rules.SORTS)
    page = own_rules.own_rules(actor=request.actor, query=query)
    states = (("in-force", _("Asked in assessments")), ("retired", _("No longer asked")))
    context = {
        "page": page,
        "query": query,
        "rows": [_shown(one) for one in page.rows],
        "facets": [
            Facet(
                name="state",
                label=_("State"),
                options=tuple(Option(value=value, label=label) for value, label in states),
                is_single=True,
            )
        ],
    }
    return render(request, "quality/own_rule_list.html", context)


@require_GET
@authority
def own_rule_detail(request: ActorRequest, rule_id: UUID) -> HttpResponse:
    """Show a rule in SQL with its editions."""
    one = own_rules.own_rule(rule_id=rule_id, actor=request.actor)
    rule = one.current.rule
    context = {
        **_shown(one),
        "facts": [
            (_("Code"), one.code),
            (_("Table"), one.resource_name),
            (_("Column"), rule.column),
            (_("Other tables that it reads"), "、".join(one.current.tables)),
            (_("Dimension"), labels.dimension_name(rule.measures.dimension.value)),
            (_("Indicator"), f"{rule.indicator} {labels.indicator_name(rule.indicator)}"),
            (_("Severity"), labels.SEVERITIES[rule.severity.value]),
            (_("Weight in the score"), rule.weight),
            (_("Basis"), labels.rule_basis(rule)),
        ],
        "trail": _trail((one.code, "")),
    }
    return render(request, "quality/own_rule.html", context)


@require_http_methods(["GET", "POST"])
@authority
def own_rule_new(request: ActorRequest) -> HttpResponse:
    """Write a rule in SQL: choose its table, then write, try and save it."""
    code = request.GET.get("table", "")
    if not code:
        context = {"tables": _tables(), "trail": _trail((_("New rule in SQL"), ""))}
        return render(request, "quality/own_rule_table.html", context)
    resource = table_of(code, actor=request.actor)
    return _written(request, resource, None)


@require_http_methods(["GET", "POST"])
@authority
def own_rule_edit(request: ActorRequest, rule_id: UUID) -> HttpResponse:
    """Write another edition of a rule in SQL."""
    one = own_rules.own_rule(rule_id=rule_id, actor=request.actor)
    resource = table_of(one.resource_code, actor=request.actor)
    return _written(request, resource, one)


@require_POST
@authority
def own_rule_retire(request: ActorRequest, rule_id: UUID) -> HttpResponse:
    """Take a rule in SQL out of force."""
    try:
        retire_own_rule(rule_id=rule_id, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("The rule was retired; assessments ask it no more."))
    return redirect("quality:own-rule", rule_id)


def _written(
    request: ActorRequest, resource: catalog.ResourceRecord, one: OwnRuleRecord | None
) -> HttpResponse:
    columns = [(item.column, f"{item.name}（{item.column}）") for item in resource.items]
    tables = [(code, table.name) for code, table in rules_in_force().pack.tables.items()]
    if request.method != "POST":
        form = OwnRuleForm.of(one, columns=columns, tables=tables)
        return _form(request, resource, one, form)
    form = OwnRuleForm(request.POST, columns=columns, tables=tables, is_new=one is None)
    if not form.is_valid():
        return _form(request, resource, one, form, status=422)
    draft = form.draft(resource_code=resource.code, code=one.code if one else "")
    try:
        if request.POST.get("do") != "save":
            tried = try_own_rule(draft=draft, actor=request.actor, at=timezone.now())
            return _form(request, resource, one, form, tried=tried)
        rule_id = save_own_rule(
            draft=draft, actor=request.actor, at=timezone.now(), rule_id=one.id if one else None
        )
    except OwnRuleUnfit as refusal:
        said = labels.filled(refusal.reason.message, refusal.reason.details)
        return _form(request, resource, one, form, refusal=said, status=422)
    except Refused as refusal:
        return _form(request, resource, one, form, refusal=sentence(refusal), status=422)
    messages.success(request, _("The rule was saved; it is asked from the next assessment of its table on."))
    return redirect("quality:own-rule", rule_id)


def _form(
    request: ActorRequest,
    resource: catalog.ResourceRecord,
    one: OwnRuleRecord | None,
    form: OwnRuleForm,
    *,
    tried: Tried | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "resource": resource,
        "one": one,
        "form": form,
        "tried": tried,
        "refusal": refusal,
        "limits": LIMITS,
        "headings": [name for name, _value in tried.shown[0].values] if tried and tried.shown else [],
        "trail": _trail((one.code if one else _("New rule in SQL"), "")),
    }
    return render(request, "quality/own_rule_form.html", context, status=status)


def _shown(one: OwnRuleRecord) -> Mapping[str, object]:
    rule = one.current.rule
    return {
        "one": one,
        "name": labels.rule_name(rule),
        "severity": labels.SEVERITIES[rule.severity.value],
        "severity_color": labels.SEVERITY_COLORS[rule.severity.value],
        "dimension": labels.dimension_name(rule.measures.dimension.value),
        "state": _("No longer asked") if one.retired_at else _("Asked in assessments"),
        "state_color": "grey" if one.retired_at else "green",
    }


def _tables() -> Sequence[tuple[str, str]]:
    served = catalog.resources(ids=lake.served_resources())
    return sorted(
        ((one.code, one.name) for one in served.values() if not one.is_retired), key=lambda it: it[1]
    )


def _trail(*last: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (_("Data quality"), reverse("quality:overview")),
        (_("Rules"), reverse("quality:rule-list")),
        (_("Rules in SQL"), reverse("quality:own-rule-list")),
        *last,
    ]
