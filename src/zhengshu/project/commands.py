"""Commands that concern the whole house."""

import click


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django(arguments: tuple[str, ...]) -> None:
    """Run a management command of Django (migrate, shell …)."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["zhengshu django", *arguments])


commands: tuple[click.Command, ...] = (django,)
