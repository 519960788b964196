"""The seal and the signature with it, as GB/T 38540-2020 writes them in ASN.1 (version 4)."""

from asn1crypto import core

MALFORMED = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)
"""What asn1crypto raises when bytes are not what they should be; all of it means "cannot be read"."""

SEAL_VERSION = 4
SEAL_MARK = "ES"
SM3_OID = "1.2.156.10197.1.401"
SM2_SM3_OID = "1.2.156.10197.1.501"


class Header(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """SES_Header: that this is a seal, which version, and whose make."""

    _fields = [("id", core.IA5String), ("version", core.Integer), ("vid", core.IA5String)]


class CertificateDigest(core.Sequence):  # type: ignore[misc]
    """CertDigestObj: the digest of a certificate that may use the seal."""

    _fields = [("type", core.PrintableString), ("value", core.OctetString)]


class Certificates(core.SequenceOf):  # type: ignore[misc]
    """CertInfoList: the certificates that may use the seal."""

    _child_spec = core.OctetString


class CertificateDigests(core.SequenceOf):  # type: ignore[misc]
    """CertDigestList: their digests instead."""

    _child_spec = CertificateDigest


class Property(core.Sequence):  # type: ignore[misc]
    """SES_ESPropertyInfo: kind, name, users and period of the seal."""

    _fields = [
        ("type", core.Integer),
        ("name", core.UTF8String),
        ("cert_list_type", core.Integer),
        ("cert_list", core.Any),
        ("create_date", core.GeneralizedTime),
        ("valid_start", core.GeneralizedTime),
        ("valid_end", core.GeneralizedTime),
    ]
    _oid_pair = ("cert_list_type", "cert_list")
    _oid_specs = {1: Certificates, 2: CertificateDigests}


class Picture(core.Sequence):  # type: ignore[misc]
    """SES_ESPictrueInfo: what the seal looks like; width and height in millimetres."""

    _fields = [
        ("type", core.IA5String),
        ("data", core.OctetString),
        ("width", core.Integer),
        ("height", core.Integer),
    ]


class Extension(core.Sequence):  # type: ignore[misc]
    """ExtData: what a maker adds."""

    _fields = [
        ("extn_id", core.ObjectIdentifier),
        ("critical", core.Boolean, {"default": False}),
        ("extn_value", core.OctetString),
    ]


class Extensions(core.SequenceOf):  # type: ignore[misc]
    """ExtensionDatas."""

    _child_spec = Extension


class SealInfo(core.Sequence):  # type: ignore[misc]
    """SES_SealInfo: what the maker signs."""

    _fields = [
        ("header", Header),
        ("es_id", core.IA5String),
        ("property", Property),
        ("picture", Picture),
        ("ext_datas", Extensions, {"explicit": 0, "optional": True}),
    ]


class Seal(core.Sequence):  # type: ignore[misc]
    """SESeal: the seal with its maker's signature."""

    _fields = [
        ("seal_info", SealInfo),
        ("cert", core.OctetString),
        ("sign_alg_id", core.ObjectIdentifier),
        ("signed_value", core.BitString),
    ]


class ToSign(core.Sequence):  # type: ignore[misc]
    """TBS_Sign: what the user of a seal signs."""

    _fields = [
        ("version", core.Integer),
        ("eseal", Seal),
        ("time_info", core.GeneralizedTime),
        ("data_hash", core.BitString),
        ("property_info", core.IA5String),
        ("ext_datas", Extensions, {"explicit": 0, "optional": True}),
    ]


class Signature(core.Sequence):  # type: ignore[misc]
    """SES_Signature: the seal's impression on one document."""

    _fields = [
        ("to_sign", ToSign),
        ("cert", core.OctetString),
        ("signature_alg_id", core.ObjectIdentifier),
        ("signature", core.BitString),
        ("time_stamp", core.BitString, {"explicit": 0, "optional": True}),
    ]
