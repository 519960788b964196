"""An OFD document is sealed by GB/T 38540: every part is listed with its SM3, the list is signed with the seal."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lxml import etree

from zhengshu.foundation.crypto.certificates import Certificate
from zhengshu.foundation.crypto.digests import sm3
from zhengshu.foundation.crypto.signatures import SigningKey
from zhengshu.foundation.seals.ofd_writing import (
    NAMESPACE,
    SIGNATURES,
    element,
    no_signatures,
    pack,
    page_id,
    serialize,
    signed_at_text,
)
from zhengshu.foundation.seals.packages import parsed, parts_of
from zhengshu.foundation.seals.stamps import VENDOR, sign_with_seal, value_of, with_timestamp
from zhengshu.foundation.seals.structures import SM2_SM3_OID, SM3_OID
from zhengshu.foundation.seals.texts import Place
from zhengshu.foundation.seals.timestamps import Ask, obtain

SIGNS = "Doc_0/Signs/"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfdSeal:
    """What an OFD document is sealed with: the seal by its maker, and the key of a user named in it."""

    seal: bytes = field(repr=False)
    user: Certificate
    key: SigningKey
    width_mm: float
    height_mm: float


def seal_ofd(ofd: bytes, *, place: Place, seal: OfdSeal, ask: Ask, at: datetime) -> bytes:
    """Return the document with a further seal; the parts that were there stay byte for byte.

    Raises:
        PackageUnfit: it is no OFD package.
        TimestampRefused: the authority gave no timestamp; nothing was sealed.
    """
    parts = dict(parts_of(ofd))
    listed = parsed(parts.get(SIGNATURES, no_signatures()))
    number = len(listed.findall(f"{{{NAMESPACE}}}Signature")) + 1
    folder = f"{SIGNS}Sign_{number}/"
    place_of_list = f"/{folder}Signature.xml"
    content = _signature_list(parts, number=number, folder=folder, place=place, seal=seal, at=at)
    signature = sign_with_seal(
        content, place=place_of_list, seal=seal.seal, user=seal.user, key=seal.key, at=at
    )
    token = obtain(value_of(signature), digest="sm3", ask=ask)
    parts[f"{folder}Signature.xml"] = content
    parts[f"{folder}Seal.esl"] = seal.seal
    parts[f"{folder}SignedValue.dat"] = with_timestamp(signature, token)
    parts[SIGNATURES] = _with_one_more(listed, number=number)
    return pack(parts)


def _signature_list(
    parts: Mapping[str, bytes], *, number: int, folder: str, place: Place, seal: OfdSeal, at: datetime
) -> bytes:
    """Return `Signature.xml`: what is sealed, how, and where the seal appears."""
    references = element("References", None, CheckMethod=SM3_OID)
    covered = {name: one for name, one in parts.items() if not name.startswith(SIGNS)}
    for name, one in sorted({**covered, f"{folder}Seal.esl": seal.seal}.items()):
        value = base64.b64encode(sm3(one)).decode()
        references.append(element("Reference", None, element("CheckValue", value), FileRef=f"/{name}"))
    left, top = place.x - seal.width_mm / 2, place.y - seal.height_mm / 2
    info = element(
        "SignedInfo",
        None,
        element("Provider", None, ProviderName=VENDOR, Version="1.0", Company=VENDOR),
        element("SignatureMethod", SM2_SM3_OID),
        element("SignatureDateTime", signed_at_text(at.astimezone(UTC))),
        references,
        element(
            "StampAnnot",
            None,
            ID=_sign_id(number),
            PageRef=str(page_id(place.page)),
            Boundary=f"{left:.3f} {top:.3f} {seal.width_mm:g} {seal.height_mm:g}",
        ),
        element("Seal", None, element("BaseLoc", f"/{folder}Seal.esl")),
    )
    return serialize(element("Signature", None, info, element("SignedValue", f"/{folder}SignedValue.dat")))


def _with_one_more(listed: etree._Element, *, number: int) -> bytes:
    most = listed.find(f"{{{NAMESPACE}}}MaxSignId")
    if most is not None:
        most.text = _sign_id(number)
    place = f"/{SIGNS}Sign_{number}/Signature.xml"
    listed.append(element("Signature", None, ID=_sign_id(number), Type="Seal", BaseLoc=place))
    return serialize(listed)


def _sign_id(number: int) -> str:
    """Return an id as GB/T 33190 recommends it for signatures; by XML an id begins with a letter."""
    return f"s{number:03}"
