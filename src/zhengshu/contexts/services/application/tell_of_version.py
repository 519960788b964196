"""Telling who may approve a version that it waits for them, and who handed it in what came of it."""

import structlog

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.domain.vocabulary import VersionState
from zhengshu.contexts.services.events import ItemEvent, ItemPublished, ItemReturned, ItemSubmitted
from zhengshu.contexts.services.models import ItemVersion
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId

CASE_TYPE = SUBJECT = "service-item-version"
APPROVED, RETURNED = "approved", "returned"
PLATFORM = Actor.platform("services.versions")

log = structlog.get_logger(__name__)


def tell_approvers(event: ItemSubmitted) -> None:
    """Open the case whose message they get; told twice opens one. Nobody is told of what was decided meanwhile."""
    version = _version(event)
    if version is None or version.state != VersionState.SUBMITTED.value or version.submitted_at != event.at:
        return
    organ = version.item.department_id or version.item.authority_id
    authority = version.item.authority_id or organ
    if organ is None or authority is None:
        return
    try:
        casework.open_case(
            case_type=CASE_TYPE,
            subject=casework.CaseSubject(
                kind=SUBJECT,
                id=version.id,
                title=version.elements["name"],
                path=f"/services/items/{event.code}/versions/",
            ),
            parties={"organ": DepartmentId(organ), "authority": DepartmentId(authority)},
            data={"version": event.version},
            actor=event.actor,
            at=event.at,
            idempotency_key=f"version:{version.id}:{event.at.isoformat()}",
        )
    except casework.CaseTypeNotFound:
        log.warning("services.nobody-told", item=event.code, why="the case type is not loaded")


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


def _version(event: ItemEvent) -> ItemVersion | None:
    rows = ItemVersion.objects.filter(item__code=event.code, number=event.version).select_related("item")
    return rows.defer("item__all_words", "item__meaning").first()
