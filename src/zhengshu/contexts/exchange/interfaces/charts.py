"""Charts of calls."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhengshu.contexts.exchange.application.records import CallCount
from zhengshu.foundation.ui.charts import Chart, Series


def by_day(counts: Sequence[CallCount], *, title: str) -> Chart:
    """Return answered and refused calls day by day."""
    return _chart(counts, title=title, axis=_("Day"))


def by_purpose(counts: Sequence[CallCount], *, title: str) -> Chart:
    """Return answered and refused calls by purpose."""
    return _chart(counts, title=title, axis=_("Purpose"))


def _chart(counts: Sequence[CallCount], *, title: str, axis: str) -> Chart:
    return Chart(
        title=title,
        labels=tuple(one.label for one in counts),
        series=(
            Series(name=pgettext("call", "Answered"), values=tuple(one.answered for one in counts)),
            Series(name=_("Refused"), values=tuple(one.refused for one in counts)),
        ),
        shape="stacked",
        axis=axis,
        unit=_("calls"),
    )
