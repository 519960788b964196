"""Timestamps by RFC 3161: an authority that gives them, how one is asked for, and how one is checked.

A token for an SM3 digest is signed by SM2 (GB/T 20520), one for SHA-256 by ECDSA; whoever asks names the digest.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from asn1crypto import algos, cms, core, tsp, x509

from zhengshu.foundation.crypto.certificates import Certificate
from zhengshu.foundation.crypto.digests import DIGESTS
from zhengshu.foundation.crypto.signatures import Scheme, SigningKey
from zhengshu.foundation.seals.structures import MALFORMED, SM3_OID

POLICY = "1.3.6.1.4.1.37476.9000.83.1"
MOST_REQUEST_BYTES = 4096
MOST_TOKEN_BYTES = 64 << 10
REQUEST_TYPE = "application/timestamp-query"
ANSWER_TYPE = "application/timestamp-reply"
ACCURACY_SECONDS = 1

_SHA256_OID = "2.16.840.1.101.3.4.2.1"
_DIGESTS: Mapping[str, str] = {SM3_OID: "sm3", _SHA256_OID: "sha-256"}
_SCHEMES: Mapping[str, Scheme] = {SM3_OID: Scheme.SM2_SM3, _SHA256_OID: Scheme.ECDSA_P256}
_OID_OF: Mapping[str, str] = {name: oid for oid, name in _DIGESTS.items()}
_DIGEST_BYTES = 32
_TRIES = 16
_ENDLESS = 0x80
_ENDS_OF_LENGTHS = (3, 18, 22)
"""In a token of 256 bytes to 64 KB: of ContentInfo, of its content, of SignedData."""

Ask = Callable[[bytes], bytes]
"""Sends a request to an authority and returns its answer, both in DER."""


class _Answer(core.Sequence):  # type: ignore[misc]
    """TimeStampResp; in asn1crypto's own a refusal cannot be written."""

    _fields = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class TimestampWrong(ValueError):
    """A token is none that we can accept; the text says why."""


class TimestampRefused(RuntimeError):
    """The authority gave no timestamp; ask again, or ask its operators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamp:
    """What a token says; its certificate's chain is checked by whoever trusts it.

    Attributes:
        at: when the authority saw the digest.
        certificate: of the authority.
        others: further certificates that came along.
        serial: the authority's own number of it.
    """

    at: datetime
    certificate: Certificate
    others: tuple[Certificate, ...]
    serial: int


@dataclass(frozen=True, slots=True)
class Office:
    """A key of an authority, with its certificate and those above it."""

    key: SigningKey
    certificate: Certificate
    above: tuple[Certificate, ...] = ()


class TimestampAuthority:
    """Gives timestamps by its own clock, with one key for each scheme."""

    def __init__(self, offices: Mapping[Scheme, Office], *, clock: Callable[[], datetime]) -> None:
        """Keep the keys."""
        self._offices, self._clock = offices, clock

    def answer(self, request: bytes) -> bytes:
        """Return the answer to a request, also where it is a refusal."""
        try:
            parsed = tsp.TimeStampReq.load(request, strict=True)
            imprint = parsed["message_imprint"]
            oid, digest = imprint["hash_algorithm"]["algorithm"].dotted, imprint["hashed_message"].native
            has_extensions = bool(parsed["extensions"].native)
        except MALFORMED:
            return _refusal("bad_data_format")
        if oid not in _SCHEMES or _SCHEMES[oid] not in self._offices:
            return _refusal("bad_alg")
        if len(digest) != _DIGEST_BYTES:
            return _refusal("bad_data_format")
        if has_extensions:
            return _refusal("unaccepted_extension")
        if parsed["req_policy"].native not in {None, POLICY}:
            return _refusal("unaccepted_policy")
        token = self._token(parsed, oid=oid)
        answer = _Answer({"status": {"status": "granted"}, "time_stamp_token": token})
        return bytes(answer.dump())

    def _token(self, request: tsp.TimeStampReq, *, oid: str) -> cms.ContentInfo:
        office = self._offices[_SCHEMES[oid]]
        fields = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": request["message_imprint"],
            "serial_number": secrets.randbits(127) | 1,
            "gen_time": self._clock().astimezone(UTC).replace(microsecond=0),
            "accuracy": {"seconds": ACCURACY_SECONDS},
        }
        if request["nonce"].native is not None:
            fields["nonce"] = request["nonce"].native
        content = tsp.TSTInfo(fields).dump()
        sign = partial(signed_content, content, content_type="tst_info", digest_oid=oid, office=office)
        made = sign()
        for _ in range(_TRIES):
            if not _seems_endless(made.dump()):
                break
            made = sign()
        return made


def signed_content(content: bytes, *, content_type: str, digest_oid: str, office: Office) -> cms.ContentInfo:
    """Return a content signed by an office (CMS, RFC 5652), with its certificates."""
    compute = DIGESTS[_DIGESTS[digest_oid]]
    certificate = x509.Certificate.load(office.certificate.der)
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": [content_type]},
            {"type": "message_digest", "values": [compute(content)]},
            {"type": "signing_certificate_v2", "values": [_signing_certificate(office, digest_oid)]},
        ]
    )
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                "issuer_and_serial_number",
                {"issuer": certificate.issuer, "serial_number": certificate.serial_number},
            ),
            "digest_algorithm": {"algorithm": digest_oid},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": office.key.scheme.oid},
            "signature": office.key.sign(attributes.dump()),
        }
    )
    data = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": digest_oid}],
            "encap_content_info": {
                "content_type": content_type,
                "content": core.ParsableOctetString(content),
            },
            "certificates": [
                cms.CertificateChoices("certificate", x509.Certificate.load(one.der))
                for one in (office.certificate, *office.above)
            ],
            "signer_infos": [signer],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": data})


def request_for(message: bytes, *, digest: str) -> tuple[bytes, int]:
    """Return a request for a timestamp on a message, and its nonce; `digest` as in `DIGESTS`."""
    nonce = secrets.randbits(63)
    request = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": _OID_OF[digest]}),
                "hashed_message": DIGESTS[digest](message),
            },
            "nonce": nonce,
            "cert_req": True,
        }
    )
    return bytes(request.dump()), nonce


def obtain(message: bytes, *, digest: str, ask: Ask) -> bytes:
    """Return a token on a message in DER, checked to be on that message and for our request.

    Raises:
        TimestampRefused: the authority gave none, or one for something else.
    """
    request, nonce = request_for(message, digest=digest)
    token = granted(ask(request))
    try:
        given = _info(token)["nonce"].native
    except MALFORMED as fault:
        raise TimestampRefused("the timestamp authority did not answer with a timestamp") from fault
    if given != nonce:
        raise TimestampRefused("the timestamp authority answered another request")
    try:
        read_token(token, message=message)
    except TimestampWrong as fault:
        raise TimestampRefused(str(fault)) from fault
    return token


def granted(answer: bytes) -> bytes:
    """Return the token in an authority's answer, unchecked.

    Raises:
        TimestampRefused: the answer is a refusal, or none at all.
    """
    try:
        parsed = _Answer.load(answer, strict=True)
        status, token = parsed["status"]["status"].native, parsed["time_stamp_token"]
        if status in {"granted", "granted_with_mods"} and not isinstance(token, core.Void):
            return bytes(token.dump())
        text = f"the timestamp authority refused: {status} {parsed['status']['fail_info'].native}"
    except MALFORMED as fault:
        raise TimestampRefused("the timestamp authority did not answer with a timestamp") from fault
    raise TimestampRefused(text)


def read_token(token: bytes, *, message: bytes) -> Timestamp:
    """Return what a token on a message says, once its own signature is right.

    Raises:
        TimestampWrong: it is on something else, not signed by the certificate in it, or none at all.
    """
    if len(token) > MOST_TOKEN_BYTES:
        raise TimestampWrong("the timestamp is larger than any that is genuine")
    try:
        return _read(token, message)
    except MALFORMED as fault:
        if isinstance(fault, TimestampWrong):
            raise
        raise TimestampWrong("the timestamp cannot be read") from fault


def _read(token: bytes, message: bytes) -> Timestamp:
    data = cms.ContentInfo.load(token, strict=True)["content"]
    info, content = _info(token), data["encap_content_info"]["content"].contents
    imprint = info["message_imprint"]
    compute = DIGESTS.get(_DIGESTS.get(imprint["hash_algorithm"]["algorithm"].dotted, ""))
    if compute is None or compute(message) != imprint["hashed_message"].native:
        raise TimestampWrong("the timestamp is on something else")
    if len(data["signer_infos"]) != 1:
        raise TimestampWrong("a timestamp is signed by exactly one authority")
    signer = data["signer_infos"][0]
    certificates = certificates_in(data)
    certificate = _signer_of(signer, certificates)
    if "time_stamping" not in certificate.extended_usages:
        raise TimestampWrong("the certificate that signed the timestamp is not for timestamps")
    _check_signer(signer, certificate, content=content, content_type="tst_info")
    return Timestamp(
        at=info["gen_time"].native,
        certificate=certificate,
        others=tuple(one for one in certificates if one.der != certificate.der),
        serial=info["serial_number"].native,
    )


def certificates_in(data: cms.SignedData) -> tuple[Certificate, ...]:
    """Return the X.509 certificates that came with a signature, as far as we can read them."""
    found = []
    for choice in data["certificates"]:
        if choice.name == "certificate":
            try:
                found.append(Certificate.read(choice.chosen.dump()))
            except MALFORMED:
                continue
    return tuple(found)


def _info(token: bytes) -> tsp.TSTInfo:
    content = cms.ContentInfo.load(token, strict=True)["content"]["encap_content_info"]
    if content["content_type"].native != "tst_info":
        raise TimestampWrong("this is a signature, but no timestamp")
    return content["content"].parsed


def _signer_of(signer: cms.SignerInfo, certificates: Iterable[Certificate]) -> Certificate:
    named = signer["sid"].chosen
    for one in certificates:
        parsed = x509.Certificate.load(one.der)
        if signer["sid"].name == "issuer_and_serial_number":
            if named["issuer"] == parsed.issuer and named["serial_number"].native == parsed.serial_number:
                return one
        elif named.native == parsed.key_identifier:
            return one
    raise TimestampWrong("the certificate that signed the timestamp did not come along")


def _check_signer(
    signer: cms.SignerInfo, certificate: Certificate, *, content: bytes, content_type: str
) -> None:
    attributes = {one["type"].native: one["values"] for one in signer["signed_attrs"]}
    compute = DIGESTS.get(_DIGESTS.get(signer["digest_algorithm"]["algorithm"].dotted, ""))
    if compute is None or attributes["message_digest"][0].native != compute(content):
        raise TimestampWrong("the timestamp was changed")
    if attributes["content_type"][0].native != content_type:
        raise TimestampWrong("this is a signature, but no timestamp")
    if signer["signature_algorithm"]["algorithm"].dotted != certificate.key.scheme.oid:
        raise TimestampWrong("the timestamp is signed by another kind of key than its certificate's")
    if not certificate.key.is_right(signer["signed_attrs"].untag().dump(), signer["signature"].native):
        raise TimestampWrong("the signature on the timestamp is not by its authority")


def _signing_certificate(office: Office, digest_oid: str) -> tsp.SigningCertificateV2:
    digest = DIGESTS[_DIGESTS[digest_oid]](office.certificate.der)
    return tsp.SigningCertificateV2(
        {"certs": [{"hash_algorithm": {"algorithm": digest_oid}, "cert_hash": digest}]}
    )


def _seems_endless(token: bytes) -> bool:
    """Whether asn1crypto takes a length of the token's outer parts for an endless one, since it ends in 80.

    It would then encode everything anew at each level, and pyHanko would need two seconds instead of none. The next
    signature mostly has another length.
    """
    return any(token[place] == _ENDLESS for place in _ENDS_OF_LENGTHS)


def _refusal(reason: str) -> bytes:
    answer = _Answer({"status": {"status": "rejection", "fail_info": {reason}}})
    return bytes(answer.dump())
