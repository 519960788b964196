"""The lists of cases as a clerk opens them: whole pages through all middleware, among a million cases of 200 types.

Peer in the same run: a plain Django list of the same cases (parties by a sub-query, an exact count, the nearest limit
first), without a page around it. The number of queries is printed for a list of one type and for one of all types.
"""

import time
from collections.abc import Callable
from functools import partial

from bench.harness import Result, median_of, percentile, write_results
from bench.seeds import cases

RUNS = 12
PEER_RUNS = 3
DEEP = max(2, min(900, cases.CASES // 1000))
ONE_TYPE, ALL_TYPES = "/cases/supervision/?type=bench-000", "/cases/supervision/"
PAGES = (
    ALL_TYPES,
    ONE_TYPE,
    "/cases/",
    "/cases/started/",
    "/cases/supervision/?light=red&light=yellow",
    "/cases/supervision/?state=open",
    "/cases/supervision/?state=ended",
    "/cases/supervision/?sort=-opened",
    "/cases/supervision/?sort=number",
    f"/cases/supervision/?sort=-opened&page={DEEP}",
)


def main() -> None:
    """Measure and write the results."""
    cases.fill()
    from django.test import Client

    from zhengshu.contexts.trust.models import Account

    client = Client(SERVER_NAME="localhost")
    client.force_login(Account.objects.get(username=cases.clerk_username()))
    deep = _deep_page(client)
    pages = (*PAGES, deep)
    for path in pages:
        _get(client, path)
    p95, runs = median_of(lambda: percentile(_times(client, pages), 0.95))
    median, _ = median_of(lambda: percentile(_times(client, pages), 0.5))
    peer = percentile([_timed(_plain_list) for _ in range(PEER_RUNS)], 0.95)
    one, every = _queries(client, ONE_TYPE), _queries(client, ALL_TYPES)
    write_results(
        "case_list",
        [
            Result(
                name=f"a clerk's list page, p95 at {cases.CASES:,} cases",
                value=p95, unit="ms", better="lower", peers={"plain Django list, no page": peer}, limit=100.0,
                runs=runs,
            ),
            Result(name="a clerk's list page, median", value=median, unit="ms", better="lower"),
            Result(name="queries, list of one type", value=one, unit="queries", better="lower"),
            Result(
                name=f"queries, list of {cases.TYPES} types",
                value=every, unit="queries", better="lower", limit=one,
            ),
        ],
    )  # fmt: skip


def _deep_page(client: "object") -> str:
    """Return the address of the page that follows the deepest numbered one, by the key of its last row."""
    import html
    import re

    text = _get(client, PAGES[-1])
    found = re.search(r'rel="next" href="([^"]+)"', text)
    assert found, "no page follows; seed more cases"
    return "/cases/supervision/" + html.unescape(found[1])


def _get(client: "object", path: str) -> str:
    answer = client.get(path)  # type: ignore[attr-defined]  # Django's client, imported when it is set up
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return str(answer.content.decode())


def _times(client: "object", pages: tuple[str, ...]) -> list[float]:
    return [_timed(partial(_get, client, path)) for _ in range(RUNS) for path in pages]


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def _queries(client: "object", path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _get(client, path)
    with CaptureQueriesContext(connection) as captured:
        _get(client, path)
    return len(captured.captured_queries)


def _plain_list() -> None:
    from django.db.models import Exists, F, OuterRef

    from zhengshu.contexts.casework.models import Case, CaseParty

    own = CaseParty.objects.filter(
        case_id=OuterRef("pk"), department_id=cases.departments()[1], is_supervisor=False
    )
    rows = Case.objects.filter(Exists(own)).select_related("version")
    rows.count()
    list(rows.order_by(F("due_at").asc(nulls_last=True), "id").prefetch_related("parties", "tasks")[:20])


if __name__ == "__main__":
    main()
