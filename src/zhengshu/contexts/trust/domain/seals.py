"""Rules of seals: when one may be used, for what, by whom."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from zhengshu.kernel.errors import Kind, Refused


class SealState(StrEnum):
    """Where a seal stands; that its time has passed is told by its period."""

    APPLIED = "applied"
    REFUSED = "refused"
    IN_USE = "in_use"
    REVOKED = "revoked"


class SealFormat(StrEnum):
    """In which kind of file a document is sealed."""

    PDF = "pdf"
    OFD = "ofd"


class KeyUse(StrEnum):
    """What a key of the authority for seals is for."""

    ROOT = "root"
    TIMESTAMPS = "timestamps"
    MAKER = "maker"
    SEAL = "seal"


class SealNotInUse(Refused):
    """The seal is not made yet, was refused or revoked."""

    code: ClassVar[str] = "trust.seal-not-in-use"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The seal “%(name)s” is not in use."


class SealOutOfTime(Refused):
    """The seal's period has not begun, or has ended; apply for a new one."""

    code: ClassVar[str] = "trust.seal-out-of-time"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The seal “%(name)s” is outside of its period of validity. Apply for a new one."


class SealNotYours(Refused):
    """The person is not named as a user of the seal; the head of the department names users."""

    code: ClassVar[str] = "trust.seal-not-yours"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = (
        "You are not authorised to use the seal “%(name)s”. The head of the department names who may."
    )


class DocumentNotApproved(Refused):
    """A seal is used only for a document that somebody entitled has approved."""

    code: ClassVar[str] = "trust.document-not-approved"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "This document was not approved, so no seal can be put on it."


class DocumentOtherThanApproved(Refused):
    """The text to be sealed is not the one that was approved."""

    code: ClassVar[str] = "trust.document-other-than-approved"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "The document is not the one that was approved. Issue it anew and have it approved."
    )


class SealOfAnotherDepartment(Refused):
    """A department's seal goes on its own documents only."""

    code: ClassVar[str] = "trust.seal-of-another-department"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = "The seal “%(name)s” belongs to another department than the document."


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFacts:
    """What decides about a seal's use."""

    name: str
    state: SealState
    department_id: UUID
    active_from: datetime
    active_to: datetime
    users: frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedDocument:
    """What was approved for sealing."""

    department_id: UUID
    digest: str


def check_use(
    seal: SealFacts, document: ApprovedDocument | None, *, digest: str, account_id: UUID, at: datetime
) -> None:
    """Check that somebody may put a seal on a document now.

    Raises:
        SealNotInUse: the seal is not in use.
        SealOutOfTime: its period has not begun or has ended.
        SealNotYours: he is not named as its user.
        DocumentNotApproved: the document was not approved.
        DocumentOtherThanApproved: another text was approved.
        SealOfAnotherDepartment: the document is another department's.
    """
    if seal.state is not SealState.IN_USE:
        raise SealNotInUse(name=seal.name)
    if not seal.active_from <= at < seal.active_to:
        raise SealOutOfTime(name=seal.name)
    if account_id not in seal.users:
        raise SealNotYours(name=seal.name)
    if document is None:
        raise DocumentNotApproved
    if document.digest != digest:
        raise DocumentOtherThanApproved
    if document.department_id != seal.department_id:
        raise SealOfAnotherDepartment(name=seal.name)
