"""Taking an approved version back before its first day, as if it had never been approved."""

from datetime import datetime

from django.utils import timezone

from zhengshu.contexts.services.application.access import (
    NoVersionOpen,
    ReasonMissing,
    locked_item,
    require_approver,
)
from zhengshu.contexts.services.application.queries import record
from zhengshu.contexts.services.application.records import ItemRecord
from zhengshu.contexts.services.application.versions import about
from zhengshu.contexts.services.domain.vocabulary import VersionState
from zhengshu.contexts.services.events import ItemTakenBack
from zhengshu.contexts.services.models import ItemVersion
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor


@transaction
def take_back_version(*, code: str, number: int, reason: str, actor: Actor, at: datetime) -> ItemRecord:
    """Take a version back that waits for its first day; what it would have ended goes on. It stays readable.

    Raises:
        ItemNotFound: no such item that the actor may see.
        ItemStepNotYours: the actor is neither the organ's head nor the data authority's reviewer.
        NoVersionOpen: the version is not approved, or its first day has come.
        ReasonMissing: no reason was given.
    """
    item = locked_item(code=code, actor=actor)
    require_approver(item, actor)
    published = ItemVersion.objects.select_for_update().filter(item=item, state=VersionState.PUBLISHED.value)
    version = published.filter(number=number, effective_from__gt=timezone.localdate(at)).first()
    if version is None:
        raise NoVersionOpen(name=item.name)
    if not reason.strip():
        raise ReasonMissing
    version.state, version.returned_reason = VersionState.TAKEN_BACK.value, reason.strip()
    version.save()
    before = published.filter(effective_from__lte=version.effective_from)
    if (former := before.order_by("-effective_from", "-number").first()) is not None:
        former.effective_to = version.effective_to
        former.save()
    else:
        item.published_at = None
    item.changed_at = at
    item.save()
    publish(ItemTakenBack(**about(item, version, actor=actor, at=at)))
    return record(version)
