"""Commands of `portal`."""

import click

commands: tuple[click.Command, ...] = ()
