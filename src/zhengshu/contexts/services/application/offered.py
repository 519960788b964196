"""The items that a clerk's own department offers, and those for which he fills in forms."""

from collections.abc import Iterable, Sequence

from zhengshu.contexts.services.application.queries import summary
from zhengshu.contexts.services.application.records import ItemSummary
from zhengshu.contexts.services.domain.vocabulary import ItemState
from zhengshu.contexts.services.models import ServiceItem
from zhengshu.kernel.actors import Actor


def offered_by(*, actor: Actor) -> Sequence[ItemSummary]:
    """Return the items that the actor's department offers, by name."""
    if actor.department_id is None:
        return ()
    rows = ServiceItem.objects.visible_to(actor).filter(
        department_id=actor.department_id, state=ItemState.PUBLISHED
    )
    return tuple(summary(row) for row in rows.defer("all_words", "meaning").order_by("name", "code"))


def taken_in(*, codes: Iterable[str] | None = None) -> Sequence[ItemSummary]:
    """Return the items in force that are applied for by a form here, by name; everybody may know them."""
    rows = ServiceItem.objects.filter(state=ItemState.PUBLISHED).exclude(case_type="")
    if codes is not None:
        rows = rows.filter(code__in=list(codes))
    return tuple(summary(row) for row in rows.defer("all_words", "meaning").order_by("name", "code"))
