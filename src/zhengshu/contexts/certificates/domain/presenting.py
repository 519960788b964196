"""Showing a certificate: by a code that holds for a minute and opens once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from zhengshu.kernel.errors import Kind, Refused

SECONDS: Final = 60
VALID: Final = timedelta(seconds=SECONDS)


class PresentationUsed(Refused):
    """The code was opened before; whoever shows the certificate makes a fresh one."""

    code: ClassVar[str] = "certificates.presentation-used"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "This code was used already, at %(time)s. A code opens once: ask the holder for a fresh one. If the holder "
        "did not show it to somebody else, somebody has copied it."
    )


class PresentationExpired(Refused):
    """The code is older than a minute; whoever shows the certificate makes a fresh one."""

    code: ClassVar[str] = "certificates.presentation-expired"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "This code has expired. A code holds for one minute: ask the holder for a fresh one."
    )


class PresentationNotFound(Refused):
    """Nobody made such a code."""

    code: ClassVar[str] = "certificates.presentation-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such code. It was made up, or copied incompletely."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A code as it was made and perhaps used.

    Attributes:
        used_time: when it was used, in words for the reader.
    """

    expires_at: datetime
    used_at: datetime | None = None
    used_time: str = ""


def check_presentation(shown: Shown | None, *, at: datetime) -> None:
    """Check that a code opens now.

    Raises:
        PresentationNotFound: there is none.
        PresentationUsed: it has opened before; this is told even after it expired.
        PresentationExpired: its minute is over.
    """
    if shown is None:
        raise PresentationNotFound
    if shown.used_at is not None:
        raise PresentationUsed(time=shown.used_time)
    if shown.expires_at <= at:
        raise PresentationExpired
