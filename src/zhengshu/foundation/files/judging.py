"""Whether a file's content is what its name says, and safe to hand on to a colleague.

Nothing is unpacked or run. What cannot be judged is refused: an office file with macros, a PDF with scripts or under a
password, a package or a picture that would unfold into gigabytes, a content that is two kinds at once.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import ClassVar

from lxml import etree

from zhengshu.foundation.files.kinds import KINDS, Content, Family, FileKind, begins_like
from zhengshu.foundation.files.pictures import MOST_PIXELS, pixels_of
from zhengshu.kernel.errors import Refused

MOST_PARTS = 20_000
MOST_UNPACKED = 1 << 30
MOST_TIMES_LARGER = 200
"""Text in XML shrinks by ten to fifty times; a bomb by a thousand."""
SMALL = 16 << 20
"""What a package may unfold into whatever its ratio."""
_MOST_LISTED = 4 << 20
_FETCHED = frozenset({"attachedTemplate", "oleObject", "frame", "subDocument"})
"""What an office file may name by an address and would load or run; links, pictures and other workbooks are no such."""
_MOST_OBJECTS = 32 << 20
_TAIL = 66_000
_HEAD = 1024
_END_OF_ZIP = b"PK\x05\x06"
_END_BYTES = 22
_ENCRYPTED = 0x1


class FileEmpty(Refused):
    """A file without content; often the phone had not finished copying it."""

    code: ClassVar[str] = "files.empty"
    message: ClassVar[str] = "The file is empty. Choose it again."


class FileKindNotTaken(Refused):
    """Files of this kind are not taken here."""

    code: ClassVar[str] = "files.kind-not-taken"
    message: ClassVar[str] = "Files of this kind are not taken here. Taken are: %(known)s."


class FileContentOtherwise(Refused):
    """The content is not what the ending says; renaming a file does not change what it is."""

    code: ClassVar[str] = "files.content-otherwise"
    message: ClassVar[str] = (
        "The file is called %(ending)s but its content is something else, or is damaged. "
        "Open it, save it again as %(ending)s, and choose that."
    )


class FileHasMacros(Refused):
    """An office file with macros or embedded programs."""

    code: ClassVar[str] = "files.has-macros"
    message: ClassVar[str] = (
        "The file holds macros or embedded programs. Save it as a PDF, or as a file without macros."
    )


class FileFetchesAnother(Refused):
    """An office file that fetches a template or an object from elsewhere when it is opened, macros included."""

    code: ClassVar[str] = "files.fetches-another"
    message: ClassVar[str] = (
        "The file fetches a template or an object from elsewhere when it is opened. "
        "Save it as a PDF, or without such links."
    )


class FileHasScripts(Refused):
    """A PDF that runs scripts, starts programs or sends its content away when it is opened."""

    code: ClassVar[str] = "files.has-scripts"
    message: ClassVar[str] = (
        "The PDF holds scripts or starts programs. Print it to a PDF again, and choose that."
    )


class FileEncrypted(Refused):
    """A file under a password; nobody could check or archive it."""

    code: ClassVar[str] = "files.encrypted"
    message: ClassVar[str] = "The file is protected by a password. Save it without, and choose that."


class FileUnfolds(Refused):
    """A package that would unfold into far more than it is."""

    code: ClassVar[str] = "files.unfolds"
    message: ClassVar[str] = "The file would unfold into far more than it is. Save it again, or as a PDF."


class FileHidesAnother(Refused):
    """A content that another program would read as a file of another kind."""

    code: ClassVar[str] = "files.hides-another"
    message: ClassVar[str] = "Another file is hidden in this one. Save it again, and choose that."


def judge(content: Content, *, name: str, taken: Iterable[str] = KINDS) -> FileKind:
    """Return the kind of a file that may be kept.

    Raises:
        FileEmpty: it has no content.
        FileKindNotTaken: its ending is none of those that are taken.
        FileContentOtherwise: its content is not of its ending.
        FileHasMacros: it is an office file with macros or embedded programs.
        FileFetchesAnother: it is an office file that fetches what it shows or runs from elsewhere.
        FileHasScripts: it is a PDF with scripts.
        FileEncrypted: it needs a password.
        FileUnfolds: it is a bomb.
        FileHidesAnother: it is two kinds at once.
    """
    known = [ending for ending in KINDS if ending in set(taken)]
    if not len(content):
        raise FileEmpty
    ending = ending_of(name)
    if ending not in known:
        raise FileKindNotTaken(known=", ".join(known))
    kind = KINDS[ending]
    if not begins_like(content, kind):
        raise FileContentOtherwise(ending=ending)
    match kind.family:
        case Family.PDF:
            _judge_pdf(content)
        case Family.PACKAGE:
            _judge_package(content, kind)
        case Family.MEDIA | Family.TEXT:
            if b"%PDF-" in content[:_HEAD]:
                raise FileHidesAnother
            if (pixels_of(content) or 0) > MOST_PIXELS:
                raise FileUnfolds
    if kind.family is not Family.PACKAGE and _END_OF_ZIP in content[-_TAIL:]:
        raise FileHidesAnother
    return kind


def ending_of(name: str) -> str:
    """Return the ending of a file's name: ``.pdf``."""
    _, point, ending = name.rpartition(".")
    return f".{ending.lower()}" if point else ""


def _name(text: str) -> bytes:
    """Return the pattern of a name of PDF, each letter of which may be written as ``#4a``."""
    return b"".join(rb"(?:%c|#%02x|#%02X)" % (code, code, code) for code in text.encode())


_ACTS = ("JavaScript", "Launch", "RichMedia", "SubmitForm", "ImportData")
"""What runs, starts or sends something when a PDF is opened."""
_END_OF_NAME = rb"(?![A-Za-z0-9#])"
_XFA = _name("XFA") + rb"\s*(?:\[|[0-9]+\s+[0-9]+\s+R)"
"""A form that carries scripts of its own; so short a name alone stands by chance in a large scan."""
_SCRIPTS = re.compile(b"/(?:" + b"|".join(_name(one) + _END_OF_NAME for one in _ACTS) + b"|" + _XFA + b")")
_PASSWORD = re.compile(b"/" + _name("Encrypt") + _END_OF_NAME)
_OBJECTS = re.compile(b"/" + _name("ObjStm") + _END_OF_NAME)
_STREAM = re.compile(rb"stream\r?\n")


def _judge_pdf(content: Content) -> None:
    """Look for what must not be there, in the file itself and in its packed objects."""
    if _PASSWORD.search(content):
        raise FileEncrypted
    if _SCRIPTS.search(content) or any(_SCRIPTS.search(text) for text in _packed_objects(content)):
        raise FileHasScripts


def _packed_objects(content: Content) -> Iterator[bytes]:
    for found in _OBJECTS.finditer(content):
        start = _STREAM.search(content, found.end())
        if start is None:
            raise FileContentOtherwise(ending=".pdf")
        unpacker = zlib.decompressobj()
        end = content.find(b"endstream", start.end())
        try:
            text = unpacker.decompress(content[start.end() : end], _MOST_OBJECTS)
        except zlib.error as fault:
            raise FileContentOtherwise(ending=".pdf") from fault
        if unpacker.unconsumed_tail:
            raise FileUnfolds
        yield text


class _Window(io.RawIOBase):
    """A content as a file, without a copy of it."""

    def __init__(self, content: Content) -> None:
        self.content, self.at = content, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: len(self.content)}[whence]
        if base + offset < 0:
            raise OSError
        self.at = base + offset
        return self.at

    def read(self, size: int | None = -1) -> bytes:
        end = len(self.content) if size is None or size < 0 else self.at + size
        piece = self.content[self.at : end]
        self.at += len(piece)
        return piece


def _judge_package(content: Content, kind: FileKind) -> None:
    try:
        with zipfile.ZipFile(_Window(content)) as package:
            _judge_parts(package, kind, size=len(content))
            types = _part_of(package, "[Content_Types].xml")
            is_fetching = _is_fetching(package, kind)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, zlib.error) as fault:
        raise FileContentOtherwise(ending=kind.ending) from fault
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise FileHasMacros
    if is_fetching:
        raise FileFetchesAnother
    end = content.rfind(_END_OF_ZIP)
    comment = int.from_bytes(content[end + 20 : end + _END_BYTES], "little")
    if end + _END_BYTES + comment != len(content) or b"%PDF-" in content[:_HEAD]:
        raise FileHidesAnother


def _judge_parts(package: zipfile.ZipFile, kind: FileKind, *, size: int) -> None:
    parts = package.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
        raise FileUnfolds
    if unpacked > max(SMALL, size * MOST_TIMES_LARGER) or sum(part.compress_size for part in parts) > size:
        raise FileUnfolds
    names = [part.filename for part in parts]
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise FileEncrypted
    if any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names):
        raise FileContentOtherwise(ending=kind.ending)
    if any(_is_program(name.lower()) for name in names):
        raise FileHasMacros
    if kind.main_part not in names:
        raise FileContentOtherwise(ending=kind.ending)


def _is_program(name: str) -> bool:
    in_embedded = "/embeddings/" in name and name.endswith((".bin", ".exe", ".js", ".vbs", ".hta"))
    return name.endswith("vbaproject.bin") or "/activex/" in name or "/macrosheets/" in name or in_embedded


def _part_of(package: zipfile.ZipFile, name: str) -> bytes:
    try:
        with package.open(name) as part:
            return part.read(_MOST_LISTED)
    except KeyError:
        return b""


def _is_fetching(package: zipfile.ZipFile, kind: FileKind) -> bool:
    """Whether a list of what belongs to a part names a template or an object that lies elsewhere."""
    lists = [part for part in package.infolist() if part.filename.lower().endswith(".rels")]
    if sum(part.file_size for part in lists) > _MOST_LISTED:
        raise FileUnfolds
    return any(
        _is_elsewhere(one) for part in lists for one in _listed(_part_of(package, part.filename), kind)
    )


def _listed(content: bytes, kind: FileKind) -> etree._Element:
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as fault:
        raise FileContentOtherwise(ending=kind.ending) from fault


def _is_elsewhere(one: etree._Element) -> bool:
    return one.get("TargetMode") == "External" and one.get("Type", "").rpartition("/")[2] in _FETCHED
