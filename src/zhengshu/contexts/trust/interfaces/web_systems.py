"""Pages of consuming systems and their keys."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.application.issue_key import KEEPERS
from zhengshu.contexts.trust.application.listings import (
    SYSTEM_FILTERS,
    SYSTEM_SORTS,
    SystemRow,
    list_systems,
    visible_system,
)
from zhengshu.contexts.trust.application.systems_named import is_platforms_own
from zhengshu.contexts.trust.domain.duties import NotYourDuty
from zhengshu.contexts.trust.interfaces.forms import KeyForm, SystemForm
from zhengshu.contexts.trust.interfaces.labels import ALGORITHMS, OFFICIAL_RULES, Text
from zhengshu.contexts.trust.interfaces.pages import confirm, done, facet
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Role

SOON = timedelta(days=30)
"""A key that ends sooner is shown as one to replace."""

VALID = ("green", "yellow")
"""The colours of keys with which the gateway may still be called."""

READERS = (*KEEPERS, Role.DEPARTMENT_HEAD, Role.REVIEWER, Role.SECURITY_ADMIN)


@allow(*READERS)
def system_list(request: ActorRequest) -> HttpResponse:
    """List consuming systems."""
    query = ListQuery.read(request.GET, filters=SYSTEM_FILTERS, sorts=SYSTEM_SORTS)
    page = list_systems(query=query, actor=request.actor, at=timezone.now())
    facets = (facet("state", _("State"), [("active", _("Active")), ("inactive", _("Deactivated"))]),)
    context = {"page": page, "query": query, "facets": facets, "may_add": request.actor.has(*KEEPERS)}
    return render(request, "trust/system_list.html", context)


@allow(*READERS)
def system_detail(request: ActorRequest, system_id: UUID) -> HttpResponse:
    """Show a system with its keys."""
    row, at = visible_system(system_id=system_id, actor=request.actor), timezone.now()
    keys = [
        (key, ALGORITHMS[key.algorithm], _state_of_key(key, at=at, is_on=row.system.is_active))
        for key in api.keys_of(system_id=system_id)
    ]
    facts = [
        (_("Department"), row.department_name),
        (_("State"), _("Active") if row.system.is_active else _("Deactivated")),
        (_("Address of the gateway"), settings.GATEWAY_URL),
        (_("The official who asks"), OFFICIAL_RULES[row.system.official_rule]),
        (_("Reports of its monitor"), _("are taken") if row.system.may_report else _("are refused")),
    ]
    context = {
        "trail": _trail(row.system.name),
        "system": row.system,
        "facts": facts,
        "keys": keys,
        "is_exposed": any(key.is_known_to_leaver and state[0] in VALID for key, _algorithm, state in keys),
        "is_platforms": is_platforms_own(row.system.name),
        "may_issue": _keeps(request, row) and row.system.is_active and not is_platforms_own(row.system.name),
        "may_stop": _keeps(request, row) or request.actor.has(Role.SECURITY_ADMIN),
        "may_admit": request.actor.has(Role.SECURITY_ADMIN),
    }
    return render(request, "trust/system_detail.html", context)


@allow(*KEEPERS)
def system_add(request: ActorRequest) -> HttpResponse:
    """Register a system of one's own department."""
    department_id = request.actor.department_id
    if department_id is None:
        raise NotYourDuty
    form = SystemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        record = done(
            form,
            lambda: api.register_consuming_system(
                name=form.cleaned_data["name"],
                department_id=department_id,
                actor=request.actor,
                at=timezone.now(),
            ),
        )
        if record:
            messages.success(request, gettext("The system was registered. Issue a key for it next."))
            return redirect("trust:system-detail", record.id)
    context = {
        "form": form,
        "trail": _trail(_("Register a consuming system")),
        "title": _("Register a consuming system"),
        "lead": _("An information system of your department that shall call the gateway."),
        "cancel_url": reverse("trust:system-list"),
        "action_label": _("Register"),
    }
    return render(request, "trust/form.html", context)


@allow(*KEEPERS)
@never_cache
@sensitive
def key_issue(request: ActorRequest, system_id: UUID) -> HttpResponse:
    """Issue a key, the first one or a successor; its secret is shown once."""
    row = visible_system(system_id=system_id, actor=request.actor)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        issued = done(
            form,
            lambda: api.issue_key(
                system_id=system_id,
                algorithm=entered["algorithm"],
                public_key=entered["public_key"],
                actor=request.actor,
                at=timezone.now(),
                overlap=timedelta(hours=entered["overlap_hours"]),
            ),
        )
        if issued:
            context = {
                "trail": _trail(row.system.name),
                "system": row.system,
                "key": issued,
                "algorithm": ALGORITHMS[issued.algorithm],
            }
            return render(request, "trust/key_issued.html", context)
    context = {
        "form": form,
        "trail": _trail(row.system.name),
        "title": _("Issue a key for %(name)s") % {"name": row.system.name},
        "lead": _("Keys that the system has stay valid for the hours that you state."),
        "cancel_url": reverse("trust:system-detail", args=[system_id]),
        "action_label": _("Issue the key"),
    }
    return render(request, "trust/form.html", context)


@allow(*KEEPERS, Role.SECURITY_ADMIN)
def key_revoke(request: ActorRequest, system_id: UUID, key_id: str) -> HttpResponse:
    """Revoke a key."""
    row = visible_system(system_id=system_id, actor=request.actor)
    if not any(key.key_id == key_id for key in api.keys_of(system_id=system_id)):
        raise api.KeyNotFound
    return confirm(
        request,
        lambda: api.revoke_key(key_id=key_id, actor=request.actor, at=timezone.now()),
        title=_("Revoke the key %(key)s?") % {"key": key_id},
        text=_("All gateways refuse it within a second. Calls of %(name)s that use it fail from then on.")
        % {"name": row.system.name},
        action_label=_("Revoke the key"),
        back=reverse("trust:system-detail", args=[system_id]),
        said=_("The key was revoked."),
    )


@allow(*KEEPERS, Role.SECURITY_ADMIN)
def system_deactivate(request: ActorRequest, system_id: UUID) -> HttpResponse:
    """Deactivate a system."""
    row = visible_system(system_id=system_id, actor=request.actor)
    return confirm(
        request,
        lambda: api.set_system_active(
            system_id=system_id, is_active=False, actor=request.actor, at=timezone.now()
        ),
        title=_("Deactivate %(name)s?") % {"name": row.system.name},
        text=_(
            "All its keys stop working at once. They work again when it is reactivated, as long as they are valid."
        ),
        action_label=_("Deactivate"),
        back=reverse("trust:system-detail", args=[system_id]),
        said=_("The system was deactivated."),
    )


@allow(*KEEPERS, Role.SECURITY_ADMIN)
def system_reactivate(request: ActorRequest, system_id: UUID) -> HttpResponse:
    """Reactivate a system."""
    row = visible_system(system_id=system_id, actor=request.actor)
    return confirm(
        request,
        lambda: api.set_system_active(
            system_id=system_id, is_active=True, actor=request.actor, at=timezone.now()
        ),
        title=_("Reactivate %(name)s?") % {"name": row.system.name},
        text=_("Its keys that are still valid work again at once."),
        action_label=_("Reactivate"),
        back=reverse("trust:system-detail", args=[system_id]),
        said=_("The system was reactivated."),
        is_dangerous=False,
    )


def _trail(label: Text) -> tuple[tuple[Text, str], ...]:
    return ((_("Consuming systems"), reverse("trust:system-list")), (label, ""))


def _keeps(request: ActorRequest, row: SystemRow) -> bool:
    return request.actor.has(*KEEPERS) and request.actor.department_id == row.system.department_id


def _state_of_key(key: api.KeyRecord, *, at: datetime, is_on: bool) -> tuple[str, Text]:
    if key.revoked_at is not None:
        return "red", _("Revoked")
    if at >= key.active_to:
        return "grey", _("Run out")
    if not is_on:
        return "grey", _("System deactivated")
    if key.active_to - at < SOON:
        return "yellow", _("Valid, ends soon")
    return "green", _("Valid")
