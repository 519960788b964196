"""Commands of `trust`."""

import click

commands: tuple[click.Command, ...] = ()
