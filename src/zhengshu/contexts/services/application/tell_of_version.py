"""Telling who may approve a version that it waits for them, and who handed it in, and approved it, what came of it."""

from collections.abc import Mapping

import structlog

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.domain.vocabulary import VersionState
from zhengshu.contexts.services.events import (
    ItemEvent,
    ItemPublished,
    ItemReturned,
    ItemSubmitted,
    ItemTakenBack,
)
from zhengshu.contexts.services.models import ItemVersion
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId

CASE_TYPE = SUBJECT = "service-item-version"
TAKEN_BACK = "service-item-taken-back"
APPROVED, RETURNED = "approved", "returned"
PLATFORM = Actor.platform("services.versions")

log = structlog.get_logger(__name__)


def tell_approvers(event: ItemSubmitted) -> None:
    """Open the case whose message they get; told twice opens one. Nobody is told of what was decided meanwhile."""
    version = _version(event)
    if version is None or version.state != VersionState.SUBMITTED.value or version.submitted_at != event.at:
        return
    _open(CASE_TYPE, version, event, data={"version": event.version})


def tell_of_taking_back(event: ItemTakenBack) -> None:
    """Tell the item's organ and the data authority, who wrote and approved the version; told twice tells once."""
    version = _version(event)
    if version is not None:
        _open(TAKEN_BACK, version, event, data={"version": event.version, "reason": version.returned_reason})


def tell_author(event: ItemPublished | ItemReturned) -> None:
    """Let the case end as the version was decided; a second time it has ended."""
    version = _version(event)
    if version is None:
        return
    found = casework.cases_of(subject_ids=[version.id], actor=PLATFORM, at=event.at).get(version.id)
    if found is None or not found.is_open:
        return
    is_returned = isinstance(event, ItemReturned)
    casework.deliver_message(
        case_id=found.id,
        name=RETURNED if is_returned else APPROVED,
        data={"reason": version.returned_reason} if is_returned else {},
        text=event.actor.name,
        actor=PLATFORM,
        at=event.at,
    )


def _open(
    case_type: str,
    version: ItemVersion,
    event: ItemSubmitted | ItemTakenBack,
    *,
    data: Mapping[str, str | int],
) -> None:
    organ = version.item.department_id or version.item.authority_id
    authority = version.item.authority_id or organ
    if organ is None or authority is None:
        return
    try:
        casework.open_case(
            case_type=case_type,
            subject=casework.CaseSubject(
                kind=SUBJECT,
                id=version.id,
                title=version.elements["name"],
                path=f"/services/items/{event.code}/versions/",
            ),
            parties={"organ": DepartmentId(organ), "authority": DepartmentId(authority)},
            data=data,
            actor=event.actor,
            at=event.at,
            idempotency_key=f"version:{version.id}:{event.at.isoformat()}",
        )
    except casework.CaseTypeNotFound:
        log.warning("services.nobody-told", item=event.code, why="the case type is not loaded")


def _version(event: ItemEvent) -> ItemVersion | None:
    rows = ItemVersion.objects.filter(item__code=event.code, number=event.version).select_related("item")
    return rows.defer("item__all_words", "item__meaning").first()
