"""Numbers for leaders: figures, what they mean, plots, and the cases behind each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application.number_facts import BY, FILTERS
from zhengshu.contexts.services.application.open_figure import Counted, CountedRow, open_figure
from zhengshu.contexts.services.application.see_numbers import Numbers, see_numbers
from zhengshu.contexts.services.domain.applications import ApplicationState, PreReview
from zhengshu.contexts.services.domain.numbers import CODES, SHARES, Figure
from zhengshu.contexts.services.interfaces.labels import in_language
from zhengshu.contexts.services.interfaces.number_words import DEFINITIONS, LABELS, STATES
from zhengshu.contexts.services.interfaces.rating_words import ENDS
from zhengshu.contexts.services.interfaces.slots import VERDICTS
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, opens
from zhengshu.foundation.http.tables import csv_response
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.charts import Chart, Series
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.kernel.actors import Actor, Role

COUNTING = (Role.LEADER, Role.REVIEWER, Role.DEPARTMENT_HEAD)
counting = allow(*COUNTING)
IN_TABLE = ("applications", "granted", "kept", "instant", "checks", "days", "visits", "materials", "mended")
WEIGHED = frozenset({"days", "visits", "materials"})
"""What adds more than one for each row."""

MOST_BARS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A figure as the page shows it."""

    label: Promise
    value: int
    share: float | None
    whole: int | None
    link: str
    is_share: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A month, an item or a department by which figures stand."""

    key: str
    name: str
    name_en: str


@require_GET
@counting
def numbers(request: ActorRequest) -> HttpResponse:
    """Show the figures over what the reader may see."""
    query = ListQuery.read(request.GET, filters=FILTERS)
    by = _by(request)
    found = see_numbers(query=query, by=by, actor=request.actor, at=timezone.now())
    groups = _groups(found)
    context = {
        "query": query,
        "by": by,
        "tabs": [(code, LABELS[code], query.link(by=code)) for code in BY],
        "head": LABELS[by],
        "facets": _facets(found),
        "shown": [_shown(code, found.figures[code], query) for code in CODES],
        "definitions": [(LABELS[code], *DEFINITIONS[code]) for code in CODES],
        "columns": [(code, LABELS[code]) for code in IN_TABLE],
        "groups": [
            (names, [_shown(code, figures[code], query, **{by: names.key}) for code in IN_TABLE])
            for names, figures in groups
        ],
        "chart": _chart(groups, by) if groups else None,
        "export": query.link(by=by),
    }
    return render(request, "services/numbers.html", context)


@require_GET
@counting
def export(request: ActorRequest) -> HttpResponseBase:
    """Send the figures by month, item or department as a table."""
    query = ListQuery.read(request.GET, filters=FILTERS)
    by = _by(request)
    found = see_numbers(query=query, by=by, actor=request.actor, at=timezone.now())
    head = [LABELS[by], *(words for code in CODES for words in (LABELS[code], DEFINITIONS[code][1]) if words)]
    return csv_response("numbers.csv", [str(words) for words in head], _lines(found))


@require_GET
@counting
def cases(request: ActorRequest) -> HttpResponse:
    """List what a figure counts."""
    query = ListQuery.read(request.GET, filters=("figure", *FILTERS))
    figure = query.one("figure")
    page = open_figure(figure=figure, query=query, actor=request.actor, at=timezone.now())
    label = LABELS.get(figure, LABELS["applications"])
    counted, _of = DEFINITIONS.get(figure, DEFINITIONS["applications"])
    context = {
        "page": page,
        "query": query,
        "label": label,
        "counted": counted,
        "is_weighed": figure in WEIGHED,
        "lines": _counted(page.rows, actor=request.actor),
        "trail": [(_("Figures of services"), "/services/numbers/"), (label, "")],
    }
    return render(request, "services/numbers_cases.html", context)


def _counted(rows: Sequence[CountedRow], *, actor: Actor) -> list[Mapping[str, object]]:
    """Return rows as the page shows them; one leads to its case where the reader may open that."""
    place = 1 if (get_language() or "").startswith("en") else 0
    known = {one.id for one in rows if one.kind is not Counted.RECTIFICATION}
    readable = casework.readable(case_ids=known, actor=actor)
    return [
        {
            "row": one,
            "title": one.check[place] if one.check else "",
            "state": _state(one),
            "link": _link(one, readable=readable, actor=actor),
        }
        for one in rows
    ]


def _link(one: CountedRow, *, readable: frozenset[UUID], actor: Actor) -> str:
    if one.kind is not Counted.RECTIFICATION:
        return reverse("casework:case-detail", args=[one.id]) if one.id in readable else ""
    path = reverse("services:bad-rating", args=[one.id])
    return path if opens(path, actor) else ""


def _state(one: CountedRow) -> Promise:
    if one.kind is Counted.APPLICATION:
        return STATES[ApplicationState(one.state)]
    return (
        VERDICTS[PreReview(one.state)][0]
        if one.kind is Counted.CHECK
        else ENDS.get(one.state, STATES[ApplicationState.ENDED])
    )


def _shown(code: str, figure: Figure, query: ListQuery, **chosen: str) -> Shown:
    return Shown(
        label=LABELS[code],
        value=figure.value,
        share=figure.share,
        whole=figure.whole,
        link=f"/services/numbers/cases/{query.link(figure=code, **chosen)}",
        is_share=code in SHARES,
    )


def _by(request: ActorRequest) -> str:
    wanted = request.GET.get("by", "")
    return wanted if wanted in BY else "month"


def _facets(found: Numbers) -> list[Facet]:
    def facet(name: str, label: str, options: Mapping[str, str]) -> Facet:
        rows = tuple(Option(value=key, label=words) for key, words in options.items())
        return Facet(name=name, label=label, options=rows, is_single=True)

    return [
        facet("item", _("Service item"), _items(found)),
        facet("department", _("Department"), found.departments),
        facet("month", _("Month"), {month: month for month in found.months}),
    ]


def _items(found: Numbers) -> Mapping[str, str]:
    named = {code: in_language(name, found.english.get(code, "")) for code, name in found.items.items()}
    return dict(sorted(named.items(), key=itemgetter(1)))


def _groups(found: Numbers) -> list[tuple[Named, Mapping[str, Figure]]]:
    return [
        (Named(key=key, name=name, name_en=found.english.get(key, "")), figures)
        for (key, name), figures in found.groups.items()
    ]


def _chart(groups: Sequence[tuple[Named, Mapping[str, Figure]]], by: str) -> Chart:
    shown = groups[-MOST_BARS:]
    return Chart(
        title=_("Applications by state"),
        labels=tuple(in_language(names.name, names.name_en) for names, _figures in shown),
        series=tuple(
            Series(name=str(LABELS[code]), values=tuple(figures[code].value for _names, figures in shown))
            for code in ("granted", "open", "withdrawn", "refused")
        ),
        shape="stacked",
        axis=str(LABELS[by]),
        unit=_("applications"),
    )


def _lines(found: Numbers) -> Iterator[tuple[object, ...]]:
    """Return each group with its figures; what is a share is followed by its whole."""
    for names, figures in _groups(found):
        parts = ((figures[code].value, figures[code].whole) for code in CODES)
        yield (
            in_language(names.name, names.name_en),
            *(part for pair in parts for part in pair if part is not None),
        )


urlpatterns: list[URLPattern] = [
    path("numbers/", numbers, name="numbers"),
    path("numbers/export.csv", export, name="numbers-export"),
    path("numbers/cases/", cases, name="numbers-cases"),
]
