"""Certificates: from the command to the sealed PDF, committed; how many a minute; checked by identifier; used.

An instant case pays the first of these figures after its decision; the OFD follows in the worker and is counted apart.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from bench.harness import Result, median_of, percentile, write_results
from bench.seeds import cases

if TYPE_CHECKING:
    from zhengshu.kernel.actors import Actor

ISSUED = 60
SECONDS = 3.0
HOLDER_NUMBER, HOLDER_NAME = "470302199001011236", "赵敏行"
VALUES = {
    "employer": "云州市望川餐饮服务有限公司",
    "insurances": "企业职工基本养老保险、失业保险、工伤保险",
    "status": "正常参保",
    "insured_on": "2019-09-02",
    "months": "86",
}
TYPE = "insured-certificate"


@dataclass(slots=True)
class Bench:
    """An issuer with a seal, and the certificates that it has issued."""

    department_id: UUID
    numbers: list[str]
    ids: list[UUID]

    def issue(self) -> float:
        """Issue one, and return after how many milliseconds it was sealed and committed."""
        from django.utils import timezone

        from zhengshu.contexts.certificates import api
        from zhengshu.kernel.identity import CaseId, DepartmentId, new_id

        started = time.perf_counter()
        record = api.issue(
            type_code=TYPE,
            holder=api.Holder.person(name=HOLDER_NAME, citizen_id=HOLDER_NUMBER),
            values=VALUES,
            case_id=CaseId(new_id()),
            department_id=DepartmentId(self.department_id),
            actor=_platform(),
            at=timezone.now(),
        )
        self.numbers.append(record.number)
        self.ids.append(record.id)
        return (time.perf_counter() - started) * 1000

    def write_ofd(self) -> None:
        """Write the OFD of the certificate that was issued last but has none."""
        from django.utils import timezone

        from zhengshu.contexts.certificates.application.take_file import write_ofd

        write_ofd(certificate_id=self.ids.pop(), at=timezone.now())

    def verify(self) -> float:
        """Check one by its identifier, and return how many milliseconds that took."""
        from django.utils import timezone

        from zhengshu.contexts.certificates import api

        started = time.perf_counter()
        api.verify(number=self.numbers[len(self.numbers) // 2], actor=_platform(), at=timezone.now())
        return (time.perf_counter() - started) * 1000


def main() -> None:
    """Measure and write the results."""
    cases.use_server()
    bench = _ready()
    for _ in range(10):
        bench.issue()
    seen: list[float] = []

    def run() -> float:
        times = [bench.issue() for _ in range(ISSUED)]
        seen.append(percentile(times, 0.95))
        return percentile(times, 0.5)

    median, runs = median_of(run)
    a_minute, minutes = median_of(partial(_rate, bench.issue))
    ofd, ofds = median_of(partial(_rate, bench.write_ofd))
    verified, checks = median_of(lambda: percentile([bench.verify() for _ in range(100)], 0.95))
    write_results(
        "certificates",
        [
            Result(name="issued, median", value=median, unit="ms", better="lower", limit=350.0, runs=runs),
            Result(name="issued, p95", value=sorted(seen)[1], unit="ms", better="lower", limit=350.0),
            Result(
                name="issued and sealed as PDF, one process",
                value=a_minute,
                unit="a minute",
                better="higher",
                limit=300.0,
                runs=minutes,
            ),
            Result(
                name="OFD that follows, one process", value=ofd, unit="a minute", better="higher", runs=ofds
            ),
            Result(name="checked by identifier, p95", value=verified, unit="ms", better="lower", runs=checks),
        ],
    )


def _platform() -> "Actor":
    from zhengshu.kernel.actors import Actor

    return Actor.platform("bench.certificates")


def _ready() -> Bench:
    """Return a fresh department that issues, with a seal that is allowed."""
    from datetime import timedelta

    from django.conf import settings
    from django.utils import timezone

    from zhengshu.contexts.certificates import api
    from zhengshu.contexts.trust import api as trust
    from zhengshu.contexts.trust.tests.factories import credit_code
    from zhengshu.kernel.identity import new_id

    at, actor = timezone.now(), _platform()
    api.load_types(folder=settings.PACKS_FOLDER / "certificate-types", at=at)
    code = credit_code(new_id().int % 100_000_000)
    office = trust.add_department(
        code=code, name=f"云州市社会保险中心{code[-4:]}", short_name="", region="470300", level=trust.Level.CITY,
        parent_id=None, is_data_authority=False, actor=actor, at=at,
    )  # fmt: skip
    wanted = trust.WantedSeal(
        kind=trust.SealKind.ORGAN, name=office.name, active_from=at, active_to=at + timedelta(days=365)
    )
    seal_id = trust.apply_for_seal(wanted=wanted, department_id=office.id, actor=actor, at=at)
    case_id = new_id()
    trust.note_seal_case(seal_id=seal_id, case_id=case_id, number="bench")
    trust.make_seal(case_id=case_id, actor=actor, at=at)
    api.name_issuer(type_code=TYPE, department_id=office.id, actor=actor, at=at)
    api.allow_seal(type_code=TYPE, seal_id=seal_id, actor=actor, at=timezone.now())
    return Bench(department_id=office.id, numbers=[], ids=[])


def _rate(work: Callable[[], object]) -> float:
    done, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < SECONDS:
        work()
        done += 1
    return 60 * done / spent


if __name__ == "__main__":
    main()
