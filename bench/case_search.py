"""Search in a million cases as a clerk asks: words, parts of words, names, numbers, with and without filters.

Each answer is a page with its total, facets and why each case was found. Peer in the same run: the title by ILIKE,
for the same reader, with an exact count.
"""

import random
import time
from collections.abc import Mapping

from bench.harness import Result, median_of, percentile, write_results
from bench.seeds import cases

QUESTIONS = 60
PEER_QUESTIONS = 6

Question = tuple[str, Mapping[str, tuple[str, ...]]]


def main() -> None:
    """Measure and write the results."""
    cases.fill()
    questions = _questions()
    counts = [_queries(question) for question in questions]
    seen: list[float] = []

    def run() -> float:
        times = [_ask(question) for question in questions]
        seen.append(percentile(times, 0.5))
        return percentile(times, 0.95)

    p95, runs = median_of(run)
    peer = percentile([_ilike(question) for question in questions[:PEER_QUESTIONS]], 0.95)
    write_results(
        "case_search",
        [
            Result(
                name=f"search with facets and marks, p95 at {cases.CASES:,} cases",
                value=p95, unit="ms", better="lower", peers={"title by ILIKE, exact count": peer}, limit=150.0,
                runs=runs,
            ),
            Result(name="search, median", value=sorted(seen)[1], unit="ms", better="lower"),
            Result(name="queries of a search, most", value=max(counts), unit="queries", better="lower"),
        ],
    )  # fmt: skip


def _questions() -> list[Question]:
    """Return what people type: a matter, a place and a matter, a name, a firm, a number, parts, with filters."""
    dice = random.Random(21)  # noqa: S311 - the same questions every time
    found: list[Question] = []
    for number in range(QUESTIONS):
        matter, area = dice.choice(cases.MATTERS), dice.choice(cases.AREAS)
        person = dice.choice(cases.SURNAMES) + dice.choice(cases.GIVEN) + dice.choice(cases.GIVEN)
        texts = (
            matter, f"{area}{matter}", person, f"{matter}{dice.choice(cases.WISHES)}", f"B{number:03d}2026",
            f"{dice.choice(cases.FIRMS)} {matter}", matter[1:3], f"{matter}信息不全",
        )  # fmt: skip
        filters: dict[str, tuple[str, ...]] = {}
        if number % 3 == 0:
            filters["state"] = (dice.choice(("open", "ended")),)
        if number % 4 == 0:
            filters["type"] = (f"bench-{dice.randint(0, 60):03d}",)
        if number % 7 == 0:
            filters["light"] = ("red", "yellow")
        found.append((texts[number % len(texts)], filters))
    return found


def _ask(question: Question) -> float:
    from django.utils import timezone

    from zhengshu.contexts.casework import api
    from zhengshu.foundation.lists import ListQuery

    text, filters = question
    started = time.perf_counter()
    query = ListQuery(text=text, filters=filters)
    api.supervised(actor=cases.clerk_actor(), query=query, at=timezone.now())
    return (time.perf_counter() - started) * 1000


def _queries(question: Question) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        _ask(question)
    return len(captured)


def _ilike(question: Question) -> float:
    from zhengshu.contexts.casework.models import Case

    started = time.perf_counter()
    rows = Case.objects.visible_to(cases.clerk_actor()).filter(subject_title__icontains=question[0])
    rows.count()
    list(rows.order_by("-opened_at").values_list("number", "subject_title")[:20])
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
