"""Attaching files to a draft, and taking them off again; a content is stored once, whoever attaches it to what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework.application.forms import drafts
from zhengshu.contexts.casework.application.forms.drafts import Draft, locked, must_be_open, save
from zhengshu.contexts.casework.domain.forms.files import MOST_BYTES, MOST_FILES, TooManyFiles, endings_of
from zhengshu.contexts.casework.domain.forms.places import field_at
from zhengshu.contexts.casework.domain.forms.refusals import UnknownAnswers
from zhengshu.contexts.casework.domain.forms.schema import Field, Kind, Place
from zhengshu.contexts.casework.models import FormFile
from zhengshu.foundation.files.keeping import KeptFile, keep_file
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that is arriving: its name, and its content piece by piece."""

    name: str
    chunks: Iterable[bytes]


def attach_files(
    *, draft_id: UUID, uploads: Mapping[Place, tuple[Upload, ...]], actor: Actor, at: datetime
) -> tuple[Draft, dict[Place, Refused]]:
    """Attach files to a draft; return it with the refusals of the files that were not taken.

    A field for one file takes the last one. The files are judged and stored before the draft is locked, so that a
    slow virus scanner holds nobody up.

    Raises:
        DraftNotFound: there is no such draft of the actor.
        DraftSent: it was sent.
        UnknownAnswers: no field for files stands at the place.
    """
    found = drafts.draft(draft_id=draft_id, actor=actor)
    must_be_open(found.row)
    refused: dict[Place, Refused] = {}
    kept: list[tuple[Place, KeptFile]] = []
    for place, files in uploads.items():
        field = _field(found, place)
        for upload in files:
            try:
                kept.append((place, _kept(upload, field)))
            except Refused as refusal:
                refused[place] = refusal
    return _attach(draft_id, kept, refused, actor=actor, at=at), refused


@transaction
def detach_file(*, draft_id: UUID, place: Place, digest: str, actor: Actor, at: datetime) -> Draft:
    """Take a file off a draft; its content is removed by night when nothing else refers to it.

    Raises:
        DraftNotFound: there is no such draft of the actor.
        DraftSent: it was sent.
    """
    draft = locked(draft_id=draft_id, actor=actor)
    must_be_open(draft.row)
    answers = dict(draft.answers)
    answers[place] = tuple(one for one in answers.get(place, ()) if one != digest)
    if not any(digest in texts for texts in answers.values()):
        FormFile.objects.filter(draft=draft.row, digest=digest).delete()
    return save(draft, answers, at=at)


@transaction
def _attach(
    draft_id: UUID,
    kept: Iterable[tuple[Place, KeptFile]],
    refused: dict[Place, Refused],
    *,
    actor: Actor,
    at: datetime,
) -> Draft:
    draft = locked(draft_id=draft_id, actor=actor)
    must_be_open(draft.row)
    answers = dict(draft.answers)
    for place, file in kept:
        try:
            _store(draft, file, at=at)
        except TooManyFiles as refusal:
            refused[place] = refusal
            continue
        before = answers.get(place, ()) if _field(draft, place).rules.is_several else ()
        answers[place] = tuple(dict.fromkeys([*before, file.digest]))
    return save(draft, answers, at=at)


def _kept(upload: Upload, field: Field) -> KeptFile:
    return keep_file(
        chunks=upload.chunks, name=upload.name, most_bytes=MOST_BYTES, taken=endings_of(field.rules)
    )


def _field(draft: Draft, place: Place) -> Field:
    field = field_at(draft.form.parts, place)
    if field is None or field.kind != Kind.FILES:
        raise UnknownAnswers(names=place[:60])
    return field


def _store(draft: Draft, file: KeptFile, *, at: datetime) -> None:
    if FormFile.objects.filter(draft=draft.row).exclude(digest=file.digest).count() >= MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    FormFile.objects.get_or_create(
        draft=draft.row,
        digest=file.digest,
        defaults={"name": file.name, "media_type": file.media_type, "size": file.size, "received_at": at},
    )
