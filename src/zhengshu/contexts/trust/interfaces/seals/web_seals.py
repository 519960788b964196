"""Pages of the register of seals."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from zhengshu.contexts.trust.application.queries import officials
from zhengshu.contexts.trust.application.seals.keep_seal import name_seal_user, remove_seal_user, revoke_seal
from zhengshu.contexts.trust.application.seals.seal_queries import (
    EXPIRED,
    EXPIRING,
    SEAL_FILTERS,
    SEAL_SORTS,
    SealRecord,
    list_seals,
    seal,
    seal_keys,
    seal_picture,
    seal_users,
    seal_uses,
)
from zhengshu.contexts.trust.domain.seals import SealState
from zhengshu.contexts.trust.interfaces.pages import department_choices, done, facet, in_words
from zhengshu.contexts.trust.interfaces.seals.words import KINDS, SCHEMES, STATES
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.slots import fragments
from zhengshu.kernel.actors import OFFICIALS, Actor, Role
from zhengshu.kernel.errors import Kind, Refused

READERS = tuple(sorted(OFFICIALS - {Role.SYSTEM_ADMIN}))
SEES_ALL = (Role.REVIEWER, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
WORKING = (SealState.IN_USE, EXPIRING, EXPIRED)


class _Change(Protocol):
    """What changes the users of a seal."""

    def __call__(self, *, seal_id: UUID, account_id: UUID, actor: Actor, at: datetime) -> None: ...


class RevokeForm(forms.Form):
    """Why a seal is revoked."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever checks a document with this seal learns that it was revoked, and when."),
    )


class UserForm(forms.Form):
    """Who may use a seal besides."""

    account = forms.ChoiceField(label=_("Official"))

    def __init__(self, *arguments: object, found: SealRecord, known: frozenset[UUID]) -> None:
        """Offer the department's other officials."""
        super().__init__(*arguments)  # type: ignore[arg-type]  # handed on as they are
        offered = officials(department_id=found.department_id)
        self.fields["account"].choices = [  # type: ignore[attr-defined]  # it is a field with choices
            ("", _("Choose")),
            *((str(one.id), f"{one.name} ({one.username})") for one in offered if one.id not in known),
        ]


@require_GET
@allow(*READERS)
def seal_list(request: ActorRequest) -> HttpResponse:
    """List seals, each with its picture."""
    query = ListQuery.read(request.GET, filters=SEAL_FILTERS, sorts=SEAL_SORTS)
    page = list_seals(query=query, actor=request.actor, at=timezone.now())
    facets = [
        facet("state", _("State"), [(state, words) for state, (_colour, words) in STATES.items()]),
        facet("kind", _("Kind"), [(str(int(kind)), words) for kind, words in KINDS.items()], is_single=False),
    ]
    if request.actor.has(*SEES_ALL):
        facets.append(facet("department", _("Department"), department_choices(empty=_("All"))[1:]))
    context = {
        "page": page,
        "query": query,
        "facets": facets,
        "rows": [(row, KINDS[row.kind], STATES[row.state]) for row in page.rows],
        "extras": fragments("trust.seals", request, request.actor),
    }
    return render(request, "trust/seals/list.html", context)


@require_GET
@allow(*READERS)
def seal_detail(request: ActorRequest, seal_id: UUID) -> HttpResponse:
    """Show a seal, who may use it, and for what it was used."""
    actor = request.actor
    found = seal(seal_id=seal_id, actor=actor, at=timezone.now())
    users = seal_users(seal_id=seal_id, actor=actor)
    is_head = _is_head(found, actor)
    may_name = is_head and found.state in WORKING and not found.holder_name
    facts = [
        (_("Kind"), KINDS[found.kind]),
        (_("Department"), found.department_name),
        (_("Holder"), found.holder_name),
        (_("Purpose"), found.purpose),
        (_("Code"), found.code),
        (_("Application"), f"{found.case_number} · {found.applied_by_name}".strip(" ·")),
    ]
    context = {
        "trail": [(_("Seals"), reverse("trust:seal-list")), (found.name, "")],
        "seal": found,
        "extras": fragments("trust.seal", request, found),
        "asides": fragments("trust.seal-aside", request, found),
        "state": STATES[found.state],
        "facts": [(name, value) for name, value in facts if value],
        "users": users,
        "keys": [
            (key, SCHEMES.get(key.scheme, key.scheme)) for key in seal_keys(seal_id=seal_id, actor=actor)
        ],
        "uses": seal_uses(seal_id=seal_id, actor=actor),
        "may_revoke": found.state in WORKING and (is_head or actor.has(Role.SECURITY_ADMIN)),
        "may_name": may_name,
        "user_form": UserForm(found=found, known=frozenset(one.account_id for one in users))
        if may_name
        else None,
    }
    return render(request, "trust/seals/detail.html", context)


@require_GET
@allow(*READERS)
def picture(request: ActorRequest, seal_id: UUID) -> HttpResponse:
    """Send the picture of a seal."""
    content = seal_picture(seal_id=seal_id, actor=request.actor)
    headers = {"Cache-Control": "private, max-age=600", "Cross-Origin-Resource-Policy": "same-origin"}
    return HttpResponse(content, content_type="image/png", headers=headers)


@allow(Role.DEPARTMENT_HEAD, Role.SECURITY_ADMIN)
def revoke(request: ActorRequest, seal_id: UUID) -> HttpResponse:
    """Revoke a seal for ever."""
    found = seal(seal_id=seal_id, actor=request.actor, at=timezone.now())
    form = RevokeForm(request.POST or None)

    def act() -> bool:
        revoke_seal(
            seal_id=seal_id, reason=form.cleaned_data["reason"], actor=request.actor, at=timezone.now()
        )
        return True

    if request.method == "POST" and form.is_valid() and done(form, act):
        messages.success(request, gettext("The seal was revoked."))
        return redirect("trust:seal-detail", seal_id)
    context = {
        "form": form,
        "title": _("Revoke the seal"),
        "lead": gettext(
            "“%(name)s” can never be used again. Documents that were sealed before stay valid as of then."
        )
        % {"name": found.name},
        "cancel_url": reverse("trust:seal-detail", args=[seal_id]),
        "action_label": _("Revoke the seal"),
    }
    return render(request, "trust/form.html", context)


@require_POST
@allow(Role.DEPARTMENT_HEAD)
@sensitive
def user_add(request: ActorRequest, seal_id: UUID) -> HttpResponse:
    """Authorise somebody to use a seal."""
    return _change_users(request, seal_id, name_seal_user, said=gettext("The person may use the seal now."))


@require_POST
@allow(Role.DEPARTMENT_HEAD)
def user_remove(request: ActorRequest, seal_id: UUID) -> HttpResponse:
    """Take the authority to use a seal from somebody."""
    return _change_users(
        request, seal_id, remove_seal_user, said=gettext("The person may no longer use the seal.")
    )


def _change_users(request: ActorRequest, seal_id: UUID, change: _Change, *, said: str) -> HttpResponse:
    try:
        account_id = UUID(request.POST.get("account", ""))
    except ValueError:
        messages.error(request, gettext("Choose a person."))
        return redirect("trust:seal-detail", seal_id)
    try:
        change(seal_id=seal_id, account_id=account_id, actor=request.actor, at=timezone.now())
        messages.success(request, said)
    except Refused as refusal:
        if refusal.kind is Kind.NOT_FOUND:
            raise
        messages.error(request, in_words(refusal))
    return redirect("trust:seal-detail", seal_id)


def _is_head(found: SealRecord, actor: Actor) -> bool:
    return actor.has(Role.DEPARTMENT_HEAD) and actor.department_id == found.department_id
