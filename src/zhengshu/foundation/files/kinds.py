"""Which kinds of files are taken at all, and how a content shows of which it is.

The list is short on purpose: a library that recognises hundreds of kinds would name what we refuse anyway. Formats
that cannot be judged without running them (old binary office files, archives, programs, HTML, SVG) are not here.
"""

import codecs
import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

Content = bytes | mmap.mmap
"""A file's content: in memory, or mapped, so that a large one needs none."""

ZIP = b"PK\x03\x04"
_PIECE = 1 << 20
_OFFICE = "application/vnd.openxmlformats-officedocument."
_TEXT_CONTROLS = bytes(set(range(32)) - {0x09, 0x0A, 0x0C, 0x0D})
_MARKUP = b"<"


class Family(StrEnum):
    """What is judged in a file of a kind."""

    PDF = "pdf"
    PACKAGE = "package"
    """A zip of parts: Office Open XML, OFD."""
    MEDIA = "media"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """One kind of file.

    Attributes:
        ending: how its name ends.
        media_type: as what it is sent.
        family: what is judged in it.
        beginning: how its content begins, at `offset`.
        main_part: for packages, the part that makes it this kind.
    """

    ending: str
    media_type: str
    family: Family
    beginning: bytes = b""
    offset: int = 0
    main_part: str = ""


_ALL = (
    FileKind(ending=".pdf", media_type="application/pdf", family=Family.PDF, beginning=b"%PDF-"),
    FileKind(ending=".png", media_type="image/png", family=Family.MEDIA, beginning=b"\x89PNG\r\n\x1a\n"),
    FileKind(ending=".jpg", media_type="image/jpeg", family=Family.MEDIA, beginning=b"\xff\xd8\xff"),
    FileKind(ending=".jpeg", media_type="image/jpeg", family=Family.MEDIA, beginning=b"\xff\xd8\xff"),
    FileKind(ending=".webp", media_type="image/webp", family=Family.MEDIA, beginning=b"WEBP", offset=8),
    FileKind(ending=".mp4", media_type="video/mp4", family=Family.MEDIA, beginning=b"ftyp", offset=4),
    FileKind(
        ending=".ofd",
        media_type="application/ofd",
        family=Family.PACKAGE,
        beginning=ZIP,
        main_part="OFD.xml",
    ),
    FileKind(
        ending=".docx",
        media_type=f"{_OFFICE}wordprocessingml.document",
        family=Family.PACKAGE,
        beginning=ZIP,
        main_part="word/document.xml",
    ),
    FileKind(
        ending=".xlsx",
        media_type=f"{_OFFICE}spreadsheetml.sheet",
        family=Family.PACKAGE,
        beginning=ZIP,
        main_part="xl/workbook.xml",
    ),
    FileKind(
        ending=".pptx",
        media_type=f"{_OFFICE}presentationml.presentation",
        family=Family.PACKAGE,
        beginning=ZIP,
        main_part="ppt/presentation.xml",
    ),
    FileKind(ending=".txt", media_type="text/plain", family=Family.TEXT),
    FileKind(ending=".csv", media_type="text/csv", family=Family.TEXT),
)

KINDS: Mapping[str, FileKind] = MappingProxyType({kind.ending: kind for kind in _ALL})
"""Ending → kind; nothing else is ever taken."""


def begins_like(content: Content, kind: FileKind) -> bool:
    """Whether a content begins as files of a kind do; a text is text throughout and no markup."""
    if kind.family is Family.TEXT:
        return _is_text(content)
    end = kind.offset + len(kind.beginning)
    return content[kind.offset : end] == kind.beginning


def _is_text(content: Content) -> bool:
    """Whether the content is plain text in UTF-8 or GB 18030; what begins with markup may be a page or a drawing."""
    start = content[:1024].removeprefix(codecs.BOM_UTF8).lstrip()
    return not start.startswith(_MARKUP) and any(_decodes(content, code) for code in ("utf-8", "gb18030"))


def _decodes(content: Content, code: str) -> bool:
    decoder = codecs.getincrementaldecoder(code)()
    try:
        for start in range(0, len(content), _PIECE):
            piece = content[start : start + _PIECE]
            if len(piece.translate(None, _TEXT_CONTROLS)) != len(piece):
                return False
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
