"""Commands of `quality`: check a file in a pipeline or at a desk, without a server."""

import os
import sys
from datetime import date, datetime
from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone, translation
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from zhengshu.contexts.quality import api
from zhengshu.contexts.quality.interfaces.printing import (
    print_faults,
    print_imported,
    print_report,
    print_tried,
)
from zhengshu.foundation.http.problems import sentence
from zhengshu.kernel.errors import Refused

LANGUAGES = click.Choice(["zh-hans", "en"])
SEVERITIES = click.Choice([*(severity.value for severity in api.Severity), "never"])
FOUND, NOT_CHECKED = 1, 2
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def quality() -> None:
    """Rules over data: check files against packs of rules."""


@quality.command()
@click.argument("file", type=_FILE)
@click.option("--rules", "pack", required=True, help="A pack in packs/rules, or a folder of rules.")
@click.option("--table", default="", help="Code of the file's table; recognised by its headings otherwise.")
@click.option("--with", "others", multiple=True, metavar="TABLE=FILE", help="Another table that rules name.")
@click.option("--today", default=None, type=click.DateTime(["%Y-%m-%d"]), help="Assess as of this day.")
@click.option("--former", default=None, type=_FILE, help="JSON of the former run, to compare with.")
@click.option("--json", "json_file", default=None, type=_NEW_FILE, help="Write the result as JSON.")
@click.option("--junit", "junit_file", default=None, type=_NEW_FILE, help="Write the result as JUnit XML.")
@click.option(
    "--keep",
    "store",
    default=None,
    type=_FOLDER,
    help="A folder for places and bits of blamed rows as Parquet; a run that was stopped is taken up there.",
)
@click.option(
    "--format",
    "written",
    type=click.Choice(["text", "json", "junit", "odcs"]),
    default="text",
    show_default=True,
    help="What to print: a report to read, or JSON, JUnit XML, or a data contract (ODCS) for programs.",
)
@click.option("--sample", default=None, type=click.IntRange(min=1), help="Read about so many rows only.")
@click.option(
    "--fail-on", type=SEVERITIES, default="error", show_default=True, help="Exit code 1 from here on."
)
@click.option(
    "--memory", default=1024, show_default=True, help="Most memory of the engine in MiB; it spills."
)
@click.option("--threads", default=0, help="By default one for each core.")
@click.option("--language", type=LANGUAGES, default="zh-hans", show_default=True)
def check(  # noqa: PLR0913 - the options of a command
    *,
    file: Path,
    pack: str,
    table: str,
    others: tuple[str, ...],
    today: datetime | None,
    former: Path | None,
    json_file: Path | None,
    junit_file: Path | None,
    store: Path | None,
    written: str,
    sample: int | None,
    fail_on: str,
    memory: int,
    threads: int,
    language: str,
) -> None:
    """Check FILE (CSV, XLSX, JSON lines, Parquet) against a pack of rules and print a report.

    Exit code 0: no serious fault; 1: rows fail; 2: the file could not be checked.
    """
    with translation.override(language):
        try:
            loaded = api.load_pack(
                pack, folder=settings.PACKS_FOLDER / "rules", standards=settings.PACKS_FOLDER / "catalog"
            )
            request = api.FileCheck(
                file=file,
                loaded=loaded,
                today=_day(today),
                table=table,
                others=dict(_pair(text) for text in others),
                former=api.former_of(former.read_text("utf-8"), file=former.name) if former else {},
                limits=api.Limits(memory_mib=memory, threads=threads),
                store=store,
                sample=sample,
                spark=os.environ.get("ZHENGSHU_SPARK", ""),
            )
            assessment = _watched(request)
        except Refused as refusal:
            click.echo(sentence(refusal), err=True)
            if isinstance(refusal, api.PackFaulty):
                print_faults(refusal.faults)
            sys.exit(NOT_CHECKED)
        if written == "text":
            print_report(assessment, file=file.name, pack=loaded.pack.name)
    serious = api.Severity(fail_on) if fail_on != "never" else None
    texts = {
        "json": lambda: api.as_json(assessment, file=file.name, pack=loaded.pack.code),
        "junit": lambda: api.as_junit(assessment, fail_on=serious or api.Severity.ERROR),
        "odcs": lambda: api.as_contract(assessment, file=file.name, pack=loaded.pack.code),
    }
    for kind, target in (("json", json_file), ("junit", junit_file)):
        if target:
            target.write_text(texts[kind](), encoding="utf-8")
    if written in texts:
        click.echo(texts[written](), nl=False)
    sys.exit(FOUND if serious and api.serious(assessment.rules, fail_on=serious) else 0)


def _day(given: datetime | None) -> date:
    return given.date() if given else timezone.localdate()


def _pair(text: str) -> tuple[str, Path]:
    table, equals, file = text.partition("=")
    path = Path(file)
    if not equals or not path.is_file():
        message = f"--with takes TABLE=FILE, and the file must exist: {text}"
        raise click.UsageError(message)
    return table, path


def _watched(request: api.FileCheck) -> api.Assessment:
    """Check with a bar on the terminal that says how far it is and how long it still takes."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(request.file.name, total=None)

        def told(done: int, total: int) -> bool:
            bar.update(task, completed=done, total=total)
            return True

        return api.check_file(request, told=told)


@quality.command("try-sql")
@click.argument("file", type=_FILE)
@click.argument("statement", type=_FILE)
@click.option("--rules", "pack", required=True, help="A pack in packs/rules, or a folder of rules.")
@click.option("--table", default="", help="Code of the file's table; recognised by its headings otherwise.")
@click.option("--with", "others", multiple=True, metavar="TABLE=FILE", help="Another table that it reads.")
@click.option("--today", default=None, type=click.DateTime(["%Y-%m-%d"]), help="What assessed_on() answers.")
@click.option("--language", type=LANGUAGES, default="zh-hans", show_default=True)
def try_sql(
    *,
    file: Path,
    statement: Path,
    pack: str,
    table: str,
    others: tuple[str, ...],
    today: datetime | None,
    language: str,
) -> None:
    """Try a rule in SQL: ask the rows of FILE the SELECT of places in STATEMENT, in the sandbox.

    Exit code 0: it blames no row; 1: it blames rows; 2: it cannot be used as a rule.
    """
    with translation.override(language):
        try:
            loaded = api.load_pack(
                pack, folder=settings.PACKS_FOLDER / "rules", standards=settings.PACKS_FOLDER / "catalog"
            )
            request = api.FileCheck(
                file=file,
                loaded=loaded,
                today=_day(today),
                table=table,
                others=dict(_pair(text) for text in others),
            )
            found = api.try_statement(request, statement=statement.read_text("utf-8"))
        except Refused as refusal:
            click.echo(sentence(refusal), err=True)
            sys.exit(NOT_CHECKED)
        print_tried(found)
    sys.exit(FOUND if len(found.places) else 0)


@quality.command("import")
@click.argument("file", type=_FILE)
@click.argument("folder", type=_FOLDER)
@click.option("--table", default="", help="The table's code, where the file does not name it.")
@click.option("--language", type=LANGUAGES, default="zh-hans", show_default=True)
def import_foreign(*, file: Path, folder: Path, table: str, language: str) -> None:
    """Make a pack in FOLDER of the rules in FILE: a suite of Great Expectations (JSON) or Soda checks (YAML).

    Exit code 0: all rules were taken over; 1: some are named that cannot be; 2: the file holds no rules.
    """
    with translation.override(language):
        try:
            made = api.import_rules(file, folder=folder, table=table)
        except Refused as refusal:
            click.echo(sentence(refusal), err=True)
            sys.exit(NOT_CHECKED)
        print_imported(made)
    sys.exit(FOUND if made.left_out else 0)


commands: tuple[click.Command, ...] = (quality,)
