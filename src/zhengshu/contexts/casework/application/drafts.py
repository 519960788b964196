"""Drafts under their lock: who may change them, and what refuses a change."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.utils.timezone import get_default_timezone, localtime

from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.domain.designing import DESIGNERS, MOST_BYTES, size_of
from zhengshu.contexts.casework.models import CaseTypeDraft, CaseTypeVersion
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId


class DraftNotFound(Refused):
    """There is no such draft that the actor may see."""

    code: ClassVar[str] = "casework.draft-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such draft of a case type, or you may not see it."


class NotADesigner(Refused):
    """Case types are designed by the officials of the department that owns them."""

    code: ClassVar[str] = "casework.not-a-designer"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = (
        "Only officials of the department that owns the case type may change it; types that come with the "
        "platform belong to the data authority."
    )


class DraftNotOpen(Refused):
    """The draft was submitted, published or abandoned; nothing in it can be changed."""

    code: ClassVar[str] = "casework.draft-not-open"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The draft is submitted or closed and cannot be changed now. Reload the page."


class DraftChangedMeanwhile(Refused):
    """Somebody (perhaps you in another tab) saved the draft since you loaded it; nothing of yours was stored."""

    code: ClassVar[str] = "casework.draft-changed-meanwhile"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "%(name)s saved this draft at %(at)s, after you opened it. Nothing of yours was stored: download your "
        "state if you need it, then load the page again."
    )


class DraftTooLarge(Refused):
    """A case type is small; something that is none was put into it."""

    code: ClassVar[str] = "casework.draft-too-large"
    message: ClassVar[str] = "The case type has more than %(most)s bytes; make it smaller."


def visible_draft(*, draft_id: UUID, actor: Actor) -> CaseTypeDraft:
    """Return a draft that the actor may see.

    Raises:
        DraftNotFound: there is none.
    """
    row = CaseTypeDraft.objects.visible_to(actor).select_related("base", "published").filter(pk=draft_id)
    found = row.first()
    if found is None:
        raise DraftNotFound
    return found


def locked_draft(*, draft_id: UUID, actor: Actor) -> CaseTypeDraft:
    """Return a draft that the actor may see and keep others from changing it until the transaction ends.

    Raises:
        DraftNotFound: there is none.
    """
    rows = CaseTypeDraft.objects.visible_to(actor).select_for_update(of=("self",)).select_related("base")
    found = rows.filter(pk=draft_id).first()
    if found is None:
        raise DraftNotFound
    return found


def may_change(draft: CaseTypeDraft, *, actor: Actor) -> bool:
    """Whether the actor designs for the department whose draft it is."""
    return actor.is_platform or (draft.department_id == actor.department_id and actor.has(*DESIGNERS))


def check_change(draft: CaseTypeDraft, *, actor: Actor) -> None:
    """Refuse who may not change the draft, and drafts that cannot be changed any more.

    Raises:
        NotADesigner: it belongs to another department.
        DraftNotOpen: it was submitted, published or abandoned.
    """
    if not may_change(draft, actor=actor):
        raise NotADesigner
    if draft.state != CaseTypeDraft.State.DRAFTING:
        raise DraftNotOpen


def check_owner(code: str, *, actor: Actor) -> DepartmentId:
    """Return the department for which the actor may design a version of a case type, new or known.

    Raises:
        NotADesigner: the actor designs no case types, or the type belongs to others.
    """
    if actor.department_id is None or not actor.has(*DESIGNERS):
        raise NotADesigner
    if not may_own(owner_of(code), actor=actor):
        raise NotADesigner
    return actor.department_id


def owner_of(code: str) -> tuple[bool, UUID | None]:
    """Return whether there is such a case type, and the department that owns it (None: it came as a folder)."""
    versions = CaseTypeVersion.objects.filter(code=code).order_by("-is_current", "-edition")
    latest = versions.values_list("department_id", flat=True).first()
    return versions.exists(), latest


def may_own(owner: tuple[bool, UUID | None], *, actor: Actor) -> bool:
    """Whether the actor's department may change a type with such an owner."""
    is_known, department_id = owner
    if not is_known or actor.department_id is None:
        return actor.department_id is not None
    if department_id is not None:
        return department_id == actor.department_id
    return trust.department(department_id=actor.department_id).is_data_authority


def check_revision(draft: CaseTypeDraft, *, revision: int) -> None:
    """Refuse what was based on an older state of the draft.

    Raises:
        DraftChangedMeanwhile: somebody saved it since.
    """
    if draft.revision != revision:
        at = localtime(draft.saved_at, get_default_timezone())
        raise DraftChangedMeanwhile(name=draft.saved_by_name, at=f"{at:%Y-%m-%d %H:%M:%S}")


def store_files(draft: CaseTypeDraft, files: TypeFiles, *, actor: Actor, at: datetime) -> None:
    """Keep files in a draft, with who saved them and when.

    Raises:
        DraftTooLarge: they are larger than any case type.
    """
    if size_of(files) > MOST_BYTES:
        raise DraftTooLarge(most=MOST_BYTES)
    draft.take(files)
    draft.saved_at, draft.saved_by_name = at, actor.name
    draft.authors = sorted({*draft.authors, actor.id})
    draft.revision += 1
    draft.save()
