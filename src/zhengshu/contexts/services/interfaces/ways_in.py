"""The way from a guide to the form of its item: for whoever may use it, and in words for whoever may not."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application.foresee_materials import bundles_with
from zhengshu.contexts.services.application.records import ItemRecord
from zhengshu.contexts.services.domain.one_things import OneThing
from zhengshu.contexts.services.domain.vocabulary import ItemState
from zhengshu.contexts.services.interfaces.labels import in_language
from zhengshu.kernel.actors import OFFICIALS, Actor, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """How one gets from a guide to the form.

    Attributes:
        url: where the form begins; empty where the reader cannot ask for it here.
        label: what the button says.
        note: what comes first, or why there is no button.
        bundles: name and address of the bundles of which the item is a part.
    """

    url: str = ""
    label: str = ""
    note: str = ""
    bundles: tuple[tuple[str, str], ...] = ()


def way_in(found: ItemRecord, *, actor: Actor) -> WayIn:
    """Return the way to the form of an item in force."""
    if found.summary.state is not ItemState.PUBLISHED:
        return WayIn()
    case_type = found.facts.case_type
    by = casework.asked_for_by(case_type) if case_type else frozenset()
    url = reverse("apply:start", args=[case_type]) if by else ""
    if actor.has(*OFFICIALS):
        is_at_window = bool(by) and casework.is_open_to(case_type, actor=actor)
        return WayIn(url=url, label=_("Take in at the window")) if is_at_window else WayIn()
    note = _why_not(found, by=by, actor=actor)
    if by and not note and not actor.is_signed_in:
        note = _("You sign in first.")
    elif note or not by:
        url = ""
    return WayIn(url=url, label=_("Apply online"), note=note, bundles=bundle_links(bundles_with(found.code)))


def _why_not(found: ItemRecord, *, by: frozenset[Role], actor: Actor) -> str:
    """Return why the reader cannot ask for an item here; empty where he can, or could after signing in."""
    if not found.facts.is_online:
        return _("This item is asked for at the place below.")
    if not by or not actor.is_signed_in or casework.is_open_to(found.facts.case_type, actor=actor):
        return ""
    if Role.CITIZEN not in by:
        return _("This item is for enterprises; their delegates ask for it.")
    return _("This item is for citizens; your account cannot ask for it.")


def bundle_links(bundles: Iterable[OneThing]) -> tuple[tuple[str, str], ...]:
    """Return the name of each bundle and where it begins."""
    return tuple(
        (in_language(one.name, one.name_en), reverse("services:thing-begin", args=[one.code]))
        for one in bundles
    )
