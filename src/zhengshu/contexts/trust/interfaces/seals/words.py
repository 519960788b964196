"""What pages say of seals."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.trust.application.seals.seal_queries import EXPIRED, EXPIRING
from zhengshu.contexts.trust.domain.seals import SealState
from zhengshu.contexts.trust.interfaces.labels import Text
from zhengshu.foundation.seals.stamps import SealKind

KINDS: Mapping[SealKind, Text] = {
    SealKind.ORGAN: _("Seal of an organ"),
    SealKind.DEPARTMENT: _("Seal of an internal department"),
    SealKind.PERSONAL: _("Personal name seal"),
}
STATES: Mapping[str, tuple[str, Text]] = {
    SealState.APPLIED: ("blue", _("Applied for")),
    SealState.REFUSED: ("grey", _("Not approved")),
    SealState.IN_USE: ("green", _("In use")),
    EXPIRING: ("yellow", _("Ends soon")),
    EXPIRED: ("grey", _("Expired")),
    SealState.REVOKED: ("red", _("Revoked")),
}
SCHEMES: Mapping[str, Text] = {
    "sm2-sm3": _("SM2 with SM3, for OFD"),
    "ecdsa-p256-sha256": _("ECDSA P-256 with SHA-256, for PDF"),
}
