"""Which item an actor means, and whether a step is theirs."""

from dataclasses import dataclass
from typing import ClassVar

from zhengshu.contexts.services.application.queries import ItemNotFound
from zhengshu.contexts.services.application.records import ItemSummary
from zhengshu.contexts.services.domain.faults import Fault
from zhengshu.contexts.services.domain.vocabulary import ItemState, VersionState
from zhengshu.contexts.services.models import ItemVersion, ServiceItem
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused

EDITORS = (Role.DATA_OFFICER, Role.DEPARTMENT_HEAD)
"""Who writes versions of the own department's items; reviewers of the data authority write those of unknown organs."""


class ItemStepNotYours(Refused):
    """The step belongs to the organ's officers, its head, or the data authority's reviewer."""

    code: ClassVar[str] = "services.step-not-yours"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = (
        "This is not yours to do: it belongs to the handling organ or to the data authority."
    )


class OwnSubmission(Refused):
    """Whoever submitted a version does not approve it; a colleague does."""

    code: ClassVar[str] = "services.own-submission"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = "You submitted this version yourself; somebody else approves it."


class NoVersionOpen(Refused):
    """No version is in the making, or it is not at this step; look at the item's versions."""

    code: ClassVar[str] = "services.no-version-open"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "“%(name)s” has no version at this step."


class VersionUnderWay(Refused):
    """A version was submitted and waits; it is approved or returned before another begins."""

    code: ClassVar[str] = "services.version-under-way"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "Version %(number)s of “%(name)s” waits for approval; it is approved or returned first."
    )


class ChangedMeanwhile(Refused):
    """Somebody else changed the draft since it was opened; open it again."""

    code: ClassVar[str] = "services.changed-meanwhile"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "Somebody changed this draft since you opened it. Open it again and repeat your change."
    )


class ReasonMissing(Refused):
    """Whoever gives a version back or retires an item says why."""

    code: ClassVar[str] = "services.reason-missing"
    message: ClassVar[str] = "Say why, so that others know what to do."


class ItemNotAcceptable(Refused):
    """The declaration breaks rules; `faults` says which part breaks which."""

    code: ClassVar[str] = "services.item-not-acceptable"
    message: ClassVar[str] = "The item has %(count)s faults. The first: %(first)s"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Keep the faults."""
        self.faults = faults
        super().__init__(count=len(faults), first=faults[0].text())


def locked_item(*, code: str, actor: Actor) -> ServiceItem:
    """Return an item for a change, locked until the transaction ends.

    Raises:
        ItemNotFound: there is none that the actor may see.
    """
    rows = ServiceItem.objects.visible_to(actor).select_for_update(of=("self",)).defer("all_words", "meaning")
    found = rows.filter(code=code).first()
    if found is None:
        raise ItemNotFound(item=code)
    return found


def may_edit(item: ServiceItem, actor: Actor) -> bool:
    """Whether the actor writes versions of an item."""
    if actor.is_platform:
        return True
    if item.department_id is None:
        return actor.has(Role.REVIEWER)
    return item.department_id == actor.department_id and actor.has(*EDITORS)


def may_approve(item: ServiceItem, actor: Actor) -> bool:
    """Whether the actor approves versions of an item: the organ's head, or the data authority's reviewer."""
    if actor.is_platform:
        return True
    if item.department_id == actor.department_id and actor.has(Role.DEPARTMENT_HEAD):
        return True
    is_authority = item.authority_id == actor.department_id or item.department_id is None
    return is_authority and actor.has(Role.REVIEWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSteps:
    """What an actor may do with an item now."""

    may_edit: bool
    may_submit: bool
    may_give_up: bool
    may_approve: bool
    may_take_back: bool
    may_retire: bool


def steps_of(summary: ItemSummary, state: VersionState | None, actor: Actor) -> ItemSteps:
    """Return the steps that a page offers; each use case asks again.

    Args:
        summary: the item.
        state: how far the version in the making has come; None where there is none.
        actor: who looks.
    """
    item = ServiceItem.objects.visible_to(actor).only("department_id", "authority_id").get(id=summary.id)
    edits, approves = may_edit(item, actor), may_approve(item, actor)
    return ItemSteps(
        may_edit=edits and state is not VersionState.SUBMITTED and summary.state is not ItemState.RETIRED,
        may_submit=edits and state is VersionState.DRAFT,
        may_give_up=edits and state is VersionState.DRAFT,
        may_approve=approves and state is VersionState.SUBMITTED,
        may_take_back=approves,
        may_retire=approves and summary.state is ItemState.PUBLISHED,
    )


def require_editor(item: ServiceItem, actor: Actor) -> None:
    """Let only those pass who write versions of an item.

    Raises:
        ItemStepNotYours: the actor is not one of them.
    """
    if not may_edit(item, actor):
        raise ItemStepNotYours


def require_approver(item: ServiceItem, actor: Actor) -> None:
    """Let only those pass who approve versions of an item.

    Raises:
        ItemStepNotYours: the actor is not one of them.
    """
    if not may_approve(item, actor):
        raise ItemStepNotYours


def open_version(item: ServiceItem, *states: VersionState) -> ItemVersion:
    """Return the version that is in the making, locked.

    Raises:
        NoVersionOpen: there is none in one of the states.
    """
    rows = ItemVersion.objects.select_for_update().filter(item=item, state__in=[one.value for one in states])
    found = rows.first()
    if found is None:
        raise NoVersionOpen(name=item.name)
    return found
