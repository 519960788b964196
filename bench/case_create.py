"""Opening a case among a million: number, parties, readers, words, first to-do, clock, timeline, events, all committed.

Peer in the same run: the same rows of case, parties, to-do and timeline saved by plain Django, with nothing else.
"""

import time
from uuid import UUID

from bench.harness import Result, median_of, percentile, write_results
from bench.seeds import cases

OPENED = 60


def main() -> None:
    """Measure and write the results."""
    cases.fill()
    known = cases.departments()
    for number in range(10):
        _open(number, known)
    seen: list[float] = []

    def run() -> float:
        times = [_open(number, known) for number in range(OPENED)]
        seen.append(percentile(times, 0.95))
        return percentile(times, 0.5)

    median, runs = median_of(run)
    peer = percentile([_plain(number, known) for number in range(OPENED)], 0.5)
    write_results(
        "case_create",
        [
            Result(
                name=f"opening a case, median at {cases.CASES:,} cases",
                value=median, unit="ms", better="lower", peers={"plain Django rows": peer}, limit=30.0, runs=runs,
            ),
            Result(name="opening a case, p95", value=sorted(seen)[1], unit="ms", better="lower"),
        ],
    )  # fmt: skip


def _open(number: int, known: list[UUID]) -> float:
    from django.utils import timezone

    from zhengshu.contexts.casework import api
    from zhengshu.kernel.identity import DepartmentId, new_id

    key = new_id()
    subject = api.CaseSubject(
        kind="share_request", id=key, title=f"云州市不动产登记核验{number}", path=f"/exchange/requests/{key}/"
    )
    parties = {"requester": known[1], "provider": known[2 + number % 50], "authority": known[0]}
    started = time.perf_counter()
    api.open_case(
        case_type=f"bench-{number % cases.TYPES:03d}",
        subject=subject,
        parties={name: DepartmentId(one) for name, one in parties.items()},
        data={"sharing_class": "conditional"},
        actor=cases.clerk_actor(),
        at=timezone.now(),
    )
    return (time.perf_counter() - started) * 1000


def _plain(number: int, known: list[UUID]) -> float:
    """Save a case, three parties, one to-do and two entries of the timeline, as forms and models alone would."""
    from django.db import transaction
    from django.utils import timezone

    from zhengshu.contexts.casework.models import Case, CaseParty, CaseTypeVersion, Task, TimelineEntry
    from zhengshu.kernel.identity import new_id

    at = timezone.now()
    started = time.perf_counter()
    with transaction.atomic():
        version = CaseTypeVersion.objects.get(code=f"bench-{number % cases.TYPES:03d}", is_current=True)
        row = Case.objects.create(
            number=f"P{new_id().hex}", version=version, type_code=version.code, subject_kind="share_request",
            subject_id=new_id(), subject_title=f"对照{number}", subject_path="/", opened_at=at, opened_by=UUID(int=1),
            opened_by_name="bench", department_id=known[1],
        )  # fmt: skip
        for name, one in (("requester", known[1]), ("provider", known[2]), ("authority", known[0])):
            CaseParty.objects.create(case=row, name=name, department_id=one)
        Task.objects.create(
            case=row, kind="flow", code="head_approval", token=new_id().hex, department_id=known[1],
            roles=["department_head"], opened_at=at,
        )  # fmt: skip
        for step in (1, 2):
            TimelineEntry.objects.create(
                case=row, number=step, kind="opened", at=at, actor_id=UUID(int=1), actor_name="bench"
            )
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
