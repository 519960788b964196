"""Whose own a certificate is: found by blind indexes of citizen IDs and credit codes, which tell nobody these."""

from zhengshu.contexts.certificates.domain.types import HolderKind
from zhengshu.contexts.certificates.domain.values import Holder
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.crypto.data_keys import blind_index
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.mandates import Power

_COLUMN = "certificates_reader.digest"


def digest_of(holder: Holder) -> bytes | None:
    """Return by what a holder's certificates are found; None for a newborn, who has no number yet."""
    if not holder.number:
        return None
    is_person = holder.kind is HolderKind.PERSON
    number = CitizenId.parse(holder.number) if is_person else CreditCode.parse(holder.number)
    return _digest(holder.kind, str(number))


def digests_of(actor: Actor) -> frozenset[bytes]:
    """Return by what an actor's own certificates are found: his own, and those of enterprises whose matters he does."""
    codes = {
        one.enterprise_code for one in actor.mandates if one.covers(Power.MATTERS) or one.covers(Power.DATA)
    }
    found = {_digest(HolderKind.ENTERPRISE, code) for code in codes}
    citizen_id = trust.own_citizen_id(actor=actor)
    if citizen_id is not None:
        found.add(_digest(HolderKind.PERSON, str(citizen_id)))
    return frozenset(found)


def _digest(kind: HolderKind, number: str) -> bytes:
    return blind_index(_COLUMN)(f"{kind.value}:{number}")
