"""What an assessment keeps: for each part that is finished, which rows each rule blames, as keys and bit masks.

Files in a folder of the lake, each written aside and renamed when it is whole: a run that is stopped or killed leaves
finished files, which the next run takes up, and nothing that could be taken for a result. A file says in its metadata
which parts it covers, what each rule asked and blamed there, and which bit of which word is which rule. Values are not
kept, but for the key columns that the caller names.
"""

import os
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa
from pyarrow import compute as pc
from pyarrow import parquet as pq

from zhengshu.contexts.quality.application.engine.sessions import Session
from zhengshu.contexts.quality.application.engine.source import Part, digest_of
from zhengshu.contexts.quality.application.engine.values import identifier
from zhengshu.contexts.quality.domain.results import RuleResult
from zhengshu.contexts.quality.domain.rules import Rule

SHOWN: Final = 10
"""How many places of failing rows each rule shows."""
RUNS: Final = "runs"
"""The folder of what is kept to find keys that repeat, within that of an assessment."""
KEY: Final = "key_"
"""What the columns of keys are called after."""
_ABOUT: Final = b"zhengshu"
_ASIDE: Final = ".made"
_PIECE: Final = 1 << 16
_DAY: Final = 86_400


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule said of some parts, and which bit of which word of the file means that it blames a row."""

    rule: str
    asked: int
    failed: int
    places: tuple[int, ...] = ()
    word: int = 0
    bit: int = 0


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of itself: the parts that it covers, and the answers by the fingerprints of the rules."""

    parts: tuple[str, ...]
    faulty: int
    answers: dict[str, Answer]


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What is finished of some parts; a file of that name holds the blamed rows where files are kept."""

    name: str
    about: About


@dataclass(slots=True)
class Ledger:
    """What is finished of the parts of one source.

    Attributes:
        folder: where files are kept; None to keep none.
        keys: columns whose values are kept beside the places of blamed rows.
        parts: the parts of the source.
        files: what is finished of them.
    """

    folder: Path | None
    keys: tuple[str, ...]
    parts: tuple[Part, ...]
    files: list[KeptFile] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take up what earlier runs finished."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        own = {self.name_of(part) for part in self.parts}
        for path in sorted(self.folder.glob("*.parquet")):
            about = about_of(path)
            if about is not None and own.issuperset(about.parts):
                self.files.append(KeptFile(path.name, about))

    def lacking(self, fingerprint: str) -> tuple[Part, ...]:
        """Return the parts of which a rule was not asked yet."""
        covered = {part for file in self.answering(fingerprint) for part in file.about.parts}
        return tuple(part for part in self.parts if self.name_of(part) not in covered)

    def answering(self, fingerprint: str) -> list[KeptFile]:
        """Return the files that answer for a rule, no part twice."""
        found, covered = list[KeptFile](), set[str]()
        for file in self.files:
            if fingerprint in file.about.answers and covered.isdisjoint(file.about.parts):
                found.append(file)
                covered.update(file.about.parts)
        return found

    def add(
        self,
        session: Session,
        parts: Sequence[Part],
        answers: Mapping[str, Answer],
        *,
        faulty: int,
        blamed: Sequence[pa.RecordBatch],
    ) -> KeptFile:
        """Keep what rules said of parts.

        Args:
            session: the engine, to read keys.
            parts: the parts that were asked.
            answers: what was said, by fingerprints.
            faulty: how many rows are blamed.
            blamed: where files are kept, `place` and words `w0`, `w1` … of the blamed rows.
        """
        names = tuple(self.name_of(part) for part in parts)
        about = About(parts=names, faulty=faulty, answers=dict(answers))
        name = f"{digest_of(*names, *sorted(answers))}.parquet"
        if self.folder is not None:
            _write(self.folder / name, about, self._keyed(session, parts, pa.Table.from_batches(blamed)))
        kept = KeptFile(name, about)
        self.files.append(kept)
        return kept

    def chain(self, fingerprint: str) -> tuple[list[tuple[KeptFile, str]], tuple[Part, ...]]:
        """Return what a rule that compares rows said of the first parts, each file as compared with those before it.

        The parts that are left have to be asked, and compared with all before them.
        """
        names = tuple(self.name_of(part) for part in self.parts)
        found, done = list[tuple[KeptFile, str]](), 0
        while done < len(names):
            mark = _chained(fingerprint, names[:done])
            fitting = [
                file
                for file in self.files
                if mark in file.about.answers
                and file.about.parts == names[done : done + len(file.about.parts)]
            ]
            if not fitting:
                break
            found.append((max(fitting, key=lambda file: len(file.about.parts)), mark))
            done += len(found[-1][0].about.parts)
        return found, self.parts[done:]

    def next_mark(self, fingerprint: str, left: Sequence[Part]) -> str:
        """Return the mark under which the answer for the parts that are left is kept."""
        return _chained(
            fingerprint, tuple(self.name_of(part) for part in self.parts[: len(self.parts) - len(left)])
        )

    def counted(self, rule: Rule, said: Iterable[tuple[KeptFile, str]]) -> RuleResult:
        """Return what a rule found in all parts together."""
        answers = [file.about.answers[mark] for file, mark in said]
        places = sorted(place for answer in answers for place in answer.places)
        return RuleResult(
            rule=rule,
            asked=sum(answer.asked for answer in answers),
            failed=sum(answer.failed for answer in answers),
            places=tuple(places[:SHOWN]),
        )

    def faulty(self, fingerprints: Iterable[str]) -> int:
        """Return how many rows at least one of some rules blames.

        A part whose rules were asked at different times has several files; their rows are counted once.
        """
        by_part: dict[tuple[str, ...], list[KeptFile]] = {}
        for file in self.used(fingerprints):
            by_part.setdefault(file.about.parts, []).append(file)
        return sum(
            files[0].about.faulty if len(files) == 1 else self._distinct(files) for files in by_part.values()
        )

    def used(self, fingerprints: Iterable[str]) -> tuple[KeptFile, ...]:
        """Return the files that answer for some rules."""
        return tuple({file.name: file for one in fingerprints for file in self.answering(one)}.values())

    def name_of(self, part: Part) -> str:
        """Return what a part is known by in the files."""
        return digest_of(part.name, *self.keys)

    def _distinct(self, files: Sequence[KeptFile]) -> int:
        if self.folder is None:
            return max(file.about.faulty for file in files)
        columns = [pq.read_table(self.folder / file.name, columns=["place"]).column(0) for file in files]
        chunks = [chunk for column in columns for chunk in column.chunks]
        return len(pc.unique(pa.chunked_array(chunks, pa.int64())))

    def _keyed(self, session: Session, parts: Sequence[Part], blamed: pa.Table) -> Iterator[pa.RecordBatch]:
        """Return the blamed rows with their keys, piece by piece; an empty piece with their columns comes first."""
        keys = "".join(
            f", CAST(r.{identifier(key)} AS VARCHAR) AS {identifier(KEY + key)}" for key in self.keys
        )
        rows = " UNION ALL BY NAME ".join(part.relation for part in parts)
        query = "SELECT * FROM blamed"
        if keys:
            query = f"SELECT b.*{keys} FROM blamed AS b JOIN ({rows}) AS r USING (place)"  # noqa: S608 - quoted
        session.engine.register("blamed", blamed)
        try:
            reader = session.engine.sql(query).to_arrow_reader(_PIECE)
            yield pa.RecordBatch.from_pylist([], schema=reader.schema)
            yield from reader
        finally:
            session.engine.unregister("blamed")


def _chained(fingerprint: str, before: Sequence[str]) -> str:
    return digest_of(fingerprint, *before) if before else fingerprint


def about_of(path: Path) -> About | None:
    """Return what a file says of itself; None where it is no file of an assessment."""
    try:
        metadata = pq.read_schema(path).metadata or {}
        return msgspec.json.decode(metadata.get(_ABOUT, b""), type=About)
    except (pa.ArrowInvalid, OSError, msgspec.DecodeError):
        return None


def sweep(folder: Path, *, used: Iterable[str]) -> int:
    """Remove the files that no result names any more, and what killed runs left; return how many.

    Args:
        folder: where assessments of one table keep their files.
        used: the names in `kept` of all assessments that are still shown.
    """
    wanted = set(used)
    gone = [path for path in folder.glob("*.parquet") if path.name not in wanted]
    gone += [path for path in folder.rglob(f"*{_ASIDE}") if path.stat().st_mtime < time.time() - _DAY]
    parts = {part for name in wanted if (about := about_of(folder / name)) for part in about.parts}
    gone += [path for path in (folder / RUNS).glob("*.npy") if path.name.split("-")[0] not in parts]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _write(path: Path, about: About, batches: Iterator[pa.RecordBatch]) -> None:
    """Write a file aside and give it its name when it is whole and on disk."""
    aside = path.with_name(f"{path.stem}-{uuid.uuid4().hex[:8]}{_ASIDE}")
    try:
        schema = next(batches).schema.with_metadata({_ABOUT: msgspec.json.encode(about)})
        with aside.open("wb") as file:
            with pq.ParquetWriter(file, schema, compression="zstd") as writer:
                for batch in batches:
                    writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
    finally:
        aside.unlink(missing_ok=True)
