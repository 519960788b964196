"""Keys that repeat: hashes of all rows are sorted and compared, and only rows whose hash repeats are compared in full.

Eight bytes a row, in sorted runs, one for each part. Where an assessment keeps things, runs are kept too: a new part is
compared with the runs of the old ones, whose rows are not read again unless a hash is found there. Comparing goes range
by range of the hashes, so that it needs no more memory than it is given, whatever the number of rows.
"""

import os
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Final, TypeVar

import duckdb
import numpy as np
import numpy.typing as npt

from zhengshu.contexts.quality.application.engine.sessions import Session
from zhengshu.contexts.quality.application.engine.source import digest_of
from zhengshu.contexts.quality.application.engine.watching import Watch

Hashes = npt.NDArray[np.uint64]

_PIECE: Final = 1 << 17
_SHARE: Final = 4
"""Of the memory of an assessment, comparing takes one part in so many."""
_BYTES: Final = 8
_PIECE_BITS: Final = 1 << 19
_LAST: Final = (1 << 64) - 1
_FORMAT: Final = "3"
"""Raised when runs are written otherwise."""

_Number = TypeVar("_Number", np.uint64, np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """The rows of a part that have a key: what stands behind FROM, with `place` and `h`, and what it is known by."""

    name: str
    relation: str


@dataclass(frozen=True, slots=True)
class Run:
    """The sorted hashes of a part on disk, and behind them where they are kept a sieve of them.

    The sieve has a bit for each of equal ranges of hashes, that is set where one is: almost all hashes that are not
    here are told by looking at one bit.
    """

    path: Path
    rows: int
    first: int
    sieve: int = 0

    @classmethod
    def at(cls, path: Path) -> "Run":
        """Return the run in a file."""
        with path.open("rb") as file:
            rows, first = _header(file)
            file.seek(first + rows * _BYTES)
            sieve, _ = _header(file) if file.peek(1) else (0, 0)
        return cls(path, rows, first, sieve)

    def between(self, first: int, last: int) -> Hashes:
        """Return the hashes from one to another, both included."""
        hashes = self._mapped(np.dtype(np.uint64), self.first, self.rows)
        begin = int(np.searchsorted(hashes, np.uint64(first), side="left"))
        end = int(np.searchsorted(hashes, np.uint64(last), side="right"))
        return hashes[begin:end]

    def common(self, hashes: Hashes) -> Hashes:
        """Return which of some sorted hashes are here."""
        if not len(hashes):
            return hashes
        if self.sieve:
            at = self.path.stat().st_size - self.sieve
            bits = np.fromfile(self.path, np.uint8, offset=at)
            hashes = hashes[_is_set(bits, hashes)]
        return _common(hashes, self.between(0, _LAST))

    def _mapped(self, kind: "np.dtype[_Number]", first: int, count: int) -> "npt.NDArray[_Number]":
        return (
            np.memmap(self.path, kind, mode="r", offset=first, shape=(count,)) if count else np.empty(0, kind)
        )


@dataclass(slots=True, kw_only=True)
class Runs:
    """Makes the runs of parts, and finds the hashes that occur more than once.

    Attributes:
        session: the engine.
        watch: told how far it is.
        folder: where runs are written; kept ones are found there again.
        memory_mib: what the assessment may use.
        is_kept: whether later assessments will find them.
    """

    session: Session
    watch: Watch
    folder: Path
    memory_mib: int
    is_kept: bool = True

    def of(self, keyed: Keyed) -> Run:
        """Return the run of a part, made unless it is there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{keyed.name}.npy"
        if not path.exists():
            self._write(path, self._hashes(keyed))
        return Run.at(path)

    def repeated(self, new: Sequence[Run], old: Sequence[Run]) -> tuple[Hashes, tuple[Run, ...]]:
        """Return the hashes that occur twice in new runs, or in a new and an old one, and these old ones."""
        rows = sum(run.rows for run in new)
        most = max(1, (self.memory_mib << 20) // _SHARE // _BYTES // 2)
        found, met = [np.empty(0, np.uint64)], dict[Run, None]()
        for first, last in _ranges(-(-rows // most)):
            here = np.concatenate([np.empty(0, np.uint64), *(run.between(first, last) for run in new)])
            here.sort()
            is_again = here[1:] == here[:-1]
            found.append(here[1:][is_again])
            here = np.concatenate((here[:1], here[1:][~is_again])) if old else here
            for run in old:
                self.watch.add(0)
                common = run.common(here)
                found.append(common)
                met.update({run: None} if len(common) else {})
        return np.unique(np.concatenate(found)), tuple(met)

    def _hashes(self, keyed: Keyed) -> Hashes:
        pieces = [np.empty(0, np.uint64)]
        for piece in self.session.engine.sql(f"SELECT h FROM {keyed.relation}").to_arrow_reader(_PIECE):  # noqa: S608 - quoted
            pieces.append(piece.column(0).to_numpy())
            self.watch.add(0)
        hashes = np.concatenate(pieces)
        hashes.sort()
        return hashes

    def _write(self, path: Path, hashes: Hashes) -> None:
        aside = path.with_name(f"{path.stem}-{uuid.uuid4().hex[:8]}.made")
        try:
            with aside.open("wb") as file:
                np.save(file, hashes)
                if self.is_kept:
                    np.save(file, _sieve_of(hashes))
                    file.flush()
                    os.fsync(file.fileno())
            aside.rename(path)
        finally:
            aside.unlink(missing_ok=True)


def _header(file: IO[bytes]) -> tuple[int, int]:
    """Return the length of the array that begins where a file stands, and where its first element is."""
    np.lib.format.read_magic(file)
    (length, *_), _, _ = np.lib.format.read_array_header_1_0(file)
    return int(length), file.tell()


def _sieve_of(hashes: Hashes) -> npt.NDArray[np.uint8]:
    """Return bits of which an eighth at most are set, eight in a byte; their number is a power of two.

    Made piece by piece of the hashes, which are sorted, so that a piece stays near the processor.
    """
    width = max(3, (8 * len(hashes)).bit_length())
    bits = hashes >> np.uint64(64 - width)
    sieve = np.empty(1 << width - 3, np.uint8)
    piece = min(1 << width, _PIECE_BITS)
    is_there = np.empty(piece, np.bool_)
    edges = np.searchsorted(bits, np.arange(0, 1 << width, piece, dtype=np.uint64))
    for number, (begin, end) in enumerate(pairwise([*edges.tolist(), len(bits)])):
        is_there[:] = False
        is_there[bits[begin:end] - np.uint64(number * piece)] = True
        sieve[number * piece // 8 : (number + 1) * piece // 8] = np.packbits(is_there, bitorder="little")
    return sieve


def _is_set(sieve: npt.NDArray[np.uint8], hashes: Hashes) -> npt.NDArray[np.bool_]:
    """Return which hashes fall on a bit that is set."""
    width = (8 * len(sieve)).bit_length() - 1
    bits = hashes >> np.uint64(64 - width)
    found: npt.NDArray[np.bool_] = (
        sieve[bits >> np.uint64(3)] >> (bits & np.uint64(7)).astype(np.uint8)
    ) & 1 != 0
    return found


def _common(needles: Hashes, sorted_hashes: Hashes) -> Hashes:
    """Return which of some sorted hashes are among others."""
    if not len(needles) or not len(sorted_hashes):
        return np.empty(0, np.uint64)
    places = np.minimum(np.searchsorted(sorted_hashes, needles), len(sorted_hashes) - 1)
    found: Hashes = needles[sorted_hashes[places] == needles]
    return found


def _ranges(count: int) -> Iterator[tuple[int, int]]:
    """Divide all hashes into so many ranges."""
    edges = [(1 << 64) * number // max(count, 1) for number in range(max(count, 1) + 1)]
    yield from ((first, last - 1) for first, last in pairwise(edges))


def run_name(part: str, fingerprint: str) -> str:
    """Return what the run of a part and a rule is known by; hashes are those of this version of DuckDB."""
    return f"{part}-{digest_of(fingerprint, duckdb.__version__, _FORMAT)}"
