"""Commands of `lake`."""

import click

commands: tuple[click.Command, ...] = ()
