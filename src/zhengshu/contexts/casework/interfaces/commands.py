"""Commands of `casework`."""

import click

commands: tuple[click.Command, ...] = ()
