"""Anybody's file is checked: the seals in it, and what the register knows of their certificates."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from zhengshu.contexts.trust.application.seals.authority import between, foreign_revocations, roots
from zhengshu.contexts.trust.models import SealKey, SealUse
from zhengshu.foundation.seals.checking import check_file
from zhengshu.foundation.seals.findings import FileKind, Finding, Verdict, judge_finding


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """What a check of a file found.

    Attributes:
        digest: SHA-256 of the file.
        is_logged: exactly this file came out of this platform, and the log of seal uses has it.
    """

    kind: FileKind
    digest: str
    verdicts: tuple[Verdict, ...]
    is_logged: bool
    checked_at: datetime


def check_sealed_file(content: bytes, *, at: datetime) -> CheckedFile:
    """Return what is found in a file; nothing of it is kept.

    Raises:
        NoPdfOrOfd: it is something else.
        FileNotChecked: it is damaged or hostile.
        CheckingBusy: too many are being checked.
        Refused: by `judge`: a bomb, a script, a password.
    """
    report = check_file(content, roots=roots(), between=between(), at=at)
    digest = sha256(content).hexdigest()
    return CheckedFile(
        kind=report.kind,
        digest=digest,
        verdicts=tuple(_judged(one, at=at) for one in report.findings),
        is_logged=SealUse.objects.filter(digest=digest).exists(),
        checked_at=at,
    )


def _judged(finding: Finding, *, at: datetime) -> Verdict:
    revoked_at = (
        SealKey.objects.filter(fingerprint=finding.fingerprint).values_list("revoked_at", flat=True).first()
    )
    if revoked_at is None and finding.serial:
        revoked_at = foreign_revocations().get((finding.issuer, int(finding.serial, 16)))
    return judge_finding(finding, revoked_at=revoked_at, at=at)
