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
from typing import Final

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """The rows of a part that have a key: what stands behind FROM, with `place` and `h`, and what it is known by."""

    name: str
    relation: str


@dataclass(frozen=True, slots=True)
class Run:
    """The sorted hashes of a part, on disk."""

    path: Path
    rows: int

    def between(self, first: int, last: int) -> Hashes:
        """Return the hashes from one to another, both included."""
        hashes: Hashes = np.load(self.path, mmap_mode="r")
        begin = int(np.searchsorted(hashes, np.uint64(first), side="left"))
        end = int(np.searchsorted(hashes, np.uint64(last), side="right"))
        return hashes[begin:end]


@dataclass(slots=True, kw_only=True)
class Runs:
    """Makes the runs of parts, and finds the hashes that occur more than once.

    Attributes:
        session: the engine.
        watch: told how far it is.
        folder: where runs are written; kept ones are found there again.
        memory_mib: what the assessment may use.
    """

    session: Session
    watch: Watch
    folder: Path
    memory_mib: int

    def of(self, keyed: Keyed) -> Run:
        """Return the run of a part, made unless it is there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{keyed.name}.npy"
        if not path.exists():
            self._write(path, self._hashes(keyed))
        return Run(path, len(np.load(path, mmap_mode="r")))

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
                common = _common(here, run.between(first, last))
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
                file.flush()
                os.fsync(file.fileno())
            aside.rename(path)
        finally:
            aside.unlink(missing_ok=True)


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
    return f"{part}-{digest_of(fingerprint, duckdb.__version__)}"
