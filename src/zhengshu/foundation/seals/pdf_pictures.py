"""The picture of a seal in a PDF: read and compressed once a process, for a department seals with few of them."""

import io
import zlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from PIL import Image
from pyhanko.pdf_utils.generic import (
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

_BITS: Final = 8
"""Of one colour of one dot."""


@dataclass(frozen=True, slots=True)
class _Packed:
    """A picture with its colours and its transparency as a PDF holds them."""

    image: Image.Image
    colours: bytes = field(repr=False)
    alpha: bytes = field(repr=False)


@lru_cache(maxsize=64)
def _packed(picture: bytes) -> _Packed:
    with Image.open(io.BytesIO(picture)) as read:
        image = read.convert("RGBA")
    return _Packed(
        image, zlib.compress(image.convert("RGB").tobytes()), zlib.compress(image.split()[-1].tobytes())
    )


class SealPicture(PdfImage):
    """The picture of a seal, to be drawn by pyHanko."""

    def __init__(self, picture: bytes, *, writer: IncrementalPdfFileWriter) -> None:
        """Take a picture as PNG, for one document."""
        self._parts, self._into = _packed(picture), writer
        super().__init__(self._parts.image, writer=writer)

    @property
    def image_ref(self) -> IndirectObject:
        """Return where the picture stands in the document; it is added when it is first asked for."""
        if self._image_ref is None:
            alpha = self._added(self._parts.alpha, space="/DeviceGray")
            self._image_ref = self._added(self._parts.colours, space="/DeviceRGB", alpha=alpha)
        return self._image_ref

    def _added(self, packed: bytes, *, space: str, alpha: IndirectObject | None = None) -> IndirectObject:
        about: dict[NameObject, PdfObject] = {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): _number(self.image.width),
            NameObject("/Height"): _number(self.image.height),
            NameObject("/ColorSpace"): NameObject(space),
            NameObject("/BitsPerComponent"): _number(_BITS),
            NameObject("/Filter"): NameObject("/FlateDecode"),
        }
        if alpha is not None:
            about[NameObject("/SMask")] = alpha
        return self._into.add_object(StreamObject(about, encoded_data=packed))


def _number(value: int) -> NumberObject:
    return NumberObject(value)  # type: ignore[no-untyped-call]  # pyHanko's own
