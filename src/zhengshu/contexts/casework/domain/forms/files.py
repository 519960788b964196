"""Which files a form takes: judged by their content, not by what they are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from zhengshu.contexts.casework.domain.forms.schema import Rules
from zhengshu.kernel.errors import Kind, Refused

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 20
"""Files of one draft."""

_ZIP = b"PK\x03\x04"
BEGINNINGS: Mapping[str, tuple[bytes, str]] = {
    ".pdf": (b"%PDF-", "application/pdf"),
    ".png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    ".jpg": (b"\xff\xd8\xff", "image/jpeg"),
    ".jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    ".ofd": (_ZIP, "application/ofd"),
    ".docx": (_ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": (_ZIP, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""Ending → how such a file begins, and its media type. Nothing else is taken by any form."""


class FileEmpty(Refused):
    """A file without content; often the phone had not finished copying it."""

    code: ClassVar[str] = "casework.file-empty"
    message: ClassVar[str] = "The file is empty. Choose it again."


class FileTooLarge(Refused):
    """More bytes than a form takes."""

    code: ClassVar[str] = "casework.file-too-large"
    message: ClassVar[str] = (
        "The file is larger than %(most)s MB. Make it smaller, for instance by a coarser scan."
    )


class FileTypeNotTaken(Refused):
    """The field takes files of other kinds."""

    code: ClassVar[str] = "casework.file-type-not-taken"
    message: ClassVar[str] = "Files of this kind are not taken here. Taken are: %(known)s."


class FileContentOtherwise(Refused):
    """The content is not what the ending says; renaming a file does not change what it is."""

    code: ClassVar[str] = "casework.file-content-otherwise"
    message: ClassVar[str] = (
        "The file is called %(ending)s but its content is something else. Save it again as %(ending)s."
    )


class TooManyFiles(Refused):
    """The draft holds as many files as it may."""

    code: ClassVar[str] = "casework.too-many-files"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "This form holds %(most)s files already. Remove one first."


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it was received."""

    name: str
    content: bytes


def media_type(upload: Upload, rules: Rules) -> str:
    """Return the media type of a file that a field takes.

    Raises:
        FileEmpty: it has no content.
        FileTooLarge: it has more than `MOST_BYTES`.
        FileTypeNotTaken: the field takes other kinds.
        FileContentOtherwise: its content does not begin like a file of its ending.
    """
    ending = ending_of(upload.name)
    taken = endings_of(rules)
    if not upload.content:
        raise FileEmpty
    if len(upload.content) > MOST_BYTES:
        raise FileTooLarge(most=MOST_BYTES // 1024 // 1024)
    if ending not in taken:
        raise FileTypeNotTaken(known=", ".join(taken))
    beginning, kind = BEGINNINGS[ending]
    if not upload.content.startswith(beginning):
        raise FileContentOtherwise(ending=ending)
    return kind


def endings_of(rules: Rules) -> tuple[str, ...]:
    """Return the endings that a field takes: its own, or all that are known."""
    return rules.endings or tuple(BEGINNINGS)


def ending_of(name: str) -> str:
    """Return the ending of a file's name: ``.pdf``."""
    _, point, ending = name.rpartition(".")
    return f".{ending.lower()}" if point else ""


def plain_name(name: str) -> str:
    """Return a file's name without folders and control characters, short enough to be shown."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in bare if letter.isprintable())[-150:] or "file"
