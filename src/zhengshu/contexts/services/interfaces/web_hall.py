"""The hall: groups of windows, a clerk's desk that calls numbers, the screen for everybody, and one's own number."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengshu.contexts.services.application import ticket_queries as queries
from zhengshu.contexts.services.application.application_queries import ApplicationNotFound, application
from zhengshu.contexts.services.application.call_tickets import call_next, call_number, move_ticket
from zhengshu.contexts.services.application.hall_times import hall_times
from zhengshu.contexts.services.application.invite_rating import MOST_WINDOW
from zhengshu.contexts.services.application.keep_window_groups import (
    MOST_GROUP_NAME,
    WindowGroupNotFound,
    WindowGroupRecord,
    end_window_group,
    form_window_group,
    groups_of_hall,
    window_groups,
)
from zhengshu.contexts.services.application.offered import taken_in
from zhengshu.contexts.services.application.ticket_records import TicketRecord
from zhengshu.contexts.services.domain.queueing import Step, read_label
from zhengshu.contexts.services.interfaces.qr import qr
from zhengshu.contexts.services.models.queueing import HALL_KEEPERS
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, public
from zhengshu.foundation.lists import readable
from zhengshu.kernel.actors import Role
from zhengshu.kernel.errors import Refused

app_name = "hall"
keepers = allow(*HALL_KEEPERS)
callers = allow(Role.WINDOW_CLERK)
counting = allow(*HALL_KEEPERS, Role.LEADER, Role.REVIEWER)
SECONDS_BETWEEN_SCREENS: Final = 10
EARLIEST: Final = date(2000, 1, 1)


class GroupForm(forms.Form):
    """What windows call together."""

    letter = forms.CharField(
        label=gettext_lazy("Letter"),
        max_length=1,
        help_text=gettext_lazy("Numbers of the group begin with it, as in A001."),
    )
    name = forms.CharField(label=gettext_lazy("Name of the group"), max_length=MOST_GROUP_NAME)
    items = forms.MultipleChoiceField(
        label=gettext_lazy("Only for these matters"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("With none of them, a number is taken for any matter."),
    )


@never_cache
@require_http_methods(["GET", "POST"])
@keepers
def groups(request: ActorRequest) -> HttpResponse:
    """Form groups of windows, and end them."""
    form = GroupForm(request.POST or None)
    form.fields["items"].choices = [(one.code, one.name) for one in taken_in()]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            form_window_group(
                letter=told["letter"],
                name=told["name"],
                items=told["items"],
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, _("The group gives numbers now."))
            return redirect("hall:groups")
    context = {
        "form": form,
        "groups": window_groups(actor=request.actor),
        "hall": request.actor.department_id,
    }
    return render(request, "services/hall_groups.html", context)


@require_POST
@keepers
def end_group(request: ActorRequest, group_id: UUID) -> HttpResponse:
    """Let a group give no numbers any more."""
    end_window_group(group_id=group_id, actor=request.actor, at=timezone.now())
    messages.success(request, _("The group gives no numbers any more."))
    return redirect("hall:groups")


@never_cache
@require_GET
@callers
def sit(request: ActorRequest) -> HttpResponse:
    """Let a clerk say at which window he sits, and which numbers he calls."""
    known = window_groups(actor=request.actor)
    if request.GET.get("group"):
        chosen = next((one for one in known if str(one.id) == request.GET["group"]), None)
        if chosen is None:
            raise WindowGroupNotFound
        return _to_desk(chosen.id, request.GET.get("window", ""))
    return render(request, "services/hall_sit.html", {"groups": known, "most": MOST_WINDOW})


@never_cache
@require_GET
@callers
def desk(request: ActorRequest, group_id: UUID) -> HttpResponse:
    """Show the queue of a group, and the number before the clerk."""
    group = _group(request, group_id)
    context = {
        "group": group,
        "window": _window(request.GET.get("window", "")),
        "desk": queries.desk(group_id=group_id, actor=request.actor, at=timezone.now()),
        "hall": request.actor.department_id,
    }
    return render(request, "services/hall_desk.html", context)


@require_POST
@callers
def call(request: ActorRequest, group_id: UUID) -> HttpResponse:
    """Call the next number."""
    window = request.POST.get("window", "")
    return _done(
        request,
        group_id,
        lambda: call_next(group_id=group_id, window=window, actor=request.actor, at=timezone.now()),
    )


@require_POST
@callers
def find(request: ActorRequest, group_id: UUID) -> HttpResponse:
    """Call the number that was typed or scanned; with the number of an application, go to its case."""
    number, window = (
        readable(request.POST.get("number", "")).rstrip("/").rpartition("/")[2],
        request.POST.get("window", ""),
    )
    if read_label(number) is None:
        try:
            found = application(number=number.upper(), actor=request.actor)
        except ApplicationNotFound:
            pass
        else:
            return redirect("casework:case-detail", found.case_id)
    return _done(
        request,
        group_id,
        lambda: call_number(number=number, window=window, actor=request.actor, at=timezone.now()),
    )


@require_POST
@callers
def move(request: ActorRequest, group_id: UUID, ticket_id: UUID) -> HttpResponse:
    """Call a number again, pass it over, begin or end serving it."""
    step = next((one for one in Step if one.value == request.POST.get("step")), Step.RECALL)
    return _done(
        request,
        group_id,
        lambda: move_ticket(ticket_id=ticket_id, step=step, actor=request.actor, at=timezone.now()),
    )


@require_GET
@counting
def times(request: ActorRequest) -> HttpResponse:
    """Show leaders and those who keep a hall how long people waited, month by month."""
    month = _month(request.GET.get("month", ""))
    context = {
        "month": month,
        "before": (month - timedelta(days=1)).replace(day=1),
        "after": None if month == _month("") else (month + timedelta(days=31)).replace(day=1),
        "groups": hall_times(month=month, actor=request.actor),
        "trail": [(_("Waiting times in the halls"), "")],
    }
    return render(request, "services/hall_times.html", context)


@never_cache
@require_GET
@public
def screen(request: ActorRequest, department_id: UUID) -> HttpResponse:
    """Show everybody which numbers are called to which windows; nobody is named."""
    found = groups_of_hall(department_id=department_id)
    if not found:
        raise WindowGroupNotFound
    context = {
        "name": found[0].department_name,
        "called": queries.called_now(department_id=department_id, at=timezone.now()),
        "waits": queries.hall_now(department_id=department_id, at=timezone.now()),
        "seconds": SECONDS_BETWEEN_SCREENS,
        "now": timezone.now(),
    }
    return render(request, "services/hall_screen.html", context)


@never_cache
@require_GET
@public
def ticket(request: ActorRequest, code: str) -> HttpResponse:
    """Show how far one's own number is; whoever has its code has the number."""
    place = queries.place_of(code=code, at=timezone.now())
    address = request.build_absolute_uri(reverse("hall:ticket", args=[code]))
    context = {"place": place, "picture": qr(address), "seconds": SECONDS_BETWEEN_SCREENS}
    answer = render(request, "services/ticket.html", context)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _group(request: ActorRequest, group_id: UUID) -> WindowGroupRecord:
    found = next((one for one in window_groups(actor=request.actor) if one.id == group_id), None)
    if found is None:
        raise WindowGroupNotFound
    return found


def _month(text: str) -> date:
    """Return the first day of the month that was asked for, else of this one."""
    today = timezone.localdate()
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return max(EARLIEST, min(asked, today.replace(day=1)))


def _window(text: str) -> str:
    return " ".join(readable(text).split())[:MOST_WINDOW]


def _done(request: ActorRequest, group_id: UUID, act: Callable[[], TicketRecord]) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    return _to_desk(group_id, request.POST.get("window", ""))


def _to_desk(group_id: UUID, window: str) -> HttpResponseRedirect:
    address = reverse("hall:desk", args=[group_id])
    return HttpResponseRedirect(f"{address}?{urlencode({'window': _window(window)})}")


urlpatterns: list[URLPattern | URLResolver] = [
    path("", sit, name="sit"),
    path("groups/", groups, name="groups"),
    path("groups/<uuid:group_id>/end/", end_group, name="end-group"),
    path("desk/<uuid:group_id>/", desk, name="desk"),
    path("desk/<uuid:group_id>/next/", call, name="call"),
    path("desk/<uuid:group_id>/find/", find, name="find"),
    path("desk/<uuid:group_id>/<uuid:ticket_id>/", move, name="move"),
    path("times/", times, name="times"),
    path("screen/<uuid:department_id>/", screen, name="screen"),
    path("tickets/<slug:code>/", ticket, name="ticket"),
]
