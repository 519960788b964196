"""The page for the developer of a consuming system: address, key, code that works, a try, the problems."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhengshu.contexts.exchange.application import grant_queries as queries
from zhengshu.contexts.exchange.application.grant_queries import GrantState
from zhengshu.contexts.exchange.application.records import GrantRecord
from zhengshu.contexts.exchange.application.steps import NotYourStep
from zhengshu.contexts.exchange.application.try_call import try_call
from zhengshu.contexts.exchange.domain.snippets import CallFacts, curl_script, python_lines, sample_key
from zhengshu.contexts.exchange.interfaces import labels
from zhengshu.contexts.exchange.interfaces.access import DEVELOPERS
from zhengshu.contexts.exchange.interfaces.forms import last_day_of
from zhengshu.contexts.exchange.interfaces.forms_answers import KeyForm
from zhengshu.contexts.exchange.interfaces.verdicts import problems
from zhengshu.contexts.exchange.interfaces.web_grants import field_row, named_keys
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.errors import Kind, Refused

SAMPLE_CASE = "SAMPLE-1"
HIDDEN_SECRET = "…"  # noqa: S105 - what stands in for a secret that is not shown
MOST_LETTERS = 200


@require_GET
@allow(*DEVELOPERS)
def developer(request: ActorRequest, grant_id: UUID) -> HttpResponse:
    """Show everything that a developer needs to make the first call."""
    record = _own(request, grant_id)
    return render(request, "exchange/developer.html", _context(record))


@never_cache
@require_POST
@allow(*DEVELOPERS)
def key_issue(request: ActorRequest, grant_id: UUID) -> HttpResponse:
    """Issue a key to the consuming system, and show its secret this once."""
    record = _own(request, grant_id)
    form = KeyForm(request.POST)
    if form.is_valid():
        try:
            issued = trust.issue_key(
                system_id=record.system_id,
                algorithm=form.cleaned_data["algorithm"],
                public_key=form.cleaned_data["public_key"] or None,
                actor=request.actor,
                at=timezone.now(),
                overlap=timedelta(hours=form.cleaned_data["overlap"]),
            )
        except Refused as fault:
            if fault.kind not in {Kind.INVALID, Kind.CONFLICT}:
                raise
            form.add_error(None, sentence(fault))
        else:
            context = _context(record, issued=issued) | {"issued": issued}
            return render(request, "exchange/key.html", context)
    return render(request, "exchange/developer.html", _context(record, key_form=form), status=422)


@never_cache
@require_POST
@allow(*DEVELOPERS)
def try_call_view(request: ActorRequest, grant_id: UUID) -> HttpResponse:
    """Make one call through the gateway, recorded like any other, and show what came back."""
    record = _own(request, grant_id)
    key = {
        column: request.POST.get(f"key_{column}", "")[:MOST_LETTERS].strip() for column in record.key_columns
    }
    key = {column: value for column, value in key.items() if value}
    case = request.POST.get("case", "")[:MOST_LETTERS].strip()
    tried = try_call(grant_id=record.id, key=key, case=case, actor=request.actor, at=timezone.now())
    context = _context(record) | {"tried": tried, "tried_key": key, "tried_case": case}
    return render(request, "exchange/developer.html", context)


def _own(request: ActorRequest, grant_id: UUID) -> GrantRecord:
    """Return a grant of the reader's own systems; neither the provider nor users of the platform's own have a key."""
    record = queries.grant(grant_id=grant_id, actor=request.actor, at=timezone.now())
    if record.consumer_id != request.actor.department_id:
        raise NotYourStep
    if trust.is_platforms_own(record.system_name):
        raise trust.KeyKeptByPlatform
    return record


def _context(
    record: GrantRecord,
    *,
    issued: trust.IssuedKey | None = None,
    key_form: KeyForm | None = None,
) -> dict[str, object]:
    keys = trust.keys_of(system_id=record.system_id)
    now = timezone.now()
    active = [
        key for key in keys if key.active_from <= now < key.active_to and not key.key_id.startswith("zst_")
    ]
    facts = _facts(record, active=active, issued=issued)
    return {
        "record": record,
        "gateway_url": settings.GATEWAY_URL,
        "fields": [field_row(one) for one in record.fields],
        "last_day": last_day_of(record.active_to),
        "keys": active,
        "key_form": key_form or KeyForm(),
        "python": python_lines(facts),
        "curl": curl_script(facts),
        "sample": [(column, name, facts.key[column]) for column, name in named_keys(record).items()],
        "is_active": record.state is GrantState.ACTIVE,
        "state": labels.label(labels.GRANT_STATES, record.state),
        "sample_case": facts.case,
        "problems": problems(),
    }


def _facts(
    record: GrantRecord, *, active: list[trust.KeyRecord], issued: trust.IssuedKey | None
) -> CallFacts:
    newest = active[0] if active else None
    known = issued or newest
    return CallFacts(
        url=settings.GATEWAY_URL,
        key_id=HIDDEN_SECRET if known is None else known.key_id,
        secret=(issued.secret or HIDDEN_SECRET) if issued else HIDDEN_SECRET,
        algorithm="hmac-sha256" if known is None else known.algorithm.value,
        resource=record.resource_code,
        purpose=record.purposes[0],
        key=sample_key(_key_types(record)),
        case=SAMPLE_CASE if record.needs_case else "",
    )


def _key_types(record: GrantRecord) -> Mapping[str, str]:
    types = {one.column: one.data_type for one in record.fields}
    return {column: types.get(column, "text") for column in record.key_columns}
