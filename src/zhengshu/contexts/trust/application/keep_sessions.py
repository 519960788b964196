"""Sessions: opened at sign-in, listed for their owner, ended by owner, administrator or time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from zhengshu.contexts.trust.application.policy import policy, session_rules
from zhengshu.contexts.trust.application.records import subject_label
from zhengshu.contexts.trust.application.sign_on.ending import end_elsewhere
from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.domain.sessions import Ending
from zhengshu.contexts.trust.events import SignedIn, SignedOut
from zhengshu.contexts.trust.models import Account, SessionRecord
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId

MOST_AT_ONCE = 500


class SessionNotFound(Refused):
    """No such session of the actor's own; it may have ended meanwhile."""

    code = "trust.session-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such session, or it has ended already."


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionItem:
    """A session as its owner sees it."""

    id: UUID
    address: str
    agent: str
    started_at: datetime
    seen_at: datetime
    is_this: bool
    sites: tuple[str, ...] = ()


@transaction
def open_session(
    *, account: Account, session_key: str, address: str, agent: str, second_factor: str, at: datetime
) -> None:
    """Record a sign-in, and end the oldest sessions where the policy allows fewer at once."""
    allowed = policy().sessions_at_once
    SessionRecord.objects.update_or_create(
        session_key=session_key,
        defaults={
            "account": account,
            "address": address[:45],
            "agent": agent[:200],
            "started_at": at,
            "seen_at": at,
            "ended_at": None,
        },
    )
    who = _actor(account, address)
    publish(
        SignedIn(
            at=at,
            actor=who,
            subject=_subject(account),
            department_id=who.department_id,
            second_factor=second_factor,
        )
    )
    open_ones = SessionRecord.objects.filter(account=account, ended_at=None).order_by("-seen_at", "-id")
    for row in open_ones[allowed:]:
        _end(row, reason="too_many", by=who, at=at)


@transaction
def close_session(*, session_key: str, reason: str, address: str, at: datetime) -> None:
    """End the session of a key, whoever asks: its owner by signing out, or time."""
    row = (
        SessionRecord.objects.select_related("account").filter(session_key=session_key, ended_at=None).first()
    )
    if row is not None:
        _end(row, reason=reason, by=_actor(row.account, address), at=at)


@transaction
def end_own_session(*, session_id: UUID, actor: Actor, at: datetime) -> None:
    """End one of one's own sessions, for instance on a forgotten machine.

    Raises:
        SessionNotFound: the actor has no such open session.
    """
    rows = SessionRecord.objects.select_related("account").filter(account_id=actor.id, ended_at=None)
    row = rows.filter(id=session_id).first()
    if row is None:
        raise SessionNotFound
    _end(row, reason="ended_by_owner", by=actor, at=at)


@transaction
def end_own_sessions(*, but: str, actor: Actor, at: datetime) -> int:
    """End all of one's own sessions except the one of a key; return how many."""
    rows = SessionRecord.objects.filter(account_id=actor.id).exclude(session_key=but)
    return end_session_rows(rows, reason="ended_by_owner", by=actor, at=at)


@transaction
def end_account_sessions(*, account_id: UUID, actor: Actor, at: datetime) -> int:
    """Sign somebody out everywhere; return how many sessions ended.

    Raises:
        NotYourDuty: the actor is not the security administrator.
    """
    require(actor, Role.SECURITY_ADMIN)
    rows = SessionRecord.objects.filter(account_id=account_id)
    return end_session_rows(rows, reason="ended_by_administrator", by=actor, at=at)


def end_sessions_of(account: Account, *, reason: str, by: Actor, at: datetime, but: str = "") -> None:
    """End all sessions of an account except the one of a key."""
    for row in SessionRecord.objects.filter(account=account, ended_at=None).exclude(session_key=but):
        _end(row, reason=reason, by=by, at=at)


@transaction
def end_idle_sessions(*, at: datetime) -> int:
    """End the sessions whose time is over although nobody came to notice; return how many.

    The last use is written down once a minute, so a session gets a minute more here than at its next request.
    """
    rules = session_rules(policy())
    unused = Q(seen_at__lt=at - timedelta(minutes=rules.idle_minutes + 1))
    old = Q(started_at__lt=at - timedelta(hours=rules.hours))
    rows = SessionRecord.objects.select_for_update(of=("self",), skip_locked=True)
    over = rows.select_related("account").filter(unused | old, ended_at=None)[:MOST_AT_ONCE]
    for row in over:
        too_long = row.started_at < at - timedelta(hours=rules.hours)
        reason = Ending.TOO_LONG if too_long else Ending.IDLE
        _end(row, reason=reason.value, by=Actor.platform("trust.sessions"), at=at)
    return len(over)


def end_session_rows(rows: QuerySet[SessionRecord], *, reason: str, by: Actor, at: datetime) -> int:
    """End those of some sessions that have not ended; return how many."""
    open_ones = list(rows.filter(ended_at=None).select_related("account"))
    for row in open_ones:
        _end(row, reason=reason, by=by, at=at)
    return len(open_ones)


def touch_session(*, session_key: str, at: datetime) -> None:
    """Remember when a session was last used."""
    SessionRecord.objects.filter(session_key=session_key, ended_at=None).update(seen_at=at)


def sessions_of(*, actor: Actor, this_key: str) -> tuple[SessionItem, ...]:
    """Return one's own open sessions, the latest used first."""
    rows = SessionRecord.objects.filter(account_id=actor.id, ended_at=None).order_by("-seen_at")
    rows = rows.prefetch_related("party_sessions__party__client")
    return tuple(
        SessionItem(
            id=row.id,
            address=row.address,
            agent=row.agent,
            started_at=row.started_at,
            seen_at=row.seen_at,
            is_this=row.session_key == this_key,
            sites=tuple(sorted(one.party.client.name for one in row.party_sessions.all())),
        )
        for row in rows
    )


def _end(row: SessionRecord, *, reason: str, by: Actor, at: datetime) -> None:
    Session.objects.filter(session_key=row.session_key).delete()
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    end_elsewhere(row, at=at)
    account = row.account
    owner = DepartmentId(account.department_id) if account.department_id else None
    publish(SignedOut(at=at, actor=by, subject=_subject(account), department_id=owner, reason=reason))


def _actor(account: Account, address: str) -> Actor:
    owner = DepartmentId(account.department_id) if account.department_id else None
    return Actor(id=account.id, name=account.name, department_id=owner, address=address)


def _subject(account: Account) -> Subject:
    return Subject("account", str(account.id), subject_label(account))
