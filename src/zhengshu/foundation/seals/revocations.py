"""Lists of certificates that were taken back before their time (CRL, RFC 5280 section 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import core, crl, pem, x509

from zhengshu.foundation.crypto.certificates import Certificate
from zhengshu.foundation.crypto.signatures import SigningKey
from zhengshu.foundation.seals.structures import MALFORMED


class ListUnfit(ValueError):
    """The bytes are no list of an authority's, or not signed by it."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate's number and since when it is taken back."""

    serial: int
    at: datetime


def revocation_list(
    revoked: Iterable[Revoked],
    *,
    issuer: Certificate,
    key: SigningKey,
    number: int,
    at: datetime,
    next_at: datetime,
) -> bytes:
    """Return a list in DER, signed by the authority."""
    algorithm = {"algorithm": key.scheme.oid}
    fields = {
        "version": "v2",
        "signature": algorithm,
        "issuer": x509.Certificate.load(issuer.der).subject,
        "this_update": _time(at),
        "next_update": _time(next_at),
        "crl_extensions": [{"extn_id": "crl_number", "critical": False, "extn_value": number}],
    }
    listed = [
        {"user_certificate": one.serial, "revocation_date": _time(one.at)}
        for one in sorted(revoked, key=lambda one: (one.at, one.serial))
    ]
    if listed:
        fields["revoked_certificates"] = listed
    tbs = crl.TbsCertList(fields)
    made = crl.CertificateList(
        {"tbs_cert_list": tbs, "signature_algorithm": algorithm, "signature": key.sign(tbs.dump())}
    )
    return bytes(made.dump())


def read_list(content: bytes, *, issuer: Certificate) -> Mapping[int, datetime]:
    """Return since when each certificate of an authority is taken back, by its number.

    Raises:
        ListUnfit: it is no list, or not by that authority.
    """
    try:
        der = pem.unarmor(content)[2] if pem.detect(content) else content
        parsed = crl.CertificateList.load(der, strict=True)
        tbs = parsed["tbs_cert_list"]
        is_right = parsed["signature_algorithm"]["algorithm"].dotted == issuer.key.scheme.oid
        is_right = is_right and issuer.key.is_right(tbs.dump(), parsed["signature"].native)
        listed = {
            one["user_certificate"].native: one["revocation_date"].native
            for one in tbs["revoked_certificates"]
        }
    except MALFORMED as fault:
        raise ListUnfit("this is no list of revoked certificates") from fault
    if not is_right:
        raise ListUnfit("the list is not signed by that authority")
    return listed


def _time(at: datetime) -> x509.Time:
    return x509.Time({"utc_time": core.UTCTime(at.astimezone(UTC).replace(microsecond=0))})
