"""Results for everybody, and single bad ratings for those who mend them."""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhengshu.contexts.services.application import rating_queries as queries
from zhengshu.contexts.services.application.invite_rating import policy_in_force
from zhengshu.contexts.services.application.rating_queries import BY, Result
from zhengshu.contexts.services.application.read_rater import read_rater
from zhengshu.contexts.services.application.unusual_ratings import unusual_ratings
from zhengshu.contexts.services.domain.ratings import Indicator
from zhengshu.contexts.services.domain.vocabulary import Satisfaction
from zhengshu.contexts.services.interfaces.labels import in_language
from zhengshu.contexts.services.interfaces.rating_words import ENDS, INDICATORS, LEVELS
from zhengshu.contexts.services.models.ratings import CALL_BACK_ROLES
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, public
from zhengshu.foundation.http.tables import csv_response
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.charts import Chart, Series
from zhengshu.kernel.actors import Role

menders = allow(
    Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.APPROVER, Role.WINDOW_CLERK, Role.REVIEWER, Role.LEADER
)
callers = allow(*CALL_BACK_ROLES)
reviewers = allow(Role.REVIEWER)
TABS = {
    "item": gettext_lazy("By service item"),
    "department": gettext_lazy("By department"),
    "window": gettext_lazy("By window"),
}
MOST_BARS = 12


@require_GET
@public
def results(request: ActorRequest) -> HttpResponse:
    """Show how services were rated, in batches that tell nobody apart."""
    by = _by(request)
    found = queries.results(by=by)
    context = {
        "by": by,
        "tabs": [(code, label, f"?by={code}") for code, label in TABS.items()],
        "head": TABS[by],
        "results": found,
        "chart": _chart(found) if found else None,
        "trend": _trend(),
        "levels": list(LEVELS.values()),
        "least": policy_in_force().least_together,
    }
    return render(request, "services/rating_results.html", context)


@require_GET
@public
def export(request: ActorRequest) -> HttpResponseBase:
    """Send the results as a table."""
    head = [
        _("Name"), _("Department"), _("Ratings"), _("Mean of stars"), _("Share of satisfied ratings"),
        *(str(words) for words in LEVELS.values()),
    ]  # fmt: skip
    return csv_response("ratings.csv", head, _lines(queries.results(by=_by(request))))


@require_GET
@reviewers
def unusual(request: ActorRequest) -> HttpResponse:
    """Show the data authority where many ratings came within minutes by the codes of one clerk."""
    context = {
        "found": unusual_ratings(actor=request.actor, at=timezone.now()),
        "rule": policy_in_force().unusual,
        "trail": [(_("Unusual ratings"), "")],
    }
    return render(request, "services/unusual_ratings.html", context)


@require_GET
@menders
def bad_ratings(request: ActorRequest) -> HttpResponse:
    """List the bad ratings that the reader's department has to mend or to call back about."""
    query = ListQuery.read(request.GET, filters=("state",))
    page = queries.bad_ratings(query=query, actor=request.actor)
    context = {
        "page": page,
        "query": query,
        "state": query.one("state"),
        "tabs": [("", _("All")), ("open", _("Under way")), ("ended", _("Ended"))],
        "lines": [(one, LEVELS[one.level], ENDS.get(one.end, "")) for one in page.rows],
    }
    return render(request, "services/bad_ratings.html", context)


@require_GET
@menders
def bad_rating(request: ActorRequest, rating_id: UUID) -> HttpResponse:
    """Show a bad rating to those who mend it."""
    return render(request, "services/bad_rating.html", _shown(request, rating_id))


@never_cache
@require_POST
@callers
def rater(request: ActorRequest, rating_id: UUID) -> HttpResponse:
    """Show the call-back desk who rated; each look is audited, nothing of it is kept in the address."""
    context = _shown(request, rating_id)
    context["rater"] = read_rater(rating_id=rating_id, actor=request.actor, at=timezone.now())
    return render(request, "services/bad_rating.html", context)


def _shown(request: ActorRequest, rating_id: UUID) -> dict[str, object]:
    found = queries.bad_rating(rating_id=rating_id, actor=request.actor)
    sides = [
        (INDICATORS[Indicator(key)], LEVELS[Satisfaction(level)]) for key, level in found.indicators.items()
    ]
    return {
        "rating": found,
        "level": LEVELS[found.level],
        "end": ENDS.get(found.end, ""),
        "facts": [
            (_("Service item"), in_language(found.item_name, found.item_name_en)),
            (_("Department"), found.department_name),
            (_("Window"), found.window or _("Online")),
            (_("Month"), f"{found.month:%Y-%m}"),
            (_("All in all"), LEVELS[found.level]),
            *sides,
        ],
        "may_read": queries.may_read_rater(rating_id=rating_id, actor=request.actor),
        "trail": [
            (_("Bad ratings"), "/services/ratings/bad/"),
            (in_language(found.item_name, found.item_name_en), ""),
        ],
    }


def _by(request: ActorRequest) -> str:
    wanted = request.GET.get("by", "")
    return wanted if wanted in BY else "item"


def _chart(found: tuple[Result, ...]) -> Chart:
    shown = found[:MOST_BARS]
    return Chart(
        title=_("Ratings by level"),
        labels=tuple(in_language(one.name, one.name_en) for one in shown),
        series=tuple(
            Series(name=str(words), values=tuple(one.tally.counts[place] for one in shown))
            for place, words in enumerate(LEVELS.values())
        ),
        shape="stacked",
        axis=_("Name"),
        unit=_("ratings"),
    )


def _trend() -> Chart | None:
    months = queries.results_by_month()
    if len(months) < 2:  # noqa: PLR2004 - one month is no trend
        return None
    return Chart(
        title=_("Share of satisfied ratings by month of publication"),
        labels=tuple(f"{month:%Y-%m}" for month in months),
        series=(
            Series(
                name=_("Satisfied"),
                values=tuple(round(100 * (one.satisfied or 0), 1) for one in months.values()),
            ),
        ),
        shape="line",
        axis=_("Month"),
        unit="%",
    )


def _lines(found: tuple[Result, ...]) -> Iterator[tuple[object, ...]]:
    for one in found:
        stars, satisfied = one.tally.stars, one.tally.satisfied
        yield (
            in_language(one.name, one.name_en),
            one.department,
            one.tally.total,
            f"{stars:.2f}" if stars is not None else "",
            f"{satisfied:.1%}" if satisfied is not None else "",
            *one.tally.counts,
        )
