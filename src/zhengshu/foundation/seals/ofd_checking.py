"""Checking the seals of an OFD document (GB/T 33190, GB/T 38540)."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from msgspec.structs import replace

from zhengshu.foundation.crypto.certificates import Certificate, ChainBroken, verify_chain
from zhengshu.foundation.crypto.digests import sm3
from zhengshu.foundation.seals.findings import FileKind, Finding, Later, Stamped
from zhengshu.foundation.seals.ofd_writing import NAMESPACE
from zhengshu.foundation.seals.packages import PackageUnfit, parsed, parts_of, resolved
from zhengshu.foundation.seals.stamps import Stamp, StampWrong, read_stamp
from zhengshu.foundation.seals.structures import SM3_OID
from zhengshu.foundation.seals.timestamps import TimestampWrong, read_token

MOST_SEALS = 50
ROOT = "OFD.xml"
_N = {"ofd": NAMESPACE}


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the check trusts.

    Attributes:
        roots: authorities that are trusted by themselves.
        between: further authorities' certificates that a chain may need.
    """

    roots: tuple[Certificate, ...]
    between: tuple[Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """One signature of the package: the parts it is made of."""

    id: str
    list_name: str
    value_name: str
    seal_name: str

    @property
    def names(self) -> frozenset[str]:
        return frozenset({self.list_name, self.value_name, self.seal_name}) - {""}


def check_ofd(content: bytes, *, trust: Trust, at: datetime) -> tuple[Finding, ...]:
    """Return what is found of each seal in an OFD document.

    Raises:
        PackageUnfit: it is no OFD document that can be opened.
    """
    parts = parts_of(content)
    if ROOT not in parts:
        raise PackageUnfit("the package is no OFD document")
    listed = _list_of(parts)
    if listed is None:
        return ()
    name, ids = listed
    if len(ids) > MOST_SEALS:
        raise PackageUnfit("the document has more seals than any that is genuine")
    entries = [_entry(parts, id_, list_name) for id_, list_name in ids]
    own = frozenset({name}).union(*(one.names for one in entries))
    return tuple(
        _finding(parts, entry, own=own, is_last=place == len(entries) - 1, trust=trust, at=at)
        for place, entry in enumerate(entries)
    )


def _list_of(parts: Mapping[str, bytes]) -> tuple[str, list[tuple[str, str]]] | None:
    bodies = parsed(parts[ROOT]).findall("ofd:DocBody", _N)
    if len(bodies) != 1:
        raise PackageUnfit("the package holds not exactly one document")
    location = bodies[0].findtext("ofd:Signatures", namespaces=_N)
    if location is None:
        return None
    name = resolved(location.strip(), base=ROOT)
    found = parsed(_part(parts, name)).findall("ofd:Signature", _N)
    return name, [(one.get("ID", ""), resolved(one.get("BaseLoc", ""), base=name)) for one in found]


def _entry(parts: Mapping[str, bytes], id_: str, list_name: str) -> _Entry:
    root = parsed(_part(parts, list_name))
    value = root.findtext("ofd:SignedValue", default="", namespaces=_N).strip()
    seal = root.findtext("ofd:SignedInfo/ofd:Seal/ofd:BaseLoc", default="", namespaces=_N).strip()
    return _Entry(
        id=id_,
        list_name=list_name,
        value_name=resolved(value, base=list_name),
        seal_name=resolved(seal, base=list_name) if seal else "",
    )


def _finding(
    parts: Mapping[str, bytes],
    entry: _Entry,
    *,
    own: frozenset[str],
    is_last: bool,
    trust: Trust,
    at: datetime,
) -> Finding:
    try:
        stamp = read_stamp(_part(parts, entry.value_name))
    except StampWrong as fault:
        return Finding(
            kind=FileKind.OFD,
            name=entry.id,
            signer="",
            is_signature_right=False,
            is_content_right=False,
            trouble=str(fault),
            later=Later.CHANGED,
            is_trusted=False,
            stamped=Stamped.NONE,
        )
    finding = _of_stamp(stamp)
    trouble = _content_trouble(parts, entry, stamp, own=own)
    finding = _timed(finding, stamp, trust=trust)
    doubt = _chain_trouble(stamp, trust=trust, at=finding.stamped_at or at)
    return replace(
        finding,
        is_content_right=not trouble,
        later=Later.CHANGED if trouble else Later.NOTHING if is_last else Later.SEALED_AGAIN,
        is_trusted=not doubt,
        trouble=trouble or doubt or finding.trouble,
    )


def _of_stamp(stamp: Stamp) -> Finding:
    user, seal = stamp.user, stamp.seal
    return Finding(
        kind=FileKind.OFD,
        name=seal.name,
        seal_id=seal.id,
        signer=user.subject.get("common_name", ""),
        organization=user.subject.get("organization_name", ""),
        issuer=user.issuer.get("common_name", ""),
        serial=f"{user.serial:x}",
        fingerprint=hashlib.sha256(user.der).hexdigest(),
        is_signature_right=True,
        is_content_right=False,
        later=Later.CHANGED,
        is_trusted=False,
        stamped=Stamped.NONE,
        claimed_at=stamp.claimed_at,
        active_from=max(user.active_from, seal.active_from),
        active_to=min(user.active_to, seal.active_to),
    )


def _timed(finding: Finding, stamp: Stamp, *, trust: Trust) -> Finding:
    """Add what the timestamp says, if it is right and by an authority that is trusted."""
    if not stamp.token:
        return finding
    try:
        found = read_token(stamp.token, message=stamp.signature)
    except TimestampWrong as fault:
        return replace(finding, stamped=Stamped.WRONG, trouble=str(fault))
    try:
        verify_chain(
            found.certificate, between=(*found.others, *trust.between), roots=trust.roots, at=found.at
        )
    except ChainBroken as fault:
        return replace(finding, stamped=Stamped.UNTRUSTED, trouble=str(fault))
    return replace(finding, stamped=Stamped.RIGHT, stamped_at=found.at)


def _content_trouble(parts: Mapping[str, bytes], entry: _Entry, stamp: Stamp, *, own: frozenset[str]) -> str:
    """Return what speaks against the content being what was sealed; empty if nothing does."""
    content = parts[entry.list_name]
    if sm3(content) != stamp.digest:
        return "the seal was put on something else, or the list of what was sealed was changed"
    if resolved(stamp.place, base="") != entry.list_name:
        return "the seal was put on something else"
    if entry.seal_name and stamp.seal.picture not in parts.get(entry.seal_name, b""):
        return "the picture of the seal was exchanged"
    return _parts_trouble(parts, _covered(content, base=entry.list_name), own=own)


def _parts_trouble(parts: Mapping[str, bytes], covered: Mapping[str, bytes], *, own: frozenset[str]) -> str:
    for name, value in covered.items():
        if name not in parts:
            return f"the part {name} was removed"
        if sm3(parts[name]) != value:
            return f"the part {name} was changed"
    added = sorted(parts.keys() - covered.keys() - own)
    return f"the part {added[0]} was added" if added else ""


def _covered(content: bytes, *, base: str) -> Mapping[str, bytes]:
    references = parsed(content).find("ofd:SignedInfo/ofd:References", _N)
    if references is None or references.get("CheckMethod") != SM3_OID:
        raise PackageUnfit("the parts of the document are not listed by SM3")
    return {
        resolved(one.get("FileRef", ""), base=base): _value(one)
        for one in references.findall("ofd:Reference", _N)
    }


def _value(reference: etree._Element) -> bytes:
    try:
        return base64.b64decode(
            reference.findtext("ofd:CheckValue", default="", namespaces=_N).strip(), validate=True
        )
    except binascii.Error as fault:
        raise PackageUnfit("a digest in the document is not base64") from fault


def _chain_trouble(stamp: Stamp, *, trust: Trust, at: datetime) -> str:
    """Return why the user or the maker of the seal is not trusted; their periods are judged elsewhere."""
    for one in (stamp.user, stamp.seal.maker):
        when = min(max(at, one.active_from), one.active_to)
        try:
            verify_chain(one, between=trust.between, roots=trust.roots, at=when)
        except ChainBroken as fault:
            return str(fault)
    return ""


def _part(parts: Mapping[str, bytes], name: str) -> bytes:
    found = parts.get(name)
    if found is None:
        message = f"the part {name} of the package is missing"
        raise PackageUnfit(message)
    return found
