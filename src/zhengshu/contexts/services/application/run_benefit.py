"""Finding those who are entitled: a dry run that only counts, and the run of a period that asks and pays.

A run goes area by area. What an area gives is stored together with the note that it is done, in one transaction, so
that a killed run goes on where it was. Whoever was found before is not found anew, and a period is due once:
the database holds both, however often a run is started.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import msgspec
from django.db.models import Q
from django.utils import timezone

from zhengshu.contexts.services.application.benefit_case_type import check_case_type
from zhengshu.contexts.services.application.benefit_faults import (
    BenefitNotFound,
    BenefitOff,
    NotYourBenefit,
)
from zhengshu.contexts.services.application.benefit_registers import ExchangeRegisters, Registers
from zhengshu.contexts.services.application.entitle_found import definition_of, suspend_lost, take_in
from zhengshu.contexts.services.domain import benefits as rules
from zhengshu.contexts.services.domain.benefits import Definition, Given, Outcome, Verdict
from zhengshu.contexts.services.events import BenefitRunEnded, BenefitRunStarted
from zhengshu.contexts.services.models.benefits import (
    KEEPERS,
    Benefit,
    BenefitRun,
    Entitlement,
    Found,
    subject_digest,
)
from zhengshu.foundation import locks
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.dates import CHINA
from zhengshu.kernel.errors import Refused

PLATFORM = Actor.platform("services.benefits")
SPACE = "services.benefit_run"
UNREADABLE = "unreadable"
"""What is counted of rows whose number is none."""


@transaction
def start_run(*, code: str, is_dry: bool, actor: Actor, at: datetime) -> UUID:
    """Start a dry run, or the run of the present period; one that is under way, or was of the period, is gone on with.

    Raises:
        BenefitNotFound: there is no such benefit of the actor's department.
        NotYourBenefit: the actor does not work with benefits.
        BenefitOff: a real run of a benefit that is not switched on.
        BenefitCaseTypeMissing, BenefitCaseTypeUnfit: its cases could not be opened or answered.
    """
    if not actor.has(*KEEPERS):
        raise NotYourBenefit
    benefit = Benefit.objects.kept_by(actor).select_for_update().filter(code=code).first()
    if benefit is None:
        raise BenefitNotFound
    if not is_dry and not benefit.is_on:
        raise BenefitOff
    check_case_type(definition_of(benefit.definition))
    on = at.astimezone(CHINA).date()
    period = rules.period_of(definition_of(benefit.definition), on)
    if not is_dry:
        known = BenefitRun.objects.filter(benefit=benefit, period=period, is_dry=False).first()
        if known is not None:
            BenefitRun.objects.filter(pk=known.pk, state=BenefitRun.State.FAILED).update(
                state=BenefitRun.State.RUNNING, fault=""
            )
            return known.id
    elif under_way := _dry_run_under_way(benefit, on=on):
        return under_way
    run = BenefitRun.objects.create(
        benefit=benefit,
        is_dry=is_dry,
        period=period,
        on=on,
        digest=benefit.digest,
        definition=benefit.definition,
        started_by=actor.id,
        started_by_name=actor.name,
        started_at=at,
    )
    publish(BenefitRunStarted(at=at, actor=actor, subject=_subject(run), benefit=code, is_dry=is_dry))
    return run.id


def _dry_run_under_way(benefit: Benefit, *, on: date) -> UUID | None:
    """Return the dry run of the same rules and day that is going on, so that a double click asks no register twice."""
    runs = BenefitRun.objects.filter(benefit=benefit, is_dry=True, digest=benefit.digest, on=on)
    return runs.filter(state=BenefitRun.State.RUNNING).values_list("id", flat=True).first()


def carry_out(*, run_id: UUID, registers: Registers | None = None) -> None:
    """Go through the areas that are not done yet; what another process goes through is left to it.

    A register that cannot be read leaves the run to be started again.
    """
    if not locks.take(SPACE, run_id):
        return
    try:
        _go_through(run_id, registers)
    finally:
        locks.give_back(SPACE, run_id)


def abandoned() -> tuple[UUID, ...]:
    """Return the runs that are under way and that no process goes through any more."""
    running = BenefitRun.objects.filter(state=BenefitRun.State.RUNNING).order_by("started_at")
    return tuple(
        run_id for run_id in running.values_list("id", flat=True) if not locks.is_held(SPACE, run_id)
    )


def _go_through(run_id: UUID, registers: Registers | None) -> None:
    run = BenefitRun.objects.select_related("benefit").get(pk=run_id)
    if run.state == BenefitRun.State.FINISHED:
        return
    definition = definition_of(run.definition)
    asked = registers or ExchangeRegisters(definition=definition, department_id=run.benefit.department_id)
    try:
        for area in asked.areas():
            if area not in run.areas:
                verdicts, names = _judged(definition, asked, area=area, on=run.on)
                _store(run_id=run_id, area=area, verdicts=verdicts, names=names, at=timezone.now())
                run.refresh_from_db(fields=["areas"])
        lost = _not_found_any_more(run)
        again = {
            subject: judge_one(definition, asked, subject=subject, on=run.on) for subject in lost.values()
        }
    except Refused as refusal:
        BenefitRun.objects.filter(pk=run_id).update(state=BenefitRun.State.FAILED, fault=str(refusal)[:200])
        return
    _finish(run_id=run_id, lost={key: again[subject] for key, subject in lost.items()}, at=timezone.now())


def judge_one(definition: Definition, registers: Registers, *, subject: str, on: date) -> Verdict:
    """Return the judgement of one subject, asking every register about it alone."""
    sources = (definition.population.source, *definition.checked_elsewhere())
    given = {source: registers.asked(source, [subject])[subject] for source in sources}
    return rules.judge(definition, subject=subject, on=on, given=given)


def _judged(
    definition: Definition, registers: Registers, *, area: str, on: date
) -> tuple[Mapping[str, Verdict], Mapping[str, str]]:
    """Return the verdicts of an area; registers are asked only about those whom the ones before leave in."""
    home = definition.population.source
    given: dict[str, dict[str, Given]] = {
        subject: {home: said} for subject, said in registers.listed(area).items()
    }
    verdicts = {
        subject: rules.judge(definition, subject=subject, on=on, given=said)
        for subject, said in given.items()
    }
    for source in definition.checked_elsewhere():
        left = [subject for subject, verdict in verdicts.items() if verdict.outcome is not Outcome.NO]
        for subject, said in registers.asked(source, left).items():
            given[subject][source] = said
            verdicts[subject] = rules.judge(definition, subject=subject, on=on, given=given[subject])
    names = {subject: _name(definition, said[home]) for subject, said in given.items()}
    return verdicts, names


def _name(definition: Definition, said: Given) -> str:
    return next((name for row in said.rows if (name := row.get(definition.population.name, ""))), "")


@transaction
def _store(
    *, run_id: UUID, area: str, verdicts: Mapping[str, Verdict], names: Mapping[str, str], at: datetime
) -> None:
    run = BenefitRun.objects.select_for_update().get(pk=run_id)
    if area in run.areas:
        return
    definition = definition_of(run.definition)
    kept = {
        subject: verdict
        for subject, verdict in verdicts.items()
        if verdict.outcome is not Outcome.NO and rules.is_subject(definition, subject)
    }
    Found.objects.bulk_create(
        [
            _found(run, area=area, subject=subject, name=names[subject], verdict=verdict)
            for subject, verdict in kept.items()
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    if not run.is_dry:
        take_in(run, definition, area=area, verdicts=kept, names=names, at=at)
    run.areas[area] = _counts(definition, verdicts, on=run.on)
    run.save(update_fields=["areas"])


def _found(run: BenefitRun, *, area: str, subject: str, name: str, verdict: Verdict) -> Found:
    row = Found(
        run=run,
        subject=subject_digest(subject),
        area=area,
        group=rules.age_group(subject, run.on),
        outcome=verdict.outcome.value,
        findings=msgspec.to_builtins(verdict.findings),
    )
    row.number, row.name = subject, name
    return row


def _counts(definition: Definition, verdicts: Mapping[str, Verdict], *, on: date) -> dict[str, object]:
    readable = {
        subject: verdict for subject, verdict in verdicts.items() if rules.is_subject(definition, subject)
    }
    outcomes = Counter(verdict.outcome.value for verdict in readable.values())
    outcomes[UNREADABLE] = len(verdicts) - len(readable)
    failed = Counter(verdict.failed for verdict in readable.values() if verdict.outcome is Outcome.NO)
    groups = Counter(
        rules.age_group(subject, on)
        for subject, verdict in readable.items()
        if verdict.outcome is Outcome.ENTITLED
    )
    return {"outcomes": dict(outcomes), "failed": dict(failed), "groups": dict(groups)}


def _waiting() -> Q:
    """Return who may not be entitled any more: confirmed, asked, or looked into by an official."""
    return Q(state__in=[Entitlement.State.ACTIVE, Entitlement.State.ASKED, Entitlement.State.DOUBTFUL]) | Q(
        state=Entitlement.State.SUSPENDED, doubt_case_id__isnull=False
    )


def _not_found_any_more(run: BenefitRun) -> Mapping[UUID, str]:
    if run.is_dry:
        return {}
    rows = Entitlement.objects.filter(_waiting(), benefit_id=run.benefit_id).exclude(last_run=run)
    return {row.pk: row.number for row in rows}


@transaction
def _finish(*, run_id: UUID, lost: Mapping[UUID, Verdict], at: datetime) -> None:
    run = BenefitRun.objects.select_for_update().get(pk=run_id)
    if run.state == BenefitRun.State.FINISHED:
        return
    definition = definition_of(run.definition)
    waiting = (
        Entitlement.objects.select_related("benefit")
        .select_for_update(of=("self",))
        .filter(_waiting(), ~Q(last_run=run))
    )
    for key, verdict in lost.items():
        row = waiting.filter(pk=key).first()
        if row is not None:
            suspend_lost(row, definition, verdict=verdict, at=at)
    run.state, run.ended_at, run.fault = BenefitRun.State.FINISHED, at, ""
    run.save(update_fields=["state", "ended_at", "fault"])
    publish(
        BenefitRunEnded(
            at=at, actor=PLATFORM, subject=_subject(run), benefit=run.benefit_id, is_dry=run.is_dry
        )
    )


def _subject(run: BenefitRun) -> Subject:
    return Subject("benefit_run", str(run.id), f"{run.benefit_id} {run.period}")
