"""The end of a session reaches every relying party that was told of it, tokens first."""

from datetime import datetime, timedelta
from uuid import UUID

from allauth.idp.oidc.models import Token
from django.db import transaction as django_transaction
from django.db.models import Q
from procrastinate.exceptions import AlreadyEnqueued

from zhengshu.contexts.trust.models import PartySession, RelyingParty, SessionRecord, SignInCode
from zhengshu.foundation.jobs import app

JOB = "trust.tell_parties"
SESSION = "sid"
"""The member of a token's data that names the session it lives with."""
MOST_ATTEMPTS = 10


def end_elsewhere(session: SessionRecord, *, at: datetime) -> None:
    """End what was opened elsewhere by a session: tokens and codes now, the sessions there by a notice."""
    SignInCode.objects.filter(session=session).delete()
    rows = PartySession.objects.filter(session=session, ended_at=None)
    if rows.update(ended_at=at):
        Token.objects.filter(data__sid=session.id.hex).delete()
        queue_after_commit()


def end_party(party: RelyingParty, *, at: datetime) -> None:
    """End all tokens and codes of a relying party, and tell it so."""
    SignInCode.objects.filter(party=party).delete()
    Token.objects.filter(client_id=party.client_id).delete()
    if PartySession.objects.filter(party=party, ended_at=None).update(ended_at=at):
        queue_after_commit()


def end_for_person(party: RelyingParty, *, account_id: UUID, at: datetime) -> None:
    """End what one person opened at one relying party."""
    SignInCode.objects.filter(party=party, account_id=account_id).delete()
    Token.objects.filter(client_id=party.client_id, user_id=account_id).delete()
    rows = PartySession.objects.filter(party=party, session__account_id=account_id, ended_at=None)
    if rows.update(ended_at=at):
        queue_after_commit()


def queue_after_commit() -> None:
    """Let the worker tell relying parties once the open transaction is committed."""
    django_transaction.on_commit(queue)


def queue() -> None:
    """Queue the job, unless it waits already."""
    try:
        with django_transaction.atomic():
            app.configure_task(JOB, queueing_lock=JOB).defer()
    except AlreadyEnqueued:
        return


def due(*, at: datetime) -> list[PartySession]:
    """Return, locked, notices that are to be sent now: 2, 4, 8 … seconds after each failure."""
    to_send = Q(ended_at__isnull=False, told_at=None, attempts__lt=MOST_ATTEMPTS)
    rows = (
        PartySession.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(to_send)
        .exclude(party__backchannel_logout_uri="")
        .select_related("party__client", "session")
        .order_by("ended_at")[:50]
    )
    return [row for row in rows if row.ended_at and at >= row.ended_at + wait(row.attempts)]


def wait(attempts: int) -> timedelta:
    """Return how long after the end the next attempt is due."""
    return timedelta(seconds=2 ** (attempts + 1) - 2)
