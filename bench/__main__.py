"""`make bench`: run the files of `bench/`, all or those named."""

import subprocess
import sys
from pathlib import Path

import click

from bench import page

HERE = Path(__file__).parent
NOT_FIGURES = {"__init__", "__main__", "harness", "page"}


@click.command()
@click.option("--only", default="", help="Names of figures, separated by commas.")
def main(only: str) -> None:
    """Run each figure's file in a process of its own, one after the other."""
    wanted = {name.strip().replace("-", "_") for name in only.split(",") if name.strip()}
    names = sorted(file.stem for file in HERE.glob("*.py") if file.stem not in NOT_FIGURES)
    if unknown := wanted - set(names):
        raise click.UsageError(f"no such figure: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    failed = []
    for name in names:
        if wanted and name not in wanted:
            continue
        click.echo(f"bench: {name}")
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=HERE.parent, check=False).returncode:
            failed.append(name)
    page.write()
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
