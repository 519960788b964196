"""A PDF is sealed by a PAdES signature (baseline B-T) with the seal's picture; pyHanko writes it."""

import io
from dataclasses import dataclass, field

from asn1crypto import cms, keys, tsp, x509
from pyhanko import stamp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from zhengshu.foundation.crypto.certificates import Certificate
from zhengshu.foundation.crypto.signatures import SigningKey
from zhengshu.foundation.seals.loops import aside
from zhengshu.foundation.seals.pdf_pictures import SealPicture
from zhengshu.foundation.seals.texts import MM, Place
from zhengshu.foundation.seals.timestamps import Ask, TimestampRefused, granted

RESERVED = 24_576
"""Hexadecimal digits kept for the signature; otherwise a timestamp would be asked for just to learn its size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfSeal:
    """What a PDF is sealed with.

    Attributes:
        above: the authorities' certificates over that of the user.
        name: as the seal is called; shown by programs that list signatures.
        field: the name of the signature's field, unique in the document.
    """

    key: SigningKey
    user: Certificate
    above: tuple[Certificate, ...]
    name: str
    picture: bytes = field(repr=False)
    width_mm: float
    height_mm: float
    field: str


class _Timestamper(TimeStamper):
    """Hands pyHanko's requests to an authority of ours."""

    def __init__(self, ask: Ask) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._ask, self._token = ask, b""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        answer = self._ask(req.dump())
        self._token = granted(answer)
        return tsp.TimeStampResp.load(answer)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return a token after pyHanko's checks, but as it came: asn1crypto copies what was parsed at great cost."""
        await super().async_timestamp(message_digest, md_algorithm)
        return cms.ContentInfo.load(self._token)


def seal_pdf(pdf: bytes, *, place: Place, seal: PdfSeal, reason: str, ask: Ask) -> bytes:
    """Return the PDF with a signature in a further revision; what was there before stays byte for byte.

    Raises:
        TimestampRefused: the authority gave no timestamp; nothing was sealed.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    half_width, half_height = seal.width_mm * MM / 2, seal.height_mm * MM / 2
    left, bottom = round(place.x - half_width), round(place.y - half_height)
    box = (left, bottom, round(place.x + half_width), round(place.y + half_height))
    spec = fields.SigFieldSpec(seal.field, on_page=place.page, box=box)
    style = stamp.StaticStampStyle(
        border_width=0,
        background=SealPicture(seal.picture, writer=writer),
        background_opacity=1.0,
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MID,
            y_align=AxisAlignment.ALIGN_MID,
            margins=Margins(left=0, right=0, top=0, bottom=0),
        ),
    )
    signer = signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=seal.field,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            name=seal.name,
            reason=reason,
        ),
        signer=signers.SimpleSigner(
            signing_cert=x509.Certificate.load(seal.user.der),
            signing_key=keys.PrivateKeyInfo.load(seal.key.pkcs8),
            cert_registry=_registry(seal.above),
        ),
        timestamper=_Timestamper(ask),
        stamp_style=style,
        new_field_spec=spec,
    )
    out = io.BytesIO()
    try:
        aside(signer.async_sign_pdf(writer, bytes_reserved=RESERVED, output=out))
    except TimestampRequestError as fault:
        raise TimestampRefused("the timestamp authority gave no timestamp") from fault
    return out.getvalue()


def _registry(above: tuple[Certificate, ...]) -> SimpleCertificateStore:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    for one in above:
        store.register(x509.Certificate.load(one.der))
    return store
