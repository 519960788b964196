"""Saved filters: keep one, see those that one may use, remove one's own."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengshu.contexts.casework.application.case_rows import SORTS
from zhengshu.contexts.casework.application.save_filter import (
    remove_filter,
    save_filter,
    saved_filter,
    saved_filters,
)
from zhengshu.contexts.casework.domain.narrowing import FILTERS
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.errors import Refused

MOST_LETTERS_OF_QUERY = 4000


@require_GET
@allow(*READERS)
def filter_list(request: ActorRequest) -> HttpResponse:
    """List the reader's filters and those that colleagues share."""
    rows = [(one, reverse("casework:filter", args=[one.id])) for one in saved_filters(actor=request.actor)]
    context = {
        "rows": rows,
        "trail": [(_("Cases"), reverse("casework:supervision")), (_("Saved filters"), "")],
    }
    return render(request, "casework/filters.html", context)


@require_GET
@allow(*READERS)
def filter_open(request: ActorRequest, filter_id: UUID) -> HttpResponse:
    """Lead to the list as a saved filter narrows it."""
    found = saved_filter(filter_id=filter_id, actor=request.actor)
    return redirect(reverse("casework:supervision") + found.query.link())


@require_POST
@allow(*READERS)
def filter_save(request: ActorRequest) -> HttpResponse:
    """Keep what the list is narrowed by, and go back to the list."""
    asked = QueryDict(request.POST.get("query", "")[:MOST_LETTERS_OF_QUERY].removeprefix("?"))
    query = ListQuery.read(asked, filters=FILTERS, sorts=SORTS)
    try:
        saved = save_filter(
            name=request.POST.get("name", ""),
            is_shared=request.POST.get("is_shared") == "on",
            query=query,
            actor=request.actor,
            at=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("The filter “%(name)s” is kept.") % {"name": saved.name})
    return redirect(reverse("casework:supervision") + query.link())


@require_POST
@allow(*READERS)
def filter_remove(request: ActorRequest, filter_id: UUID) -> HttpResponse:
    """Remove one of the reader's own filters."""
    remove_filter(filter_id=filter_id, actor=request.actor)
    messages.success(request, _("The filter was removed."))
    return redirect("casework:filters")
