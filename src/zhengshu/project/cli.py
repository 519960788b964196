"""The command line: `zhengshu …`, assembled from the commands of the contexts."""

import os
import sys
from importlib import import_module

import click

ALONE = ("witness", "monitor")
"""The commands that others run: they need neither the platform nor a database."""

WITHOUT_DATABASE = "quality"
"""Commands over files: they know the platform's code and content, and start no database."""


def _is_without_database(words: list[str]) -> bool:
    """Whether a command works on files alone; a receipt is checked so by whoever says the log's key himself."""
    if words[:1] == ["verify"]:
        return any(word == "--key" or word.startswith("--key=") for word in words)
    return words[:1] == [WITHOUT_DATABASE]


def main() -> None:
    """Set Django up on the right database and run a command."""
    if sys.argv[1:2] and sys.argv[1] in ALONE:
        command: click.Command = getattr(import_module(f"zhengshu.project.{sys.argv[1]}"), sys.argv[1])
        command(sys.argv[2:], prog_name=f"zhengshu {sys.argv[1]}")
    from zhengshu.project.garbage import nothing_is_garbage

    with nothing_is_garbage():
        group = _commands()
    group()


def _commands() -> click.Group:
    """Return the commands of all contexts, Django and, where one needs it, the database being there."""
    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    if not _is_without_database(sys.argv[1:]):
        database.ensure()
    import django
    from django.conf import settings

    django.setup()
    group = click.Group(
        "zhengshu", help="Zhengshu: the platform on which a city runs its digital government."
    )
    for owner in (
        "zhengshu.project",
        *(f"zhengshu.contexts.{context}.interfaces" for context in settings.CONTEXTS),
    ):
        for command in import_module(f"{owner}.commands").commands:
            group.add_command(command)
    return group


if __name__ == "__main__":
    main()
