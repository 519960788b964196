"""`zhengshu monitor`: recomputes somebody's log over HTTP and compares it with own records; no database, no Django."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import httpx

from zhengshu.client import CallRefused, Client
from zhengshu.foundation.tlog.counts import Counts, CountsUnreadable, Difference, differences
from zhengshu.foundation.tlog.monitor import Fault, Fetch, Monitor, Walked
from zhengshu.foundation.tlog.notes import NoteWrong, verifier

SECONDS_TO_ANSWER = 30.0
MOST_REPORTED = 100
WRONG = 1
"""The exit code when something is wrong; 2 says that nothing could be learned."""


class LogUnreachable(click.ClickException):
    """The log does not answer, which says nothing about what it holds."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the comparison with one file of records found."""

    file: str
    first: date
    last: date
    differences: tuple[Difference, ...]


@click.command()
@click.option(
    "--log", "address", required=True, help="Address of the log, such as https://city.example/trust/log."
)
@click.option(
    "--key", "vkeys", multiple=True, required=True, help="Verifier key of the log; may be repeated."
)
@click.option(
    "--folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The monitor's memory and evidence; one log a folder.",
)
@click.option(
    "--records",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A side's own record: what the client package keeps, or what `zhengshu call-counts` writes; may be repeated.",
)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day to compare.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day to compare.")
@click.option("--zone", default="Asia/Shanghai", show_default=True, help="In whose days calls are counted.")
@click.option(
    "--report", "gateway", default="", help="Address of the gateway to which differences are handed in."
)
@click.option("--key-id", default="", help="Names the system's key that signs the report.")
@click.option("--algorithm", default="hmac-sha256", show_default=True, help="Of that key.")
@click.option(
    "--secret-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Holds the secret of that key, in base64.",
)
@click.option(
    "--foreign",
    "is_foreign",
    is_flag=True,
    help="The log is of another make (C2SP tlog-tiles): its tree is recomputed, its entries are not read.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def monitor(  # noqa: PLR0913 - one for each option
    *,
    address: str,
    vkeys: tuple[str, ...],
    folder: Path,
    records: tuple[Path, ...],
    first: datetime | None,
    last: datetime | None,
    zone: str,
    gateway: str,
    key_id: str,
    algorithm: str,
    secret_file: Path | None,
    is_foreign: bool,
    as_json: bool,
) -> None:
    """Recompute a log from its entries and compare the calls that it tells of with own records.

    The first run reads the whole log, later ones what was added. Days are compared from the second of a record (its
    first may have begun without it) to its last, yesterday at the latest, unless --from and --to say others.
    What is wrong is handed in to the platform with --report, where it becomes a case of its security administrator.
    Exit code 0: all is right; 1: something is wrong; 2: the log could not be read.
    """
    if gateway and not (key_id and secret_file):
        raise click.ClickException("--report needs --key-id and --secret-file: the report is signed.")
    try:
        place = ZoneInfo(zone)
        keys = [verifier(vkey) for vkey in vkeys]
    except (NoteWrong, ZoneInfoNotFoundError) as fault:
        raise click.ClickException(str(fault)) from fault
    with httpx.Client(timeout=SECONDS_TO_ANSWER, follow_redirects=False) as client:
        fetch = fetching(client, address)
        watched = Monitor(fetch=fetch, verifiers=keys, folder=folder, zone=place, is_foreign=is_foreign)
        try:
            walked = watched.walk()
        except httpx.HTTPError as fault:
            raise LogUnreachable(f"{address} could not be read: {type(fault).__name__}") from fault
    yesterday = datetime.now(tz=place).date() - timedelta(days=1)
    period = (first.date() if first else None, last.date() if last else yesterday)
    compared = tuple(_compared(file, watched.counts, zone=place, period=period) for file in records)
    if as_json:
        report = {"size": walked.size, "fresh": walked.fresh}
        faults = {
            "faults": [asdict(one) for one in walked.faults],
            "compared": [asdict(one) for one in compared],
        }
        click.echo(json.dumps(report | faults, default=str, ensure_ascii=False))
    else:
        click.echo("\n".join(_told(walked.size, walked.fresh, walked.faults, compared)))
    if walked.faults or any(one.differences for one in compared):
        if gateway and secret_file is not None:
            caller = Client(gateway, key_id, secret_file.read_text(encoding="ascii").strip(), algorithm)
            click.echo(_handed_in(caller, walked, compared), err=True)
        raise SystemExit(WRONG)


def _handed_in(caller: Client, walked: Walked, compared: Iterable[Compared]) -> str:
    """Hand in what was found, as much as one report takes; say what came of it."""
    differences = [asdict(one) for file in compared for one in file.differences]
    found = {
        "size": walked.size,
        "faults": [asdict(one) for one in walked.faults][:MOST_REPORTED],
        "differences": differences[:MOST_REPORTED],
    }
    try:
        return f"Reported   {caller.report(found)} findings were taken by the platform"
    except (CallRefused, OSError) as fault:
        return f"NOT REPORTED  {fault}"


def fetching(client: httpx.Client, address: str) -> Fetch:
    """Return what reads the files of a log over HTTP."""

    def fetch(path: str) -> bytes:
        answer = client.get(f"{address.rstrip('/')}/{path}")
        if answer.status_code == HTTPStatus.NOT_FOUND:
            message = f"{path} is not there"
            raise FileNotFoundError(message)
        answer.raise_for_status()
        return answer.content

    return fetch


def _compared(file: Path, logged: Counts, *, zone: ZoneInfo, period: tuple[date | None, date]) -> Compared:
    try:
        with file.open(encoding="utf-8") as lines:
            recorded = Counts.of_file(lines, zone=zone)
    except (CountsUnreadable, UnicodeDecodeError) as fault:
        raise click.ClickException(f"{file}: {fault}") from fault
    known = sorted({key.day for key in recorded.by_key})
    if not known:
        raise click.ClickException(f"{file}: no call is recorded in it")
    first = period[0] or known[0] + timedelta(days=1)
    last = min(known[-1], period[1])
    found = differences(
        logged, recorded, days=frozenset(_days(first, last)), grants={key.grant for key in recorded.by_key}
    )
    return Compared(file=file.name, first=first, last=last, differences=found)


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _told(size: int, fresh: int, faults: Iterable[Fault], compared: Iterable[Compared]) -> Iterator[str]:
    yield f"Entries    {size} recomputed, {fresh} of them in this run"
    for fault in faults:
        place = "" if fault.index is None else f" (entry {fault.index})"
        yield f"WRONG      {fault.kind.value}{place}: {fault.text}"
    for one in compared:
        days = f"{one.first} to {one.last}" if one.first <= one.last else "no whole day yet"
        yield f"Compared   {one.file}: {days}, {len(one.differences)} differences"
        yield from (f"DIFFERS    {difference.text}" for difference in one.differences)
