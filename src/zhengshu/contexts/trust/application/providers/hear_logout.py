"""Another provider says that a session has ended; ours that it opened end with it."""

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from zhengshu.contexts.trust.application.keep_sessions import end_session_rows
from zhengshu.contexts.trust.application.providers.come_in import note_refusal
from zhengshu.contexts.trust.application.providers.keep_providers import ProviderNotFound
from zhengshu.contexts.trust.application.providers.talk import issuer_of, opened
from zhengshu.contexts.trust.domain.id_tokens import OLDEST_LOGOUT, ProviderAnswerWrong, check_logout_token
from zhengshu.contexts.trust.models import HeardNotice, IdentityProvider, ProviderSession, SessionRecord
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor

KINDS = frozenset({"logout+jwt", "jwt", ""})


def hear_logout(*, provider_id: UUID, token: str, visitor: Actor, at: datetime) -> int:
    """Obey a logout token once; return how many sessions ended.

    Raises:
        ProviderNotFound: there is none such at work.
        ProviderAnswerWrong: not signed by the provider, not for us, no logout, too old, or heard before.
    """
    row = IdentityProvider.objects.filter(id=provider_id, is_active=True).first()
    if row is None:
        raise ProviderNotFound
    try:
        claims = opened(row, token, kinds=KINDS, at=at)
        subject, sid, number = check_logout_token(
            claims, issuer=issuer_of(row), client_id=row.client_id, at=at
        )
        return _obeyed(row, subject=subject, sid=sid, number=number, at=at)
    except ProviderAnswerWrong as refusal:
        note_refusal(row, reason=str(refusal.data["reason"]), visitor=visitor, at=at)
        raise


@transaction
def _obeyed(row: IdentityProvider, *, subject: str, sid: str, number: str, at: datetime) -> int:
    HeardNotice.objects.filter(heard_at__lt=at - OLDEST_LOGOUT - timedelta(hours=1)).delete()
    digest = sha256(f"{row.id}:{number}".encode()).digest()
    _, is_new = HeardNotice.objects.get_or_create(digest=digest, defaults={"heard_at": at})
    if not is_new:
        raise ProviderAnswerWrong(reason="jti")
    rows = ProviderSession.objects.filter(provider=row)
    if subject:
        rows = rows.filter(subject=subject)
    if sid:
        rows = rows.filter(sid=sid)
    return end_session_rows(
        SessionRecord.objects.filter(id__in=rows.values("session_id")),
        reason="ended_by_provider",
        by=Actor.platform("trust.sign-on"),
        at=at,
    )
