"""Commands of `casework`: check and load packs."""

from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from zhengshu.contexts.casework.api import (
    CaseTypeFaulty,
    Fault,
    case_type_folders,
    check_case_type,
    load_case_types,
)
from zhengshu.foundation.http.problems import sentence

FOLDER = click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)


@click.group()
def packs() -> None:
    """Content of the platform: case types."""


@packs.command()
@FOLDER
def check(folder: Path | None) -> None:
    """Explain every fault of the case types in FOLDER (by default all that come with the platform)."""
    count = 0
    for place in case_type_folders(folder=folder or _case_types()):
        faults = check_case_type(folder=place)
        count += len(faults)
        click.echo(f"{place.name}: {gettext('no faults') if not faults else ''}".rstrip(": "))
        for fault in faults:
            click.echo(f"  {_words(fault)}")
    if count:
        raise click.exceptions.Exit(1)


@packs.command()
@FOLDER
def load(folder: Path | None) -> None:
    """Load the case types in FOLDER; what was loaded before stays, running cases keep their version."""
    try:
        changed = load_case_types(folder=folder or _case_types(), at=timezone.now())
    except CaseTypeFaulty as refusal:
        raise click.ClickException(sentence(refusal)) from refusal
    for code in changed:
        click.echo(gettext("%(code)s: a new version is current") % {"code": code})
    if not changed:
        click.echo(gettext("Nothing changed."))


def _case_types() -> Path:
    return Path(settings.PACKS_FOLDER) / "case-types"


def _words(fault: Fault) -> str:
    text = gettext(fault.message)
    return f"{fault.place}: {text % fault.details if fault.details else text}"


commands: tuple[click.Command, ...] = (packs,)
