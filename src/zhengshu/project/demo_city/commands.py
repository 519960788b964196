"""`zhengshu city …`: build, install and look into the demonstration city."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.utils import timezone
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from zhengshu.project.demo_city.size import DEFAULT_PERSONS, DEFAULT_SEED

if TYPE_CHECKING:
    from zhengshu.project.demo_city.build import Manifest


@click.group()
def city() -> None:
    """The demonstration city: people, firms and departments that do not exist."""


@city.command()
@click.option("--persons", default=DEFAULT_PERSONS, show_default=True, type=click.IntRange(min=100))
@click.option("--seed", default=DEFAULT_SEED, show_default=True, type=click.IntRange(min=0))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False))
def build(*, persons: int, seed: int, out: Path) -> None:
    """Write the departments' files and the truth into a folder."""
    manifest = _build(persons=persons, seed=seed, out=out)
    for entry in manifest.files:
        click.echo(f"{entry.rows:>12,}  {entry.size / 1e6:>8.1f} MB  {entry.path}")


@city.command()
@click.option(
    "--persons", default=None, type=click.IntRange(min=100), help="By default ZHENGSHU_CITY_PERSONS."
)
def install(*, persons: int | None) -> None:
    """Bring the city into the platform; what is there already stays as it is."""
    from zhengshu.project.demo_city.load import account_lines, install_city

    install_city(at=timezone.now(), say=click.echo, persons=persons)
    click.echo("\n".join(account_lines()))


@city.command()
def applications() -> None:
    """Let people and firms of the city ask, and its officials decide, while the platform runs."""
    from zhengshu.project.demo_city.applying import install_applications

    install_applications(at=timezone.now(), say=click.echo)


@city.command()
def accounts() -> None:
    """List the accounts of the city."""
    from zhengshu.project.demo_city.load import demo_account_list

    for account in demo_account_list():
        roles = ", ".join(role.value for role in account.roles)
        click.echo(
            f"{account.username:<24} {account.name}  {account.department}  {roles}  {account.password}"
        )


def _build(*, persons: int, seed: int, out: Path) -> "Manifest":
    from zhengshu.project.demo_city.build import build_city

    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as bar:
        task = bar.add_task("city", total=None)

        def told(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        return build_city(folder=out, persons=persons, seed=seed, progress=told)


commands: tuple[click.Command, ...] = (city,)
