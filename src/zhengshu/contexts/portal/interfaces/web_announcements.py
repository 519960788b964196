"""Announcements: the public list, and the data authority's desk for them."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengshu.contexts.portal.application.announce import (
    AnnouncementNotFound,
    publish_announcement,
    withdraw_announcement,
    write_announcement,
)
from zhengshu.contexts.portal.models import Announcement
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, public
from zhengshu.foundation.lists import ListQuery, paged
from zhengshu.kernel.actors import NOBODY, Role
from zhengshu.kernel.errors import Refused

writers = allow(Role.REVIEWER)
STATES = {
    Announcement.State.DRAFT.value: gettext_lazy("Draft"),
    Announcement.State.PUBLISHED.value: gettext_lazy("Published"),
    Announcement.State.WITHDRAWN.value: gettext_lazy("Withdrawn"),
}


class AnnouncementForm(forms.Form):
    """What an announcement says."""

    revision = forms.IntegerField(widget=forms.HiddenInput, initial=1)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    text = forms.CharField(
        label=gettext_lazy("Words of the announcement"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy("Plain text; an empty line begins a new paragraph."),
    )


class WithdrawForm(forms.Form):
    """Why an announcement is taken back."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Reason of the withdrawal"), max_length=500)


@require_GET
@public
def announcements(request: ActorRequest) -> HttpResponse:
    """List what is published, the newest first."""
    query = ListQuery.read(request.GET)
    page = paged(Announcement.objects.visible_to(request.actor).published(), query, lambda row: row)
    return render(request, "portal/announcements.html", {"page": page, "query": query})


@require_GET
@public
def announcement(request: ActorRequest, announcement_id: UUID) -> HttpResponse:
    """Show one announcement."""
    row = _seen(request, announcement_id)
    return render(request, "portal/announcement.html", _shown(request, row))


@require_GET
@writers
def desk(request: ActorRequest) -> HttpResponse:
    """List the office's own announcements with their states."""
    own = request.actor.department_id or NOBODY
    rows = Announcement.objects.visible_to(request.actor).filter(department_id=own)
    query = ListQuery.read(request.GET)
    page = paged(rows.order_by("-written_at", "-id"), query, lambda row: row)
    return render(
        request,
        "portal/announcement_desk.html",
        {"page": page, "query": query, "lines": [(row, STATES[row.state]) for row in page.rows]},
    )


@require_http_methods(["GET", "POST"])
@writers
def write(request: ActorRequest, announcement_id: UUID | None = None) -> HttpResponse:
    """Write or change a draft."""
    row = _seen(request, announcement_id) if announcement_id else None
    initial = {"title": row.title, "text": row.text, "revision": row.revision} if row else None
    form = AnnouncementForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            written = write_announcement(
                title=form.cleaned_data["title"],
                text=form.cleaned_data["text"],
                revision=form.cleaned_data["revision"],
                announcement_id=announcement_id,
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return redirect("portal:announcement", announcement_id=written)
    return render(request, "portal/announcement_form.html", {"form": form, "row": row})


@require_POST
@writers
def publish(request: ActorRequest, announcement_id: UUID) -> HttpResponse:
    """Publish a draft."""
    revision = _number(request.POST.get("revision", ""))
    publish_announcement(
        announcement_id=announcement_id, revision=revision, actor=request.actor, at=timezone.now()
    )
    messages.success(request, _("The announcement is published."))
    return redirect("portal:announcement", announcement_id=announcement_id)


@require_POST
@writers
def withdraw(request: ActorRequest, announcement_id: UUID) -> HttpResponse:
    """Take an announcement back."""
    row = _seen(request, announcement_id)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return render(request, "portal/announcement.html", _shown(request, row, form=form), status=422)
    withdraw_announcement(
        announcement_id=announcement_id,
        revision=form.cleaned_data["revision"],
        reason=form.cleaned_data["reason"],
        actor=request.actor,
        at=timezone.now(),
    )
    messages.success(request, _("The announcement is withdrawn."))
    return redirect("portal:announcement-desk")


def _seen(request: ActorRequest, announcement_id: UUID) -> Announcement:
    row = Announcement.objects.visible_to(request.actor).filter(pk=announcement_id).first()
    if row is None:
        raise AnnouncementNotFound
    return row


def _shown(
    request: ActorRequest, row: Announcement, *, form: WithdrawForm | None = None
) -> dict[str, object]:
    is_own = request.actor.has(Role.REVIEWER) and request.actor.department_id == row.department_id
    return {
        "row": row,
        "state": STATES[row.state],
        "paragraphs": [part.strip() for part in row.text.split("\n\n") if part.strip()],
        "is_own": is_own,
        "withdrawing": form or WithdrawForm(initial={"revision": row.revision}),
        "trail": [(_("Announcements"), "/announcements/"), (row.title, "")],
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0
