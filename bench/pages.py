"""What a page costs: queries, milliseconds and bytes of every page that an official opens daily.

The demonstration city (2,000 persons) is installed in a data folder of its own; each page is asked for by the
role that uses it, through all middleware, without the network. The limit for queries is the same for every page.
"""

import os
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass

from bench.harness import WORK, Result, write_results

PERSONS = 2_000
RUNS = 15
MOST_QUERIES = 15
MOST_MILLISECONDS = 200.0

PAGES: Mapping[str, tuple[str, str]] = {
    "desk of a data officer": ("market.officer", "/"),
    "desk of a reviewer": ("data.reviewer", "/"),
    "desk of a requester": ("social.officer", "/"),
    "desk of a leader": ("office.leader", "/"),
    "catalogue": ("market.officer", "/catalog/"),
    "catalogue, a search": ("market.officer", "/catalog/?q=企业登记"),
    "deliveries": ("market.officer", "/lake/"),
    "requests": ("social.officer", "/exchange/requests/"),
    "grants": ("social.officer", "/exchange/grants/"),
    "calls": ("social.officer", "/exchange/calls/"),
    "to-dos": ("market.officer", "/cases/"),
    "departments": ("market.officer", "/trust/departments/"),
    "audit": ("data.audit", "/trust/audit/"),
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one page costs: number of queries, every run in milliseconds, size in KiB."""

    queries: int
    milliseconds: tuple[float, ...]
    kibibytes: float


def main() -> None:
    """Install the city, ask for each page, write the figures."""
    _set_up()
    results: list[Result] = []
    for name, (username, path) in PAGES.items():
        cost = _cost(username, path)
        median = statistics.median(cost.milliseconds)
        results += [
            Result(
                name=f"{name}: queries",
                value=cost.queries,
                unit="queries",
                better="lower",
                limit=MOST_QUERIES,
                runs=(cost.queries,),
            ),
            Result(
                name=f"{name}: time",
                value=round(median, 1),
                unit="ms",
                better="lower",
                limit=MOST_MILLISECONDS,
                runs=tuple(round(run, 1) for run in cost.milliseconds),
            ),
            Result(
                name=f"{name}: size",
                value=round(cost.kibibytes, 1),
                unit="KiB",
                better="lower",
                runs=(round(cost.kibibytes, 1),),
            ),
        ]
    write_results("pages", results)


def _set_up() -> None:
    os.environ["ZHENGSHU_DATA"] = str(WORK / "pages")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    from zhengshu.project import database

    database.ensure()
    import django

    django.setup()
    from django.utils import timezone

    from zhengshu.project import prepare
    from zhengshu.project.demo_city.load import install_city

    prepare.prepare(at=timezone.now(), say=print)
    install_city(at=timezone.now(), say=print, persons=PERSONS)


def _cost(username: str, path: str) -> Cost:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from allauth.mfa.utils import is_mfa_enabled
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from zhengshu.contexts.trust.models import Account

    client = Client(SERVER_NAME="localhost")
    account = Account.objects.get(username=username)
    if not is_mfa_enabled(account):
        TOTP.activate(account, generate_totp_secret())  # an administrator without one is sent to set it up
    client.force_login(account)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    count = len(queries)  # the next request begins its log anew
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        client.get(path)
        times.append((time.perf_counter() - started) * 1000)
    return Cost(count, tuple(times), len(answer.content) / 1024)


if __name__ == "__main__":
    main()
