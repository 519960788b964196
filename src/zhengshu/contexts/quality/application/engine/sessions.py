"""A DuckDB for assessments: bounded memory, spilling to a folder of its own, the functions of rules."""

import atexit
import os
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import duckdb
import duckdb.func
import duckdb.sqltypes
import pyarrow as pa

from zhengshu.contexts.quality.application.engine.check_functions import check_column
from zhengshu.contexts.quality.application.engine.findings import EMPTY, FUNCTION
from zhengshu.contexts.quality.application.engine.values import filled, quoted
from zhengshu.contexts.quality.domain.checks import Scheme

_CLOCK: Final = "SET TimeZone = 'UTC'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an assessment may use: memory in MiB, threads (0 for all), and where it spills."""

    memory_mib: int = 1024
    threads: int = 0
    spill: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An engine that is ready.

    Attributes:
        engine: the connection.
        folder: for what it needs on disk meanwhile; gone afterwards.
        check_function: scheme → the function that computes its check characters.
        is_compiled: whether the compiled extension answers what rules ask of texts.
    """

    engine: duckdb.DuckDBPyConnection
    folder: Path
    check_function: Mapping[Scheme, str]
    is_compiled: bool

    def duplicate(self) -> "Session":
        """Return a session with another connection to the same database, for another thread; it has to be closed."""
        engine = self.engine.cursor()
        engine.execute(_CLOCK)
        return replace(self, engine=engine)

    def filled(self, source: str, kind: str) -> str:
        """Return a source column with NULL where it is empty."""
        if not self.is_compiled or kind != "VARCHAR":
            return filled(source, kind)
        return f"CASE WHEN ({FUNCTION}({source}, ''::BLOB) & {EMPTY}) = 0 THEN {source} END"


@dataclass(slots=True, kw_only=True)
class _Database:
    """A DuckDB with the extension and the functions of rules; each session is a connection to it of its own."""

    limits: Limits
    extension: Path | None
    root: duckdb.DuckDBPyConnection
    spill: tempfile.TemporaryDirectory[str]
    check_function: Mapping[Scheme, str]

    @property
    def is_clean(self) -> bool:
        """Whether nothing that it spilled is left."""
        return not any(Path(self.spill.name).iterdir())

    def close(self) -> None:
        self.root.close()
        self.spill.cleanup()


class _Spare:
    """The database of the last session, kept for the next one: its start costs more than a small batch."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: _Database | None = None
        self._inherited: list[_Database] = []

    def take(self, limits: Limits, extension: Path | None) -> _Database:
        """Return the kept database where it has these limits, else a new one."""
        with self._lock:
            kept, self._kept = self._kept, None
        if kept is not None and (kept.limits, kept.extension) == (limits, extension):
            return kept
        if kept is not None:
            kept.close()
        return _opened(limits, extension)

    def keep(self, database: _Database) -> None:
        """Keep a database, unless it left something or another one is kept already."""
        with self._lock:
            if self._kept is None and database.is_clean:
                self._kept = database
                return
        database.close()

    def close(self) -> None:
        """Close the kept database."""
        with self._lock:
            kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    def forget(self) -> None:
        """Leave the kept database alone in a forked process: its threads are not there, so that it cannot be closed."""
        self._lock = threading.Lock()
        self._inherited += [self._kept] if self._kept else []
        self._kept = None


_spare = _Spare()
atexit.register(_spare.close)
os.register_at_fork(after_in_child=_spare.forget)


@contextmanager
def open_session(limits: Limits, *, extension: Path | None = None) -> Iterator[Session]:
    """Open a connection of its own, with the compiled extension where there is one.

    Its tables and what it spilled are gone afterwards. The database behind it is kept for the next session, unless
    something failed in it.
    """
    database = _spare.take(limits, extension)
    try:
        with tempfile.TemporaryDirectory(prefix="zhengshu-quality-", dir=limits.spill) as folder:
            engine = database.root.cursor()
            try:
                engine.execute(_CLOCK)
                yield Session(
                    engine=engine,
                    folder=Path(folder),
                    check_function=database.check_function,
                    is_compiled=extension is not None,
                )
            finally:
                engine.close()
    except BaseException:
        database.close()
        raise
    _spare.keep(database)


def _opened(limits: Limits, extension: Path | None) -> _Database:
    spill = tempfile.TemporaryDirectory(
        prefix="zhengshu-quality-", dir=limits.spill, ignore_cleanup_errors=True
    )
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{limits.memory_mib}MiB",
        "temp_directory": spill.name,
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_unsigned_extensions": extension is not None,
        "enable_external_file_cache": False,  # memory is for the next table, the system keeps files
    }
    if limits.threads:
        config["threads"] = limits.threads
    root = duckdb.connect(":memory:", config=config)
    try:
        if extension is not None:
            root.execute(f"LOAD {quoted(str(extension))}")
        functions = {scheme: _register(root, scheme) for scheme in Scheme}
    except BaseException:
        root.close()
        spill.cleanup()
        raise
    return _Database(limits=limits, extension=extension, root=root, spill=spill, check_function=functions)


def _register(engine: duckdb.DuckDBPyConnection, scheme: Scheme) -> str:
    def checked(texts: object) -> pa.BooleanArray:
        return pa.array(check_column(texts_of(texts), scheme=scheme))

    name = f"has_right_{scheme.value}"
    engine.create_function(
        name, checked, [duckdb.sqltypes.VARCHAR], duckdb.sqltypes.BOOLEAN, type=duckdb.func.ARROW
    )
    return name


def texts_of(column: object) -> pa.StringArray:
    """Return a column that the engine gave as texts of Arrow in one piece."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    plain = whole.cast(pa.string()) if isinstance(whole, pa.Array) else whole
    if not isinstance(plain, pa.StringArray):
        message = f"a column of texts was expected, not {type(plain).__name__}"
        raise TypeError(message)
    return plain
