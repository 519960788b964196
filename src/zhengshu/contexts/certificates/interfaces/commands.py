"""Commands of `certificates`."""

from pathlib import Path

import click


@click.group()
def certificates() -> None:
    """Work on types of certificates."""


@certificates.command("load-types")
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None)
def load_types(folder: Path | None) -> None:
    """Load the types of packs/certificate-types, or of a folder of that form."""
    from django.conf import settings
    from django.utils import timezone

    from zhengshu.contexts.certificates import api
    from zhengshu.kernel.errors import Refused

    try:
        changed = api.load_types(
            folder=folder or settings.PACKS_FOLDER / "certificate-types", at=timezone.now()
        )
    except Refused as refusal:
        raise click.ClickException(refusal.text()) from refusal
    click.echo(f"new or changed: {', '.join(changed) or 'none'}")


commands: tuple[click.Command, ...] = (certificates,)
