"""Commands of `services`."""

from pathlib import Path

import click

MOST_LINES = 40


@click.group()
def services() -> None:
    """Work on service items."""


@services.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as", "username", default="", help="The reviewer in whose name; without, the platform itself."
)
@click.option("--trial", is_flag=True, help="Only say what would become of each record.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), default=None, help="Write it as CSV."
)
def import_list(*, file: Path, username: str, trial: bool, report: Path | None) -> None:
    """Take over a list of items: CSV, XLSX, JSON, JSON lines or a JavaScript list."""
    from django.utils import timezone

    from zhengshu.contexts.services.application.import_items import import_items
    from zhengshu.contexts.services.application.learn_meanings import learn_meanings
    from zhengshu.contexts.services.interfaces.reports import printed, write_report
    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.actors import Actor
    from zhengshu.kernel.errors import Refused

    at = timezone.now()
    try:
        actor = (
            trust.actor_of(official_id=trust.official_by_username(username=username).id)
            if username
            else Actor.platform("services.import")
        )
        found = import_items(data=file.read_bytes(), name=file.name, actor=actor, at=at, is_trial=trial)
    except Refused as refusal:
        raise click.ClickException(refusal.text()) from refusal
    if not trial:
        learn_meanings(at=at)
    click.echo("\n".join(printed(found, most=MOST_LINES)))
    if report is not None:
        write_report(found, report)
        click.echo(f"report: {report}")


commands: tuple[click.Command, ...] = (services,)
