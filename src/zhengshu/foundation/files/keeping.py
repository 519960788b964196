"""Keeping files: piece by piece, in constant memory, once under their digest, whole or not at all."""

import mmap
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, ClassVar

from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.conf import settings
from django.db import connection
from django.db import transaction as django_transaction

from zhengshu.foundation.files.judging import FileEmpty, judge
from zhengshu.foundation.files.kinds import KINDS
from zhengshu.foundation.files.names import file_name
from zhengshu.foundation.files.scanning import scan
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import new_id

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SPARED = timedelta(days=1)
"""A file that nothing refers to is spared so long: its row may be about to be written."""
_LOCK = "zhengshu.files"


class FileTooLarge(Refused):
    """More bytes than are taken."""

    code: ClassVar[str] = "files.too-large"
    message: ClassVar[str] = (
        "The file is larger than %(most)s MB. Make it smaller, for instance by a coarser scan."
    )


class FileGone(Refused):
    """A file that should be kept is not in the store; it must be restored from the backup."""

    code: ClassVar[str] = "files.gone"
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    message: ClassVar[str] = (
        "The file cannot be read at the moment. Tell the operators, naming the case and the file."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file in the store.

    Attributes:
        digest: its SHA-256, in hexadecimal; its name in the store.
        sm3: its SM3, for proofs by national cryptography.
        name: under which it was handed in, made safe.
        media_type: by its content.
        size: in bytes.
    """

    digest: str
    sm3: str
    name: str
    media_type: str
    size: int


InUse = Callable[[frozenset[str]], Iterable[str]]
"""Returns which of some digests a context still refers to."""

_users: dict[str, InUse] = {}


def refers(find: InUse) -> InUse:
    """Register how a context tells to which kept files it refers; only others are ever removed."""
    _users[f"{find.__module__}.{find.__qualname__}"] = find
    return find


def keep_file(
    *, chunks: Iterable[bytes], name: str, most_bytes: int, taken: Iterable[str] = KINDS
) -> KeptFile:
    """Keep a file that may be kept; the same content is stored once.

    It is judged before it has a name in the store; whatever ends this early, nothing of it stays.

    Raises:
        FileTooLarge: it has more bytes than are taken.
        FileEmpty: it has none.
        Refused: what `judging.judge` and `scanning.scan` refuse.
    """
    staged = _folder("arriving") / new_id().hex
    try:
        with staged.open("xb") as file:
            digest, sm3, size = _write(chunks, file, most_bytes=most_bytes)
        if not size:
            raise FileEmpty
        safe = file_name(name)
        with staged.open("rb") as whole, mmap.mmap(whole.fileno(), 0, access=mmap.ACCESS_READ) as content:
            kind = judge(content, name=safe, taken=taken)
        scan(staged)
        _place(staged, digest)
    finally:
        staged.unlink(missing_ok=True)
    return KeptFile(digest=digest, sm3=sm3, name=safe, media_type=kind.media_type, size=size)


def keep_judged(content: bytes) -> str:
    """Keep a content that was judged and accepted before, as when a table of files moves here; return its digest."""
    staged = _folder("arriving") / new_id().hex
    try:
        with staged.open("xb") as file:
            digest, _sm3, _size = _write([content], file, most_bytes=len(content))
        _place(staged, digest)
    finally:
        staged.unlink(missing_ok=True)
    return digest


def open_kept(digest: str) -> BinaryIO:
    """Open a kept file for reading.

    Raises:
        FileGone: the store does not have it.
    """
    try:
        return _path(digest).open("rb")
    except FileNotFoundError as fault:
        raise FileGone from fault


def drop_orphans(*, at: datetime) -> int:
    """Remove kept files to which nothing refers, and what an upload that died left; return how many.

    Whoever keeps a file holds the store's lock in shared mode while it gives the file a name; the removal of a folder
    holds it alone, and looks at times under it, so that no file is removed that somebody is just about to refer to.
    """
    oldest = (at - _SPARED).timestamp()
    dropped = _drop(_folder("arriving"), oldest=oldest, is_wanted=_nothing)
    for folder in sorted(_folder("kept").glob("*/*")):
        with django_transaction.atomic():
            _lock(is_shared=False)
            dropped += _drop(folder, oldest=oldest, is_wanted=_wanted)
    return dropped


def _drop(folder: Path, *, oldest: float, is_wanted: Callable[[frozenset[str]], frozenset[str]]) -> int:
    old = {file.name: file for file in folder.iterdir() if file.stat().st_mtime < oldest}
    useless = old.keys() - is_wanted(frozenset(old)) if old else set[str]()
    for name in useless:
        old[name].unlink(missing_ok=True)
    return len(useless)


def _nothing(_names: frozenset[str]) -> frozenset[str]:
    """Return that no half upload is wanted, however it is called."""
    return frozenset()


def _wanted(digests: frozenset[str]) -> frozenset[str]:
    return frozenset(digest for find in _users.values() for digest in find(digests))


def _write(chunks: Iterable[bytes], file: BinaryIO, *, most_bytes: int) -> tuple[str, str, int]:
    digest, sm3, size = sha256(), Hash(SM3()), 0
    for chunk in chunks:
        size += len(chunk)
        if size > most_bytes:
            raise FileTooLarge(most=most_bytes >> 20)
        digest.update(chunk)
        sm3.update(chunk)
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())
    return digest.hexdigest(), sm3.finalize().hex(), size


def _place(staged: Path, digest: str) -> None:
    """Give a file its name in the store; one that is there is replaced by itself, which makes it young again."""
    path = _path(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    with django_transaction.atomic():
        _lock(is_shared=True)
        staged.chmod(0o440)
        staged.replace(path)
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _lock(*, is_shared: bool) -> None:
    function = "pg_advisory_xact_lock_shared" if is_shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext(%s))", [_LOCK])


def _path(digest: str) -> Path:
    if not _DIGEST.fullmatch(digest):
        message = "a kept file is named by its SHA-256"
        raise ValueError(message)
    return Path(settings.MEDIA_ROOT) / "kept" / digest[:2] / digest[2:4] / digest


def _folder(name: str) -> Path:
    folder = Path(settings.MEDIA_ROOT) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
