"""The schedule: when each table is assessed next; changing and pausing it."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengshu.contexts.quality.application.ask_assessment import may_assess
from zhengshu.contexts.quality.application.change_plan import change_plan
from zhengshu.contexts.quality.application.due_tables import plan_of
from zhengshu.contexts.quality.application.schedule import Scheduled, schedule
from zhengshu.contexts.quality.application.tables import table_of
from zhengshu.contexts.quality.domain.plans import MINUTE, MOST_DAYS
from zhengshu.contexts.quality.interfaces import shown
from zhengshu.contexts.quality.interfaces.access import assessors, readers
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.kernel.errors import Refused


@require_GET
@readers
def schedule_list(request: ActorRequest) -> HttpResponse:
    """Show when each table is assessed next, the first one first."""
    query = ListQuery.read(request.GET)
    found = [
        one for one in schedule(actor=request.actor, at=timezone.now()) if _fits(one, query.text.casefold())
    ]
    start = (query.page - 1) * query.size
    page = Page(rows=tuple(found[start : start + query.size]), total=len(found), query=query)
    names = shown.department_names({one.department_id for one in page.rows})
    context = {
        "page": page,
        "query": query,
        "rows": [
            {
                "one": one,
                "department": names.get(one.department_id, ""),
                "may_change": may_assess(request.actor, one.department_id),
            }
            for one in page.rows
        ],
        "minute": f"{MINUTE:02}",
        "most_days": MOST_DAYS,
        "paused": sum(one.plan.is_paused for one in found),
        "trail": [(_("Data quality"), reverse("quality:overview")), (_("Schedule"), "")],
    }
    return render(request, "quality/schedule.html", context)


@require_POST
@assessors
def schedule_change(request: ActorRequest, code: str) -> HttpResponse:
    """Set after how many days a table is assessed anew, or pause and resume its schedule."""
    plan, do = plan_of(table_of(code, actor=request.actor).id), request.POST.get("do", "")
    if do in {"pause", "resume"}:
        plan = replace(plan, is_paused=do == "pause")
    else:
        days = request.POST.get("every_days", "")
        plan = replace(plan, every_days=int(days) if days.isdecimal() and len(days) < 4 else -1)  # noqa: PLR2004 - a number within limits
    try:
        change_plan(resource_code=code, plan=plan, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("The schedule of the table was changed."))
    return redirect("quality:schedule")


def _fits(one: Scheduled, text: str) -> bool:
    return not text or text in one.resource_name.casefold() or text in one.resource_code.casefold()
