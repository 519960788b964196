"""Pages of grants: the list, one grant with its use, and what can be done with it."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zhengshu.contexts.exchange.application import call_queries
from zhengshu.contexts.exchange.application import grant_queries as queries
from zhengshu.contexts.exchange.application.grant_queries import GrantState
from zhengshu.contexts.exchange.application.matter_queries import open_misuse_of
from zhengshu.contexts.exchange.application.names import purpose_name
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.application.records import FieldRecord, GrantRecord
from zhengshu.contexts.exchange.application.revoke_grant import revoke_grant
from zhengshu.contexts.exchange.interfaces import labels
from zhengshu.contexts.exchange.interfaces.access import (
    CALL_READERS,
    CORRECTION_REQUESTERS,
    DEVELOPERS,
    MATTER_READERS,
    MEASURERS,
    READERS,
)
from zhengshu.contexts.exchange.interfaces.charts import by_day
from zhengshu.contexts.exchange.interfaces.forms import last_day_of
from zhengshu.contexts.exchange.interfaces.forms_answers import ReasonForm, RevokeForm
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.foundation.ui.tags import day
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused

SIDES: labels.Labels = {"ours": gettext_lazy("Given to us"), "given": gettext_lazy("Given by us")}


@require_GET
@allow(*READERS)
def grant_list(request: ActorRequest) -> HttpResponse:
    """List the grants on either side."""
    query = ListQuery.read(request.GET, filters=queries.FILTERS, sorts=queries.SORTS)
    page = queries.grants(query=query, actor=request.actor, at=timezone.now())
    chosen = query.one("side")
    context = {
        "page": page,
        "query": query,
        "rows": [_row(record) for record in page.rows],
        "tabs": [
            (_("All"), query.link(side="", page=""), not chosen),
            *((str(text), query.link(side=side, page=""), chosen == side) for side, text in SIDES.items()),
        ],
        "facets": (
            Facet(
                name="purpose",
                label=_("Purpose"),
                options=tuple(Option(value=code, label=purpose_name(code)) for code in purposes()),
                is_single=True,
            ),
            Facet(
                name="state",
                label=_("State"),
                options=tuple(
                    Option(value=one, label=str(text)) for one, text in labels.GRANT_STATES.items()
                ),
                is_single=True,
            ),
        ),
    }
    return render(request, "exchange/grant_list.html", context)


@require_GET
@allow(*CALL_READERS)
def grant_detail(request: ActorRequest, grant_id: UUID) -> HttpResponse:
    """Show a grant, its use by day, and what was done about it."""
    at = timezone.now()
    record = queries.grant(grant_id=grant_id, actor=request.actor, at=at)
    counts = call_queries.call_counts(
        actor=request.actor, by="day", query=ListQuery(filters={"grant": (str(record.id),)}), at=at
    )
    context = {
        "record": record,
        **_row(record),
        "facts": _facts(record),
        "fields": [field_row(one) for one in record.fields],
        "conditions": conditions_of(record),
        "chart": by_day(counts, title=_("Calls in the last 30 days")),
        "measures": [(labels.label(labels.MEASURES, one.kind), one) for one in record.measures],
        "may": _may(request.actor, record),
        "misuse_id": open_misuse_of(grant_id=record.id),
        "may_see_misuse": request.actor.has(*MATTER_READERS),
        "may_develop": record.consumer_id == request.actor.department_id
        and request.actor.has(*DEVELOPERS)
        and not trust.is_platforms_own(record.system_name),
    }
    return render(request, "exchange/grant_detail.html", context)


@require_http_methods(["GET", "POST"])
@allow(*MEASURERS)
@sensitive
def grant_revoke(request: ActorRequest, grant_id: UUID) -> HttpResponse:
    """Ask before a grant ends, and end it."""
    record = queries.grant(grant_id=grant_id, actor=request.actor, at=timezone.now())
    is_provider = record.provider_id == request.actor.department_id
    form: Form = RevokeForm(request.POST or None) if is_provider else ReasonForm(request.POST or None)
    title = _("Revoke the grant")
    if request.method == "POST" and form.is_valid():
        try:
            _revoke(request, record, form)
        except Refused as fault:
            if fault.kind is not Kind.INVALID:
                raise
            form.add_error(None, sentence(fault))
        else:
            messages.success(request, _("Done: %(what)s.") % {"what": title})
            return redirect("exchange:grant-detail", grant_id=record.id)
    text = _(
        "All gateways refuse the calls of “%(system)s” within a second. A provider may end a use only with due "
        "cause, after consulting the consumer, and files it with the data authority (Decree 809, article 27)."
    ) % {"system": record.system_name}
    context = {
        "title": title,
        "text": text,
        "form": form,
        "action_label": title,
        "cancel_url": reverse("exchange:grant-detail", args=[record.id]),
        "is_dangerous": True,
    }
    return render(request, "ui/confirm.html", context)


def field_row(field: FieldRecord) -> dict[str, str]:
    """Return a granted field as a person reads it."""
    return {
        "name": field.name,
        "column": field.column,
        "type": labels.label(labels.TYPES, field.data_type),
        "grade": labels.grade(field.grade),
        "mask": labels.label(labels.MASKS, field.mask),
    }


def named_keys(record: GrantRecord) -> dict[str, str]:
    """Return the key columns with what a person calls them; a key need not be among the granted fields."""
    names = {one.column: one.name for one in record.fields}
    return {
        column: f"{names[column]} ({column})" if column in names else column for column in record.key_columns
    }


def conditions_of(record: GrantRecord) -> list[tuple[str, str, str]]:
    """Return the row filter as a person reads it."""
    names = {one.column: one.name for one in record.fields}
    return [
        (names.get(one.column, one.column), labels.label(labels.OPERATORS, one.operator), one.value)
        for one in record.conditions
    ]


def _revoke(request: ActorRequest, record: GrantRecord, form: Form) -> None:
    revoke_grant(
        grant_id=record.id,
        reason=form.cleaned_data["reason"],
        consultation=form.cleaned_data.get("consultation", ""),
        filing=form.cleaned_data.get("filing", ""),
        actor=request.actor,
        at=timezone.now(),
    )


def _may(actor: Actor, record: GrantRecord) -> dict[str, bool]:
    """Return which measures the page offers; the use cases decide once more."""
    sides = (record.consumer_id, record.provider_id)
    is_side = actor.department_id in sides and actor.has(Role.DATA_OFFICER, Role.DEPARTMENT_HEAD)
    is_over = actor.has(Role.REVIEWER) and actor.department_id not in sides
    gives = is_over or (is_side and actor.department_id == record.provider_id)
    is_open = record.state in {GrantState.ACTIVE, GrantState.UPCOMING}
    return {
        "revoke": (is_side or is_over) and (is_open or record.state == GrantState.SUSPENDED),
        "report": gives and (is_open or record.state == GrantState.SUSPENDED),
        "correct": actor.department_id == record.consumer_id and actor.has(*CORRECTION_REQUESTERS),
        "contest": is_side,
    }


def _row(record: GrantRecord) -> dict[str, object]:
    return {
        "record": record,
        "state": labels.label(labels.GRANT_STATES, record.state),
        "color": labels.GRANT_COLORS.get(record.state, "grey"),
        "last_day": last_day_of(record.active_to),
    }


def _facts(record: GrantRecord) -> list[tuple[str, object]]:
    return [
        (_("Resource"), f"{record.resource_name} · {record.resource_code}"),
        (_("Consumer"), record.consumer_name),
        (_("Consuming system"), record.system_name),
        (_("Provider"), record.provider_name),
        (_("Purpose"), "、".join(record.purpose_names)),
        (_("Quota"), _("%(second)s a second, %(day)s a day") % {
            "second": f"{record.per_second:,}", "day": f"{record.per_day:,}",
        }),
        (_("In force from"), f"{timezone.localtime(record.active_from):%Y-%m-%d %H:%M}"),
        (_("Last day of use"), day(last_day_of(record.active_to))),
        (_("Found by"), "、".join(named_keys(record).values())),
        (_("Case named in each call"), _("needed") if record.needs_case else _("not needed")),
    ]  # fmt: skip
