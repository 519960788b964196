"""Somebody comes from another provider: what was asked, whether the answer fits, whose account it is."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode
from uuid import UUID

from zhengshu.contexts.trust.application.providers.keep_providers import ProviderNotFound, subject_of
from zhengshu.contexts.trust.application.providers.talk import exchange, issuer_of, opened, refresh
from zhengshu.contexts.trust.domain.id_tokens import ProviderAnswerWrong, check_id_token
from zhengshu.contexts.trust.models import (
    Account,
    IdentityProvider,
    LinkedIdentity,
    ProviderSession,
    SessionRecord,
)
from zhengshu.contexts.trust.sign_on_events import ProviderRefused
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.levels import Assurance

LIVES = timedelta(minutes=10)
SIGN_IN_KINDS = frozenset({"", "jwt"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a browser was sent to ask; it stays in its session, and an answer fits only there.

    Attributes:
        provider_id: whom it was sent to: an answer in another's name is a mix-up.
        state: ties the answer to the browser.
        nonce: ties the ID token to the question.
        verifier: ties the code to us.
        for_account: whose account shall be linked; empty for a sign-in.
        target: where to go afterwards.
        asked_at: when, as a timestamp.
    """

    provider_id: str
    state: str
    nonce: str
    verifier: str
    for_account: str
    target: str
    asked_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is elsewhere, as a provider says."""

    provider_id: UUID
    provider: str
    subject: str
    shown: str
    sid: str
    level: Assurance


def begin(
    *, provider_id: UUID, redirect_uri: str, for_account: str, target: str, at: datetime
) -> tuple[Question, str]:
    """Return a question and the address to ask it at.

    Raises:
        ProviderNotFound: there is none such at work.
        ProviderUnreachable: nothing is known of it yet, and it does not answer.
    """
    row = _at_work(provider_id)
    refresh(row, at=at)
    question = Question(
        provider_id=str(provider_id),
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(64),
        for_account=for_account,
        target=target,
        asked_at=at.timestamp(),
    )
    digest = sha256(question.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": row.client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid profile",
        "state": question.state,
        "nonce": question.nonce,
        "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    place = str(row.metadata["authorization_endpoint"])
    return question, f"{place}{'&' if '?' in place else '?'}{urlencode(query)}"


def take_answer(
    *,
    provider_id: UUID,
    question: Question | None,
    answer: Mapping[str, str],
    redirect_uri: str,
    visitor: Actor,
    at: datetime,
) -> Identity:
    """Return who somebody is, if the answer fits the question that this very browser asked.

    Raises:
        ProviderNotFound: there is none such at work.
        ProviderAnswerWrong: no such question, too late, another provider's answer, a forged or foreign token.
        ProviderUnreachable: the provider does not give the tokens.
    """
    row = _at_work(provider_id)
    try:
        return _taken(row, question, answer, redirect_uri=redirect_uri, at=at)
    except ProviderAnswerWrong as refusal:
        note_refusal(row, reason=str(refusal.data["reason"]), visitor=visitor, at=at)
        raise


@transaction
def note_refusal(row: IdentityProvider, *, reason: str, visitor: Actor, at: datetime) -> None:
    """Put an answer that was not believed into the audit."""
    publish(ProviderRefused(at=at, actor=visitor, subject=subject_of(row), reason=reason))


def account_behind(identity: Identity) -> Account | None:
    """Return the active account that its owner has linked to an identity; nothing else makes it his."""
    row = (
        LinkedIdentity.objects.filter(provider_id=identity.provider_id, subject=identity.subject)
        .select_related("account")
        .first()
    )
    return row.account if row is not None and row.account.is_active else None


@transaction
def note_provider_session(*, identity: Identity, session_key: str, at: datetime) -> None:
    """Remember that a session was opened by one elsewhere, to end with it."""
    session = SessionRecord.objects.filter(session_key=session_key, ended_at=None).first()
    if session is None:
        return
    ProviderSession.objects.create(
        provider_id=identity.provider_id, session=session, subject=identity.subject, sid=identity.sid
    )
    LinkedIdentity.objects.filter(provider_id=identity.provider_id, subject=identity.subject).update(
        used_at=at
    )


def _taken(
    row: IdentityProvider,
    question: Question | None,
    answer: Mapping[str, str],
    *,
    redirect_uri: str,
    at: datetime,
) -> Identity:
    _check_answer(row, question, answer, at=at)
    if question is None:
        raise ProviderAnswerWrong(reason="state")
    token = exchange(row, code=answer.get("code", ""), verifier=question.verifier, redirect_uri=redirect_uri)
    claims = opened(row, token, kinds=SIGN_IN_KINDS, at=at)
    subject = check_id_token(
        claims, issuer=issuer_of(row), client_id=row.client_id, nonce=question.nonce, at=at
    )
    is_strong = str(claims.get("acr", "")) in row.strong_acrs.split()
    shown = str(claims.get("name") or claims.get("preferred_username") or "")
    return Identity(
        provider_id=row.id,
        provider=row.name,
        subject=subject,
        shown=shown[:60],
        sid=str(claims.get("sid", ""))[:255],
        level=Assurance.TWO_FACTORS if is_strong else Assurance.ONE_FACTOR,
    )


def _check_answer(
    row: IdentityProvider, question: Question | None, answer: Mapping[str, str], *, at: datetime
) -> None:
    if question is None or not hmac.compare_digest(question.state.encode(), answer.get("state", "").encode()):
        raise ProviderAnswerWrong(reason="state")
    if question.provider_id != str(row.id):
        raise ProviderAnswerWrong(reason="mix-up")
    if at.timestamp() - question.asked_at > LIVES.total_seconds():
        raise ProviderAnswerWrong(reason="time")
    named = answer.get("iss")
    if (named is None and row.metadata.get("iss_in_answer")) or named not in {None, issuer_of(row)}:
        raise ProviderAnswerWrong(reason="iss")
    if "error" in answer or not answer.get("code"):
        raise ProviderAnswerWrong(reason="refused")


def _at_work(provider_id: UUID) -> IdentityProvider:
    row = IdentityProvider.objects.filter(id=provider_id, is_active=True).first()
    if row is None:
        raise ProviderNotFound
    return row
