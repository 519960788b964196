"""What is in the lake of a resource: served rows, snapshots, where they came from."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.interfaces.access import officers, readers
from zhengshu.contexts.lake.interfaces.labels import MODES
from zhengshu.contexts.lake.interfaces.web_batches import UNPUBLISHED, named
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Role


@readers
def resource_data(request: ActorRequest, code: str) -> HttpResponse:
    """Show what is served of a resource, its lineage, its snapshots and its deliveries."""
    resource = catalog.resource(code=code, actor=request.actor)
    serving = api.serving(resource_id=resource.id)
    is_own = api.may_preview(resource=resource, actor=request.actor)
    query = ListQuery.read(request.GET)
    page = api.batches(actor=request.actor, query=query, resource_id=resource.id)
    history = api.history(resource=resource, actor=request.actor)
    context = {
        "resource": resource,
        "serving": serving,
        "served_batch": _served_batch(request, serving),
        "is_own": is_own,
        "is_officer": is_own and request.actor.has(Role.DATA_OFFICER),
        "is_unpublished": is_own and resource.state in UNPUBLISHED,
        "preview": api.preview(resource=resource, actor=request.actor) if is_own else None,
        "snapshots": [{"snapshot": one, "mode": _mode(one.mode)} for one in history],
        "page": page,
        "query": query,
        "rows": [{"batch": batch, **named(batch)} for batch in page.rows],
        "is_all_or_nothing": api.takes_only_whole_batches(resource_id=resource.id),
    }
    return render(request, "lake/resource_data.html", context)


@require_POST
@officers
def rule(request: ActorRequest, code: str) -> HttpResponse:
    """Choose whether faulty rows are set aside or keep the whole batch from being published."""
    is_all_or_nothing = request.POST.get("is_all_or_nothing") == "1"
    api.change_rule(
        resource_code=code, is_all_or_nothing=is_all_or_nothing, actor=request.actor, at=timezone.now()
    )
    messages.success(request, gettext("The rule for deliveries was changed."))
    return redirect("lake:resource-data", code)


def _served_batch(request: ActorRequest, serving: api.Serving | None) -> api.BatchRecord | None:
    if serving is None:
        return None
    try:
        return api.batch(batch_id=serving.batch_id, actor=request.actor)
    except api.BatchNotFound:
        return None


def _mode(value: str) -> str:
    return str(MODES[api.DeliveryMode(value)]) if value in set(api.DeliveryMode) else value
