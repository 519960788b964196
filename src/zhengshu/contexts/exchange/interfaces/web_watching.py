"""Pages of watching: the rules with what they found, their numbers with what others would have found, findings."""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from zhengshu.contexts.exchange.application import watch_queries as queries
from zhengshu.contexts.exchange.application.names import purpose_name
from zhengshu.contexts.exchange.application.watch_rules import RuleInForce, change_rule, rules_in_force
from zhengshu.contexts.exchange.domain.watching import RuleCode
from zhengshu.contexts.exchange.interfaces.labels_watching import (
    EVIDENCE,
    MEASURED,
    RULES,
    THRESHOLDS,
    VERDICTS,
    WHAT,
)
from zhengshu.contexts.exchange.interfaces.verdicts import verdict_label
from zhengshu.contexts.exchange.interfaces.web_examining import examination
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.foundation.ui.tags import moment
from zhengshu.kernel.actors import Role

MOST_REPORTED = 20
"""Receipts that a report of misuse is begun with."""
FINDING_READERS = (Role.SECURITY_ADMIN, Role.DATA_OFFICER, Role.DEPARTMENT_HEAD)


class RuleForm(forms.Form):
    """The numbers of a rule."""

    is_on = forms.BooleanField(label=_("Switched on"), required=False)

    def __init__(self, *arguments: object, rule: RuleInForce, **options: object) -> None:
        """Offer the rule's thresholds within their bounds."""
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # handed on as they are
        self.fields["is_on"].initial = rule.is_on
        for name, bounds in rule.rule.thresholds.items():
            self.fields[name] = forms.IntegerField(
                label=str(THRESHOLDS[rule.rule.code, name]),
                min_value=bounds.least,
                max_value=bounds.most,
                initial=rule.thresholds[name],
                help_text=_("At first %(value)s; from %(least)s to %(most)s.")
                % {"value": bounds.value, "least": bounds.least, "most": bounds.most},
            )

    def thresholds(self) -> dict[str, int]:
        """Return the numbers that were entered."""
        return {name: value for name, value in self.cleaned_data.items() if name != "is_on"}


@require_GET
@allow(Role.SECURITY_ADMIN)
def watching(request: ActorRequest) -> HttpResponse:
    """Show the rules: what they look for, with which numbers, what they found, and how often they were wrong."""
    rows = queries.standings()
    context = {
        "rows": [
            (row, RULES[row.in_force.rule.code], WHAT[row.in_force.rule.code], _numbers(row.in_force))
            for row in rows
        ],
        "run": queries.last_run(),
        "open": sum(row.open for row in rows),
        "confirmed": sum(row.confirmed for row in rows),
        "dismissed": sum(row.dismissed for row in rows),
    }
    return render(request, "exchange/watching.html", context)


@allow(Role.SECURITY_ADMIN)
def watch_rule(request: ActorRequest, code: str) -> HttpResponse:
    """Change the numbers of a rule; what they would have found in the past is shown before they hold."""
    rule = next((one for one in rules_in_force() if one.rule.code.value == code), None)
    if rule is None:
        raise Http404
    form = RuleForm(request.POST or None, rule=rule)
    at = timezone.now()
    after = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("step") == "apply":
            change_rule(
                code=rule.rule.code,
                is_on=form.cleaned_data["is_on"],
                thresholds=form.thresholds(),
                actor=request.actor,
                at=at,
            )
            messages.success(request, gettext("The rule holds from now on."))
            return redirect("exchange:watching")
        after = queries.effect(code=rule.rule.code, thresholds=form.thresholds(), at=at)
    context = {
        "form": form,
        "name": RULES[rule.rule.code],
        "what": WHAT[rule.rule.code],
        "measured": MEASURED[rule.rule.code],
        "rule": rule,
        "now": queries.effect(code=rule.rule.code, thresholds=rule.thresholds, at=at),
        "after": after,
        "trail": [(_("Watching"), reverse("exchange:watching")), (RULES[rule.rule.code], "")],
    }
    return render(request, "exchange/watch_rule.html", context)


@require_GET
@allow(*FINDING_READERS)
def finding_list(request: ActorRequest) -> HttpResponse:
    """List findings: all for the security administrator, confirmed ones on their data for providers."""
    query = ListQuery.read(request.GET, filters=queries.FILTERS)
    page = queries.findings(query=query, actor=request.actor)
    facets = [Facet(name="rule", label=gettext("Rule"), options=_options(RULES), is_single=True)]
    if request.actor.has(Role.SECURITY_ADMIN):
        facets.append(
            Facet(name="verdict", label=gettext("Verdict"), options=_options(VERDICTS), is_single=True)
        )
    context = {
        "page": page,
        "query": query,
        "rows": [(row, RULES[row.rule], *_verdict(row.verdict)) for row in page.rows],
        "facets": facets,
        "may_change": request.actor.has(Role.SECURITY_ADMIN),
    }
    return render(request, "exchange/finding_list.html", context)


@allow(*FINDING_READERS)
def finding_detail(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    """Show a finding with its evidence: what was measured, against which numbers, and the calls."""
    row = queries.finding(finding_id=finding_id, actor=request.actor)
    form, case = examination(request, subject_id=row.id)
    if request.method == "POST" and form is None:
        return redirect("exchange:finding-detail", row.id)
    color, verdict = _verdict(row.verdict)
    facts: list[tuple[object, object]] = [
        (_("Day"), row.day),
        (_("System"), row.system_name or "—"),
        (_("Consumer"), row.consumer_name),
        (_("Provider"), row.provider_name or "—"),
        (_("Resource"), row.resource_name or row.resource_code or "—"),
        (MEASURED[row.rule], f"{row.value:,} (≥ {row.limit:,})"),
        *((THRESHOLDS[row.rule, name], value) for name, value in row.thresholds.items()),
        (_("Found"), moment(row.raised_at)),
    ]
    if row.judged_at:
        facts.append((_("Judged"), moment(row.judged_at)))
    evidence = [(EVIDENCE[name], _shown(value)) for name, value in row.evidence.items() if name in EVIDENCE]
    may_report = row.grant_id is not None and row.verdict and not request.actor.has(Role.SECURITY_ADMIN)
    context = {
        "finding": row,
        "name": RULES[row.rule],
        "what": WHAT[row.rule],
        "color": color,
        "verdict": verdict,
        "facts": facts,
        "evidence": evidence,
        "hours": _hours(row.evidence.get("by_hour")),
        "calls": [
            (call, purpose_name(call.purpose), verdict_label(call.verdict)) for call in queries.calls_of(row)
        ],
        "form": form,
        "case": case,
        "may_report": may_report,
        "receipts": " ".join(str(one) for one in row.calls[:MOST_REPORTED]),
        "trail": [(_("Findings"), reverse("exchange:finding-list")), (RULES[row.rule], "")],
    }
    return render(request, "exchange/finding_detail.html", context)


def _numbers(rule: RuleInForce) -> list[tuple[object, int]]:
    return [(THRESHOLDS[rule.rule.code, name], value) for name, value in rule.thresholds.items()]


def _verdict(verdict: str) -> tuple[str, object]:
    colors = {"": "yellow", "confirmed": "red", "dismissed": "green"}
    return colors.get(verdict, "grey"), VERDICTS.get(verdict or queries.OPEN, verdict)


def _options(labels: Mapping[RuleCode, object] | Mapping[str, object]) -> tuple[Option, ...]:
    return tuple(Option(value=str(code), label=str(text)) for code, text in labels.items())


def _shown(value: object) -> object:
    return "  ".join(str(one) for one in value) or "—" if isinstance(value, list) else value


def _hours(value: object) -> list[tuple[str, int]]:
    if not isinstance(value, list):
        return []
    return [(f"{hour:02d}:00", int(calls)) for hour, calls in enumerate(value) if calls]
