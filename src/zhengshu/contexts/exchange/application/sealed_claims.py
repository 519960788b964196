"""Key, right values and evidence of a correction, sealed for their row; the table alone says nothing."""

from uuid import UUID

import msgspec

from zhengshu.contexts.exchange.domain.corrections import Claim, SealedClaim
from zhengshu.contexts.exchange.models import CorrectionRequest
from zhengshu.foundation.crypto.sealing import seal, unseal


def seal_claim(claim: Claim, *, correction_id: UUID) -> bytes:
    """Return what of a claim may be personal data, sealed."""
    content = SealedClaim(key=dict(claim.key), right=dict(claim.right), evidence=claim.evidence)
    return seal(msgspec.json.encode(content), context=_context(correction_id))


def unseal_claim(row: CorrectionRequest) -> SealedClaim:
    """Return what was sealed."""
    return msgspec.json.decode(unseal(bytes(row.sealed), context=_context(row.id)), type=SealedClaim)


def _context(correction_id: UUID) -> bytes:
    return b"exchange.correction:" + correction_id.bytes
