"""Rules: the list, and one of them with what, why, where it is used and how often it was wrong."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.quality.application import own_rules
from zhengshu.contexts.quality.application import rule_queries as queries
from zhengshu.contexts.quality.interfaces import labels, shown
from zhengshu.contexts.quality.interfaces.access import ASSESSORS, readers
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.kernel.actors import Role

FILTERS = ("dimension", "severity", "kind")
Row = tuple[queries.RuleRecord, int, int]


@require_GET
@readers
def rule_list(request: ActorRequest) -> HttpResponse:
    """Show the rules in force with what they asked and blamed in the last assessments."""
    query = ListQuery.read(request.GET, filters=FILTERS)
    page = _paged(queries.rules(actor=request.actor), query)
    context = {
        "page": page,
        "query": query,
        "rows": [
            {
                "one": one,
                "name": labels.rule_name(one),
                "basis": labels.rule_basis(one),
                "asked": asked,
                "failed": failed,
                "kind": labels.KINDS[one.kind],
                "dimension": labels.dimension_name(one.dimension),
                "severity": labels.SEVERITIES[one.severity],
                "severity_color": labels.SEVERITY_COLORS[one.severity],
            }
            for one, asked, failed in page.rows
        ],
        "may_write": request.actor.has(Role.REVIEWER),
        "facets": [
            Facet(
                name="dimension",
                label=_("Dimension"),
                options=tuple(
                    Option(value=code, label=labels.dimension_name(code)) for code in labels.DIMENSIONS
                ),
                is_single=True,
            ),
            Facet(
                name="severity",
                label=_("Severity"),
                options=shown.options(labels.SEVERITIES),
                is_single=True,
            ),
            Facet(name="kind", label=_("Finding"), options=shown.options(labels.KINDS), is_single=True),
        ],
    }
    return render(request, "quality/rule_list.html", context)


@require_GET
@readers
def rule_detail(request: ActorRequest, code: str) -> HttpResponse:
    """Show one rule."""
    one = queries.rule(code=code)
    uses = queries.uses(code=one.code, actor=request.actor)
    names = shown.department_names({use.department_id for use in uses})
    standing = queries.standing(code=one.code)
    context = {
        "one": one,
        "name": labels.rule_name(one),
        "basis": labels.rule_basis(one),
        "standing": standing,
        "uses": [(use, names.get(use.department_id, "")) for use in uses],
        "own_id": own_rules.id_of(code=one.code, actor=request.actor),
        "may_see_rows": request.actor.has(*ASSESSORS),
        "facts": [
            (_("Code"), one.code),
            (_("What it asks"), labels.KINDS[one.kind]),
            (_("Data element"), _element_name(one.element)),
            (_("Column"), one.column),
            (_("Dimension"), labels.dimension_name(one.dimension)),
            (_("Indicator"), f"{one.indicator} {labels.indicator_name(one.indicator)}"),
            (_("Severity"), labels.SEVERITIES[one.severity]),
            (_("Weight in the score"), one.weight),
            (_("Basis"), labels.rule_basis(one)),
            (_("Editions that were asked"), standing.editions),
        ],
        "trail": [
            (_("Data quality"), reverse("quality:overview")),
            (_("Rules"), reverse("quality:rule-list")),
            (labels.rule_name(one), ""),
        ],
    }
    return render(request, "quality/rule.html", context)


def _element_name(code: str) -> str:
    if not code:
        return ""
    try:
        return catalog.element(code=code).name
    except catalog.ElementNotFound:
        return code


def _paged(rows: tuple[Row, ...], query: ListQuery) -> Page[Row]:
    """Return a page of rules, which are content and not rows of a table."""
    kept = [row for row in rows if _fits(row[0], query)]
    start = (query.page - 1) * query.size
    return Page(rows=tuple(kept[start : start + query.size]), total=len(kept), query=query)


def _fits(one: queries.RuleRecord, query: ListQuery) -> bool:
    chosen = {"dimension": one.dimension, "severity": one.severity, "kind": one.kind}
    text = query.text.casefold()
    return all(value in query.filters.get(name, (value,)) for name, value in chosen.items()) and (
        not text or text in f"{one.name} {one.name_en}".casefold() or text in one.code.casefold()
    )
