"""The overview: how good the data of the city, or of the own department, are."""

from collections.abc import Iterable, Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengshu.contexts.quality.application.districts import districts, map_of, tables_of
from zhengshu.contexts.quality.application.overview import Overview, PartScore, overview, region_names
from zhengshu.contexts.quality.application.rectification_queries import oldest_open
from zhengshu.contexts.quality.domain.maps import DistrictMap
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
        **_districts(request),
        "bars": _bars(found),
        "trend": _trend(found),
    }
    return render(request, "quality/overview.html", context)


def _oldest(request: ActorRequest) -> list[dict[str, object]]:
    found = oldest_open(actor=request.actor)
    names = shown.department_names({one.department_id for one in found})
    return [{**rectification_named(one), "department": names.get(one.department_id, "")} for one in found]


@require_GET
@readers
def district(request: ActorRequest, code: str) -> HttpResponse:
    """Show the tables that have rows of a district."""
    found = tables_of(region=code, actor=request.actor)
    names = shown.department_names({one.department_id for one in found})
    context = {
        "code": code,
        "name": _district_names([code])[code],
        "rows": [
            {
                "one": one,
                "department": names.get(one.department_id, ""),
                "score": _share(one.sound),
                "color": labels.score_color(one.sound),
            }
            for one in found
        ],
        "trail": [(_("Data quality"), reverse("quality:overview")), (_("Districts"), "")],
    }
    return render(request, "quality/district.html", context)


def _districts(request: ActorRequest) -> dict[str, object]:
    """Return the districts as a table, and as a map where the packs have one of them."""
    found = {one.code: one for one in districts(actor=request.actor)}
    drawing = map_of(found)
    names = _district_names(found)
    if drawing is not None:
        names |= {one.code: labels.rule_name(one) for one in drawing.shapes}
        found = {one.code: found[one.code] for one in drawing.shapes if one.code in found}
    rows = {
        code: {
            "one": one,
            "name": names[code],
            "score": _share(one.sound),
            "color": labels.score_color(one.sound),
        }
        for code, one in found.items()
    }
    return {"districts": list(rows.values()), "map": _drawn(drawing, rows, names) if drawing else None}


def _drawn(
    drawing: DistrictMap, rows: Mapping[str, Mapping[str, object]], names: Mapping[str, str]
) -> dict[str, object]:
    nothing = {"score": labels.score_text(None), "color": "grey"}
    return {
        "width": f"{drawing.width:.0f}",
        "height": f"{drawing.height:.0f}",
        "shapes": [
            {
                "name": names[shape.code],
                "path": shape.path,
                "x": f"{shape.x:.1f}",
                "y": f"{shape.y:.1f}",
                "url": reverse("quality:district", args=[shape.code]) if shape.code in rows else "",
                "score": rows.get(shape.code, nothing)["score"],
                "color": rows.get(shape.code, nothing)["color"],
            }
            for shape in drawing.shapes
        ],
    }


def _district_names(codes: Iterable[str]) -> dict[str, str]:
    """Return what districts are called where the catalogue has a table of regions; their codes otherwise."""
    known = region_names()
    return {code: known.get(code, code) for code in codes}


def _share(sound: float | None) -> str:
    return labels.score_text(sound) if sound is None else f"{sound:.2f}%"


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
