"""What the lists of cases share: filters with counts, days, tabs with counts."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.case_rows import MOST_COUNTED, SORTS
from zhengshu.contexts.casework.application.save_filter import counted_filters
from zhengshu.contexts.casework.application.search_cases import CasePage
from zhengshu.contexts.casework.domain.narrowing import ENDED, FILTERS, TIMES
from zhengshu.contexts.casework.domain.records import OPEN
from zhengshu.contexts.casework.interfaces import words
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import DayRange, Facet, Option
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.clocks import Light

NEAR_OR_LATE = (Light.RED.value, Light.YELLOW.value)
MOST_FILTER_TABS = 4
"""Saved filters on tabs: each costs a count."""

NO_COUNTS: Mapping[str, Mapping[str, int]] = {}


def query_of(request: ActorRequest) -> ListQuery:
    """Read what was asked of a list of cases."""
    return ListQuery.read(request.GET, filters=FILTERS, sorts=SORTS)


def facets_of(
    query: ListQuery, counts: Mapping[str, Mapping[str, int]] = NO_COUNTS, *, has_states: bool = True
) -> tuple[Facet, ...]:
    """Return the filters of a list; a value that leaves nothing is not offered where that was counted."""
    known = {key: one.name for key, one in trust.departments().items()}
    names = {str(key): name for key, name in sorted(known.items(), key=lambda pair: pair[1])}
    facets = [_facet(query, counts, "type", _("Type"), queries.type_names(), is_single=True)]
    if has_states:
        states = {OPEN: _("In progress"), ENDED: _("Ended")}
        facets += [
            _facet(query, counts, "state", _("State"), states, is_single=True),
            _facet(query, counts, "party", _("Party"), names, is_single=True),
        ]
    lights = {light.value: words.light(light.value) for light in Light}
    return (
        *facets,
        _facet(query, counts, "department", _("Asked by"), names, is_single=True),
        _facet(query, counts, "light", _("Traffic light"), lights, is_single=False),
    )


def _facet(
    query: ListQuery,
    counts: Mapping[str, Mapping[str, int]],
    name: str,
    label: str,
    values: Mapping[str, str],
    *,
    is_single: bool,
) -> Facet:
    counted, chosen = counts.get(name), query.filters.get(name, ())
    options = tuple(
        Option(value=value, label=text, count=None if counted is None else counted.get(value, 0))
        for value, text in values.items()
        if not is_single or counted is None or counted.get(value) or value in chosen
    )
    return Facet(name=name, label=label, options=options, is_single=is_single)


def ranges_of(query: ListQuery) -> tuple[DayRange, ...]:
    """Return the days by which a list is narrowed."""
    labels = {"opened": _("Opened"), "due": _("Due"), "closed": _("Ended")}
    return tuple(
        DayRange(name=name, label=labels[name], first=query.one(f"{name}_from"), last=query.one(f"{name}_to"))
        for name in TIMES
    )


def filter_parts(query: ListQuery, page: CasePage) -> dict[str, object]:
    """Return what the form above a list of cases is drawn from."""
    has_range = any(name.endswith(("_from", "_to")) for name in query.filters)
    return {
        "facets": facets_of(query, page.facets),
        "ranges": ranges_of(query),
        "has_range": has_range,
    }


def tabs_of(actor: Actor, current: str, query: ListQuery, *, at: datetime) -> list[dict[str, object]]:
    """Return the tabs above the lists: to-dos, started, near or late, all, and the reader's saved filters."""
    saved = counted_filters(most=MOST_FILTER_TABS, actor=actor, at=at)
    is_cases = current == "supervision"
    own = next((one.id for one in saved if is_cases and _is_same(one.query, query)), None)
    near = is_cases and own is None and set(query.filters.get("light", ())) == set(NEAR_OR_LATE)
    cases = reverse("casework:supervision")
    waiting = queries.count_inbox(actor=actor, query=ListQuery(), at=at, most=MOST_COUNTED + 1)
    todos = (min(waiting, MOST_COUNTED), waiting > MOST_COUNTED)
    late = queries.near_or_late(actor=actor, at=at)
    fixed = [
        _tab(_("To-dos"), reverse("casework:inbox"), current == "inbox", todos),
        _tab(_("Started by us"), reverse("casework:started"), current == "started"),
        _tab(_("Due soon or overdue"), cases + ListQuery(filters={"light": NEAR_OR_LATE}).link(), near, late),
        _tab(_("All cases"), cases, is_cases and own is None and not near),
    ]  # fmt: skip
    return fixed + [_tab(one.name, cases + one.query.link(), one.id == own, one.count) for one in saved]


def _is_same(one: ListQuery, other: ListQuery) -> bool:
    return (one.text, dict(one.filters), one.sort) == (other.text, dict(other.filters), other.sort)


def _tab(label: str, url: str, is_current: bool, count: tuple[int, bool] | None = None) -> dict[str, object]:  # noqa: FBT001 - a row of a table
    text = "" if count is None else f"{count[0]:,}{'+' if count[1] else ''}"
    return {"label": label, "url": url, "is_current": is_current, "count": text, "is_zero": text == "0"}
