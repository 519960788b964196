"""Where rows come from: something that stands behind FROM, with known columns, a place for each row, and parts.

A part is what is finished or not: some row groups of one file. It is named by the file's identity and its range of
rows, so that a part that was checked before is recognised, in the same run after a stop or in a later one.
"""

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Protocol

import duckdb
from pyarrow import parquet as pq

from zhengshu.contexts.quality.application.engine.values import identifier, quoted
from zhengshu.contexts.quality.domain.sampling import LEAST_GROUPS
from zhengshu.kernel.errors import Kind, Refused

PART_ROWS: Final = 1 << 21
"""A part has at least so many rows where its file has them; row groups are not cut."""


_MOST_KNOWN: Final = 1_000
_KNOWN_TYPES: dict[str, Mapping[str, str]] = {}
"""The types that the engine gives columns, by all that they depend on."""


class SourceChanged(Refused):
    """A file was written to while it was checked; a result would speak of no state that the table ever had."""

    code = "quality.source-changed"
    kind = Kind.CONFLICT
    message = "“%(file)s” changed while it was checked. Check it again when nothing writes to it."


class Rows(Protocol):
    """Rows that can be asked: those of a source, or of some of its parts."""

    @property
    def relation(self) -> str:
        """What stands behind FROM; has the columns of rules and `place`, the row's number or line."""

    @property
    def columns(self) -> Mapping[str, str]:
        """Column of the rules → its type in DuckDB."""

    @property
    def rows(self) -> int:
        """How many rows there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some rows of a source.

    Attributes:
        name: what it is recognised by.
        relation: what stands behind FROM.
        columns: column of the rules → its type in this file.
        rows: how many rows it has.
        groups: the row groups in it: the first row, counted from 0 in the file, and the number of rows of each.
        file: the file and how it is read, without a choice of rows.
    """

    name: str
    relation: str
    columns: Mapping[str, str]
    rows: int
    groups: tuple[tuple[int, int], ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """How one file is read: its path, the number of its first row, its own column of row numbers if it has one.

    `columns` are the columns of the rules → the file's own columns, those that it has.
    """

    path: Path
    first: int
    place: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A table to check.

    Attributes:
        relation: what stands behind FROM; has the columns of rules and `place`, the row's number or line.
        columns: column of the rules → its type in DuckDB.
        rows: how many rows it has.
        broken: rows of the file that could not be read.
        parts: its rows in order, as parts.
        files: the files that it reads → their identity when it was made.
        reads: how each file is read, for engines that read them on their own.
    """

    relation: str
    columns: Mapping[str, str]
    rows: int
    broken: int = 0
    parts: tuple[Part, ...] = ()
    files: Mapping[Path, str] = field(default_factory=dict)
    reads: tuple[Read, ...] = ()

    @property
    def digest(self) -> str:
        """What the whole source is recognised by."""
        return digest_of(*(part.name for part in self.parts))

    @property
    def whole(self) -> Part:
        """All rows as one part; each file is opened once, however many parts it has."""
        return Part(name=self.digest, relation=self.relation, columns=self.columns, rows=self.rows)

    @property
    def groups(self) -> tuple[tuple[Part, tuple[int, int]], ...]:
        """The row groups, each with its part."""
        return tuple((part, group) for part in self.parts for group in part.groups)

    def verify(self) -> None:
        """Make sure that no file changed since the source was made.

        Raises:
            SourceChanged: one did.
        """
        for path, identity in self.files.items():
            if _identity(path) != identity:
                raise SourceChanged(file=path.name)


def parquet_source(
    paths: Sequence[Path],
    columns: Mapping[str, str],
    *,
    place: str = "",
    broken: int = 0,
    part_rows: int = PART_ROWS,
) -> Source:
    """Return Parquet files (of a file, or of an Iceberg snapshot) as a source.

    Args:
        paths: the files, in order; rows are numbered from 1 through all of them.
        columns: column of the rules → column of the files; a file that lacks one has it empty in all rows.
        place: the files' own column of row numbers; empty to number them here.
        broken: rows of the original file that could not be read.
        part_rows: the least number of rows of a part.
    """
    parts: list[Part] = []
    first, files, queries, reads = 1, dict[Path, str](), list[str](), list[Read]()
    for path in paths:
        files[path] = _identity(path)
        with pq.ParquetFile(path) as file:
            about, there = file.metadata, set(file.schema_arrow.names)
        own = {name: column for name, column in columns.items() if column in there}
        reads.append(Read(path=path, first=first, place=place, columns=own))
        read = _read(reads[-1], tuple(columns))
        queries.append(f"({read})")
        types = _types_in(about, reads[-1], tuple(columns))
        parts += _parts(about, f"{read} WHERE ", name=f"{files[path]}.{first}", least=part_rows, types=types)
        first += about.num_rows
    relation = f"({' UNION ALL BY NAME '.join(queries)})"
    return Source(
        relation=relation,
        columns=_types_together(relation, parts),
        rows=first - 1,
        broken=broken,
        parts=tuple(parts),
        files=files,
        reads=tuple(reads),
    )


def _read(read: Read, names: Sequence[str]) -> str:
    number = identifier(read.place) if read.place else f"file_row_number + {read.first}"
    named = "".join(
        f", {identifier(read.columns[name]) if name in read.columns else 'CAST(NULL AS VARCHAR)'} AS {identifier(name)}"
        for name in names
    )
    return (
        f"SELECT {number} AS place{named} FROM read_parquet({quoted(str(read.path))}, file_row_number = true)"  # noqa: S608 - quoted
    )


def _parts(
    about: pq.FileMetaData, read: str, *, name: str, least: int, types: Mapping[str, str]
) -> Iterator[Part]:
    groups: list[tuple[int, int]] = []
    first = 0
    for number in range(about.num_row_groups):
        groups.append((first, about.row_group(number).num_rows))
        first += groups[-1][1]
        begin, rows = groups[0][0], first - groups[0][0]
        if rows >= least or number == about.num_row_groups - 1:
            yield Part(
                name=digest_of(name, str(begin), str(rows)),
                relation=f"({read}{_rows_of(groups)})",
                columns=types,
                rows=rows,
                groups=tuple(groups),
                file=read,
            )
            groups = []


def together(parts: Sequence[Part]) -> Part:
    """Return several parts as one."""
    if len(parts) == 1:
        return parts[0]
    relation = f"({' UNION ALL BY NAME '.join(part.relation for part in parts)})"
    return Part(
        name=digest_of(*(part.name for part in parts)),
        relation=relation,
        columns=_types_together(relation, parts),
        rows=sum(part.rows for part in parts),
    )


def drawn(source: Source, rows: int) -> tuple[Part, ...]:
    """Return row groups that are drawn at random, each as a part, with about so many rows in all.

    The same source gives the same draw. None are drawn where all have to be read: of a source with few groups, or where
    more rows are asked for than there are.
    """
    groups = source.groups
    count = max(LEAST_GROUPS, -(-rows * len(groups) // max(source.rows, 1)))
    if count >= len(groups):
        return ()
    chosen = random.Random(source.digest).sample(groups, count)  # noqa: S311 - a sample, no secret
    return tuple(
        replace(
            part,
            name=digest_of(part.name, str(group)),
            relation=f"({part.file}{_rows_of([group])})",
            rows=group[1],
            groups=(group,),
        )
        for part, group in sorted(chosen, key=groups.index)
    )


def _rows_of(groups: Sequence[tuple[int, int]]) -> str:
    """Return the condition of the rows of neighbouring row groups; the reader skips the others unread."""
    (first, _), (last, rows) = groups[0], groups[-1]
    return f"(file_row_number BETWEEN {first} AND {last + rows - 1})"


def _identity(path: Path) -> str:
    """Return what a file is recognised by: its name, size and time, and the digest of its own directory of contents."""
    about = path.stat()
    with path.open("rb") as file:
        file.seek(-min(8, about.st_size), 2)
        length = int.from_bytes(file.read(4), "little")
        file.seek(-min(length + 8, about.st_size), 2)
        contents = file.read(length)
    return digest_of(
        path.name, str(about.st_size), str(about.st_mtime_ns), hashlib.sha256(contents).hexdigest()
    )


def digest_of(*texts: str) -> str:
    """Return a short digest of texts."""
    return hashlib.sha256("\x00".join(texts).encode()).hexdigest()[:24]


def _types_in(about: pq.FileMetaData, read: Read, names: Sequence[str]) -> Mapping[str, str]:
    """Return the types of a file's columns; the engine is asked once for all files that are written alike."""
    stored = [about.schema.column(number) for number in range(len(about.schema))]
    kinds = [(one.path, one.physical_type, str(one.logical_type)) for one in stored]
    alike = digest_of(repr(kinds), repr(about.metadata), repr((names, read.columns, read.place)))
    if alike not in _KNOWN_TYPES:
        if len(_KNOWN_TYPES) >= _MOST_KNOWN:
            _KNOWN_TYPES.clear()
        _KNOWN_TYPES[alike] = _types(f"({_read(read, names)})")
    return _KNOWN_TYPES[alike]


def _types_together(relation: str, parts: Sequence[Part]) -> Mapping[str, str]:
    """Return the types of the columns of parts; the engine is asked where they differ."""
    if parts and all(part.columns == parts[0].columns for part in parts):
        return parts[0].columns
    return _types(relation)


def _types(relation: str) -> dict[str, str]:
    with duckdb.connect(":memory:") as engine:
        found = engine.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()  # noqa: S608 - as above
    return {name: str(kind) for name, kind, *_ in found if name != "place"}
