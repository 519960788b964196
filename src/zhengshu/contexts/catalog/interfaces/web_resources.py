"""List and detail pages of resources."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog import api
from zhengshu.contexts.catalog.application.revision_limit import RevisionLimit, revision_limit
from zhengshu.contexts.catalog.application.search_resources import FILTERS, SORTS
from zhengshu.contexts.catalog.domain.differences import Difference
from zhengshu.contexts.catalog.domain.vocabulary import State
from zhengshu.contexts.catalog.interfaces.facets import facets_of
from zhengshu.contexts.catalog.interfaces.facts import facts_of, item_rows, value_text
from zhengshu.contexts.catalog.interfaces.labels import FIELDS
from zhengshu.contexts.catalog.interfaces.steps import Doable, doable
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.slots import fragments
from zhengshu.kernel.actors import OFFICIALS, Actor, Role
from zhengshu.kernel.identity import CaseId

SLOT = "catalog.resource"


@allow(*OFFICIALS)
def resource_list(request: ActorRequest) -> HttpResponse:
    """Search and browse the catalogue."""
    query = ListQuery.read(request.GET, filters=tuple(FILTERS), sorts=tuple(SORTS))
    page = api.search(query=query, actor=request.actor)
    context = {
        "query": query,
        "page": page,
        "facets": facets_of(page, query),
        "way": page.way.value,
        "may_draft": request.actor.has(Role.DATA_OFFICER),
        "export_query": query.link(page="", size=""),
    }
    return render(request, "catalog/resource_list.html", context)


@allow(*OFFICIALS)
def resource_detail(request: ActorRequest, code: str) -> HttpResponse:
    """Show a resource as others see it."""
    shown = api.resource(code=code, actor=request.actor)
    return _page(request, shown)


@allow(*OFFICIALS)
def resource_draft(request: ActorRequest, code: str) -> HttpResponse:
    """Show the version on its way to publication, or the resource where there is none."""
    found = next(
        (one for one in api.versions_of(code=code, actor=request.actor) if _is_open(one.state)), None
    )
    if found is None:
        return redirect("catalog:resource-detail", code=code)
    return _page(request, api.resource_version(code=code, number=found.number, actor=request.actor))


@allow(*OFFICIALS)
def resource_version(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """Show one version."""
    return _page(request, api.resource_version(code=code, number=number, actor=request.actor))


@allow(*OFFICIALS)
def compare_versions(request: ActorRequest, code: str, old: int, new: int) -> HttpResponse:
    """Show what differs between two versions, field by field."""
    before = api.resource_version(code=code, number=old, actor=request.actor)
    after = api.resource_version(code=code, number=new, actor=request.actor)
    found = api.differences(before.declared(), after.declared())
    rows = [_difference(one, before, after) for one in found]
    return render(request, "catalog/resource_compare.html", {"before": before, "after": after, "rows": rows})


def _page(request: ActorRequest, shown: api.ResourceRecord) -> HttpResponse:
    actor = request.actor
    versions = api.versions_of(code=shown.code, actor=actor)
    version = next(one for one in versions if one.number == shown.version)
    open_one = next((one for one in versions if _is_open(one.state)), None)
    steps = doable(code=shown.code, version=version, actor=actor)
    context = {
        "shown": shown,
        "version": version,
        "versions": _with_previous(versions),
        "is_current": shown.state in {State.PUBLISHED, State.RETIRED},
        "open_version": open_one if open_one and open_one.number != shown.version else None,
        "facts": facts_of(shown),
        "items": item_rows(shown),
        "limit": _limit(version),
        "sources": api.sources_of_resource(resource_id=shown.id),
        "elsewhere": _elsewhere(shown),
        "steps": steps,
        "case": _case(version, steps, actor),
        "panels": fragments(SLOT, request, shown) if shown.state is not State.SUPERSEDED else (),
    }
    return render(request, "catalog/resource_detail.html", context)


def _limit(version: api.VersionRecord) -> RevisionLimit | None:
    """Return until when a change of law or duty must be entered, while it is not."""
    if version.cause_on is None or not _is_open(version.state):
        return None
    return revision_limit(cause_on=version.cause_on)


def _is_open(state: State) -> bool:
    return state in {State.DRAFT, State.SUBMITTED, State.APPROVED, State.RETURNED}


def _with_previous(versions: tuple[api.VersionRecord, ...]) -> list[tuple[api.VersionRecord, int]]:
    numbers = [one.number for one in versions]
    return [(one, max((number for number in numbers if number < one.number), default=0)) for one in versions]


def _elsewhere(shown: api.ResourceRecord) -> Mapping[str, api.SourceRecord]:
    """Return the elements of the resource whose source is another resource (Decree 809, article 19)."""
    codes = {item.element_code for item in shown.items if item.element_code}
    sources = api.sources_of_elements(codes=codes)
    return {code: found for code, found in sources.items() if found.resource_id != shown.id}


def _case(version: api.VersionRecord, steps: Doable, actor: Actor) -> casework.CaseRecord | None:
    """Return the case of an open version, for its clock; only its parties see it."""
    if version.case_id is None or not _is_open(version.state) or not steps.is_party:
        return None
    return casework.case(case_id=CaseId(version.case_id), actor=actor, at=timezone.now())


def _difference(one: Difference, before: api.ResourceRecord, after: api.ResourceRecord) -> dict[str, str]:
    names = {item.column: item.name for item in (*before.items, *after.items)}
    place = names.get(one.item, "")
    if one.item and not one.field:
        what = gettext("Item added") if one.after else gettext("Item removed")
    else:
        what = str(FIELDS[one.field])
    return {
        "place": place,
        "what": what,
        "before": value_text(one.field, one.before),
        "after": value_text(one.field, one.after),
    }
