"""A department with a benefit, its people, and registers that a test fills itself."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
from django.conf import settings

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application import benefit_queries as queries
from zhengshu.contexts.services.application.load_benefits import load_benefits
from zhengshu.contexts.services.application.run_benefit import carry_out, start_run
from zhengshu.contexts.services.application.switch_benefit import switch_benefit
from zhengshu.contexts.services.domain.benefits import Definition, Given, Row
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.tests import factories as trusts
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.checks import citizen_check

AT = datetime(2026, 6, 30, 2, tzinfo=UTC)
ALLOWANCE, RELIEF = "old-age-allowance", "small-enterprise-relief"
AREAS = ("470502001", "470503002")
CARD = "6217000000000000"
ACCOUNT = "123456789012345"


def number_of(born: date, serial: int = 1) -> str:
    """Return a citizen ID of the demonstration city."""
    body = f"470502{born:%Y%m%d}{serial:03}"
    return body + citizen_check(body)


class Crash(Exception):
    """Stands for a process that is killed."""


@dataclass
class FakeRegisters:
    """Registers in memory; `crash_at` ends the process at that read."""

    persons: dict[str, list[tuple[str, Row]]] = field(default_factory=lambda: defaultdict(list))
    dead: set[str] = field(default_factory=set)
    crash_at: int = 0
    reads: int = 0

    def add(self, area: str, born: date, *, serial: int = 1, times: int = 1, **row: str) -> str:
        """List somebody; return the citizen ID."""
        number = number_of(born, serial)
        listed = {
            "citizen_id": number,
            "name": "张三",
            "birth_date": born.isoformat(),
            "household_state": "正常",
        } | row
        self.persons[area] += [(number, listed)] * times
        return number

    def areas(self) -> Sequence[str]:
        """Return the areas."""
        return AREAS

    def listed(self, area: str) -> Mapping[str, Given]:
        """Return who is listed in an area."""
        self._read()
        rows: dict[str, list[Row]] = defaultdict(list)
        for number, row in self.persons[area]:
            rows[number].append(row)
        return {number: self._given(found) for number, found in rows.items()}

    def asked(self, source: str, subjects: Iterable[str]) -> Mapping[str, Given]:
        """Return what a register says of subjects."""
        self._read()
        if source == "deaths":
            return {
                one: self._given([{"died_on": "2026-06-01"}] if one in self.dead else []) for one in subjects
            }
        every = [pair for area in AREAS for pair in self.persons[area]]
        return {one: self._given([row for number, row in every if number == one]) for one in subjects}

    def _read(self) -> None:
        self.reads += 1
        if self.reads == self.crash_at:
            raise Crash

    def _given(self, rows: Sequence[Row]) -> Given:
        return Given(rows=tuple(rows), source="市公安局《户籍老年人口信息》", at=AT, receipt="R1")


@dataclass
class FirmRegisters:
    """The directory of small firms and the register in memory: code → staff and state, None where there is no row."""

    firms: dict[str, tuple[str, str | None]] = field(default_factory=dict)

    def areas(self) -> Sequence[str]:
        """Return the one area."""
        return AREAS[:1]

    def listed(self, area: str) -> Mapping[str, Given]:
        """Return every firm."""
        del area
        return self.asked("directory", self.firms)

    def asked(self, source: str, subjects: Iterable[str]) -> Mapping[str, Given]:
        """Return what the directory or the register says of firms."""
        return {one: _said(*self._rows(source, one)) for one in subjects}

    def _rows(self, source: str, code: str) -> list[Row]:
        staff, state = self.firms[code]
        if source == "directory":
            return [{"credit_code": code, "enterprise_name": "锦帆商行", "staff": staff}]
        return [] if state is None else [{"registration_state": state}]


def _said(*rows: Row) -> Given:
    return Given(rows=rows, source="市市场监督管理局《企业登记信息》", at=AT, receipt="R2")


@dataclass
class Office:
    """The granting department and its people."""

    department: UUID
    officer: Actor
    head: Actor
    stranger: Actor


def office(tmp_path: Path, *, code: str = ALLOWANCE) -> Office:
    """Load the case type and the benefit for a department of the test's own."""
    for case_type in (code, "benefit-doubt"):
        casework.load_case_types(folder=settings.PACKS_FOLDER / "case-types" / case_type, at=AT)
    trusts.department(is_data_authority=True)
    department, other = trusts.department(), trusts.department()
    read = msgspec.yaml.decode(
        (settings.PACKS_FOLDER / "benefits" / f"{code}.yaml").read_bytes(), type=Definition
    )
    written = msgspec.structs.replace(read, department=department.code)
    folder = tmp_path / "benefits"
    folder.mkdir(exist_ok=True)
    (folder / "allowance.yaml").write_bytes(msgspec.yaml.encode(written))
    load_benefits(folder=folder, at=AT)
    return Office(
        department=department.id,
        officer=trusts.actor(Role.DATA_OFFICER, department_id=department.id),
        head=trusts.actor(Role.DEPARTMENT_HEAD, department_id=department.id),
        stranger=trusts.actor(Role.DEPARTMENT_HEAD, department_id=other.id),
    )


def citizen(username: str, number: str) -> Actor:
    """Give somebody an account."""
    key = trust.add_citizen(
        username=username,
        name="张三",
        citizen_id=number,
        password="Ping-An-2026",
        actor=Actor.platform("tests"),
        at=AT,
    )
    return trust.actor_of(official_id=key)


def switched_on(place: Office, registers: FakeRegisters) -> None:
    """Search dry, and switch the allowance on."""
    carry_out(run_id=start_run(code=ALLOWANCE, is_dry=True, actor=place.officer, at=AT), registers=registers)
    switch_benefit(code=ALLOWANCE, is_on=True, actor=place.head, at=AT)


def run(place: Office, registers: FakeRegisters, *, months: int = 0) -> UUID:
    """Search for the period that comes so many months later."""
    at = AT + timedelta(days=31 * months)
    run_id = start_run(code=ALLOWANCE, is_dry=False, actor=place.officer, at=at)
    carry_out(run_id=run_id, registers=registers)
    return run_id


def own(person: Actor) -> queries.EntitlementRecord:
    """Return what somebody is entitled to."""
    (one,) = queries.my_entitlements(actor=person)
    return one
