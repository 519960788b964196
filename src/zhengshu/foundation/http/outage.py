"""While the database is away: every page and every call says so, calmly and with status 503, and asks it for nothing.

Only what the database or the way to it is to blame for counts: it cannot be reached, it starts or stops, or it ended
the connection. Whatever else a statement may fail of is a fault of ours and stays one.
"""

import sys
from http import HTTPStatus
from typing import Final

import psycopg
import structlog
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.defaults import server_error

from zhengshu.foundation.http.problems import is_for_people, problem, sentence
from zhengshu.foundation.http.rules import public
from zhengshu.foundation.ui.language import language_of
from zhengshu.kernel.errors import Kind, Refused

log = structlog.get_logger(__name__)

SECONDS_TO_WAIT: Final = 10
"""What `Retry-After` says: a restart of PostgreSQL takes a few seconds."""

_CONNECTION_LOST: Final = "08"
"""The class of SQLSTATE codes for connections that are lost or refused."""
_AWAY: Final = frozenset(
    {
        "57P01",  # terminating connection due to administrator command
        "57P02",  # another process of the server crashed
        "57P03",  # the database system is starting up or shutting down
        "57P05",  # the connection was idle for too long
        "53300",  # all connections are taken
    }
)
_THEMES: Final = frozenset({"light", "dark"})


class DatabaseNotReachable(Refused):
    """The database is being restarted or cannot be reached; its operator looks at the server and the way to it."""

    code = "foundation.database-not-reachable"
    kind = Kind.UNAVAILABLE
    message = "The platform cannot reach its database for the moment, for instance while that is restarted."


def is_outage(fault: BaseException | None) -> bool:
    """Whether a fault came from the platform's own database being away."""
    while fault is not None:
        if isinstance(fault, OperationalError) and isinstance(fault.__cause__, psycopg.OperationalError):
            return _is_away(fault.__cause__)
        fault = fault.__cause__
    return False


def _is_away(fault: psycopg.OperationalError) -> bool:
    if fault.sqlstate is not None:
        return fault.sqlstate in _AWAY or fault.sqlstate.startswith(_CONNECTION_LOST)
    # Without a code the client itself gave up: over a connection that still lives, it was misused.
    return connection.connection is None or connection.connection.closed


def answer_fault(request: HttpRequest) -> HttpResponse:
    """Answer a request that failed (`handler500`): 503 while the database is away, else the page of our own faults."""
    fault = sys.exc_info()[1]
    if not is_outage(fault):
        return server_error(request)
    log.warning("database.not_reachable", path=request.path)
    answer = _told(request)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - Django's own; frames say nothing here
    return answer


def _told(request: HttpRequest) -> HttpResponse:
    refusal = DatabaseNotReachable()
    with translation.override(language_of(request)):
        answer: HttpResponse
        if is_for_people(request):
            theme = request.COOKIES.get("theme", "")
            again = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
            page = {
                "sentence": sentence(refusal),
                "again": again,
                "theme": theme if theme in _THEMES else "",
            }
            answer = HttpResponse(render_to_string("503.html", page))
        else:
            answer = JsonResponse(
                problem(refusal, instance=request.path), content_type="application/problem+json"
            )
    answer.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    answer.headers["Retry-After"] = str(SECONDS_TO_WAIT)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@public
def live(_request: HttpRequest) -> HttpResponse:
    """Say that the process answers, whatever the database does: nobody need start it again."""
    return _state("alive")


@public
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether pages can be served just now, that is, whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError as fault:
        if not is_outage(fault):
            raise
        return _told(request)
    return _state("ready")


def _state(state: str) -> HttpResponse:
    return JsonResponse({"status": state}, headers={"Cache-Control": "no-store"})
