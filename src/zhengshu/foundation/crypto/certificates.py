"""X.509 certificates and requests for them (RFC 5280, RFC 2986; GB/T 20518), signed by SM2, Ed25519 or P-256.

`cryptography` cannot use an SM2 key in a certificate, so the structures are asn1crypto's and the signatures ours.
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final

from asn1crypto import algos, core, csr, keys, pem, x509

from zhengshu.foundation.crypto.signatures import Scheme, SigningKey, VerifyingKey

MOST_IN_CHAIN = 8
_SERIAL_BITS = 127
_KNOWN_CRITICAL = frozenset({"basic_constraints", "key_usage", "extended_key_usage"})


class CertificateUnfit(ValueError):
    """The bytes are no certificate, or no request for one, that we can read; the text says what is wrong."""


class ChainBroken(ValueError):
    """A certificate does not lead to one that is trusted; the text says which link fails and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What a certificate says; whether it is right is said by `verify_chain` alone.

    Attributes:
        subject, issuer: by the names of attributes, such as ``common_name`` and ``organization_name``.
        active_from, active_to: valid from the first instant to the last, both included (RFC 5280, 4.1.2.5).
        usages: such as ``digital_signature`` and ``key_cert_sign``; empty where it does not say.
        extended_usages: such as ``time_stamping``; empty where it does not say.
        path_length: how many authorities may stand below this one.
    """

    der: bytes = field(repr=False)
    subject: Mapping[str, str]
    issuer: Mapping[str, str]
    serial: int
    active_from: datetime
    active_to: datetime
    key: VerifyingKey
    is_authority: bool
    path_length: int | None
    usages: frozenset[str]
    extended_usages: frozenset[str]
    unknown_critical: tuple[str, ...]

    @property
    def pem(self) -> str:
        """The certificate as PEM."""
        return str(pem.armor("CERTIFICATE", self.der).decode())

    @classmethod
    def read(cls, text: bytes) -> "Certificate":
        """Return what a certificate in DER or PEM says.

        Raises:
            CertificateUnfit: it is none, or its key is of a scheme that we do not check.
        """
        der = _der_of(text)
        return _read_once(der) if len(der) <= _REMEMBERED else _parsed(der)

    def is_signed_by(self, key: VerifyingKey) -> bool:
        """Whether the signature on the certificate is by a key."""
        parsed = x509.Certificate.load(self.der)
        inner, outer = parsed["tbs_certificate"]["signature"], parsed["signature_algorithm"]
        if inner.dump() != outer.dump() or outer["algorithm"].dotted != key.scheme.oid:
            return False
        return key.is_right(parsed["tbs_certificate"].dump(), parsed["signature_value"].native)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRequest:
    """Who asks for a certificate, and for which key; he has proved that he holds it."""

    subject: Mapping[str, str]
    key: VerifyingKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a certificate is to say.

    Attributes:
        subject: by the names of attributes, in order.
        is_authority: whether it may issue others.
        path_length: of an authority, how many others may stand below it.
        usages, extended_usages: as in `Certificate`; of an authority, what it needs by itself.
        serial: a random one unless given.
    """

    subject: Mapping[str, str]
    active_from: datetime
    active_to: datetime
    is_authority: bool = False
    path_length: int | None = None
    usages: Collection[str] = frozenset({"digital_signature", "non_repudiation"})
    extended_usages: Collection[str] = ()
    serial: int | None = None


def build_request(*, subject: Mapping[str, str], key: SigningKey) -> bytes:
    """Return a request for a certificate (PKCS #10) in DER, signed by the key that it is for."""
    info = csr.CertificationRequestInfo(
        {
            "version": "v1",
            "subject": x509.Name.build(dict(subject)),
            "subject_pk_info": keys.PublicKeyInfo.load(key.public.spki),
            "attributes": csr.CRIAttributes([]),
        }
    )
    request = csr.CertificationRequest(
        {
            "certification_request_info": info,
            "signature_algorithm": _algorithm(key.scheme),
            "signature": key.sign(info.dump()),
        }
    )
    return bytes(request.dump())


def read_request(text: bytes) -> CertificateRequest:
    """Return what a request in DER or PEM asks for.

    Raises:
        CertificateUnfit: it is none, or not signed by the key that it is for.
    """
    der = _der_of(text)
    try:
        request = csr.CertificationRequest.load(der, strict=True)
        info = request["certification_request_info"]
        key = VerifyingKey.read(info["subject_pk_info"].dump())
        subject, signature = _names(info["subject"]), request["signature"].native
        scheme = Scheme.of_oid(request["signature_algorithm"]["algorithm"].dotted)
    except (ValueError, TypeError, KeyError) as fault:
        message = f"this is no request for a certificate that can be read: {fault}"
        raise CertificateUnfit(message) from fault
    if scheme is not key.scheme or not key.is_right(info.dump(), signature):
        raise CertificateUnfit("the request is not signed by the key that it is for")
    return CertificateRequest(subject=subject, key=key)


def issue_certificate(
    terms: Terms, *, key: VerifyingKey, issuer: Certificate | None, issuer_key: SigningKey
) -> Certificate:
    """Return a certificate for a key; without an issuer it is a root, which signs itself."""
    names = x509.Name.build(dict(terms.subject))
    issuer_names = (
        names if issuer is None else x509.Certificate.load(issuer.der)["tbs_certificate"]["subject"]
    )
    tbs = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": terms.serial or secrets.randbits(_SERIAL_BITS) | 1,
            "signature": _algorithm(issuer_key.scheme),
            "issuer": issuer_names,
            "validity": {"not_before": _time(terms.active_from), "not_after": _time(terms.active_to)},
            "subject": names,
            "subject_public_key_info": keys.PublicKeyInfo.load(key.spki),
            "extensions": _extensions(terms, key=key, issuer_key=issuer_key.public),
        }
    )
    certificate = x509.Certificate(
        {
            "tbs_certificate": tbs,
            "signature_algorithm": _algorithm(issuer_key.scheme),
            "signature_value": issuer_key.sign(tbs.dump()),
        }
    )
    return Certificate.read(certificate.dump())


def verify_chain(
    leaf: Certificate,
    *,
    between: Iterable[Certificate] = (),
    roots: Iterable[Certificate],
    at: datetime,
    is_revoked: Callable[[Certificate], bool] = lambda _: False,
) -> tuple[Certificate, ...]:
    """Return the chain from a certificate to a trusted root, both included, as it held at an instant.

    Raises:
        ChainBroken: no chain leads to a root, or a link was not valid then, revoked, or may not issue.
    """
    trusted, others = {one.der: one for one in roots}, tuple(between)
    chain = [leaf]
    while True:
        _check_link(chain[-1], at=at, is_revoked=is_revoked)
        if chain[-1].der in trusted:
            return tuple(chain)
        if len(chain) == MOST_IN_CHAIN:
            raise ChainBroken("the chain is longer than any that we accept")
        chain.append(_issuer(chain, (*trusted.values(), *others)))


def _check_link(one: Certificate, *, at: datetime, is_revoked: Callable[[Certificate], bool]) -> None:
    name = one.subject.get("common_name", "")
    if not one.active_from <= at <= one.active_to:
        message = f"the certificate of {name} is valid from {one.active_from} to {one.active_to}, not at {at}"
        raise ChainBroken(message)
    if is_revoked(one):
        message = f"the certificate of {name} was revoked"
        raise ChainBroken(message)
    if one.unknown_critical:
        message = f"the certificate of {name} makes conditions that we do not know: {one.unknown_critical}"
        raise ChainBroken(message)


def _issuer(chain: list[Certificate], candidates: Iterable[Certificate]) -> Certificate:
    """Return who issued the last of a chain; those below it count against its path length."""
    child, reason = chain[-1], "its issuer is not among the certificates given"
    below = sum(1 for one in chain[1:] if one.subject != one.issuer)
    for one in candidates:
        if one.subject != child.issuer or one.der == child.der:
            continue
        if not child.is_signed_by(one.key):
            reason = "the signature on it is not by its issuer"
        elif not one.is_authority or (one.usages and "key_cert_sign" not in one.usages):
            reason = "its issuer may not issue certificates"
        elif one.path_length is not None and below > one.path_length:
            reason = "its issuer stands for fewer steps than the chain has"
        else:
            return one
    message = f"the certificate of {child.subject.get('common_name', '')} is not trusted: {reason}"
    raise ChainBroken(message)


_REMEMBERED: Final = 4_096
"""The length, in bytes, up to which certificates are remembered: somebody's file may hold what is longer."""


@lru_cache(maxsize=256)
def _read_once(der: bytes) -> Certificate:
    """Read a certificate once a process; the same few stand above everything that is sealed."""
    return _parsed(der)


def _parsed(der: bytes) -> Certificate:
    try:
        return _read(der, x509.Certificate.load(der, strict=True))
    except (ValueError, TypeError, KeyError) as fault:
        message = f"this is no X.509 certificate that can be read: {fault}"
        raise CertificateUnfit(message) from fault


def _read(der: bytes, parsed: x509.Certificate) -> Certificate:
    tbs = parsed["tbs_certificate"]
    constraints = parsed.basic_constraints_value
    usage, extended = parsed.key_usage_value, parsed.extended_key_usage_value
    return Certificate(
        der=der,
        subject=_names(tbs["subject"]),
        issuer=_names(tbs["issuer"]),
        serial=tbs["serial_number"].native,
        active_from=tbs["validity"]["not_before"].native,
        active_to=tbs["validity"]["not_after"].native,
        key=VerifyingKey.read(tbs["subject_public_key_info"].dump()),
        is_authority=constraints is not None and constraints["ca"].native,
        path_length=None if constraints is None else constraints["path_len_constraint"].native,
        usages=frozenset() if usage is None else frozenset(usage.native),
        extended_usages=frozenset() if extended is None else frozenset(extended.native),
        unknown_critical=tuple(sorted(parsed.critical_extensions - _KNOWN_CRITICAL)),
    )


def _extensions(terms: Terms, *, key: VerifyingKey, issuer_key: VerifyingKey) -> x509.Extensions:
    usages = {"key_cert_sign", "crl_sign"} if terms.is_authority else set(terms.usages)
    constraints: dict[str, bool | int] = {"ca": terms.is_authority}
    if terms.path_length is not None:
        constraints |= {"path_len_constraint": terms.path_length}
    found = [
        ("basic_constraints", True, constraints),
        ("key_usage", True, usages),
        ("key_identifier", False, keys.PublicKeyInfo.load(key.spki).sha1),
        (
            "authority_key_identifier",
            False,
            {"key_identifier": keys.PublicKeyInfo.load(issuer_key.spki).sha1},
        ),
    ]
    if terms.extended_usages:
        found.append(("extended_key_usage", True, sorted(terms.extended_usages)))
    return x509.Extensions(
        [{"extn_id": name, "critical": critical, "extn_value": value} for name, critical, value in found]
    )


def _algorithm(scheme: Scheme) -> algos.SignedDigestAlgorithm:
    return algos.SignedDigestAlgorithm({"algorithm": scheme.oid})


def _time(at: datetime) -> x509.Time:
    """Return an instant as UTCTime until 2049, then as GeneralizedTime (RFC 5280, 4.1.2.5)."""
    whole = at.replace(microsecond=0)
    if whole.year < 2050:  # noqa: PLR2004 - the year that RFC 5280 names
        return x509.Time({"utc_time": core.UTCTime(whole)})
    return x509.Time({"general_time": core.GeneralizedTime(whole)})


def _names(name: x509.Name) -> Mapping[str, str]:
    return {key: value if isinstance(value, str) else ", ".join(value) for key, value in name.native.items()}


def _der_of(text: bytes) -> bytes:
    try:
        return bytes(pem.unarmor(text)[2]) if pem.detect(text) else text
    except ValueError as fault:
        raise CertificateUnfit("the PEM text is not complete") from fault
