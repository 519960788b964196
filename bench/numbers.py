"""Figures for leaders over a million applications: whole pages, and the lists to which each figure opens.

Peer in the same run: the same sums by reading every application into the process, as a report in Python would.
"""

import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from bench.harness import Result, median_of, percentile, write_results
from bench.searching import use_own_server

if TYPE_CHECKING:
    from django.test import Client

APPLICATIONS = 1_000_000
ITEMS, DEPARTMENTS = 500, 40
LEADER = "bench.leader"
NUMBERS = "/services/numbers/"
PAGES = (NUMBERS, f"{NUMBERS}?by=item", f"{NUMBERS}?by=department&month=2026-03", f"{NUMBERS}?item=bench-7")
OPENED = tuple(
    f"{NUMBERS}cases/?figure={figure}"
    for figure in ("applications", "late", "checks", "days&month=2026-03", "materials&page=400")
)

FILL = """
INSERT INTO services_application (
    id, number, item_id, item_version, case_type, case_id, draft_id, channel, applicant_id, opened_by, department_id,
    sources, supplied, typed, letters, verdict, is_hands_free, state, certificate_fault, submitted_at, decided_at,
    checks_made, checks_by_rule, materials_saved, visits_saved, days_saved, is_kept
)
SELECT gen_random_uuid(), 'BN' || n, item.id, 1, item.code, gen_random_uuid(), gen_random_uuid(),
    (ARRAY['1', '2', '3', '9'])[1 + n %% 4], gen_random_uuid(), gen_random_uuid(), item.department_id,
    '[]', 3, 2, 10, 'pass', n %% 5 = 0, one.state, '',
    timestamptz '2026-08-01' - n * interval '95 seconds',
    CASE WHEN one.state <> 'open' THEN timestamptz '2026-08-01' - n * interval '95 seconds' + interval '2 days' END,
    4, 1 + n %% 4, n %% 3, n %% 2, n %% 18, CASE WHEN one.state <> 'open' THEN n %% 40 > 0 END
FROM generate_series(1, %s) n
JOIN (SELECT id, code, department_id, row_number() OVER (ORDER BY code) - 1 AS place FROM services_item) item
    ON item.place = n %% (SELECT count(*) FROM services_item)
CROSS JOIN LATERAL (
    SELECT CASE WHEN n %% 50 = 0 THEN 'open' WHEN n %% 20 = 1 THEN 'refused' ELSE 'granted' END AS state
) one
"""


def main() -> None:
    """Measure and write the results."""
    use_own_server("numbers")
    fill()
    from django.test import Client

    from zhengshu.contexts.trust.models import Account

    client = Client(SERVER_NAME="localhost")
    client.force_login(Account.objects.get(username=LEADER))
    for path in (*PAGES, *OPENED):
        _timed(partial(_get, client, path))
    pages, runs = median_of(lambda: _slowest(client, PAGES))
    opened, opened_runs = median_of(lambda: _slowest(client, OPENED))
    peer, _ = median_of(lambda: _timed(_read_all))
    write_results(
        "numbers",
        [
            Result(
                name=f"page of the figures, slowest of {len(PAGES)}, {APPLICATIONS:,} applications",
                value=pages,
                unit="ms",
                better="lower",
                peers={"every application read, no page": peer},
                runs=runs,
            ),
            Result(
                name=f"a figure opened to what it counts, slowest of {len(OPENED)}",
                value=opened,
                unit="ms",
                better="lower",
                runs=opened_runs,
            ),
        ],
    )


def fill() -> None:
    """Make departments, items and applications, if they are not there."""
    from django.db import connection

    from zhengshu.contexts.services.models import Application

    if Application.objects.count() >= APPLICATIONS:
        return
    _offer()
    with connection.cursor() as cursor:
        cursor.execute(FILL, [APPLICATIONS])
        cursor.execute("ANALYZE")


def _offer() -> None:
    from django.utils import timezone

    from zhengshu.contexts.services.models import ServiceItem
    from zhengshu.contexts.trust.tests import factories
    from zhengshu.kernel.actors import Role

    offices = [factories.department() for _ in range(DEPARTMENTS)]
    factories.account(Role.LEADER, username=LEADER)
    ServiceItem.objects.bulk_create(
        ServiceItem(
            code=f"bench-{number}",
            name=f"事项{number}",
            department_id=offices[number % DEPARTMENTS].id,
            department_name="许可局",
            level="3",
            kind="01",
            audiences=["1"],
            case_kind="2",
            case_type=f"bench-{number}",
            state="published",
            origin="bench",
            changed_at=timezone.now(),
        )
        for number in range(ITEMS)
    )


def _slowest(client: "Client", paths: tuple[str, ...]) -> float:
    return max(percentile([_timed(partial(_get, client, path)) for _ in range(3)], 0.5) for path in paths)


def _get(client: "Client", path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        message = f"{path}: {answer.status_code}"
        raise RuntimeError(message)


def _read_all() -> None:
    from zhengshu.contexts.services.models import Application

    sums: Counter[tuple[str, str]] = Counter()
    rows = Application.objects.values_list(
        "item_id", "submitted_at", "state", "days_saved", "materials_saved"
    )
    for item, sent, state, days, materials in rows.iterator(chunk_size=10_000):
        key = f"{item} {sent:%Y-%m}"
        sums[key, state] += 1
        sums[key, "days"] += days
        sums[key, "materials"] += materials


def _timed(call: Callable[[], None]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
