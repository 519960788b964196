"""Names that come from outside made safe, and names that we give."""

import re
import unicodedata
from uuid import UUID

_MOST_LETTERS = 120
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/]')
_MOST_IDENTIFIER = 63


def safe_file_name(name: str) -> str:
    r"""Return the last part of a delivered file's name: no folders, no control characters, not hidden, not long.

    >>> safe_file_name("../../etc/passwd")
    'passwd'
    >>> safe_file_name("C:\\交换\\企业.csv")
    '企业.csv'
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    # direction marks let "exe.csv" read as "vsc.exe"
    visible = "".join(letter for letter in last if unicodedata.category(letter) not in {"Cc", "Cf"})
    clean = _UNSAFE.sub("_", visible).strip(" .")
    stem, dot, extension = clean.rpartition(".")
    if dot and len(clean) > _MOST_LETTERS:
        clean = stem[: _MOST_LETTERS - len(extension) - 1] + dot + extension
    return clean[:_MOST_LETTERS] or "file"


def view_name(resource_code: str) -> str:
    """Return the name of the serving view of a resource: ``r_`` and its code in lower-case ASCII.

    >>> view_name("307010/000012-A")
    'r_307010_000012_a'
    """
    slug = re.sub(r"[^a-z0-9]+", "_", resource_code.lower()).strip("_")
    return f"r_{slug}"[:_MOST_IDENTIFIER]


def table_name(view: str, *, batch_id: UUID) -> str:
    """Return the name of the table of one batch behind a view; the batch's id keeps names apart."""
    return f"{view[:40]}_{batch_id.hex[-20:]}"
