"""Collect a table of a department's database, by dlt: only what is new, and on where it stopped."""

import hashlib
import json
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet as pq

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake.application.access import deliverable
from zhengshu.contexts.lake.application.collect_file import collect_batch
from zhengshu.contexts.lake.application.locks import collecting
from zhengshu.contexts.lake.application.reading.parquet import as_text
from zhengshu.contexts.lake.application.receive_file import inbox, note_batch
from zhengshu.contexts.lake.application.records import BatchRecord
from zhengshu.contexts.lake.domain.batches import DeliveryMode, SourceKind
from zhengshu.contexts.lake.domain.names import safe_file_name
from zhengshu.contexts.lake.models import Batch, TableCursor
from zhengshu.foundation.storage import data_folder
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import BatchId, new_id

PAGE_ROWS = 50_000
_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
}

_MARK = b"zhengshu.mark"

Cursor = int | str | date | datetime | Decimal
_READERS: Mapping[str, Callable[[str], Cursor]] = {
    "int": int,
    "str": str,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "Decimal": Decimal,
}


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far a collection came: the highest cursor, how many rows stand at it, and what they hold."""

    value: Cursor
    rows: int
    digest: str

    def written(self) -> str:
        value = self.value.isoformat() if isinstance(self.value, date) else str(self.value)
        return json.dumps([type(self.value).__name__, value, self.rows, self.digest])

    @classmethod
    def read(cls, text: str) -> Self:
        kind, value, rows, digest = json.loads(text)
        return cls(_READERS[kind](value), rows, digest)


class DatabaseUnreachable(Refused):
    """The department's database cannot be reached, or refuses the account."""

    code = "lake.database-unreachable"
    kind = Kind.UNAVAILABLE
    message = (
        "The database at %(host)s cannot be read: check address, account and network. Nothing was changed."
    )


class TableUnknown(Refused):
    """The database holds no such table or column, or the account may not see it."""

    code = "lake.table-unknown"
    message = "The database at %(host)s has no table %(table)s, or the account may not read it."


class AddressUnknown(Refused):
    """The address of the database is of no kind that can be collected."""

    code = "lake.address-unknown"
    message = "Give the address as postgresql://… or mysql://…; other databases deliver files."


@dataclass(frozen=True, slots=True)
class _Place:
    """Where rows come from, without the password."""

    address: str
    host: str
    table: str
    cursor_column: str

    @property
    def name(self) -> str:
        return f"{self.host}/{self.table}"[:300]


def collect_table(
    *, resource_code: str, url: str, table: str, cursor_column: str = "", actor: Actor, at: datetime
) -> BatchRecord | None:
    """Collect a database table, or what is new in it since the last time.

    The rows are fetched in pages that stay on disk until they are published: a collection that is killed goes on
    with the next page. How far it came is only remembered in the transaction that publishes the rows. With a key,
    rows that were fetched already may come again and replace themselves; without one, only later rows are fetched.

    Returns:
        The batch, or None where nothing is new.

    Raises:
        AddressUnknown, DatabaseUnreachable, TableUnknown: the source cannot be read.
        DeliveryNotYours: the resource is another department's.
    """
    resource = deliverable(resource_code=resource_code, actor=actor)
    place = _place(url, table, cursor_column)
    with collecting(resource.id):
        folder = data_folder("spool", _spool_name(resource, place) if cursor_column else new_id().hex)
        remembered = _remembered(resource, place)
        mark = _fetch(place, folder, remembered, has_keys=bool(resource.keys))
        pages = sorted(folder.glob("page-*.parquet"))
        if not pages or (remembered and mark == remembered):
            _empty(folder)
            return None
        staged = inbox() / new_id().hex
        _join(pages, staged)
    batch = note_batch(
        resource,
        source_kind=SourceKind.TABLE,
        file_name=safe_file_name(f"{place.host}-{table}"),
        mode=_mode(resource, cursor_column),
        actor=actor,
        at=at,
        staged=staged,
        size=staged.stat().st_size,
        is_repetition_meant=True,
    )
    record = collect_batch(
        batch_id=BatchId(batch.id),
        actor=actor,
        at=at,
        also=lambda published: _remember(place, mark, published),
    )
    _empty(folder)
    return record


def _mode(resource: catalog.ResourceRecord, cursor_column: str) -> DeliveryMode:
    if not cursor_column:
        return DeliveryMode.REPLACE
    return DeliveryMode.UPSERT if resource.keys else DeliveryMode.APPEND


def _place(url: str, table: str, cursor_column: str) -> _Place:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        address = make_url(url)
    except ArgumentError as fault:
        raise AddressUnknown from fault
    driver = _DRIVERS.get(address.get_backend_name())
    if driver is None:
        raise AddressUnknown
    host = f"{address.host or 'localhost'}/{address.database or ''}"
    return _Place(
        address.set(drivername=driver).render_as_string(hide_password=False), host, table, cursor_column
    )


def _spool_name(resource: catalog.ResourceRecord, place: _Place) -> str:
    return f"{resource.id.hex}-{safe_file_name(place.table)}-{safe_file_name(place.cursor_column)}"


def _fetch(place: _Place, folder: Path, remembered: _Mark | None, *, has_keys: bool) -> _Mark | None:
    """Fetch the pages behind those that are there; return how far the cursor came."""
    from dlt.extract.exceptions import ResourceExtractionError  # dlt is slow to import and seldom needed
    from sqlalchemy.exc import NoSuchTableError, SQLAlchemyError

    there = sorted(folder.glob("page-*.parquet"))
    mark = _mark_of(there[-1]) if there else remembered
    if there:
        _cut_tail(there[-1])
    number = len(there)
    is_closed = bool(there) or has_keys
    try:
        with closing(_pages(place, mark.value if mark else None, is_closed=is_closed)) as pages:
            for page in pages:
                if page.num_rows:
                    mark = _mark(page, place.cursor_column)
                    _keep(page, folder / f"page-{number:06d}.parquet", mark)
                    number += 1
    except NoSuchTableError as fault:
        raise TableUnknown(host=place.host, table=place.table) from fault
    except ResourceExtractionError as fault:
        raise TableUnknown(host=place.host, table=f"{place.table}.{place.cursor_column}") from fault
    except SQLAlchemyError as fault:
        raise DatabaseUnreachable(host=place.host) from fault
    return mark


def _pages(place: _Place, start: Cursor | None, *, is_closed: bool) -> Generator[pa.Table, None, None]:
    import dlt
    from dlt.sources.sql_database import sql_table
    from sqlalchemy import create_engine, event
    from sqlalchemy.engine.interfaces import DBAPIConnection

    incremental = None
    if place.cursor_column:
        incremental = dlt.sources.incremental(
            place.cursor_column,
            initial_value=start,
            row_order="asc",
            range_start="closed" if is_closed else "open",
        )
    schema, _, name = place.table.rpartition(".")
    engine = create_engine(place.address)
    opened: list[DBAPIConnection] = []
    event.listen(engine, "connect", lambda connection, _: opened.append(connection))
    try:
        yield from sql_table(
            credentials=engine,
            table=name,
            schema=schema or None,
            incremental=incremental,
            chunk_size=PAGE_ROWS,
            backend="pyarrow",
            reflection_level="full",
        )
    finally:
        engine.dispose()
        for connection in opened:  # one that a page was being read from is not in the pool
            with suppress(Exception):
                connection.close()


def _mark(page: pa.Table, cursor_column: str) -> _Mark | None:
    """Return the highest cursor of a page with what stands at it, so that a second look can tell whether it is new."""
    if not cursor_column:
        return None
    column = page.column(cursor_column)
    highest = pc.max(column)
    tail = page.filter(pc.equal(column, highest))
    rows = sorted(repr(row) for row in tail.to_pylist())
    digest = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return _Mark(highest.as_py(), tail.num_rows, digest)


def _keep(page: pa.Table, path: Path, mark: _Mark | None) -> None:
    """Write a page as texts; the file appears whole or not at all."""
    simple = [
        field
        for field in page.schema
        if not (pa.types.is_nested(field.type) or pa.types.is_binary(field.type))
    ]
    columns = [as_text(page.column(field.name).combine_chunks(), name=field.name) for field in simple]
    table = pa.table(columns, names=[field.name for field in simple])
    if mark is not None:
        table = table.replace_schema_metadata({_MARK: mark.written()})
    unfinished = path.with_suffix(".part")
    pq.write_table(table, unfinished)
    unfinished.rename(path)


def _mark_of(path: Path) -> _Mark | None:
    metadata = pq.read_schema(path).metadata or {}
    return _Mark.read(metadata[_MARK].decode()) if _MARK in metadata else None


def _cut_tail(path: Path) -> None:
    """Take the rows at the page's highest cursor away; they are fetched again, with those that may follow them."""
    mark, table = _mark_of(path), pq.read_table(path)
    kept = table.num_rows - (mark.rows if mark else 0)
    if kept <= 0:
        path.unlink()
        return
    unfinished = path.with_suffix(".part")
    pq.write_table(table.slice(0, kept), unfinished)
    unfinished.rename(path)


def _join(pages: Sequence[Path], target: Path) -> None:
    with pq.ParquetWriter(target, pq.read_schema(pages[0]).remove_metadata()) as writer:
        for page in pages:
            writer.write_table(pq.read_table(page).replace_schema_metadata())


def _empty(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink(missing_ok=True)
    folder.rmdir()


def _remembered(resource: catalog.ResourceRecord, place: _Place) -> _Mark | None:
    row = TableCursor.objects.filter(
        resource_id=resource.id, source=place.name, cursor_column=place.cursor_column
    ).first()
    return _Mark.read(row.value) if row and place.cursor_column else None


def _remember(place: _Place, mark: _Mark | None, batch: Batch) -> None:
    if mark is not None:
        TableCursor.objects.update_or_create(
            resource_id=batch.resource_id,
            source=place.name,
            cursor_column=place.cursor_column,
            defaults={"value": mark.written(), "batch": batch},
        )
