"""Writing, publishing and withdrawing announcements; the data authority's reviewers do it."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.portal.events import (
    AnnouncementPublished,
    AnnouncementWithdrawn,
    AnnouncementWritten,
)
from zhengshu.contexts.portal.models import Announcement
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId, new_id

State = Announcement.State


class AnnouncementNotFound(Refused):
    """There is no such announcement, or it is not public; look it up in the list."""

    code = "portal.announcement-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such announcement."


class NotAnnouncing(Refused):
    """Only reviewers of a data authority speak on the public site."""

    code = "portal.not-announcing"
    kind = Kind.FORBIDDEN
    message = "Only reviewers of the data authority write, publish and withdraw announcements."


class AnnouncementUnfit(Refused):
    """An announcement needs a title and a text."""

    code = "portal.announcement-unfit"
    message = "An announcement needs a title of at most 120 characters and a text of at most 10,000."


class AnnouncementMoved(Refused):
    """Somebody else changed, published or withdrew it in the meantime; load the page again."""

    code = "portal.announcement-moved"
    kind = Kind.CONFLICT
    message = "This announcement was changed in the meantime. Load the page again and look at it."


class WithdrawalReasonMissing(Refused):
    """Whoever takes back what the public has read says why."""

    code = "portal.withdrawal-reason-missing"
    message = "Say why the announcement is withdrawn; the audit keeps it."


@transaction
def write_announcement(
    *,
    title: str,
    text: str,
    actor: Actor,
    at: datetime,
    announcement_id: UUID | None = None,
    revision: int = 1,
) -> UUID:
    """Write a new announcement, or change a draft.

    Raises:
        NotAnnouncing: the actor is no reviewer of a data authority.
        AnnouncementUnfit: title or text is missing or too long.
        AnnouncementNotFound: there is no such one of the actor's office.
        AnnouncementMoved: it is no draft any more, or somebody else changed it.
    """
    office = _office(actor)
    title, text = title.strip(), text.replace("\r\n", "\n").strip()
    if not (0 < len(title) <= 120 and 0 < len(text) <= 10_000):  # noqa: PLR2004 - as the columns say
        raise AnnouncementUnfit
    if announcement_id is None:
        row = Announcement(id=new_id(), department_id=office.id, department_name=office.name, written_at=at)
    else:
        row = _locked(announcement_id, office=office, state=State.DRAFT, revision=revision)
        row.revision += 1
    row.title, row.text, row.written_at = title, text, at
    row.save()
    _tell(AnnouncementWritten, row, actor=actor, at=at)
    return row.id


@transaction
def publish_announcement(*, announcement_id: UUID, revision: int, actor: Actor, at: datetime) -> None:
    """Let everybody read a draft; what was read before it was published is what is published.

    Raises:
        NotAnnouncing: the actor is no reviewer of a data authority.
        AnnouncementNotFound: there is no such one of the actor's office.
        AnnouncementMoved: it is no draft any more, or somebody else changed it.
    """
    row = _locked(announcement_id, office=_office(actor), state=State.DRAFT, revision=revision)
    row.state, row.published_at = State.PUBLISHED, at
    row.save(update_fields=["state", "published_at"])
    _tell(AnnouncementPublished, row, actor=actor, at=at)


@transaction
def withdraw_announcement(
    *, announcement_id: UUID, revision: int, reason: str, actor: Actor, at: datetime
) -> None:
    """Take an announcement back from the public site; it stays in the office's list with the reason.

    Raises:
        NotAnnouncing: the actor is no reviewer of a data authority.
        WithdrawalReasonMissing: no reason was given.
        AnnouncementNotFound: there is no such one of the actor's office.
        AnnouncementMoved: it is not published any more, or somebody else changed it.
    """
    office = _office(actor)
    if not reason.strip():
        raise WithdrawalReasonMissing
    row = _locked(announcement_id, office=office, state=State.PUBLISHED, revision=revision)
    row.state, row.withdrawn_at, row.withdrawn_reason = State.WITHDRAWN, at, reason.strip()[:500]
    row.save(update_fields=["state", "withdrawn_at", "withdrawn_reason"])
    _tell(AnnouncementWithdrawn, row, actor=actor, at=at)


def announced(*, actor: Actor) -> frozenset[str]:
    """Return the titles of all that the actor's office wrote, whatever became of it."""
    rows = Announcement.objects.visible_to(actor).filter(department_id=_office(actor).id)
    return frozenset(rows.values_list("title", flat=True))


def _office(actor: Actor) -> trust.DepartmentRecord:
    if not actor.has(Role.REVIEWER) or actor.department_id is None:
        raise NotAnnouncing
    office = trust.department(department_id=actor.department_id)
    if not office.is_data_authority:
        raise NotAnnouncing
    return office


def _locked(
    announcement_id: UUID, *, office: trust.DepartmentRecord, state: State, revision: int
) -> Announcement:
    rows = Announcement.objects.filter(department_id=office.id)
    row = rows.select_for_update().filter(pk=announcement_id).first()
    if row is None:
        raise AnnouncementNotFound
    if row.state != state or row.revision != revision:
        raise AnnouncementMoved
    return row


def _tell(
    kind: type[AnnouncementWritten | AnnouncementPublished | AnnouncementWithdrawn],
    row: Announcement,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    publish(
        kind(
            at=at,
            actor=actor,
            subject=Subject("announcement", str(row.id), row.title),
            department_id=DepartmentId(row.department_id),
            revision=row.revision,
        )
    )
