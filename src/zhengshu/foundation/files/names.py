"""Names of files as they are shown: what a stranger wrote, made harmless."""

import re
import unicodedata

MOST_LETTERS = 120
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')


def file_name(name: str) -> str:
    r"""Return the last part of a name: no folders, control characters or marks of direction, not hidden, not long.

    >>> file_name("../../etc/passwd")
    'passwd'
    >>> file_name("C:\\材料\\营业执照.PDF")
    '营业执照.PDF'
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    # Marks of direction let "fdp.exe" be read as "exe.pdf"; lone surrogates cannot be stored.
    visible = "".join(one for one in last if unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    clean = _UNSAFE.sub("_", visible).strip(" .")
    stem, point, ending = clean.rpartition(".")
    if point and len(clean) > MOST_LETTERS and len(ending) < MOST_LETTERS:
        clean = f"{stem[: MOST_LETTERS - len(ending) - 1]}.{ending}"
    return clean[:MOST_LETTERS] or "file"
