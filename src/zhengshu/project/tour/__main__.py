"""Run the tour in this process: the data folder and the database are its own."""

import os
import sys
from pathlib import Path


def _silent(_text: str) -> None:
    """Say nothing: the report tells what matters."""


def main(file: Path) -> int:
    """Walk through the house and return 0 when every step was as expected."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    from zhengshu.project import database

    database.ensure()
    import django

    django.setup()
    from django.utils import timezone
    from rich.console import Console

    from zhengshu.kernel.errors import Refused
    from zhengshu.project import prepare
    from zhengshu.project.demo_city.content import read_content
    from zhengshu.project.tour.cast import gather
    from zhengshu.project.tour.gateway import running_gateway
    from zhengshu.project.tour.report import NotAsExpected, Report
    from zhengshu.project.tour.walk import Walk

    report = Report(Console(width=120))
    with report.step(
        "An empty platform", proves="tables, case types and standards come from files alone"
    ) as step:
        prepare.migrate(say=_silent)
        prepare.load_content(at=timezone.now(), say=_silent)
        cast = gather(read_content().city, at=timezone.now())
        step.seen = (
            f"provider {cast.provider.name}, consumer {cast.consumer.name}, authority {cast.authority.name}"
        )
    walk = Walk(report, cast, file)
    try:
        for part in (walk.catalogue, walk.publish, walk.collect, walk.request):
            part()
        with running_gateway() as gateway:
            walk.call(gateway)
        walk.compare()
    except (Refused, NotAsExpected) as fault:
        sentence = fault.text() if isinstance(fault, Refused) else str(fault)
        report.console.print(f"\nThe tour ends here: {sentence}")
        return 1
    report.table()
    return 0 if report.is_as_expected else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
