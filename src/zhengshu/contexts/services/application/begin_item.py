"""An organ begins an item that it did not offer before; it is offered when its first version was approved."""

import re
from datetime import date, datetime
from hashlib import sha256
from typing import ClassVar

from zhengshu.contexts.services.application.access import EDITORS, ItemNotAcceptable, ItemStepNotYours
from zhengshu.contexts.services.application.authority import authority_over
from zhengshu.contexts.services.application.keep_version import faults_of
from zhengshu.contexts.services.application.queries import record
from zhengshu.contexts.services.application.records import ItemRecord
from zhengshu.contexts.services.application.versions import new_version
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.vocabulary import ItemState
from zhengshu.contexts.services.models import ServiceItem
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

WRITTEN = "organ"
"""The origin of items that were written here."""

_NOT_IN_CODES = re.compile(r"[^A-Za-z0-9-]+")


class ItemCodeTaken(Refused):
    """Another item has this code; write a version of that one, or choose another code."""

    code: ClassVar[str] = "services.item-code-taken"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "There is an item %(item)s already. Write its next version, or choose another code."
    )


@transaction
def begin_item(
    *, code: str, draft: ItemDraft, effective_from: date, cause: str, actor: Actor, at: datetime
) -> ItemRecord:
    """Keep the first version of a new item of the actor's department as a draft; the same again is kept once.

    Args:
        code: by what its pages are addressed; empty: its implementation code, or one made of organ and name.
        draft: the whole declaration.
        effective_from: its first day.
        cause: why it is offered.
        actor: who writes.
        at: now.

    Raises:
        ItemStepNotYours: the actor is no officer of a department.
        ItemCodeTaken: another item has the code.
        ItemNotAcceptable: it promises more than the law allows, or asks for what the government holds.
    """
    if actor.department_id is None or not actor.has(*EDITORS):
        raise ItemStepNotYours
    organ = trust.department(department_id=actor.department_id)
    if faults := faults_of(draft, effective_from, at):
        raise ItemNotAcceptable(faults)
    item, is_new = ServiceItem.objects.get_or_create(
        code=_code(code, draft, organ.name), defaults=_face(draft, organ, at=at)
    )
    if not is_new:
        return _again(item, draft, actor=actor)
    version = new_version(item, draft, effective_from=effective_from, cause=cause, actor=actor, at=at)
    return record(version)


def _again(item: ServiceItem, draft: ItemDraft, *, actor: Actor) -> ItemRecord:
    """Return what was begun a moment ago, where the same was sent twice."""
    is_own = item.department_id == actor.department_id and item.state == ItemState.DRAFT.value
    found = [record(version) for version in item.versions.select_related("item")] if is_own else []
    if len(found) == 1 and found[0].facts == draft:
        return found[0]
    raise ItemCodeTaken(item=item.code)


def _code(given: str, draft: ItemDraft, organ: str) -> str:
    code = _NOT_IN_CODES.sub("-", given or draft.implementation_code).strip("-")[:80]
    return code or "item-" + sha256(f"{organ}\n{draft.name}".encode()).hexdigest()[:16]


def _face(draft: ItemDraft, organ: trust.DepartmentRecord, *, at: datetime) -> dict[str, object]:
    return {
        "name": draft.name,
        "name_en": draft.name_en,
        "summary": draft.summary,
        "department_id": organ.id,
        "department_name": organ.name,
        "authority_id": authority_over(organ.id),
        "level": draft.level.value,
        "kind": draft.kind.value,
        "audiences": [one.value for one in draft.audiences],
        "case_kind": draft.case_kind.value,
        "is_online": draft.is_online,
        "state": ItemState.DRAFT.value,
        "origin": WRITTEN,
        "changed_at": at,
    }
