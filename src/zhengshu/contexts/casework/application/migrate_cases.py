"""Letting running cases go on under another edition of their type."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec
from django.db.models import Prefetch, QuerySet

from zhengshu.contexts.casework.application.clockwork import Clockwork, RunningClock
from zhengshu.contexts.casework.application.extension import ask_code, consent_code
from zhengshu.contexts.casework.application.migration_runs import (
    begin_migration,
    verdicts_of,
    write_verdicts,
)
from zhengshu.contexts.casework.application.naming import LoadedType, countersigned, loaded
from zhengshu.contexts.casework.application.open_case import CaseTypeNotFound
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.completing import barred
from zhengshu.contexts.casework.domain.definitions import APPLICANT
from zhengshu.contexts.casework.domain.migrating import (
    NO_RENAMING,
    Edition,
    Moved,
    MoveVerdict,
    Obstacle,
    Renaming,
    Standing,
    move,
)
from zhengshu.contexts.casework.domain.records import OPEN, StepKind, TaskKind
from zhengshu.contexts.casework.domain.running import RunningState
from zhengshu.contexts.casework.events import CaseMigrated
from zhengshu.contexts.casework.models import Case, CaseParty, CaseTypeVersion, Clock, Task, Wait
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId, DepartmentId

BATCH = 200
"""Cases that are locked and moved together; a killed run goes on with the next batch when it is started again."""


class EditionNotFound(Refused):
    """The case type has no edition of that number."""

    code: ClassVar[str] = "casework.edition-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "“%(case_type)s” has no edition %(edition)s. It has: %(known)s."


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMove:
    """What becomes of one running case, or would.

    Attributes:
        number: the case's number.
        from_edition: the edition that it runs now.
        to_edition: the edition under which it would go on.
        verdict: whether it moves as it is, with other names, or cannot.
        standing: the elements of the flow at which it stands.
        obstacles: why it cannot.
    """

    case_id: CaseId
    number: str
    from_edition: int
    to_edition: int
    verdict: MoveVerdict
    standing: tuple[str, ...]
    obstacles: tuple[Obstacle, ...] = ()


def migrate_cases(
    *,
    case_type: str,
    from_edition: int | None = None,
    to_edition: int | None = None,
    renaming: Renaming = NO_RENAMING,
    is_applied: bool = False,
    idempotency_key: str = "",
    actor: Actor,
    at: datetime,
) -> Iterator[CaseMove]:
    """Yield a verdict for each running case of the other editions, and move those that may move if that is asked.

    Without `from_edition` the cases of all other editions are meant; without `to_edition` the current one is the
    aim. Clocks that run keep their limits; those that start later have the new ones. What was moved is not found
    again by another run.

    A run that was cut short goes on when it is started again: by its `idempotency_key`, or without one when it is to do
    the same. It yields the verdicts that were reached before, then those that were missing, one for each case.

    Raises:
        CaseTypeNotFound: the type was not loaded.
        EditionNotFound: the type has no such edition.
        KeyUsedOtherwise: the idempotency key was used for another migration.
    """
    versions = dict(CaseTypeVersion.objects.filter(code=case_type).values_list("edition", "pk"))
    current = CaseTypeVersion.objects.filter(code=case_type, is_current=True).values_list(
        "edition", flat=True
    )
    if not versions:
        raise CaseTypeNotFound(case_type=case_type)
    aim = to_edition or current.get()
    for edition in (aim, from_edition or aim):
        if edition not in versions:
            known = ", ".join(str(number) for number in sorted(versions))
            raise EditionNotFound(case_type=case_type, edition=edition, known=known)
    sources = [key for number, key in versions.items() if number != aim and from_edition in {None, number}]
    cases = Case.objects.filter(version__in=sources, state=OPEN).order_by("pk")
    batch = _Batch(new=loaded(versions[aim]), renaming=renaming, actor=actor, at=at)
    run = None
    if is_applied:
        content = msgspec.json.encode([case_type, from_edition, aim, renaming], order="deterministic")
        run = begin_migration(content=content, key=idempotency_key, actor=actor, at=at)
    after: UUID | None = None
    while True:
        rest = cases.filter(pk__gt=after) if after else cases
        found, is_last = batch.look(rest) if run is None else batch.go_on(run, rest, after=after)
        yield from found
        if is_last:
            return
        after = found[-1].case_id


def running_elsewhere(*, case_type: str) -> int:
    """Return how many cases of a type run under an edition that is not the current one any more."""
    rows = Case.objects.filter(type_code=case_type, state=OPEN)
    return rows.filter(version__in=CaseTypeVersion.objects.filter(code=case_type, is_current=False)).count()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """Judges cases batch by batch, and moves them."""

    new: LoadedType
    renaming: Renaming
    actor: Actor
    at: datetime

    def look(self, cases: QuerySet[Case]) -> tuple[list[CaseMove], bool]:
        """Return what would become of the next cases, and whether they are the last."""
        moves = [self._judge(row)[0] for row in _with_parts(cases)]
        return moves, len(moves) < BATCH

    @transaction
    def go_on(self, run: UUID, cases: QuerySet[Case], *, after: UUID | None) -> tuple[list[CaseMove], bool]:
        """Return the verdicts that the run reached before, else move the next cases and write theirs down."""
        known, has_ended = verdicts_of(run, after=after, most=BATCH)
        if known or has_ended:
            return [msgspec.convert(one, CaseMove) for one in known], has_ended and len(known) < BATCH
        moves = []
        for row in _with_parts(cases.select_for_update(of=("self",))):
            verdict, moved = self._judge(row)
            moves.append(verdict)
            if moved.verdict != MoveVerdict.CANNOT:
                _move(row, self.new, moved, renaming=self.renaming, actor=self.actor, at=self.at)
        is_last = len(moves) < BATCH
        told = {one.case_id: msgspec.to_builtins(one) for one in moves}
        write_verdicts(run, told, ended_at=self.at if is_last else None)
        return moves, is_last

    def _judge(self, row: Case) -> tuple[CaseMove, Moved]:
        moved = _moved(row, self.new, self.renaming)
        return _verdict(row, self.new, moved), moved


def _with_parts(cases: QuerySet[Case]) -> list[Case]:
    return list(
        cases.prefetch_related(
            Prefetch("tasks", queryset=Task.objects.open().order_by("opened_at", "id")),
            Prefetch("clocks", queryset=Clock.objects.prefetch_related("pauses", "extensions")),
            Prefetch("parties", queryset=CaseParty.objects.filter(is_supervisor=False)),
        )[:BATCH]
    )


def _edition(kind: LoadedType) -> Edition:
    return Edition(number=kind.edition, definition=kind.definition, flow=kind.flow, reads=kind.reads)


def _moved(row: Case, new: LoadedType, renaming: Renaming) -> Moved:
    clocks: dict[str, str] = dict.fromkeys((clock.code for clock in row.clocks.all()), "")
    for clock in row.clocks.all():
        clocks.update((clock.code, pause.ground) for pause in clock.pauses.all() if pause.active_to is None)
    parties = {part.name for part in row.parties.all()} | ({APPLICANT} if row.applicant_id else set())
    standing = Standing(
        state=msgspec.convert(row.running, RunningState),
        data=row.data,
        clocks=clocks,
        parties=frozenset(parties),
        done=row.done,
    )
    return move(standing, old=_edition(loaded(row.version_id)), new=_edition(new), renaming=renaming)


def _verdict(row: Case, new: LoadedType, moved: Moved) -> CaseMove:
    return CaseMove(
        case_id=CaseId(row.pk),
        number=row.number,
        from_edition=loaded(row.version_id).edition,
        to_edition=new.edition,
        verdict=moved.verdict,
        standing=tuple(sorted({task.code for task in row.tasks.all()})),
        obstacles=moved.obstacles,
    )


def _move(
    row: Case, new: LoadedType, moved: Moved, *, renaming: Renaming, actor: Actor, at: datetime
) -> None:
    """Let one case go on under the new edition: its rows get the new names, its to-dos the new people."""
    old = loaded(row.version_id)
    row.version_id = new.id
    row.running, row.data, row.done = msgspec.to_builtins(moved.state), dict(moved.data), dict(moved.done)
    for before, after in renaming.tasks.items():
        row.tasks.filter(code=before).update(code=after)
        Wait.objects.filter(case=row, event=before).update(event=after)
    for before, after in renaming.clocks.items():
        row.clocks.filter(code=before).update(code=after)
        row.done = {ask_code(after) if key == ask_code(before) else key: who for key, who in row.done.items()}
    case = WorkingCase(
        row,
        parties={part.name: DepartmentId(part.department_id) for part in row.parties.all()},
        tasks=list(row.tasks.all()),
        clocks=Clockwork(_running_clocks(row, renaming)),
        actor=actor,
    )
    for task in case.tasks:
        _reassign(case, task, renaming=renaming)
    Task.objects.bulk_update(
        case.tasks, ["code", "clock_code", "department_id", "person_id", "enterprise_id", "roles"]
    )
    details = {"from": str(old.edition), "to": str(new.edition), "version": str(old.id)}
    case.note(StepKind.MIGRATED, at=at, details=details)
    case.announce(CaseMigrated, at=at, from_edition=old.edition, to_edition=new.edition)
    case.clocks.follow_pauses(case, at=at)
    case.store(at=at)
    if not new.waits:
        Wait.objects.filter(case=row).delete()


def _running_clocks(row: Case, renaming: Renaming) -> dict[str, RunningClock]:
    found = {}
    for clock in row.clocks.all():
        clock.code = renaming.clocks.get(clock.code, clock.code)
        if clock.stopped_at is None:
            found[clock.code] = RunningClock.of(clock)
    return found


def _reassign(case: WorkingCase, task: Task, *, renaming: Renaming) -> None:
    """Give a to-do its name in the new edition, and those whom the new edition names."""
    definition = case.type.definition
    if task.kind == TaskKind.EXTENSION:
        task.clock_code = renaming.clocks.get(task.clock_code, task.clock_code)
        task.code = consent_code(task.clock_code)
        return
    if about := countersigned(task.code):
        task.code = task.code.removesuffix(about) + renaming.tasks.get(about, about)
        return
    task.code = renaming.tasks.get(task.code, task.code)
    before = task.holder
    lane = definition.lanes[case.type.flow.lane_of(task.code)]
    holder = case.holder_of(lane, item=str(before.department_id or ""))
    task.department_id, task.person_id = holder.department_id, holder.person_id
    task.enterprise_id, task.roles = holder.enterprise_id, [role.value for role in lane.roles]
    task.barred = sorted(barred(case.facts(task), rule=definition.tasks[task.code]))
    if task.holder != before or task.claimed_by in task.barred:
        task.claimed_by, task.claimed_by_name, task.claimed_at = None, "", None
