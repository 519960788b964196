"""The link by which somebody rates a case without signing in: a capability, good until it is used or too late.

It holds the invitation and a blind index of it, so that nothing is stored, nobody can guess one, and the same link
stands in the SMS, the e-mail and the message on the site.
"""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.services.models import RatingInvitation
from zhengshu.foundation.crypto.data_keys import blind_index
from zhengshu.kernel.actors import Actor

_COLUMN = "services_rating_invitation.link"
_ID_BYTES = 16


def link_code(invitation_id: UUID) -> str:
    """Return what the link of an invitation ends in."""
    return urlsafe_b64encode(invitation_id.bytes + _proof(invitation_id)).decode().rstrip("=")


def invitation_behind(code: str, *, actor: Actor) -> UUID | None:
    """Return the invitation of a link; None for one that we did not make, and for whoever is signed in as another."""
    try:
        raw = urlsafe_b64decode(code + "=" * (-len(code) % 4))
        invitation_id = UUID(bytes=raw[:_ID_BYTES])
    except (ValueError, binascii.Error):
        return None
    if link_code(invitation_id) != code or not hmac.compare_digest(raw[_ID_BYTES:], _proof(invitation_id)):
        return None
    rows = (
        RatingInvitation.objects.visible_to(actor) if actor.is_signed_in else RatingInvitation.objects.all()
    )
    return invitation_id if rows.filter(pk=invitation_id, case_id__isnull=False).exists() else None


def codes_of(*, case_ids: Iterable[UUID], person_id: UUID, at: datetime) -> Mapping[UUID, str]:
    """Return the link's code for each case that the person was invited to rate and has not rated in time."""
    rows = RatingInvitation.objects.due().filter(
        case_id__in=list(case_ids), person_id=person_id, expires_at__gt=at
    )
    return {case: link_code(key) for key, case in rows.values_list("pk", "case_id") if case is not None}


def _proof(invitation_id: UUID) -> bytes:
    return blind_index(_COLUMN)(str(invitation_id))
