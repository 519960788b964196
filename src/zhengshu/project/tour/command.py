"""`zhengshu tour [FILE]`: the tour in a process, a data folder and a database of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import psycopg
from django.conf import settings
from psycopg import sql

from zhengshu.kernel.identity import new_id
from zhengshu.project import database

REAL_FILE = Path("../shared/data/enterprises/西藏.csv")
PERSONS_OF_THE_SMALL_CITY = 2_000


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def tour(file: Path | None) -> None:
    """Show one lawful shared call, end to end, with FILE (a register of enterprises)."""
    with tempfile.TemporaryDirectory(prefix="zhengshu-tour-") as folder, _own_database() as url:
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment |= {"ZHENGSHU_DATA": folder} | ({"DATABASE_URL": url} if url else {})
        chosen = file or _default_file(Path(folder))
        click.echo(f"The tour uses {chosen.name}\n")
        command = [sys.executable, "-m", "zhengshu.project.tour", str(chosen.resolve())]
        status = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - ourselves
    sys.exit(status)


def _default_file(folder: Path) -> Path:
    real = settings.PROJECT / REAL_FILE
    if real.exists():
        return real.resolve()
    from zhengshu.project.demo_city.build import build_city

    build_city(folder=folder / "city", persons=PERSONS_OF_THE_SMALL_CITY)
    return folder / "city" / "market" / "enterprises.csv"


@contextmanager
def _own_database() -> Iterator[str]:
    """Yield the URL of a fresh database on the external server; an empty text for an embedded one."""
    if database.is_embedded():
        yield ""
        return
    name = f"zhengshu_tour_{new_id().hex}"
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield database.sibling(url, name)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
