"""The page of supervision: how departments keep to their limits."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from zhengshu.contexts.exchange.application.supervision import scores
from zhengshu.contexts.exchange.interfaces.access import READERS
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow


@require_GET
@allow(*READERS)
def supervision(request: ActorRequest) -> HttpResponse:
    """Show answers and deliveries in time and unused interfaces, by provider."""
    rows = scores(actor=request.actor, at=timezone.now())
    context = {
        "rows": rows,
        "late": sum(row.late for row in rows),
        "unused": sum(row.unused for row in rows),
        "answer_rate": _rate(sum(row.answered_in_time for row in rows), sum(row.answered for row in rows)),
        "delivery_rate": _rate(
            sum(row.delivered_in_time for row in rows), sum(row.delivered for row in rows)
        ),
    }
    return render(request, "exchange/supervision.html", context)


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
