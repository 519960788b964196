"""An organ writes the next version of an item; somebody else approves it, and it is in force from its first day."""

from datetime import date, datetime

from django.db.models import F
from django.utils import timezone

from zhengshu.contexts.services.application.access import (
    ChangedMeanwhile,
    ItemNotAcceptable,
    NoVersionOpen,
    OwnSubmission,
    ReasonMissing,
    VersionUnderWay,
    locked_item,
    open_version,
    require_approver,
    require_editor,
)
from zhengshu.contexts.services.application.queries import record
from zhengshu.contexts.services.application.records import ItemRecord
from zhengshu.contexts.services.application.versions import (
    about,
    fill,
    keep_materials,
    new_version,
    put_in_force,
    show,
)
from zhengshu.contexts.services.application.what_is_held import what_is_held
from zhengshu.contexts.services.domain.checks import faults_in, gaps_in
from zhengshu.contexts.services.domain.faults import Fault
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.lengths import faults_of_length
from zhengshu.contexts.services.domain.vocabulary import ItemState, VersionState
from zhengshu.contexts.services.events import ItemRetired, ItemReturned, ItemSubmitted
from zhengshu.contexts.services.models import ItemVersion, ServiceItem, Theme
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor


@transaction
def write_version(
    *,
    code: str,
    draft: ItemDraft,
    effective_from: date,
    cause: str,
    expected_revision: int,
    actor: Actor,
    at: datetime,
) -> ItemRecord:
    """Begin the next version of an item, or change the draft of it; what is in force stays as it is.

    Args:
        code: the item.
        draft: the whole declaration.
        effective_from: its first day.
        cause: why it is changed.
        expected_revision: the revision that was opened; 0 where no draft was there.
        actor: who writes.
        at: now.

    Raises:
        ItemNotFound: no such item that the actor may see.
        ItemStepNotYours: the actor is no officer of the item's organ.
        VersionUnderWay: a version waits for approval.
        ChangedMeanwhile: somebody else wrote since it was opened.
        ItemNotAcceptable: it promises more than the law allows, asks for what the government holds, or is too long.
    """
    item = locked_item(code=code, actor=actor)
    require_editor(item, actor)
    before = record(item.current).facts if item.current else None
    if faults := faults_of(draft, effective_from, at, before=before):
        raise ItemNotAcceptable(faults)
    states = [VersionState.DRAFT.value, VersionState.SUBMITTED.value]
    version = ItemVersion.objects.select_for_update().filter(item=item, state__in=states).first()
    if version is not None and version.state == VersionState.SUBMITTED.value:
        raise VersionUnderWay(name=item.name, number=version.number)
    if (version.revision if version else 0) != expected_revision:
        raise ChangedMeanwhile
    if version is None:
        version = new_version(item, draft, effective_from=effective_from, cause=cause, actor=actor, at=at)
    else:
        fill(version, draft)
        version.effective_from, version.cause = effective_from, cause
        version.changed_by, version.changed_at = actor.name, at
        version.revision += 1
        version.save()
        keep_materials(version, draft)
    return record(version)


@transaction
def give_up_version(*, code: str, actor: Actor, at: datetime) -> ItemRecord:
    """Give the draft up; it stays readable for its organ, and the next version begins from what is in force.

    Raises:
        ItemNotFound: no such item that the actor may see.
        ItemStepNotYours: the actor is no officer of the item's organ.
        NoVersionOpen: there is no draft.
    """
    item = locked_item(code=code, actor=actor)
    require_editor(item, actor)
    version = open_version(item, VersionState.DRAFT)
    version.state, version.changed_by, version.changed_at = VersionState.WITHDRAWN.value, actor.name, at
    version.save()
    return record(version)


@transaction
def submit_version(*, code: str, actor: Actor, at: datetime) -> ItemRecord:
    """Hand the draft in for approval; it has to say all that a person needs.

    Raises:
        ItemNotFound: no such item that the actor may see.
        ItemStepNotYours: the actor is no officer of the item's organ.
        NoVersionOpen: there is no draft.
        ItemNotAcceptable: something breaks a rule, or the guide lacks something.
    """
    item = locked_item(code=code, actor=actor)
    require_editor(item, actor)
    version = open_version(item, VersionState.DRAFT)
    _require_sound(version)
    version.state, version.returned_reason = VersionState.SUBMITTED.value, ""
    version.submitted_by, version.submitted_at = actor.id, at
    version.save()
    publish(ItemSubmitted(**about(item, version, actor=actor, at=at)))
    return record(version)


@transaction
def approve_version(*, code: str, actor: Actor, at: datetime) -> ItemRecord:
    """Publish a version that was handed in; the one before it ends on its first day.

    Basis: Decree 809, article 19.

    Raises:
        ItemNotFound: no such item that the actor may see.
        ItemStepNotYours: the actor is neither the organ's head nor the data authority's reviewer.
        OwnSubmission: the actor handed it in.
        NoVersionOpen: nothing waits for approval.
        ItemNotAcceptable: something breaks a rule that did not when it was handed in.
    """
    item = locked_item(code=code, actor=actor)
    require_approver(item, actor)
    version = open_version(item, VersionState.SUBMITTED)
    if version.submitted_by == actor.id and not actor.is_platform:
        raise OwnSubmission
    draft = _require_sound(version)
    today = timezone.localdate(at)
    version.effective_from = max(version.effective_from, today)
    put_in_force(item, version, draft, actor=actor, at=at, on=today)
    return record(version)


@transaction
def return_version(*, code: str, reason: str, actor: Actor, at: datetime) -> ItemRecord:
    """Give a version back to its organ with what has to be changed.

    Raises:
        ItemNotFound: no such item that the actor may see.
        ItemStepNotYours: the actor is neither the organ's head nor the data authority's reviewer.
        NoVersionOpen: nothing waits for approval.
        ReasonMissing: no reason was given.
    """
    item = locked_item(code=code, actor=actor)
    require_approver(item, actor)
    version = open_version(item, VersionState.SUBMITTED)
    if not reason.strip():
        raise ReasonMissing
    version.state, version.returned_reason = VersionState.DRAFT.value, reason.strip()
    version.revision += 1
    version.save()
    publish(ItemReturned(**about(item, version, actor=actor, at=at)))
    return record(version)


@transaction
def retire_item(*, code: str, reason: str, actor: Actor, at: datetime) -> None:
    """Offer an item no more; its guide stays readable and says why.

    Raises:
        ItemNotFound: no such item that the actor may see.
        ItemStepNotYours: the actor is neither the organ's head nor the data authority's reviewer.
        NoVersionOpen: it is not offered.
        ReasonMissing: no reason was given.
    """
    item = locked_item(code=code, actor=actor)
    require_approver(item, actor)
    if item.state != ItemState.PUBLISHED.value or item.current is None:
        raise NoVersionOpen(name=item.name)
    if not reason.strip():
        raise ReasonMissing
    item.state, item.retired_at, item.retired_reason = ItemState.RETIRED.value, at, reason.strip()
    item.changed_at = at
    if item.meaning_at is not None:
        item.meaning_at = at
    item.save()
    publish(ItemRetired(**about(item, item.current, actor=actor, at=at)))


@transaction
def take_effect(*, at: datetime) -> int:
    """Show the versions whose first day has come; return how many there were. A second time changes nothing."""
    today = timezone.localdate(at)
    due = ItemVersion.objects.in_force(today).exclude(item__current=F("id")).select_related("item")
    shown = 0
    for version in due.order_by("item_id", "number"):
        item = ServiceItem.objects.select_for_update().get(id=version.item_id)
        draft = record(version).facts
        item.current = version
        show(item, draft)
        if item.state == ItemState.DRAFT.value:
            item.state = ItemState.PUBLISHED.value
        item.save()
        item.themes.set(Theme.objects.filter(code__in=draft.themes))
        shown += 1
    return shown


def faults_of(
    draft: ItemDraft, effective_from: date, at: datetime, *, before: ItemDraft | None = None
) -> tuple[Fault, ...]:
    """Return what forbids that an organ writes a version, which follows another or is the first."""
    return (
        *faults_in(draft, held=what_is_held(), themes=_themes()),
        *faults_of_length(draft, before=before),
        *_in_day(effective_from, at),
    )


def _in_day(effective_from: date, at: datetime) -> tuple[Fault, ...]:
    if effective_from >= timezone.localdate(at):
        return ()
    message = "A version is in force from today at the earliest; what was in force stays as it was."
    return (Fault(field="effective_from", code="services.day-past", message=message),)


def _require_sound(version: ItemVersion) -> ItemDraft:
    draft = record(version).facts
    if faults := faults_in(draft, held=what_is_held(), themes=_themes()) + gaps_in(draft):
        raise ItemNotAcceptable(faults)
    return draft


def _themes() -> frozenset[str]:
    return frozenset(Theme.objects.values_list("code", flat=True))
