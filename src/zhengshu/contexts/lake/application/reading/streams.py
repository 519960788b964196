"""Text files as UTF-8 bytes, whatever they were written in, and what one pass over a file tells."""

import codecs
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from zhengshu.contexts.lake.domain.encodings import Detected, Encoding

READ_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over a file tells: its SHA-256, its size and whether all of it is valid UTF-8."""

    digest: str
    size: int
    is_utf8: bool


def survey(path: Path) -> Survey:
    """Read a file once, in pieces."""
    digest, size = hashlib.sha256(), 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    with path.open("rb") as file:
        while piece := file.read(READ_BYTES):
            digest.update(piece)
            size += len(piece)
            is_utf8 = is_utf8 and _decodes(decoder, piece)
    return Survey(digest.hexdigest(), size, is_utf8 and _decodes(decoder, b"", final=True))


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


class Utf8Stream(io.RawIOBase):
    """A file of any encoding as a stream of UTF-8; bytes that are no characters become U+FFFD."""

    def __init__(self, path: Path, *, detected: Detected) -> None:
        """Open the file behind its byte-order mark."""
        self._file = path.open("rb")
        self._file.seek(detected.mark)
        self._decoder = codecs.getincrementaldecoder(detected.encoding)(errors="replace")
        self._left = b""
        self._is_done = False

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer with the next bytes; 0 at the end."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # the buffer protocol has no type before 3.12
        while not self._left and not self._is_done:
            piece = self._file.read(READ_BYTES)
            self._is_done = not piece
            self._left = self._decoder.decode(piece, self._is_done).encode("utf-8", "replace")
        taken = min(len(view), len(self._left))
        view[:taken] = self._left[:taken]
        self._left = self._left[taken:]
        return taken

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def open_utf8(path: Path, *, detected: Detected, is_utf8: bool, skip: int) -> pa.NativeFile:
    """Return the file as UTF-8 from a byte offset of its text on, as it lies on the disk where that is UTF-8."""
    if detected.encoding is Encoding.UTF8 and is_utf8:
        file = pa.OSFile(str(path), mode="r")
        file.seek(detected.mark + skip)
        return file
    stream = open_bytes(path, detected=detected, is_utf8=is_utf8)
    while skip > 0 and (passed := len(stream.read(min(skip, READ_BYTES)))):
        skip -= passed
    return pa.PythonFile(stream, mode="r")


def open_bytes(path: Path, *, detected: Detected, is_utf8: bool) -> io.BufferedIOBase:
    """Return the file as UTF-8, for readers that are written in Python."""
    if detected.encoding is Encoding.UTF8 and is_utf8:
        raw = io.FileIO(path)
        raw.seek(detected.mark)
        return io.BufferedReader(raw, READ_BYTES)
    return io.BufferedReader(Utf8Stream(path, detected=detected), READ_BYTES)


def decoded_sample(path: Path, *, detected: Detected, size: int = READ_BYTES) -> str:
    """Return the beginning of a text file."""
    with path.open("rb") as file:
        file.seek(detected.mark)
        return codecs.getincrementaldecoder(detected.encoding)(errors="replace").decode(file.read(size))
