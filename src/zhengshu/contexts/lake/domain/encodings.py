"""Which characters the bytes of a text file stand for."""

import codecs
from dataclasses import dataclass
from enum import StrEnum

from zhengshu.kernel.errors import Refused


class Encoding(StrEnum):
    """The encodings in which government files come."""

    UTF8 = "utf-8"
    GB18030 = "gb18030"
    """Also GBK and GB2312, of which it is the superset."""
    UTF16_LE = "utf-16-le"
    UTF16_BE = "utf-16-be"


class EncodingUnknown(Refused):
    """The bytes are no text in any encoding that is used for Chinese."""

    code = "lake.encoding-unknown"
    message = (
        "The characters cannot be read: the file is neither UTF-8, GB18030 (GBK) nor UTF-16. "
        "Save it as CSV UTF-8."
    )


@dataclass(frozen=True, slots=True)
class Detected:
    """An encoding and how many bytes of byte-order mark precede the text."""

    encoding: Encoding
    mark: int = 0


_MARKS = (
    (codecs.BOM_UTF8, Encoding.UTF8),
    (codecs.BOM_UTF16_LE, Encoding.UTF16_LE),
    (codecs.BOM_UTF16_BE, Encoding.UTF16_BE),
)
_MOST_STRANGE = 0.02
"""The share of undecodable or implausible characters up to which a text counts as damaged, not as foreign."""
_ZEROS_OF_UTF16 = 0.3
_CJK = ((0x4E00, 0x9FFF), (0x3000, 0x30FF), (0xFF00, 0xFFEF), (0x2010, 0x2312), (0x2500, 0x2642))


def encoding_of(sample: bytes) -> Detected:
    """Return the encoding of a text, judged by a sample from its beginning.

    A byte-order mark decides. Otherwise zero bytes at every second place mean UTF-16; whatever is valid UTF-8 (but
    for a few damaged characters) is UTF-8; whatever reads as plausible Chinese in GB18030 is GB18030.

    Raises:
        EncodingUnknown: none of them fits.
    """
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return Detected(encoding, len(mark))
    if (wide := _wide(sample)) is not None:
        return Detected(wide)
    if _strangeness(sample, Encoding.UTF8) == 0:
        return Detected(Encoding.UTF8)
    found = {encoding: _strangeness(sample, encoding) for encoding in (Encoding.UTF8, Encoding.GB18030)}
    best = min(found, key=lambda encoding: found[encoding])
    if found[best] > _MOST_STRANGE:
        raise EncodingUnknown
    return Detected(best)


def _wide(sample: bytes) -> Encoding | None:
    """Return the UTF-16 whose high bytes are zero for the Latin characters that every table has."""
    pairs = max(len(sample) // 2, 1)
    even, odd = sample[0::2].count(0) / pairs, sample[1::2].count(0) / pairs
    if max(even, odd) < _ZEROS_OF_UTF16 and (min(even, odd) > 0 or max(even, odd) < _ZEROS_OF_UTF16 / 3):
        return None
    if even == odd:
        return None
    return Encoding.UTF16_LE if odd > even else Encoding.UTF16_BE


def _strangeness(sample: bytes, encoding: Encoding) -> float:
    """Return the share of characters beyond ASCII that are undecodable or unlikely in a table."""
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(sample)
    beyond = [character for character in text if character > "\x7f"]
    if not beyond:
        return 0.0
    if encoding is Encoding.UTF8:
        return sum(character == "\ufffd" for character in beyond) / len(beyond)
    return sum(not _is_usual(ord(character)) for character in beyond) / len(beyond)


def _is_usual(point: int) -> bool:
    return any(first <= point <= last for first, last in _CJK) or point in {0xB7, 0xD7, 0xB0, 0xB1, 0x20AC}
