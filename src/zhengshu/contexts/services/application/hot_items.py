"""What is asked for most: counted, not chosen."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count

from zhengshu.contexts.services.application.queries import items
from zhengshu.contexts.services.application.records import ItemSummary
from zhengshu.contexts.services.domain.vocabulary import ItemState
from zhengshu.contexts.services.models import Application
from zhengshu.kernel.actors import Actor

LOOKED_BACK: Final = timedelta(days=90)
MOST_SHOWN: Final = 8


def hot_items(*, actor: Actor, at: datetime) -> Sequence[ItemSummary]:
    """Return the items that most applications of the last ninety days were for; how many is not told."""
    counted = (
        Application.objects.filter(
            submitted_at__gt=at - LOOKED_BACK,
            submitted_at__lte=at,
            item__state=ItemState.PUBLISHED.value,
        )
        .values_list("item__code")
        .annotate(number=Count("id"))
        .order_by("-number", "item__code")
    )
    codes = [code for code, _number in counted[:MOST_SHOWN]]
    found = items(codes=codes, actor=actor)
    return tuple(found[code] for code in codes if code in found)
