"""What must stand in the tokens of another provider before they are believed; signatures are checked before."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from zhengshu.kernel.errors import Kind, Refused

LEEWAY = timedelta(seconds=60)
"""How far clocks may be apart."""
OLDEST_LOGOUT = timedelta(minutes=5)
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LONGEST_SUBJECT = 255


class ProviderAnswerWrong(Refused):
    """The other provider's answer is not one to our question; begin again, and tell the administrator if it stays."""

    code = "trust.provider-answer-wrong"
    kind = Kind.FORBIDDEN
    message = "The answer of the other sign-in cannot be trusted (%(reason)s). Begin again."


def check_id_token(
    claims: Mapping[str, object], *, issuer: str, client_id: str, nonce: str, at: datetime
) -> str:
    """Return the subject of an ID token that answers our very question.

    Raises:
        ProviderAnswerWrong: another issuer, audience or question, or out of its time.
    """
    _check_origin(claims, issuer=issuer, client_id=client_id)
    if claims.get("nonce") != nonce or not nonce:
        raise ProviderAnswerWrong(reason="nonce")
    if _instant(claims, "exp") + LEEWAY <= at or _instant(claims, "iat") - LEEWAY > at:
        raise ProviderAnswerWrong(reason="time")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise ProviderAnswerWrong(reason="sub")
    return subject


def check_logout_token(
    claims: Mapping[str, object], *, issuer: str, client_id: str, at: datetime
) -> tuple[str, str, str]:
    """Return subject, session and number of a logout token; subject or session may be empty, not both.

    Raises:
        ProviderAnswerWrong: another issuer or audience, no logout, an ID token in its place, or out of its time.
    """
    _check_origin(claims, issuer=issuer, client_id=client_id)
    if "nonce" in claims:
        raise ProviderAnswerWrong(reason="nonce")
    events = claims.get("events")
    if not isinstance(events, Mapping) or LOGOUT_EVENT not in events:
        raise ProviderAnswerWrong(reason="events")
    issued = _instant(claims, "iat")
    if issued - LEEWAY > at or at - issued > OLDEST_LOGOUT:
        raise ProviderAnswerWrong(reason="time")
    if "exp" in claims and _instant(claims, "exp") + LEEWAY <= at:
        raise ProviderAnswerWrong(reason="time")
    subject, session, number = (_text(claims, name) for name in ("sub", "sid", "jti"))
    if not number or not (subject or session):
        raise ProviderAnswerWrong(reason="sub")
    return subject, session, number


def _check_origin(claims: Mapping[str, object], *, issuer: str, client_id: str) -> None:
    if claims.get("iss") != issuer:
        raise ProviderAnswerWrong(reason="iss")
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if client_id not in several:
        raise ProviderAnswerWrong(reason="aud")
    if (len(several) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        raise ProviderAnswerWrong(reason="azp")


def _instant(claims: Mapping[str, object], name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProviderAnswerWrong(reason=name)
    return datetime.fromtimestamp(value, tz=UTC)


def _text(claims: Mapping[str, object], name: str) -> str:
    value = claims.get(name, "")
    return value[:LONGEST_SUBJECT] if isinstance(value, str) else ""
