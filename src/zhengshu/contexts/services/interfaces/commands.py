"""Commands of `services`."""

import click


@click.group()
def services() -> None:
    """Work on service items."""


commands: tuple[click.Command, ...] = (services,)
