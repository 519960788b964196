"""Commands of `exchange`."""

from datetime import datetime, timedelta

import click
from django.utils import timezone

from zhengshu.contexts.exchange.application.compare_log import compare_log as compare
from zhengshu.contexts.exchange.application.count_calls import count_calls

DAY = click.DateTime(["%Y-%m-%d"])


@click.command(name="call-counts")
@click.option("--from", "first", type=DAY, help="First day; yesterday, unless given.")
@click.option("--to", "last", type=DAY, help="Last day; yesterday, unless given.")
def call_counts(*, first: datetime | None, last: datetime | None) -> None:
    """Print how many calls are on record by day, system and grant, for `zhengshu monitor --records`."""
    yesterday = timezone.localdate() - timedelta(days=1)
    days = (first.date() if first else yesterday, last.date() if last else yesterday)
    for line in count_calls(first=days[0], last=days[1]).lines():
        click.echo(line)


@click.command(name="compare-log")
@click.option("--days", default=7, show_default=True, help="Whole days before today that are compared.")
def compare_log(*, days: int) -> None:
    """Recompute the published proof log and compare it with the records of calls; raises alarms as the job does."""
    found = compare(days=days, at=timezone.now())
    if found is None:
        click.echo("Nothing is published yet.")
        return
    click.echo(f"{found.walked.size} entries, {found.walked.fresh} of them new")
    for fault in found.walked.faults:
        click.echo(f"WRONG    {fault.kind.value}: {fault.text}")
    for difference in found.differences:
        click.echo(f"DIFFERS  {difference.text}")
    if found.walked.faults or found.differences:
        raise SystemExit(1)


commands: tuple[click.Command, ...] = (call_counts, compare_log)
