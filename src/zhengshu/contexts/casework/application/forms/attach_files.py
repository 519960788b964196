"""Attaching files to a draft, and taking them off again."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from zhengshu.contexts.casework.application.forms.drafts import Draft, locked, must_be_open, save
from zhengshu.contexts.casework.domain.forms.files import (
    MOST_FILES,
    TooManyFiles,
    Upload,
    media_type,
    plain_name,
)
from zhengshu.contexts.casework.domain.forms.places import field_at
from zhengshu.contexts.casework.domain.forms.refusals import UnknownAnswers
from zhengshu.contexts.casework.domain.forms.schema import Kind, Place
from zhengshu.contexts.casework.models import FormFile
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused


@transaction
def attach_files(
    *, draft_id: UUID, uploads: Mapping[Place, tuple[Upload, ...]], actor: Actor, at: datetime
) -> tuple[Draft, dict[Place, Refused]]:
    """Attach files to a draft; return it with the refusals of the files that were not taken.

    The same file is stored once. A field for one file takes the last one.

    Raises:
        DraftNotFound: there is no such draft of the actor.
        DraftSent: it was sent.
        UnknownAnswers: no field for files stands at the place.
    """
    draft = locked(draft_id=draft_id, actor=actor)
    must_be_open(draft)
    refused: dict[Place, Refused] = {}
    answers = dict(draft.answers)
    for place, files in uploads.items():
        for upload in files:
            try:
                answers[place] = _attached(draft, place, upload, before=answers.get(place, ()), at=at)
            except UnknownAnswers:
                raise
            except Refused as refusal:
                refused[place] = refusal
    return save(draft, answers, at=at), refused


@transaction
def detach_file(*, draft_id: UUID, place: Place, digest: str, actor: Actor, at: datetime) -> Draft:
    """Take a file off a draft; one that is attached nowhere else is deleted.

    Raises:
        DraftNotFound: there is no such draft of the actor.
        DraftSent: it was sent.
    """
    draft = locked(draft_id=draft_id, actor=actor)
    must_be_open(draft)
    answers = dict(draft.answers)
    answers[place] = tuple(one for one in answers.get(place, ()) if one != digest)
    if not any(digest in texts for texts in answers.values()):
        FormFile.objects.filter(draft=draft.row, digest=digest).delete()
    return save(draft, answers, at=at)


def _attached(
    draft: Draft, place: Place, upload: Upload, *, before: tuple[str, ...], at: datetime
) -> tuple[str, ...]:
    """Store one file and return the digests that then stand at its place."""
    field = field_at(draft.form.parts, place)
    if field is None or field.kind != Kind.FILES:
        raise UnknownAnswers(names=place[:60])
    kind = media_type(upload, field.rules)
    digest = sha256(upload.content).hexdigest()
    if FormFile.objects.filter(draft=draft.row).exclude(digest=digest).count() >= MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    FormFile.objects.get_or_create(
        draft=draft.row,
        digest=digest,
        defaults={
            "name": plain_name(upload.name),
            "media_type": kind,
            "size": len(upload.content),
            "content": upload.content,
            "received_at": at,
        },
    )
    return tuple(dict.fromkeys([*before, digest])) if field.rules.is_several else (digest,)
