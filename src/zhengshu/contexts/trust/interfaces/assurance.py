"""What allauth wrote down about a session, as the domain's steps; and the page that asks to show oneself again."""

from datetime import UTC, datetime

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest
from django.utils import timezone

from zhengshu.contexts.trust.domain.assurance import Step
from zhengshu.contexts.trust.models import Account
from zhengshu.kernel.levels import Assurance

STARTED = "trust_started_at"
"""The member of a session that says when it began."""


def steps_of(request: HttpRequest) -> tuple[Step, ...]:
    """Return what was done in this session to show who sits there, oldest first."""
    if not isinstance(request.user, Account):
        return ()
    return tuple(_step(record) for record in get_authentication_records(request, request.user))


def started_at(request: HttpRequest) -> datetime:
    """Return when the session began."""
    kept = request.session.get(STARTED)
    return datetime.fromtimestamp(kept, tz=UTC) if isinstance(kept, float) else timezone.now()


def authenticated_at(request: HttpRequest) -> datetime:
    """Return when somebody last showed in this session who he is."""
    return max([started_at(request), *(step.at for step in steps_of(request))])


def _step(record: dict[str, object]) -> Step:
    method = str(record.get("type") or record.get("method") or "")
    at, level = record.get("at"), record.get("level")
    return Step(
        method=method,
        at=datetime.fromtimestamp(at, tz=UTC) if isinstance(at, float) else datetime.fromtimestamp(0, tz=UTC),
        level=Assurance(level) if isinstance(level, int) else Assurance.ONE_FACTOR,
    )
