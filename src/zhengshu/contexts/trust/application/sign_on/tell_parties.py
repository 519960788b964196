"""Telling relying parties that a session has ended (OpenID Connect Back-Channel Logout 1.0)."""

import secrets
from datetime import datetime, timedelta

import httpx
import structlog
from django.conf import settings
from django.utils import timezone

from zhengshu.contexts.trust.application.sign_on.ending import MOST_ATTEMPTS, due
from zhengshu.contexts.trust.application.sign_on.keep_parties import owner_of, subject_of
from zhengshu.contexts.trust.application.sign_on.keys import signed
from zhengshu.contexts.trust.models import PartySession
from zhengshu.contexts.trust.sign_on_events import RelyingPartyNotTold
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor

log = structlog.get_logger(__name__)

EVENT = "http://schemas.openid.net/event/backchannel-logout"
KIND = "logout+jwt"
LIVES = timedelta(minutes=2)
SECONDS_TO_ANSWER = 5.0
HEARD = frozenset({200, 204})


@transaction
def tell_parties(*, at: datetime) -> int:
    """Send the notices that are due; return how many parties have heard.

    One that does not answer is tried again, later each time; what it could not be told is audited in the end. Its
    own sessions then last until it asks us again.
    """
    heard = 0
    for row in due(at=at):
        row.attempts += 1
        row.fault = _sent(row, at=timezone.now())
        if not row.fault:
            row.told_at = at
            heard += 1
        row.save(update_fields=["attempts", "fault", "told_at"])
        if row.fault and row.attempts >= MOST_ATTEMPTS:
            publish(
                RelyingPartyNotTold(
                    at=at,
                    actor=Actor.platform("trust.sign-on"),
                    subject=subject_of(row.party),
                    department_id=owner_of(row.party),
                    attempts=row.attempts,
                )
            )
    return heard


def logout_token(row: PartySession, *, at: datetime) -> str:
    """Return the signed notice of one ended session for one party."""
    claims = {
        "iss": settings.PUBLIC_URL.rstrip("/"),
        "aud": row.party_id,
        "iat": int(at.timestamp()),
        "exp": int((at + LIVES).timestamp()),
        "jti": secrets.token_hex(16),
        "sub": row.subject,
        "sid": row.session_id.hex,
        "events": {EVENT: {}},
    }
    return signed(claims, kind=KIND, at=at)


def _sent(row: PartySession, *, at: datetime) -> str:
    """Return what went wrong, an empty text when the party has heard."""
    try:
        answer = httpx.post(
            row.party.backchannel_logout_uri,
            data={"logout_token": logout_token(row, at=at)},
            timeout=SECONDS_TO_ANSWER,
            follow_redirects=False,
        )
    except httpx.HTTPError as fault:
        log.info("trust.party_not_told", party=row.party_id, fault=type(fault).__name__)
        return type(fault).__name__
    return "" if answer.status_code in HEARD else f"HTTP {answer.status_code}"
