"""Commands of `lake`: deliveries from the command line of a front-end box."""

from pathlib import Path

import click
from django.utils import timezone, translation
from django.utils.translation import gettext
from rich.console import Console
from rich.table import Table

from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.interfaces.labels import KINDS, MODES, STATES, sentence_of_note
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.problems import sentence
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused

MODE = click.Choice([mode.value for mode in api.DeliveryMode])
LANGUAGES = click.Choice(["zh-hans", "en"])


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--resource", "resource_code", required=True, help="Code of the resource in the catalogue.")
@click.option("--mode", type=MODE, default=api.DeliveryMode.REPLACE.value, show_default=True)
@click.option(
    "--as", "username", default="", help="Deliver in the name of an official; otherwise the platform does."
)
@click.option("--again", is_flag=True, help="Collect the file even if it is what is served already.")
@click.option("--language", type=LANGUAGES, default="zh-hans", show_default=True)
def collect(file: Path, resource_code: str, mode: str, username: str, again: bool, language: str) -> None:  # noqa: FBT001 - click passes flags by name
    """Collect FILE (CSV, XLSX, JSON lines, Parquet) as rows of a resource, and print a report."""
    with translation.override(language):
        try:
            batch = api.collect(
                resource_code=resource_code,
                source=file,
                file_name=file.name,
                actor=_actor(username),
                at=timezone.now(),
                mode=api.DeliveryMode(mode),
                is_repetition_meant=again,
            )
        except Refused as refusal:
            raise click.ClickException(sentence(refusal)) from refusal
        _print(batch)


@click.command("collect-table")
@click.argument("url")
@click.argument("table")
@click.option("--resource", "resource_code", required=True, help="Code of the resource in the catalogue.")
@click.option(
    "--cursor",
    "cursor_column",
    default="",
    help="Column that grows with each change; collects only what is new.",
)
@click.option(
    "--as", "username", default="", help="Deliver in the name of an official; otherwise the platform does."
)
@click.option("--language", type=LANGUAGES, default="zh-hans", show_default=True)
def collect_table(
    url: str, table: str, resource_code: str, cursor_column: str, username: str, language: str
) -> None:
    """Collect TABLE of the database at URL (postgresql://… or mysql://…), and print a report.

    With --cursor only rows that are new since the last time are fetched. A collection that was killed goes on where
    it stopped.
    """
    with translation.override(language):
        try:
            batch = api.collect_table(
                resource_code=resource_code,
                url=url,
                table=table,
                cursor_column=cursor_column,
                actor=_actor(username),
                at=timezone.now(),
            )
        except Refused as refusal:
            raise click.ClickException(sentence(refusal)) from refusal
        if batch is None:
            click.echo(gettext("Nothing is new since the last collection."))
            return
        _print(batch)


def _actor(username: str) -> Actor:
    if not username:
        return Actor.platform("zhengshu collect")
    return trust.actor_of(official_id=trust.official_by_username(username=username).id)


def _print(batch: api.BatchRecord) -> None:
    console = Console()
    facts = Table(show_header=False, title=f"{batch.resource_name} ({batch.resource_code})")
    seconds = batch.seconds or 0.0
    rows: tuple[tuple[str, object], ...] = (
        (gettext("Batch"), batch.number),
        (gettext("State"), STATES[batch.state]),
        (gettext("Mode"), MODES[batch.mode]),
        (gettext("Rows delivered"), f"{batch.rows:,}"),
        (gettext("Accepted"), f"{batch.accepted:,}"),
        (gettext("Set aside"), f"{batch.set_aside:,}"),
        (gettext("Blank rows skipped"), f"{batch.blank:,}"),
        (gettext("Rows served"), f"{batch.served:,}"),
        (gettext("SHA-256 of the file"), batch.digest),
        (gettext("Snapshot"), batch.snapshot_id),
        (gettext("Duration"), gettext("%(seconds)s s") % {"seconds": f"{seconds:.1f}"}),
    )
    for label, value in rows:
        facts.add_row(str(label), str(value))
    console.print(facts)
    for code, data in batch.notes:
        console.print(sentence_of_note(code, data))
    if batch.faults:
        table = Table(gettext("Field"), gettext("Reason"), gettext("Rows"))
        for count in batch.faults:
            table.add_row(count.column, str(KINDS[api.FaultKind(count.kind)]), f"{count.rows:,}")
        console.print(table)


commands: tuple[click.Command, ...] = (collect, collect_table)
