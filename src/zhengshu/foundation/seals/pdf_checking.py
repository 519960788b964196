"""Checking the signatures of a PDF with pyHanko: what is signed, by whom, when, and what came after."""

import hashlib
import io
from collections.abc import Iterable
from datetime import datetime

from asn1crypto import cms, x509
from cryptography.exceptions import UnsupportedAlgorithm
from msgspec.structs import replace
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from zhengshu.foundation.seals.findings import FileKind, Finding, Later, Stamped
from zhengshu.foundation.seals.loops import aside
from zhengshu.foundation.seals.ofd_checking import MOST_SEALS, Trust
from zhengshu.foundation.seals.structures import MALFORMED

UNREADABLE = (*MALFORMED, PdfError, UnsupportedAlgorithm, NotImplementedError, RecursionError, OSError)
"""What comes of bytes that are no PDF, or of a signature that pyHanko does not know."""


class PdfUnfit(ValueError):
    """The bytes are no PDF that can be read, or hold more signatures than any that is genuine."""


def check_pdf(content: bytes, *, trust: Trust, at: datetime) -> tuple[Finding, ...]:
    """Return what is found of each signature in a PDF, the oldest first.

    Raises:
        PdfUnfit: it is no PDF that can be read.
    """
    try:
        reader = PdfFileReader(io.BytesIO(content))
        if reader.encrypted:
            raise PdfUnfit("the document is under a password")
        signatures = reader.embedded_regular_signatures
    except UNREADABLE as fault:
        raise PdfUnfit("the document is damaged") from fault
    if len(signatures) > MOST_SEALS:
        raise PdfUnfit("the document has more signatures than any that is genuine")
    return aside(_check(signatures, trust=trust, at=at))


async def _check(
    signatures: Iterable[EmbeddedPdfSignature], *, trust: Trust, at: datetime
) -> tuple[Finding, ...]:
    return tuple([await _finding(one, trust=trust, at=at) for one in signatures])


async def _finding(signature: EmbeddedPdfSignature, *, trust: Trust, at: datetime) -> Finding:
    name = str(signature.sig_object.get("/Name", signature.fq_name))
    try:
        named = _named(signature, name=name)
        stamped_at = _time_of(next(extract_tst_data_iter(signature.signer_info, signed=False), None))
        when = min(max(stamped_at or at, named.active_from or at), named.active_to or at)
        status = await async_validate_pdf_signature(
            signature,
            signer_validation_context=_context(trust, when),
            ts_validation_context=_context(trust, stamped_at or at),
        )
        return _judged(named, status)
    except UNREADABLE as fault:
        return Finding(
            kind=FileKind.PDF,
            name=name,
            signer="",
            is_signature_right=False,
            is_content_right=False,
            trouble=f"the signature cannot be checked: {fault}",
            later=Later.CHANGED,
            is_trusted=False,
            stamped=Stamped.NONE,
        )


def _named(signature: EmbeddedPdfSignature, *, name: str) -> Finding:
    """Return who signed, with everything else still doubted."""
    certificate: x509.Certificate = signature.signer_cert
    subject, issuer = certificate.subject.native, certificate.issuer.native
    return Finding(
        kind=FileKind.PDF,
        name=name,
        signer=str(subject.get("common_name", "")),
        organization=str(subject.get("organization_name", "")),
        issuer=str(issuer.get("common_name", "")),
        serial=f"{certificate.serial_number:x}",
        fingerprint=hashlib.sha256(certificate.dump()).hexdigest(),
        is_signature_right=False,
        is_content_right=False,
        later=Later.CHANGED,
        is_trusted=False,
        stamped=Stamped.NONE,
        claimed_at=signature.self_reported_timestamp,
        active_from=certificate.not_valid_before,
        active_to=certificate.not_valid_after,
    )


def _judged(named: Finding, status: PdfSignatureStatus) -> Finding:
    later, stamped, token = _later(status), _stamped(status), status.timestamp_validity
    troubles = [
        "" if status.intact else "the document was changed, or the signature belongs to another one",
        "" if status.valid else "the signature itself was changed",
        "" if later is not Later.CHANGED else "something was changed after the signature",
        "" if status.trusted else "the certificate does not lead to a trusted authority",
        "" if stamped in {Stamped.RIGHT, Stamped.NONE} else "the timestamp is not right",
    ]
    return replace(
        named,
        is_signature_right=bool(status.valid),
        is_content_right=bool(status.intact),
        later=later,
        is_trusted=bool(status.trusted),
        stamped=stamped,
        stamped_at=token.timestamp if token is not None and stamped is Stamped.RIGHT else None,
        trouble=next((one for one in troubles if one), ""),
    )


def _later(status: PdfSignatureStatus) -> Later:
    if status.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return Later.NOTHING
    if status.coverage is not SignatureCoverageLevel.ENTIRE_REVISION or not status.docmdp_ok:
        return Later.CHANGED
    if status.modification_level in {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES}:
        return Later.NOTHING
    return (
        Later.SEALED_AGAIN if status.modification_level is ModificationLevel.FORM_FILLING else Later.CHANGED
    )


def _stamped(status: PdfSignatureStatus) -> Stamped:
    found = status.timestamp_validity
    if found is None:
        return Stamped.NONE
    if not (found.valid and found.intact):
        return Stamped.WRONG
    return Stamped.RIGHT if found.trusted else Stamped.UNTRUSTED


def _time_of(token: cms.SignedData | None) -> datetime | None:
    if token is None:
        return None
    found: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return found


def _context(trust: Trust, moment: datetime) -> ValidationContext:
    """Return whom to trust at an instant; nothing is fetched, taken-back certificates are asked of their register."""
    return ValidationContext(
        trust_roots=[x509.Certificate.load(one.der) for one in trust.roots],
        other_certs=[x509.Certificate.load(one.der) for one in trust.between],
        moment=moment,
        allow_fetching=False,
    )
