"""Reading benefits: what officials see of runs, and what people see of their own entitlements."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec
from django.db.models import Count, Q, Sum

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.services.application.benefit_faults import BenefitNotFound
from zhengshu.contexts.services.application.benefit_registers import REGIONS, ExchangeRegisters, Registers
from zhengshu.contexts.services.application.entitle_found import definition_of
from zhengshu.contexts.services.application.own_benefits import (
    own_entitlement,
    own_entitlements,
    own_numbers,
)
from zhengshu.contexts.services.application.run_benefit import judge_one
from zhengshu.contexts.services.domain.benefits import Audience, Definition, Finding, Outcome, Verdict
from zhengshu.contexts.services.events import EntitlementChecked
from zhengshu.contexts.services.models.benefits import (
    Benefit,
    BenefitRun,
    Entitlement,
    Found,
    Payment,
    PaymentList,
    subject_digest,
)
from zhengshu.foundation.events import Subject
from zhengshu.foundation.lists import ListQuery, Page, paged
from zhengshu.foundation.outbox import publish
from zhengshu.kernel import masks
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.dates import CHINA

_MOST_CHECKED = 20
"""For how many of his enterprises somebody looks at once; each asks every register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run with its counts: over all, by area, by group of age, and by the rule that did not hold."""

    id: UUID
    is_dry: bool
    period: str
    state: str
    fault: str
    is_current: bool
    started_by_name: str
    started_at: datetime
    ended_at: datetime | None
    outcomes: Mapping[str, int]
    areas: Sequence[tuple[str, str, int, int]]
    """Code, name, entitled, to be checked."""
    groups: Sequence[tuple[str, int]]
    failed: Sequence[tuple[str, int]]

    @property
    def read(self) -> int:
        """How many were looked at."""
        return sum(self.outcomes.values())

    @property
    def entitled(self) -> int:
        """How many were found entitled."""
        return self.outcomes.get(Outcome.ENTITLED, 0)

    @property
    def check(self) -> int:
        """How many a person must look into."""
        return self.outcomes.get(Outcome.CHECK, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitRecord:
    """A benefit for the officials of its department."""

    code: str
    definition: Definition
    is_on: bool
    decided_by_name: str
    decided_at: datetime | None
    states: Mapping[str, int]
    doubts: int
    """How many wait for an official."""
    due: int
    due_yuan: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecord:
    """Somebody whom a run found, masked."""

    id: UUID
    number: str
    name: str
    area: str
    group: str
    outcome: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitlementRecord:
    """An entitlement for whoever it belongs to, or masked for officials."""

    id: UUID
    definition: Definition
    state: str
    number: str
    name: str
    account: str
    case_id: UUID | None
    findings: tuple[Finding, ...]
    found_at: datetime
    payments: tuple[tuple[str, Decimal, bool], ...]
    """Period, yuan, and whether it was handed to the treasury."""
    known_accounts: tuple[str, ...] = ()
    """Accounts that the person gave for other benefits."""
    is_in_doubt: bool = False
    """Whether an official looks into what the rules could not decide."""
    refusal: str = ""
    """Why an official decided that it is not entitled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRecord:
    """A list for the treasury."""

    id: UUID
    made_at: datetime
    made_by_name: str
    payments: int
    yuan: Decimal


def benefits_kept(*, actor: Actor) -> tuple[BenefitRecord, ...]:
    """Return the benefits of an official's department."""
    return tuple(_benefit(row) for row in Benefit.objects.kept_by(actor))


def benefit_kept(*, code: str, actor: Actor) -> BenefitRecord:
    """Return a benefit of an official's department.

    Raises:
        BenefitNotFound: there is none.
    """
    row = Benefit.objects.kept_by(actor).filter(code=code).first()
    if row is None:
        raise BenefitNotFound
    return _benefit(row)


def runs_of(*, code: str, actor: Actor) -> tuple[RunRecord, ...]:
    """Return the last runs of a benefit."""
    rows = BenefitRun.objects.visible_to(actor).select_related("benefit").filter(benefit_id=code)[:20]
    names = area_names()
    return tuple(_run(row, names) for row in rows)


def run_of(*, run_id: UUID, actor: Actor) -> tuple[str, RunRecord]:
    """Return a run with its benefit's code.

    Raises:
        BenefitNotFound: there is none, or it is another department's.
    """
    row = BenefitRun.objects.visible_to(actor).select_related("benefit").filter(pk=run_id).first()
    if row is None:
        raise BenefitNotFound
    return row.benefit_id, _run(row, area_names())


FOUND_FILTERS = ("outcome", "area", "group")


def found_in(*, run_id: UUID, query: ListQuery, actor: Actor) -> Page[FoundRecord]:
    """Return whom a run found, masked; a text is the whole number of somebody."""
    rows = Found.objects.visible_to(actor).filter(run_id=run_id)
    if query.text:
        rows = rows.filter(subject=subject_digest(query.text.upper()))
    for name in FOUND_FILTERS:
        if chosen := query.filters.get(name):
            rows = rows.filter(**{f"{name}__in": chosen})
    names = area_names()
    return paged(rows.order_by("area", "id"), query, lambda row: _found(row, names))


def lists_of(*, code: str, actor: Actor) -> tuple[ListRecord, ...]:
    """Return the lists that were made for the treasury."""
    rows = (
        PaymentList.objects.visible_to(actor)
        .filter(benefit_id=code)
        .values_list("id", "made_at", "made_by_name")
        .annotate(count=Count("payments"), yuan=Sum("payments__yuan"))
        .order_by("-made_at")[:50]
    )
    return tuple(
        ListRecord(id=key, made_at=made_at, made_by_name=name, payments=count, yuan=yuan or Decimal(0))
        for key, made_at, name, count, yuan in rows
    )


def my_entitlements(*, actor: Actor) -> tuple[EntitlementRecord, ...]:
    """Return what the actor, or an enterprise of his, is entitled to."""
    rows = own_entitlements(actor).prefetch_related("payments").order_by("found_at", "id")
    return tuple(_entitlement(row) for row in rows)


def my_entitlement(*, entitlement_id: UUID, actor: Actor) -> EntitlementRecord:
    """Return one of the actor's own entitlements, with accounts that he gave before.

    Raises:
        BenefitNotFound: it is somebody else's, or there is none.
    """
    row = own_entitlement(entitlement_id=entitlement_id, actor=actor)
    others = Entitlement.objects.filter(subject=bytes(row.subject), sealed_account__isnull=False)
    return _entitlement(row, known=tuple(dict.fromkeys(one.account for one in others)))


def offered(*, actor: Actor) -> tuple[tuple[str, Definition], ...]:
    """Return the benefits about which the actor may ask why he was not found."""
    rows = Benefit.objects.visible_to(actor)
    found = ((row.code, definition_of(row.definition)) for row in rows)
    return tuple(
        (code, definition)
        for code, definition in found
        if definition.audience is Audience.PERSON or actor.enterprises_in(definition.case_type)
    )


def check_myself(
    *, code: str, actor: Actor, at: datetime, registers: Registers | None = None
) -> tuple[Definition, tuple[tuple[str, Verdict], ...]]:
    """Ask the registers about the actor himself, or his enterprises, and say rule by rule what they came to.

    Raises:
        BenefitNotFound: there is no such benefit.
        RowsNotGranted, RowsNotRead: a register cannot be asked.
    """
    row = Benefit.objects.visible_to(actor).filter(code=code).first()
    if row is None:
        raise BenefitNotFound
    definition = definition_of(row.definition)
    asked = registers or ExchangeRegisters(definition=definition, department_id=row.department_id)
    is_firm = definition.audience is Audience.ENTERPRISE
    numbers = own_numbers(actor, matter=definition.case_type)
    subjects = [number for number, firm in numbers.items() if (firm is not None) == is_firm]
    on = at.astimezone(CHINA).date()
    found = tuple(
        (subject, judge_one(definition, asked, subject=subject, on=on))
        for subject in subjects[:_MOST_CHECKED]
    )
    publish(EntitlementChecked(at=at, actor=actor, subject=Subject("benefit", code, code), benefit=code))
    return definition, found


def area_names() -> Mapping[str, str]:
    """Return the names of a deployment's regions."""
    return {
        entry.code: entry.name for table in catalog.code_tables(codes=(REGIONS,)) for entry in table.entries
    }


def _benefit(row: Benefit) -> BenefitRecord:
    states = Entitlement.objects.filter(benefit=row).values_list("state").annotate(count=Count("id"))
    due = Payment.objects.filter(
        Q(entitlement__benefit=row, on_list=None, entitlement__state=Entitlement.State.ACTIVE)
    ).aggregate(count=Count("id"), yuan=Sum("yuan"))
    return BenefitRecord(
        code=row.code,
        definition=definition_of(row.definition),
        is_on=row.is_on,
        decided_by_name=row.decided_by_name,
        decided_at=row.decided_at,
        states=dict(states),
        doubts=Entitlement.objects.filter(benefit=row, doubt_case_id__isnull=False).count(),
        due=due["count"],
        due_yuan=due["yuan"] or Decimal(0),
    )


class _Counted(msgspec.Struct, frozen=True):
    outcomes: dict[str, int]
    failed: dict[str, int]
    groups: dict[str, int]


def _run(row: BenefitRun, names: Mapping[str, str]) -> RunRecord:
    areas = {code: msgspec.convert(counted, type=_Counted) for code, counted in sorted(row.areas.items())}
    return RunRecord(
        id=row.id,
        is_dry=row.is_dry,
        period=row.period,
        state=row.state,
        fault=row.fault,
        is_current=row.digest == row.benefit.digest,
        started_by_name=row.started_by_name,
        started_at=row.started_at,
        ended_at=row.ended_at,
        outcomes=_sum(one.outcomes for one in areas.values()),
        areas=tuple(
            (code, names.get(code, code), one.outcomes.get("entitled", 0), one.outcomes.get("check", 0))
            for code, one in areas.items()
        ),
        groups=tuple(sorted(_sum(one.groups for one in areas.values()).items(), key=_by_age)),
        failed=_with_words(row, _sum(one.failed for one in areas.values())),
    )


def _with_words(row: BenefitRun, failed: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    return tuple(
        (rule.code, failed[rule.code]) for rule in definition_of(row.definition).rules if rule.code in failed
    )


def _by_age(group: tuple[str, int]) -> int:
    digits = "".join(letter for letter in group[0].partition("–")[0] if letter.isdigit())
    return int(digits or 0)


def _sum(counts: Iterable[Mapping[str, int]]) -> Mapping[str, int]:
    total: Counter[str] = Counter()
    for one in counts:
        total.update(one)
    return dict(total)


def _found(row: Found, names: Mapping[str, str]) -> FoundRecord:
    is_person = bool(row.group)
    return FoundRecord(
        id=row.id,
        number=masks.apply(masks.Mask.CITIZEN_ID, row.number) if is_person else row.number,
        name=masks.apply(masks.Mask.NAME, row.name) if is_person else row.name,
        area=names.get(row.area, row.area),
        group=row.group,
        outcome=row.outcome,
        findings=msgspec.convert(row.findings, type=tuple[Finding, ...]),
    )


def _entitlement(row: Entitlement, *, known: tuple[str, ...] = ()) -> EntitlementRecord:
    return EntitlementRecord(
        id=row.id,
        definition=definition_of(row.benefit.definition),
        state=row.state,
        number=row.number,
        name=row.name,
        account=row.account,
        case_id=row.case_id,
        findings=msgspec.convert(row.findings, type=tuple[Finding, ...]),
        found_at=row.found_at,
        payments=tuple(
            (one.period, one.yuan, one.on_list_id is not None)
            for one in sorted(row.payments.all(), key=lambda one: one.period)
        ),
        known_accounts=known,
        is_in_doubt=row.doubt_case_id is not None,
        refusal=row.refusal if row.state == Entitlement.State.REFUSED else "",
    )
