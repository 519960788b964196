"""Where a certificate stands, how it ends, and the code that others know that by."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from zhengshu.kernel.errors import Kind, Refused


class Ending(StrEnum):
    """How a certificate ended, by the codes of the national interface (03 … 99); in force it has none."""

    REVOKED = "03"
    """撤销: it should not have been issued (Administrative Licensing Law, article 69)."""
    CANCELLED = "04"
    """注销: its subject is gone, or its holder gave it back (article 70)."""
    VOID = "05"
    """失效: a later version stands in its place, or it has lapsed."""
    TRANSFERRED = "06"
    """办理转出: another place keeps it now."""
    WITHDRAWN = "07"
    """吊销: taken away as a penalty."""
    OTHER = "99"


CHANGED, RENEWED = "变更换发", "延续换发"
"""Why a former version is void, in the language in which certificates have effect."""

CHOSEN = (Ending.REVOKED, Ending.CANCELLED, Ending.WITHDRAWN, Ending.TRANSFERRED, Ending.OTHER)
"""Endings that an official chooses; that a certificate is void follows from its successor."""


class Standing(StrEnum):
    """What a reader is told of a certificate at an instant."""

    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    ENDED = "ended"
    REPLACED = "replaced"


class CertificateEnded(Refused):
    """The certificate is no longer in force, so nothing can be done with it; look for its later version."""

    code: ClassVar[str] = "certificates.ended"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The certificate is not in force any more."


class CertificateNeverEnds(Refused):
    """The certificate is valid without end, so there is no further period; change it where it says something else."""

    code: ClassVar[str] = "certificates.never-ends"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The certificate is valid without end and needs no renewal."


class CertificateNotValid(Refused):
    """The certificate is expired, not valid yet, or was taken back; it cannot be shown."""

    code: ClassVar[str] = "certificates.not-valid"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The certificate is not valid at the moment and cannot be shown."


class ReasonMissing(Refused):
    """An ending says why: the holder reads it and, of an enterprise's certificate, whoever checks it."""

    code: ClassVar[str] = "certificates.reason-missing"
    message: ClassVar[str] = "Say why."


class EndingUnfit(Refused):
    """A certificate becomes void only by a later version; choose another way to end it."""

    code: ClassVar[str] = "certificates.ending-unfit"
    message: ClassVar[str] = "A certificate cannot be ended in this way."


def standing(
    *,
    ending: Ending | None,
    has_successor: bool,
    active_from: datetime,
    active_to: datetime | None,
    at: datetime,
) -> Standing:
    """Return where a certificate stands at an instant."""
    if has_successor:
        return Standing.REPLACED
    if ending is not None:
        return Standing.ENDED
    if at < active_from:
        return Standing.NOT_YET
    return Standing.EXPIRED if active_to is not None and active_to <= at else Standing.VALID


def check_ending(ending: Ending, *, reason: str, former: Ending | None) -> None:
    """Check that a certificate may be ended so.

    Raises:
        EndingUnfit: the ending is not an official's to choose.
        ReasonMissing: no reason was given.
        CertificateEnded: it has ended before.
    """
    if ending not in CHOSEN:
        raise EndingUnfit
    if not reason.strip():
        raise ReasonMissing
    if former is not None:
        raise CertificateEnded
