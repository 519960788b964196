"""Commands of `casework`: check and load packs."""

from pathlib import Path

import click
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from zhengshu.contexts.casework.api import (
    OBSTACLES,
    CaseMove,
    CaseTypeFaulty,
    Fault,
    MoveVerdict,
    Renaming,
    case_type_folders,
    check_case_type,
    load_case_types,
    migrate_cases,
    read_renaming,
    running_elsewhere,
)
from zhengshu.foundation.http.problems import sentence
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused

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
        if staying := running_elsewhere(case_type=code):
            words = ngettext(
                "  %(number)s running case keeps its edition, with its messages; “zhengshu packs migrate %(code)s” "
                "tells whether it may go on under this one",
                "  %(number)s running cases keep their editions, with their messages; “zhengshu packs migrate "
                "%(code)s” tells which may go on under this one",
                staying,
            )
            click.echo(words % {"number": staying, "code": code})
    if not changed:
        click.echo(gettext("Nothing changed."))


@packs.command()
@click.argument("case_type")
@click.option(
    "--from", "from_edition", type=int, help="Only cases of this edition; by default of all others."
)
@click.option(
    "--to", "to_edition", type=int, help="The edition under which they go on; by default the current."
)
@click.option(
    "--map",
    "mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A YAML file: tasks and clocks with another name, data to give, data to drop.",
)
@click.option(
    "--apply", "is_applied", is_flag=True, help="Move the cases; without it they are only looked at."
)
@click.option(
    "--key",
    default="",
    help="Names the run: started again under it after it was cut short, it goes on; each case has one verdict.",
)
def migrate(
    case_type: str,
    from_edition: int | None,
    to_edition: int | None,
    mapping: Path | None,
    *,
    is_applied: bool,
    key: str,
) -> None:
    """Tell for each running case of CASE_TYPE whether it may go on under another edition, and move those that may."""
    counts = dict.fromkeys(MoveVerdict, 0)
    try:
        moves = migrate_cases(
            case_type=case_type,
            from_edition=from_edition,
            to_edition=to_edition,
            renaming=_renaming(mapping),
            is_applied=is_applied,
            idempotency_key=key,
            actor=Actor.platform("casework.migrate"),
            at=timezone.now(),
        )
        for one in moves:
            counts[one.verdict] += 1
            _tell_move(one)
    except Refused as refusal:
        raise click.ClickException(sentence(refusal)) from refusal
    moving = counts[MoveVerdict.AS_IS] + counts[MoveVerdict.RENAMED]
    summary = (
        gettext("Moved: %(moving)d. Cannot move: %(staying)d.")
        if is_applied
        else gettext(
            "May move: %(moving)d. Cannot move: %(staying)d. Nothing was changed; --apply moves them."
        )
    )
    click.echo(summary % {"moving": moving, "staying": counts[MoveVerdict.CANNOT]})


def _renaming(mapping: Path | None) -> Renaming:
    if mapping is None:
        return Renaming()
    try:
        return read_renaming(mapping.read_text(encoding="utf-8"))
    except (ValueError, OSError) as fault:
        raise click.ClickException(f"{mapping}: {fault}") from fault


def _tell_move(move: CaseMove) -> None:
    words = {
        MoveVerdict.AS_IS: gettext("moves as it is"),
        MoveVerdict.RENAMED: gettext("moves, with new names"),
        MoveVerdict.CANNOT: gettext("cannot move"),
    }
    place = ", ".join(move.standing)
    editions = f"{move.from_edition} → {move.to_edition}"
    click.echo(f"{move.number}  {editions}  {place}: {words[move.verdict]}")
    for one in move.obstacles:
        details = {"name": one.name, "value": one.value, "to": move.to_edition}
        click.echo(f"  {gettext(OBSTACLES[one.code]) % details}")


def _case_types() -> Path:
    return Path(settings.PACKS_FOLDER) / "case-types"


def _words(fault: Fault) -> str:
    text = gettext(fault.message)
    return f"{fault.place}: {text % fault.details if fault.details else text}"


commands: tuple[click.Command, ...] = (packs,)
