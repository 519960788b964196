"""Throwing away one thing that was begun and not sent."""

from uuid import UUID

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application.answer_bundle import SentAlready
from zhengshu.contexts.services.application.one_thing_pack import OneThingNotFound
from zhengshu.contexts.services.models.bundles import Bundle
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor


@transaction
def discard_bundle(*, bundle_id: UUID, actor: Actor) -> None:
    """Throw away a bundle with the forms of all its parts, all or none.

    Raises:
        OneThingNotFound: it is somebody else's, or there is none.
        SentAlready: it was sent.
        DraftNotFound: somebody else of the same enterprise has begun it.
    """
    row = Bundle.objects.visible_to(actor).select_for_update().filter(pk=bundle_id).first()
    if row is None:
        raise OneThingNotFound
    if row.sent_at is not None:
        raise SentAlready
    for part in row.parts.all():
        casework.discard_draft(draft_id=part.draft_id, actor=actor)
    row.delete()
