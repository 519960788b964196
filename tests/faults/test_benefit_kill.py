"""Runs of benefits that are killed between any two words to the database, or started several times at once."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.kit.killed import MOST_WORDS, at_once, is_killed, killed_everywhere
from tests.kit.platform import until
from zhengshu.contexts.casework.models import Case, Task
from zhengshu.contexts.services.application import benefit_queries as queries
from zhengshu.contexts.services.application.answer_benefit import answer_benefit
from zhengshu.contexts.services.application.run_benefit import SPACE, carry_out, start_run
from zhengshu.contexts.services.application.switch_benefit import switch_benefit
from zhengshu.contexts.services.interfaces import jobs
from zhengshu.contexts.services.models.benefits import BenefitRun, Entitlement, Found, Payment
from zhengshu.contexts.services.tests.benefit_cast import (
    ALLOWANCE,
    AREAS,
    AT,
    FakeRegisters,
    Office,
    office,
)
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.models import AuditEvent
from zhengshu.foundation import locks
from zhengshu.foundation.models import OutboxMessage
from zhengshu.kernel.actors import Actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults, pytest.mark.timeout(300)]

ACCOUNT = "123456789012345"
FIRST, SECOND = AREAS


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a run may change, as another process sees it."""

    runs: Counter[tuple[str, str, int]]
    found: int
    states: Counter[str]
    cases: int
    to_dos: int
    payments: Counter[str]
    audited: int
    sent: int

    @classmethod
    def now(cls) -> "Seen":
        runs = BenefitRun.objects.filter(is_dry=False).values_list("period", "state", "areas")
        return cls(
            runs=Counter((period, state, len(areas)) for period, state, areas in runs),
            found=Found.objects.count(),
            states=Counter(Entitlement.objects.values_list("state", flat=True)),
            cases=Case.objects.count(),
            to_dos=Task.objects.all().open().count(),
            payments=Counter(Payment.objects.values_list("period", flat=True)),
            audited=AuditEvent.objects.count(),
            sent=OutboxMessage.objects.count(),
        )


class Street:
    """A department that pays its benefit to one old man, to whom the next month brings neighbours.

    Attributes:
        paid: has confirmed in the first month.
        dead: has confirmed as well, and dies before the next.
        fresh: is found in the next month first, and has an account.

    Of another neighbour the register says two days of birth, which an official looks into.
    """

    def __init__(self, place: Office) -> None:
        self.place, self.registers = place, FakeRegisters()
        self.paid, self.dead = (self._person(serial, FIRST) for serial in (21, 22))
        for is_dry in (True, False):
            carry_out(run_id=self.start(is_dry=is_dry), registers=self.registers)
            if is_dry:
                switch_benefit(code=ALLOWANCE, is_on=True, actor=place.head, at=AT)
        for person in (self.paid, self.dead):
            self.confirm(person)
        self.fresh = self._person(23, FIRST)
        self.registers.add(SECOND, date(1930, 1, 1), serial=24)
        self.registers.add(SECOND, date(1931, 1, 1), serial=25, birth_date="1936-01-01")
        self.registers.dead.add(self.own(self.dead).number)

    def start(self, *, months: int = 0, is_dry: bool = False) -> UUID:
        at = AT + timedelta(days=31 * months)
        return start_run(code=ALLOWANCE, is_dry=is_dry, actor=self.place.officer, at=at)

    def run(self, *, months: int) -> None:
        carry_out(run_id=self.start(months=months), registers=self.registers)

    def confirm(self, person: Actor) -> None:
        answer_benefit(
            entitlement_id=self.own(person).id, answer="accept", account=ACCOUNT, actor=person, at=AT
        )

    def own(self, person: Actor) -> queries.EntitlementRecord:
        (one,) = queries.my_entitlements(actor=person)
        return one

    def periods(self, person: Actor) -> list[str]:
        return [period for period, _yuan, _listed in self.own(person).payments]

    def _person(self, serial: int, area: str) -> Actor:
        number = self.registers.add(area, date(1940, 1, 1), serial=serial)
        key = trust.add_citizen(
            username=f"killed.{serial}",
            name="张三",
            citizen_id=number,
            password="Ping-An-2026",
            actor=Actor.platform("tests"),
            at=AT,
        )
        return trust.actor_of(official_id=key)


def is_left_alone() -> bool:
    """Whether the database has noticed that the process is dead: its lock ends a moment later."""
    running = BenefitRun.objects.filter(state=BenefitRun.State.RUNNING)
    return not any(locks.is_held(SPACE, key) for key in running.values_list("id", flat=True))


def killed_on_the_way(act: Callable[[], object]) -> list[Seen]:
    """Do something in steps, killed one word later each time, until it is done; return what was seen after each."""
    steps, number = [Seen.now()], count(1)
    while (word := next(number)) < MOST_WORDS:
        assert until(is_left_alone, seconds=10)
        was_killed = is_killed(act, before_word=word)
        seen = Seen.now()
        if seen != steps[-1]:
            steps.append(seen)
            number = count(1)
        if not was_killed:
            return steps
    message = "it was never done"
    raise AssertionError(message)


class TestKilled:
    def test_goes_on_and_finds_asks_and_pays_once(self, tmp_path: Path) -> None:
        street = Street(office(tmp_path))
        before = Seen.now()

        steps = killed_on_the_way(lambda: street.run(months=1))

        # Started, one area, the other, ended: each wholly or not at all.
        assert [one.runs - before.runs for one in steps[1:]] == [
            Counter({("2026-07", "running", 0): 1}),
            Counter({("2026-07", "running", 1): 1}),
            Counter({("2026-07", "running", 2): 1}),
            Counter({("2026-07", "finished", 2): 1}),
        ]
        last = steps[-1]
        assert last.states == Counter({"active": 1, "asked": 2, "suspended": 1, "doubtful": 1})
        # One is asked, a doubt is looked into, and one is told that he is not found any more.
        assert (last.cases - before.cases, last.to_dos - before.to_dos) == (3, 2)
        assert (street.periods(street.paid), street.periods(street.dead)) == (
            ["2026-06", "2026-07"],
            ["2026-06"],
        )
        street.run(months=1)
        assert Seen.now() == last

        assert killed_everywhere(lambda: street.confirm(street.fresh), see=Seen.now) > 10
        assert street.periods(street.fresh) == ["2026-07"]

    def test_is_taken_up_by_the_next_job(self, tmp_path: Path) -> None:
        street = Street(office(tmp_path))
        run_id = street.start(months=1)

        assert is_killed(lambda: carry_out(run_id=run_id, registers=street.registers), before_word=10)
        assert until(is_left_alone, seconds=10)

        assert (jobs.runs_go_on(timestamp=0), jobs.runs_go_on(timestamp=60)) == (1, 1)
        assert ProcrastinateJob.objects.filter(task_name="services.run_benefit").count() == 1
        assert locks.take(SPACE, run_id)
        at_once(lambda: carry_out(run_id=run_id, registers=street.registers), processes=1)
        assert BenefitRun.objects.get(pk=run_id).areas == {}
        locks.give_back(SPACE, run_id)


class TestStartedAtOnce:
    def test_is_one_run_that_asks_and_pays_once(self, tmp_path: Path) -> None:
        street = Street(office(tmp_path))
        before = Seen.now()

        at_once(lambda: street.run(months=1), processes=4)

        after = Seen.now()
        assert after.runs - before.runs == Counter({("2026-07", "finished", 2): 1})
        assert (after.cases - before.cases, after.payments["2026-07"]) == (3, 1)
        assert after.states == Counter({"active": 1, "asked": 2, "suspended": 1, "doubtful": 1})
