"""What follows for those whom a run found: asked, due for a period, or looked into by an official.

Whoever was found before is not found anew, and a period is due once; the database holds both. A doubt that an official
has decided is not looked into again while rules and registers say the same.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from zhengshu.contexts.services.application.ask_entitled import ask_to_confirm, open_doubt, tell_lost
from zhengshu.contexts.services.domain import benefits as rules
from zhengshu.contexts.services.domain.benefits import Definition, Outcome, Verdict
from zhengshu.contexts.services.models.benefits import (
    BenefitRun,
    Entitlement,
    Found,
    Payment,
    doubt_digest,
    subject_digest,
)

State = Entitlement.State
STOPPED = frozenset({State.SUSPENDED, State.DOUBTFUL, State.REFUSED})
"""Who goes on as soon as he is found again, or an official says so."""
ANSWERED_NO = frozenset({State.DECLINED, State.OBJECTED, State.REMOVED})


def definition_of(written: object) -> Definition:
    """Return a stored declaration."""
    return msgspec.convert(written, type=Definition)


def take_in(
    run: BenefitRun,
    definition: Definition,
    *,
    area: str,
    verdicts: Mapping[str, Verdict],
    names: Mapping[str, str],
    at: datetime,
) -> None:
    """Ask those who were not found before, make the period due to those who have confirmed, and open what is in doubt.

    Args:
        run: a run that is not dry, locked.
        definition: the run's.
        area: in which they are listed.
        verdicts: of those who are entitled or doubtful, by number.
        names: by number.
        at: now.
    """
    digests = {subject: subject_digest(subject) for subject in verdicts}
    known = {
        bytes(row.subject): row
        for row in Entitlement.objects.select_for_update().filter(
            benefit_id=run.benefit_id, subject__in=digests.values()
        )
    }
    for subject, verdict in verdicts.items():
        row = known.get(digests[subject])
        if row is None:
            row = Entitlement(benefit_id=run.benefit_id, subject=digests[subject], found_at=at, changed_at=at)
            row.number, row.name = subject, names[subject]
        elif row.last_run_id == run.id:
            continue
        row.last_run, row.findings, row.area = run, msgspec.to_builtins(verdict.findings), area
        row.lost_at = None
        if verdict.outcome is Outcome.ENTITLED or _is_cleared(row, verdict):
            _found(row, definition, run=run, subject=subject, at=at)
        else:
            _doubted(row, definition, verdict=verdict, subject=subject, at=at)


def suspend_lost(row: Entitlement, definition: Definition, *, verdict: Verdict, at: datetime) -> None:
    """Suspend somebody whom a run does not find any more; who was asked or had confirmed is told once."""
    is_told = row.lost_at is not None or (row.confirmed_at is None and row.case_id is None)
    row.state, row.findings = State.SUSPENDED, msgspec.to_builtins(verdict.findings)
    row.changed_at, row.lost_at = at, row.lost_at or at
    row.save(update_fields=["state", "findings", "changed_at", "lost_at"])
    if not is_told:
        tell_lost(row, definition, verdict=verdict, at=at)


def go_on(row: Entitlement, definition: Definition, *, subject: str, at: datetime) -> None:
    """Let somebody who was stopped go on: active if he has confirmed, otherwise asked to."""
    row.state = State.ACTIVE if row.confirmed_at else State.ASKED
    row.changed_at = at
    row.save()
    if row.state == State.ASKED:
        ask_to_confirm(row, definition, subject=subject, at=at)


def make_due(
    row: Entitlement, definition: Definition, *, run: BenefitRun, subject: str, at: datetime
) -> None:
    """Make the period of a run due to somebody who has confirmed and said where to; a second time changes nothing."""
    yuan = rules.amount_of(definition, subject=subject, on=run.on)
    if yuan is None or row.state != State.ACTIVE or row.sealed_account is None:
        return
    Payment.objects.bulk_create(
        [Payment(entitlement=row, period=run.period, yuan=yuan, due_at=at)], ignore_conflicts=True
    )


def make_due_since(row: Entitlement, *, first: BenefitRun, at: datetime) -> None:
    """Make every period due in which a run found somebody, from a run on."""
    found = Found.objects.filter(
        run__benefit_id=row.benefit_id,
        run__is_dry=False,
        run__started_at__gte=first.started_at,
        subject=bytes(row.subject),
    )
    for one in found.select_related("run").order_by("run__started_at"):
        make_due(row, definition_of(one.run.definition), run=one.run, subject=row.number, at=at)


def _found(row: Entitlement, definition: Definition, *, run: BenefitRun, subject: str, at: datetime) -> None:
    is_waiting = row.doubt_case_id is not None
    if row.state in STOPPED and not is_waiting:
        go_on(row, definition, subject=subject, at=at)
    else:
        row.save()
        if row.state == State.ASKED:
            ask_to_confirm(row, definition, subject=subject, at=at)
    make_due(row, definition, run=run, subject=subject, at=at)


def _doubted(
    row: Entitlement, definition: Definition, *, verdict: Verdict, subject: str, at: datetime
) -> None:
    """Stop somebody about whom there is a doubt, and open the to-do of an official, once."""
    digest = doubt_digest(verdict.doubt)
    is_refused = row.state == State.REFUSED and row.doubt is not None and bytes(row.doubt) == digest
    if row.state in ANSWERED_NO or is_refused:
        row.save()
        return
    row.doubt = digest
    if row.doubt_case_id is not None:
        row.save()
        return
    row.doubt_run, row.changed_at = row.last_run, at
    open_doubt(row, definition, subject=subject, at=at)


def _is_cleared(row: Entitlement, verdict: Verdict) -> bool:
    """Whether an official decided already that this very doubt hinders nothing."""
    return (
        row.doubt is not None
        and row.doubt_case_id is None
        and row.state != State.REFUSED
        and bytes(row.doubt) == doubt_digest(verdict.doubt)
    )
