"""A person's messages: how many are new, the list, marking them read; and what could not be delivered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.casework.application.messages.afterwords import afterwords
from zhengshu.contexts.casework.application.messages.facts import in_language, words
from zhengshu.contexts.casework.application.messages.send import queue_after_commit
from zhengshu.contexts.casework.application.naming import loaded_all, reader_language
from zhengshu.contexts.casework.message_events import DeliveryRetried
from zhengshu.contexts.casework.models import Delivery, Message
from zhengshu.foundation.events import Subject
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId


class MessageNotFound(Refused):
    """There is no such message of the actor."""

    code: ClassVar[str] = "casework.message-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such message of yours."


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecord:
    """A message in the reader's language; `rating_path` leads to the rating of a case that has ended."""

    id: UUID
    case_id: CaseId
    case_number: str
    path: str
    title: str
    text: str
    at: datetime
    is_read: bool
    rating_path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecord:
    """A delivery that failed; it says nothing of the person but his number in the list."""

    id: UUID
    case_number: str
    channel: str
    state: str
    attempts: int
    fault: str
    changed_at: datetime
    is_given_up: bool


def unread(*, actor: Actor) -> int:
    """Return how many messages the actor has not read, in one query."""
    return Message.objects.visible_to(actor).unread().count()


def messages(*, actor: Actor, query: ListQuery) -> Page[MessageRecord]:
    """Return the actor's messages, the latest first; the filter ``state`` narrows to those not read."""
    rows = Message.objects.visible_to(actor).select_related("case").order_by("-at", "-id")
    if query.one("state") == "unread":
        rows = rows.unread()
    total = rows.count()
    start = (query.page - 1) * query.size
    found = list(rows[start : start + query.size])
    types = loaded_all(row.version_id for row in found)
    language = reader_language()
    ratings = afterwords(((row, types[row.version_id]) for row in found), person_id=actor.id)
    records = []
    for row in found:
        facts = in_language(row.facts, language)
        kind = types[row.version_id]
        title, text = (
            words(kind, f"messages.{row.code}.{part}", facts, language=language) for part in ("title", "text")
        )
        records.append(
            MessageRecord(
                id=row.pk,
                case_id=CaseId(row.case_id),
                case_number=row.case.number,
                path=row.case.subject_path,
                title=title,
                text=text,
                at=row.at,
                is_read=row.read_at is not None,
                rating_path=ratings.get(row.pk, ""),
            )
        )
    return Page(rows=tuple(records), total=total, query=query)


@transaction
def read_message(*, message_id: UUID, actor: Actor, at: datetime) -> tuple[CaseId, str]:
    """Mark a message as read; return the case that it is about, and the path of its subject.

    Raises:
        MessageNotFound: there is none of the actor.
    """
    row = Message.objects.visible_to(actor).select_related("case").filter(pk=message_id).first()
    if row is None:
        raise MessageNotFound
    Message.objects.filter(pk=row.pk).unread().update(read_at=at)
    return CaseId(row.case_id), row.case.subject_path


@transaction
def read_all(*, actor: Actor, at: datetime) -> int:
    """Mark all messages of the actor as read; return how many were not."""
    own = Message.objects.visible_to(actor).unread().values("pk")
    return Message.objects.filter(pk__in=own).update(read_at=at)


def troubled(*, query: ListQuery) -> Page[DeliveryRecord]:
    """Return the deliveries that failed, for those who operate the platform, the latest first."""
    rows = Delivery.objects.troubled().select_related("message__case").order_by("-changed_at", "id")
    states: Mapping[str, str] = {"failed": Delivery.State.FAILED, "given_up": Delivery.State.GIVEN_UP}
    if state := states.get(query.one("state")):
        rows = rows.filter(state=state)
    total = rows.count()
    start = (query.page - 1) * query.size
    records = (
        DeliveryRecord(
            id=row.pk,
            case_number=row.message.case.number,
            channel=row.channel,
            state=row.state,
            attempts=row.attempts,
            fault=row.fault,
            changed_at=row.changed_at,
            is_given_up=row.state == Delivery.State.GIVEN_UP,
        )
        for row in rows[start : start + query.size]
    )
    return Page(rows=tuple(records), total=total, query=query)


@transaction
def retry_delivery(*, delivery_id: UUID, actor: Actor, at: datetime) -> None:
    """Queue a delivery that failed once more, with all its attempts.

    Raises:
        MessageNotFound: there is none that failed.
    """
    row = Delivery.objects.troubled().select_for_update(of=("self",)).filter(pk=delivery_id).first()
    if row is None:
        raise MessageNotFound
    row.state, row.attempts, row.fault, row.changed_at = Delivery.State.QUEUED, 0, "", at
    row.save(update_fields=["state", "attempts", "fault", "changed_at"])
    queue_after_commit([row.pk])
    publish(
        DeliveryRetried(
            at=at,
            actor=actor,
            subject=Subject(kind="delivery", id=str(row.pk), label=row.channel),
            department_id=actor.department_id,
        )
    )
