"""A real MariaDB in a folder of its own: the database of a department, as Debian ships the server."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.kit.platform import free_port, until

SQL = Path("/usr/share/mysql")
READER, PASSWORD, DATABASE = "reader", "Du-Qu-2026", "office"
_SECONDS_TO_START = 30.0


@contextmanager
def mariadb() -> Iterator[tuple[URL, URL]]:
    """Run a server; give the addresses of its owner and of an account that may only read.

    Where the server is not installed the test is skipped; `make test` installs it and sets `ALL_PROGRAMS`, which
    makes its absence a failure.
    """
    server = shutil.which("mariadbd")
    if server is None and "ALL_PROGRAMS" not in os.environ:
        pytest.skip("mariadbd is not installed (`make peers` installs it)")
    assert server is not None, "mariadbd is missing"
    with tempfile.TemporaryDirectory(prefix="zhengshu-mariadb-") as name:
        folder = Path(name)
        _bootstrap(server, folder / "data")
        port = free_port()
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [
                    *_command(server, folder / "data"),
                    *(f"--port={port}", f"--socket={folder / 'socket'}", "--bind-address=127.0.0.1"),
                ],
                stdout=log,
                stderr=log,
            )
        try:
            assert until(lambda: _answers(port), seconds=_SECONDS_TO_START), (folder / "log").read_text()
            address = URL.create("mysql", host="127.0.0.1", port=port, database=DATABASE)
            yield (
                address.set(username="owner", password=PASSWORD),
                address.set(username=READER, password=PASSWORD),
            )
        finally:
            process.terminate()
            process.wait(30)


def _command(server: str, data: Path) -> list[str]:
    user = ["--user=root"] if os.geteuid() == 0 else []
    return [server, "--no-defaults", f"--datadir={data}", "--skip-log-bin", *user]


def _bootstrap(server: str, data: Path) -> None:
    """Make the server's own tables and two accounts, as its installer would."""
    data.mkdir()
    tables = "\n".join(
        (SQL / file).read_text(encoding="utf-8")
        for file in ("mysql_system_tables.sql", "mysql_system_tables_data.sql")
    )
    accounts = (
        "FLUSH PRIVILEGES;",
        f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4;",
        f"CREATE USER owner@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';",
        f"GRANT ALL ON {DATABASE}.* TO owner@'127.0.0.1';",
        f"CREATE USER {READER}@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';",
        f"GRANT SELECT ON {DATABASE}.* TO {READER}@'127.0.0.1';",
    )
    script = "\n".join(("CREATE DATABASE mysql;", "USE mysql;", tables, *accounts, ""))
    subprocess.run(
        [*_command(server, data), "--bootstrap"], input=script, text=True, check=True, capture_output=True
    )


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
