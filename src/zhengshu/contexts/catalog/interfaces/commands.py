"""Commands of `catalog`."""

import click

commands: tuple[click.Command, ...] = ()
