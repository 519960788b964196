"""The compiled extension: built at set-up where a C compiler is, left out where none is, with equal results.

`findings.c` is compiled by itself; DuckDB's stable C interface needs no headers. The file is named by the digest of its
source and the version of DuckDB, so that a stale one is never loaded.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import duckdb

SOURCE: Final = Path(__file__).with_name("findings.c")
NAME: Final = "zhengshu_quality.duckdb_extension"
_OPTIONS: Final = ("-O3", "-std=c11", "-shared", "-fPIC", "-fvisibility=hidden")
_FIELD, _SIGNATURE = 32, 256
_INTERFACE = b"v1.2.0"
_SECONDS = 120


def built() -> Path | None:
    """Return the extension of this source and this DuckDB; None where it was not built."""
    path = place()
    return path if path.is_file() else None


def place(folder: Path | None = None) -> Path:
    """Return where the extension is, by default beside the packages of this Python."""
    digest = hashlib.sha256(SOURCE.read_bytes() + duckdb.__version__.encode()).hexdigest()[:16]
    return (folder or Path(sys.prefix) / "lib" / "zhengshu") / digest / NAME


def build(folder: Path | None = None) -> Path | None:
    """Compile the extension unless it is there; return None where there is no C compiler or it refuses."""
    if place(folder).is_file():
        return place(folder)
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    target = place(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as work:
        made = Path(work) / NAME
        command = [compiler, *_OPTIONS, str(SOURCE), "-o", str(made)]
        done = subprocess.run(command, check=False, capture_output=True, timeout=_SECONDS)  # noqa: S603 - our own command
        if done.returncode:
            return None
        with made.open("ab") as file:
            file.write(_footer(_platform()))
        made.rename(target)
    return target


def _platform() -> str:
    with duckdb.connect(":memory:") as engine:
        found = engine.execute("PRAGMA platform").fetchone()
    return str(found[0]) if found else ""


def _footer(platform: str) -> bytes:
    """Return what DuckDB reads at the end of an extension: for which interface and platform it was made."""
    fields = (b"", b"", b"", b"C_STRUCT", b"1", _INTERFACE, platform.encode(), b"4")
    section = (
        b"\x00\x93\x04\x10duckdb_signature\x80\x04"  # a custom section of WebAssembly, whatever the platform
    )
    return section + b"".join(value.ljust(_FIELD, b"\x00") for value in fields) + bytes(_SIGNATURE)


if __name__ == "__main__":
    print(build() or "No C compiler: check characters are computed without the compiled extension.")  # noqa: T201 - a step of the set-up
