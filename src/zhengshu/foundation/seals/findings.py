"""What a check finds in a sealed file, and what follows from it: who, when, valid then, valid now, changed or not.

Facts are found once from the file alone; what a certificate's register says (revoked, since when) is added when they
are judged. Nothing here reads a file.
"""

from datetime import datetime
from enum import StrEnum

import msgspec


class FileKind(StrEnum):
    """What was checked."""

    PDF = "pdf"
    OFD = "ofd"


class Later(StrEnum):
    """What happened to the document after a seal was put on it."""

    NOTHING = "nothing"
    SEALED_AGAIN = "sealed_again"
    CHANGED = "changed"


class Stamped(StrEnum):
    """What the timestamp on a signature is worth."""

    RIGHT = "right"
    NONE = "none"
    WRONG = "wrong"
    UNTRUSTED = "untrusted"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One seal in a file, as the file itself tells.

    Attributes:
        name: of the seal, or of the signature where it has none.
        seal_id: of the seal (OFD); empty in a PDF.
        signer: whom the certificate names.
        organization: of the signer, where the certificate names one.
        issuer: who issued the certificate.
        serial: the certificate's number, in hexadecimal.
        fingerprint: SHA-256 of the certificate.
        is_signature_right: nothing in the signature itself was changed, and it is by the certificate's key.
        is_content_right: what was sealed is what is there.
        trouble: in the words of the check, for people who must know; empty where all is right.
        is_trusted: the certificate leads to an authority that this platform trusts.
        claimed_at: when, by the signer's own clock.
        stamped_at: when, by a timestamp that is right and trusted.
        active_from, active_to: when certificate and seal were both to be used.
    """

    kind: FileKind
    name: str
    seal_id: str = ""
    signer: str
    organization: str = ""
    issuer: str = ""
    serial: str = ""
    fingerprint: str = ""
    is_signature_right: bool
    is_content_right: bool
    trouble: str = ""
    later: Later
    is_trusted: bool
    stamped: Stamped
    claimed_at: datetime | None = None
    stamped_at: datetime | None = None
    active_from: datetime | None = None
    active_to: datetime | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a file is and which seals were found in it, the oldest first."""

    kind: FileKind
    findings: tuple[Finding, ...] = ()


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What follows from a finding at an instant.

    Attributes:
        is_unchanged: the document is as it was sealed, but for further seals.
        is_genuine: unchanged, and by somebody whom a trusted authority names.
        was_valid: genuine, and the seal was good at the proved time; None where no time is proved.
        is_valid: genuine, and the seal is good now.
        is_expired: its time has passed.
        revoked_at: since when it is taken back; None where it is not.
    """

    finding: Finding
    is_unchanged: bool
    is_genuine: bool
    was_valid: bool | None
    is_valid: bool
    is_expired: bool
    revoked_at: datetime | None


def judge_finding(finding: Finding, *, revoked_at: datetime | None, at: datetime) -> Verdict:
    """Return what follows from a finding.

    A seal that was good when the timestamp was made stays "valid then", whatever became of it later. Without a proved
    time nobody knows when it was made, and then only the present counts.
    """
    is_unchanged = (
        finding.is_signature_right and finding.is_content_right and finding.later is not Later.CHANGED
    )
    is_genuine = is_unchanged and finding.is_trusted
    was_valid = None
    if is_genuine and finding.stamped_at is not None:
        was_valid = _is_within(finding, finding.stamped_at) and (
            revoked_at is None or finding.stamped_at < revoked_at
        )
    is_revoked = revoked_at is not None and revoked_at <= at
    return Verdict(
        finding=finding,
        is_unchanged=is_unchanged,
        is_genuine=is_genuine,
        was_valid=was_valid,
        is_valid=is_genuine and _is_within(finding, at) and not is_revoked,
        is_expired=finding.active_to is not None and at > finding.active_to,
        revoked_at=revoked_at if is_revoked else None,
    )


def _is_within(finding: Finding, at: datetime) -> bool:
    if finding.active_from is None or finding.active_to is None:
        return False
    return finding.active_from <= at <= finding.active_to
