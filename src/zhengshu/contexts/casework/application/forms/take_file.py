"""Taking a file that was attached to a form."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from zhengshu.contexts.casework.application.documents import announce_taken
from zhengshu.contexts.casework.application.forms.start_draft import FormNotFound
from zhengshu.contexts.casework.models import FormFile
from zhengshu.foundation.files.keeping import open_kept
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenFile:
    """A file with its content, to be read piece by piece."""

    name: str
    media_type: str
    content: BinaryIO


@transaction
def take_file(*, file_id: UUID, actor: Actor, at: datetime) -> TakenFile:
    """Return a file that was attached to a form; of one that was sent with a case the audit notes who took it.

    Raises:
        FormNotFound: there is none that the actor may see.
        FileGone: the store has lost it.
    """
    row = FormFile.objects.visible_to(actor).select_related("draft__case").filter(pk=file_id).first()
    if row is None:
        raise FormNotFound
    if row.draft.case is not None:
        announce_taken(row.draft.case, document_id=row.pk, digest=row.digest, actor=actor, at=at)
    return TakenFile(name=row.name, media_type=row.media_type, content=open_kept(row.digest))
