"""Commands of `catalog`."""

from pathlib import Path

import click


@click.group()
def catalog() -> None:
    """Work on the catalogue."""


@catalog.command("load-standards")
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None)
def load_standards(folder: Path | None) -> None:
    """Load classification, code tables and data elements from packs/catalog, or from a folder of that form."""
    from django.conf import settings
    from django.utils import timezone

    from zhengshu.contexts.catalog import api

    loaded = api.load_standards(folder=folder or settings.PACKS_FOLDER / "catalog", at=timezone.now())
    click.echo(
        f"new or changed: {loaded.nodes} nodes of the classification, {loaded.code_tables} code tables,"
        f" {loaded.elements} data elements"
    )


commands: tuple[click.Command, ...] = (catalog,)
