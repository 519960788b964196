"""One DuckDB for one assessment: bounded memory, spilling to a folder of its own, the functions of rules."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import duckdb.func
import duckdb.sqltypes
import pyarrow as pa

from zhengshu.contexts.quality.application.engine.check_functions import check_column
from zhengshu.contexts.quality.application.engine.findings import EMPTY, FUNCTION
from zhengshu.contexts.quality.application.engine.values import filled, quoted
from zhengshu.contexts.quality.domain.checks import Scheme


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
        folder: where it spills; gone afterwards.
        check_function: scheme → the function that computes its check characters.
        is_compiled: whether the compiled extension answers what rules ask of texts.
    """

    engine: duckdb.DuckDBPyConnection
    folder: Path
    check_function: Mapping[Scheme, str]
    is_compiled: bool

    def filled(self, source: str, kind: str) -> str:
        """Return a source column with NULL where it is empty."""
        if not self.is_compiled or kind != "VARCHAR":
            return filled(source, kind)
        return f"CASE WHEN ({FUNCTION}({source}, ''::BLOB) & {EMPTY}) = 0 THEN {source} END"


@contextmanager
def open_session(limits: Limits, *, extension: Path | None = None) -> Iterator[Session]:
    """Open an engine, with the compiled extension where there is one; it and what it spilled are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="zhengshu-quality-", dir=limits.spill) as folder:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{limits.memory_mib}MiB",
            "temp_directory": folder,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_unsigned_extensions": extension is not None,
        }
        if limits.threads:
            config["threads"] = limits.threads
        engine = duckdb.connect(":memory:", config=config)
        try:
            engine.execute("SET TimeZone = 'UTC'")
            if extension is not None:
                engine.execute(f"LOAD {quoted(str(extension))}")
            functions = {scheme: _register(engine, scheme) for scheme in Scheme}
            yield Session(
                engine=engine,
                folder=Path(folder),
                check_function=functions,
                is_compiled=extension is not None,
            )
        finally:
            engine.close()


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
