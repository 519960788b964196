"""The page of the keys that sign the proof log, for the security administrator."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from zhengshu.contexts.trust.application.log_keys import (
    announce_log_keys,
    current_vkeys,
    log_keys,
    retire_log_keys,
    witnesses_behind,
)
from zhengshu.contexts.trust.interfaces.labels import Text
from zhengshu.contexts.trust.interfaces.pages import confirm
from zhengshu.contexts.trust.models.log_keys import LogKey
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive
from zhengshu.kernel.actors import Role


@require_GET
@allow(Role.SECURITY_ADMIN)
def log_keys_page(request: ActorRequest) -> HttpResponse:
    """Show which keys sign, which did, and who has followed to the new ones."""
    rows = log_keys()
    is_under_way = sum(row.signs_to is None for row in rows) > 1
    context = {
        "rows": [(row, *_state(row)) for row in rows],
        "vkeys": current_vkeys(),
        "is_under_way": is_under_way,
        "behind": witnesses_behind(rows[-1].version) if is_under_way else (),
        "may_retire": is_under_way
        and rows[-1].signs
        and all(row.retired_at is None for row in rows if row.signs),
        "trail": [(_("Proof log"), reverse("trust:log")), (_("Signing keys"), "")],
    }
    return render(request, "trust/log_keys.html", context)


@allow(Role.SECURITY_ADMIN)
@sensitive
def announce(request: ActorRequest) -> HttpResponse:
    """Announce new keys."""
    return confirm(
        request,
        lambda: announce_log_keys(actor=request.actor, at=timezone.now()),
        title=_("Announce new signing keys"),
        text=_(
            "A new Ed25519 and a new SM2 key are made and announced by an entry of the log. They sign beside the "
            "present ones as soon as the entry is published; nothing stops, and what was signed before stays valid."
        ),
        action_label=_("Announce new keys"),
        back=reverse("trust:log-keys"),
        said=_("The new keys were announced. They sign with the next checkpoints."),
        is_dangerous=False,
    )


@allow(Role.SECURITY_ADMIN)
@sensitive
def retire(request: ActorRequest) -> HttpResponse:
    """Retire the former keys."""
    return confirm(
        request,
        lambda: retire_log_keys(actor=request.actor, at=timezone.now()),
        title=_("Retire the former signing keys"),
        text=_(
            "They sign no more from the next checkpoint on; what they have signed stays valid. Their private half is "
            "deleted, except that of the first set, which is derived from the master key."
        ),
        action_label=_("Retire them"),
        back=reverse("trust:log-keys"),
        said=_("The former keys were retired."),
    )


def _state(row: LogKey) -> tuple[str, Text]:
    if row.signs_to is not None:
        return "grey", _("retired")
    if row.retired_at is not None:
        return "yellow", _("signs no more after the next checkpoint")
    if row.signs_from is None:
        return "blue", _("announced, signs soon")
    return "green", _("signs")
