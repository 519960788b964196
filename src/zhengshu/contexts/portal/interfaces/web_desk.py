"""The first page, search and administration."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from zhengshu.contexts.exchange.api import CallCount
from zhengshu.contexts.portal.application.search_platform import search_platform
from zhengshu.contexts.portal.application.see_desk import oversee, see_desk
from zhengshu.contexts.portal.application.see_public import see_my_space, see_public
from zhengshu.contexts.portal.interfaces.menu import DATA_ROLES, OWN, administration_of
from zhengshu.contexts.portal.interfaces.navigation import entries
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, public, signed_in
from zhengshu.foundation.lists import MOST_LETTERS
from zhengshu.foundation.ui.charts import Chart, Series
from zhengshu.kernel.actors import ADMINISTRATORS, APPLICANTS, Role
from zhengshu.kernel.clocks import Light


@public
def home(request: ActorRequest) -> HttpResponse:
    """Show the landing page to visitors, and to everybody else the desk that fits the role."""
    actor = request.actor
    if not actor.is_signed_in:
        return site(request)
    if actor.has(*ADMINISTRATORS):
        return administration(request)
    if actor.has(Role.LEADER):
        return _oversight(request)
    if actor.has(*DATA_ROLES):
        return _desk(request)
    return _at_work(request)


@require_GET
@public
def site(request: ActorRequest) -> HttpResponse:
    """Show the public site: search, life events, what is asked for most, announcements."""
    found = see_public(actor=request.actor, at=timezone.now())
    return render(request, "portal/landing.html", {"site": found})


@require_GET
@allow(*sorted(APPLICANTS))
def my_space(request: ActorRequest) -> HttpResponse:
    """Show a citizen or a delegate what is his own, and the way to everything else."""
    at = timezone.now()
    context = {
        "site": see_public(actor=request.actor, at=at),
        "space": see_my_space(actor=request.actor, at=at),
        "tiles": entries(OWN, request.actor),
    }
    return render(request, "portal/my_space.html", context)


def _at_work(request: ActorRequest) -> HttpResponse:
    """Lead window clerks to their to-dos and applicants to their space; whoever has no role is told so."""
    if request.actor.has(Role.WINDOW_CLERK):
        return redirect("casework:inbox")
    if request.actor.has(*APPLICANTS):
        return my_space(request)
    return render(request, "portal/welcome.html")


def _desk(request: ActorRequest) -> HttpResponse:
    desk = see_desk(actor=request.actor, at=timezone.now())
    return render(request, "portal/desk.html", {"desk": desk, "chart": _calls(desk.calls)})


def _oversight(request: ActorRequest) -> HttpResponse:
    view = oversee(actor=request.actor, at=timezone.now())
    counts = {light.value: view.lights.get(light, 0) for light in Light}
    context = {
        "view": view,
        "counts": counts,
        "month": f"{timezone.localdate():%Y-%m}",
        "chart": _calls(view.calls),
    }
    return render(request, "portal/oversight.html", context)


@signed_in
def search(request: ActorRequest) -> HttpResponse:
    """Search everything that the actor may see."""
    text = request.GET.get("q", "").strip()[:MOST_LETTERS]
    found = search_platform(text=text, actor=request.actor, at=timezone.now()) if text else None
    return render(request, "portal/search.html", {"text": text, "found": found})


@allow(*ADMINISTRATORS)
def administration(request: ActorRequest) -> HttpResponse:
    """Lead each administrator to the pages of the role."""
    tiles = entries(administration_of(request.actor), request.actor)
    return render(request, "portal/administration.html", {"tiles": tiles})


def _calls(counts: tuple[CallCount, ...]) -> Chart | None:
    """Return the calls by day as a chart, or nothing where none was made."""
    if not any(count.answered or count.refused for count in counts):
        return None
    return Chart(
        title=gettext("Calls by day"),
        axis=gettext("Day"),
        unit=gettext("calls"),
        shape="stacked",
        labels=tuple(count.label for count in counts),
        series=(
            Series(name=gettext("answered"), values=tuple(count.answered for count in counts)),
            Series(name=gettext("refused"), values=tuple(count.refused for count in counts)),
        ),
    )
