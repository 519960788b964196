"""What the exchange shows on pages of other contexts."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from zhengshu.contexts.catalog.api import ResourceRecord, SharingClass
from zhengshu.contexts.exchange.application.matter_queries import corrections_of
from zhengshu.contexts.exchange.interfaces import labels
from zhengshu.contexts.exchange.interfaces import labels_matters as words
from zhengshu.contexts.exchange.interfaces.access import CORRECTION_REQUESTERS, MATTER_READERS
from zhengshu.foundation.ui.slots import slot
from zhengshu.kernel.actors import Actor, Role


@slot("catalog.resource", ResourceRecord)
def request_button(request: HttpRequest, resource: ResourceRecord) -> SafeString:
    """Offer a data officer of another department to request a published resource."""
    actor = getattr(request, "actor", None)
    is_published = resource.published_at is not None and not resource.is_retired
    if not isinstance(actor, Actor) or not actor.has(Role.DATA_OFFICER) or not is_published:
        return SafeString("")
    if actor.department_id in {None, resource.department_id}:
        return SafeString("")
    context = {"resource": resource, "is_withheld": resource.sharing_class is SharingClass.WITHHELD}
    return render_to_string("exchange/parts/request_button.html", context, request=request)


@slot("catalog.resource", ResourceRecord)
def corrections(request: HttpRequest, resource: ResourceRecord) -> SafeString:
    """Show an official how the corrections of a published resource go, and offer to report wrong data."""
    actor = getattr(request, "actor", None)
    is_published = resource.published_at is not None and not resource.is_retired
    if not isinstance(actor, Actor) or not actor.has(*MATTER_READERS) or not is_published:
        return SafeString("")
    found = corrections_of(resource_id=resource.id)
    context = {
        "resource": resource,
        "found": found,
        "results": [
            (one.number, labels.label(words.RESULTS, one.state), "、".join(one.fields), one.closed_at)
            for one in found.last
        ],
        "may_ask": actor.has(*CORRECTION_REQUESTERS) and actor.department_id != resource.department_id,
    }
    return render_to_string("exchange/parts/corrections.html", context, request=request)
