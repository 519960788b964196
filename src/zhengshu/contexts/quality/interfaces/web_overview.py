"""The overview: how good the data of the city, or of the own department, are."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengshu.contexts.quality.application.overview import Overview, PartScore, overview
from zhengshu.contexts.quality.application.rectification_queries import oldest_open
from zhengshu.contexts.quality.interfaces import labels, shown
from zhengshu.contexts.quality.interfaces.access import readers
from zhengshu.contexts.quality.interfaces.web_rectifications import named as rectification_named
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.ui.charts import Chart, Series


@require_GET
@readers
def city(request: ActorRequest) -> HttpResponse:
    """Show scores by department and region, the trend, the worst tables."""
    found = overview(actor=request.actor, at=timezone.now())
    names = shown.department_names({run.department_id for run in found.worst})
    context = {
        "found": found,
        "score": labels.score_text(found.score),
        "color": labels.score_color(found.score),
        "departments": [_part(one) for one in found.departments],
        "regions": [_part(one) for one in found.regions],
        "dimensions": [
            {
                "name": labels.dimension_name(code),
                "score": labels.score_text(score),
                "color": labels.score_color(score),
            }
            for code, score in found.dimensions.items()
        ],
        "worst": [
            {**shown.named(run), "department": names.get(run.department_id, "")} for run in found.worst
        ],
        "oldest": _oldest(request),
        "bars": _bars(found),
        "trend": _trend(found),
    }
    return render(request, "quality/overview.html", context)


def _oldest(request: ActorRequest) -> list[dict[str, object]]:
    found = oldest_open(actor=request.actor)
    names = shown.department_names({one.department_id for one in found})
    return [{**rectification_named(one), "department": names.get(one.department_id, "")} for one in found]


def _part(one: PartScore) -> dict[str, object]:
    return {"one": one, "score": labels.score_text(one.score), "color": labels.score_color(one.score)}


def _bars(found: Overview) -> Chart | None:
    scored = [(one.name, round(one.score, 2)) for one in found.departments if one.score is not None]
    if len(scored) < 2:  # noqa: PLR2004 - nothing to compare
        return None
    return Chart(
        title=_("Score by department"),
        labels=tuple(name for name, _score in scored),
        series=(Series(name=_("Score"), values=tuple(score for _name, score in scored)),),
        axis=_("Department"),
        unit=_("points"),
    )


def _trend(found: Overview) -> Chart | None:
    if len(found.trend) < 2:  # noqa: PLR2004 - a line needs two ends
        return None
    return Chart(
        title=_("Score of all tables together"),
        labels=tuple(f"{day:%Y-%m-%d}" for day, _score in found.trend),
        series=(Series(name=_("Score"), values=tuple(round(score, 2) for _day, score in found.trend)),),
        shape="line",
        axis=_("Day"),
        unit=_("points"),
    )
