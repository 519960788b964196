"""Whether cases kept their limits, for contexts that count their own cases."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.functions import Coalesce

from zhengshu.contexts.casework.models import Clock

_AT_ONCE = 5_000


def limits_kept(*, case_ids: Iterable[UUID], at: datetime) -> Mapping[UUID, bool]:
    """Return case → whether none of its clocks passed its end; cases without a clock that has one are left out.

    Nothing is filtered here: the caller may ask only for cases that the reader may see by its own rules.
    """
    kept: dict[UUID, bool] = {}
    in_time = ExpressionWrapper(Q(due_at__gte=Coalesce(F("stopped_at"), at)), output_field=BooleanField())
    wanted = list(case_ids)
    for first in range(0, len(wanted), _AT_ONCE):
        some = wanted[first : first + _AT_ONCE]
        rows = Clock.objects.filter(case_id__in=some, due_at__isnull=False).annotate(in_time=in_time)
        for case_id, is_kept in rows.values_list("case_id", "in_time"):
            kept[case_id] = kept.get(case_id, True) and is_kept
    return kept
