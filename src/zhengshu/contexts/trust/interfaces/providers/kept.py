"""An identity elsewhere, as it waits in a session between two requests."""

from collections.abc import Mapping
from uuid import UUID

from zhengshu.contexts.trust.application.providers.come_in import Identity
from zhengshu.kernel.levels import Assurance

ENTERING = "trust_identity_entering"
"""The member of a session that keeps by which identity somebody is signing in, until the second factor is given."""


def plain(identity: Identity) -> dict[str, str | int]:
    """Return an identity as a session keeps it."""
    return {
        "provider_id": str(identity.provider_id),
        "provider": identity.provider,
        "subject": identity.subject,
        "shown": identity.shown,
        "sid": identity.sid,
        "level": identity.level.value,
    }


def from_plain(kept: Mapping[str, object]) -> Identity:
    """Return an identity that a session kept."""
    return Identity(
        provider_id=UUID(str(kept["provider_id"])),
        provider=str(kept["provider"]),
        subject=str(kept["subject"]),
        shown=str(kept["shown"]),
        sid=str(kept["sid"]),
        level=Assurance(int(str(kept["level"]))),
    )
