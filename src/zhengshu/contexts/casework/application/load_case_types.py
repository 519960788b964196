"""Loading case types from a folder of content."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.casework.application.check_case_type import (
    case_type_folders,
    readable,
)
from zhengshu.contexts.casework.application.forms.check_sources import check_sources
from zhengshu.contexts.casework.domain.checking import TypeFiles, check_files
from zhengshu.contexts.casework.domain.definitions import read_definition, read_texts
from zhengshu.contexts.casework.events import CaseTypeLoaded
from zhengshu.contexts.casework.models import CaseTypeVersion
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

UNNAMED = frozenset({"form-source-missing", "form-certificate-unknown"})
"""A folder may be loaded before a department was named the source of an element, or before the types of certificates:
until then its fields say why they are empty."""


class CaseTypeFaulty(Refused):
    """A case type has faults; `zhengshu packs check` lists them with file and element."""

    code: ClassVar[str] = "casework.case-type-faulty"
    kind: ClassVar[Kind] = Kind.INVALID
    message: ClassVar[str] = "The case type in %(folder)s has %(count)s faults. The first: %(first)s"


@transaction
def load_case_types(*, folder: Path, at: datetime) -> tuple[str, ...]:
    """Load every case type in a folder; return the codes of those whose current version changed.

    Loading is idempotent: the same files are the same version, named by their digest, and a version that is current
    was checked when it was loaded. New cases take the current version, running ones keep theirs.

    Raises:
        CaseTypeFaulty: a type has faults, or a form asks a person for what an authoritative source supplies
            (Decree 809, article 19); nothing is loaded then.
    """
    current = frozenset(CaseTypeVersion.objects.filter(is_current=True).values_list("digest", flat=True))
    changed = []
    for place in case_type_folders(folder=folder):
        files = _faultless(place, current=current)
        if files is not None:
            version = load_version(files, actor=Actor.platform("casework.load"), at=at)
            changed.extend([] if version is None else [version.code])
    return tuple(changed)


def _faultless(place: Path, *, current: Collection[str]) -> TypeFiles | None:
    """Return the files of a case type in which nothing is wrong; none where they are a current version already."""
    files, faults = readable(folder=place)
    if files is not None:
        if digest_of(files) in current:
            return None
        faults = check_files(files) or tuple(
            fault for fault in check_sources(files.forms) if fault.code not in UNNAMED
        )
        if not faults:
            return files
    raise CaseTypeFaulty(folder=place.name, count=len(faults), first=faults[0].text())


def load_version(
    files: TypeFiles, *, actor: Actor, at: datetime, department_id: UUID | None = None
) -> CaseTypeVersion | None:
    """Make the version of faultless files the current one of its type; return it if that changed anything."""
    definition = read_definition(files.definition)
    versions = CaseTypeVersion.objects.select_for_update().filter(code=definition.code)
    digest = digest_of(files)
    known = versions.filter(digest=digest).first()
    if known is not None and known.is_current:
        return None
    versions.filter(is_current=True).update(is_current=False)
    if known is not None:
        versions.filter(pk=known.pk).update(is_current=True)
    else:
        last = versions.order_by("-edition").values_list("edition", flat=True).first() or 0
        known = CaseTypeVersion.objects.create(
            code=definition.code,
            edition=last + 1,
            digest=digest,
            definition=files.definition,
            flow=files.flow,
            texts={language: read_texts(text) for language, text in files.texts.items()},
            forms=dict(files.forms),
            decisions=dict(files.decisions),
            source_texts=dict(files.texts),
            department_id=department_id,
            published_by_name=actor.name if department_id else "",
            loaded_at=at,
        )
    publish(
        CaseTypeLoaded(
            at=at,
            actor=actor,
            subject=Subject(kind="case_type", id=str(known.pk), label=definition.code),
            digest=digest,
        )
    )
    return known


def digest_of(files: TypeFiles) -> str:
    """Return the name of a version: a digest of all its files."""
    digest = sha256()
    for name, text in sorted(files.contents().items()):
        digest.update(f"{name} {len(text.encode())}\n".encode() + text.encode())
    return digest.hexdigest()
