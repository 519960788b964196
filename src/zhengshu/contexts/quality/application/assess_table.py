"""Assess a table of the lake: whole, or without any result."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

import structlog
from django.utils import timezone

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application.ask_assessment import subject_of
from zhengshu.contexts.quality.application.engine.assess import Job, assess
from zhengshu.contexts.quality.application.engine.blamed import blamed_places
from zhengshu.contexts.quality.application.engine.regions import rows_by_region
from zhengshu.contexts.quality.application.engine.source import Source, parquet_source
from zhengshu.contexts.quality.application.engine.table_rules import Observed
from zhengshu.contexts.quality.application.engine.watching import AssessmentCancelled
from zhengshu.contexts.quality.application.keep_results import keep_results
from zhengshu.contexts.quality.application.masks import folder_of
from zhengshu.contexts.quality.application.packs import Loaded
from zhengshu.contexts.quality.application.tables import (
    Asked,
    asked_of,
    code_tables_of,
    resource_of,
    rules_in_force,
)
from zhengshu.contexts.quality.domain.results import Assessment
from zhengshu.contexts.quality.domain.runs import NoRuleFits, NothingToAssess, RunState
from zhengshu.contexts.quality.events import AssessmentFailed, AssessmentStopped
from zhengshu.contexts.quality.models import Outcome, Run
from zhengshu.foundation import locks
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId, ResourceId

log = structlog.get_logger(__name__)

SPACE = "quality"
PLATFORM = Actor.platform("quality.assess")
REGION_ELEMENT = "region-code"
"""The data element of the column by which rows belong to regions."""
SECONDS_BETWEEN_SIGNS = 0.5


class RuleBroke(Refused):
    """A rule could not be computed on these rows; the run has no result, and the log has the details."""

    code = "quality.rule-broke"
    kind = Kind.UNAVAILABLE
    message = "The table could not be assessed: a rule or the engine failed. The operator finds the details in the log."


def assess_table(*, run_id: UUID, at: datetime) -> None:
    """Carry out a run that waits; one that does not wait any more is left alone.

    The run ends whole with all of its results, or stopped, or failed, without any. If the process dies, `clean_up`
    marks it as interrupted.
    """
    run = Run.objects.filter(id=run_id, state=RunState.WAITING).first()
    if run is None or not locks.take(SPACE, run.resource_id):
        return
    try:
        _begin(run, at=at)
        _carry_out(run, at=at)
    finally:
        locks.give_back(SPACE, run.resource_id)


def _carry_out(run: Run, *, at: datetime) -> None:
    started = time.monotonic()

    def now() -> datetime:
        return at + timedelta(seconds=time.monotonic() - started)

    try:
        with opened(ResourceId(run.resource_id)) as (asked, jobs, files):
            Run.objects.filter(id=run.id).update(snapshot_id=files.snapshot_id, batch_id=files.batch_id)
            job = jobs.of(
                files.files,
                today=timezone.localtime(at).date(),
                former=former_of(run),
                store=folder_of(run.resource_id),
            )
            found = assess(job, told=Teller(run.id))
            keep_results(run, found, asked, files, at=now(), regions=_by_region(run, asked, job, found))
    except AssessmentCancelled:
        _stop(run, at=now())
    except Refused as refusal:
        _fail(run, refusal, at=now())
    except Exception:
        log.exception("quality.assessment_failed", run=str(run.id), resource=run.resource_code)
        _fail(run, RuleBroke(), at=now())


def _by_region(run: Run, asked: Asked, job: Job, found: Assessment) -> Mapping[str, tuple[int, int]]:
    """Return the rows of each region, where the table holds codes of regions."""
    columns = [
        column.name
        for column in asked.table.columns
        if column.element == REGION_ELEMENT and column.name in job.source.columns
    ]
    if not columns:
        return {}
    return rows_by_region(job.source, columns[0], blamed_places(folder_of(run.resource_id), found.kept))


class Teller:
    """Writes into the run how far it is, twice a second, and learns there whether somebody stopped it."""

    def __init__(self, run_id: UUID) -> None:
        """Remember the run."""
        self.run_id = run_id
        self.next = 0.0

    def __call__(self, done: int, total: int) -> bool:
        """Tell how many row visits are done; False once somebody stopped the run."""
        now = time.monotonic()
        if now < self.next and done < total:
            return True
        self.next = now + SECONDS_BETWEEN_SIGNS
        going = Run.objects.filter(id=self.run_id, state=RunState.RUNNING, is_stop_asked=False)
        return bool(going.update(done=done, total=total))


@contextmanager
def opened(resource_id: ResourceId) -> Iterator[tuple[Asked, "Jobs", lake.TableFiles]]:
    """Open what is served of a resource, with its rules and the other tables that they name.

    Raises:
        NothingToAssess: nothing is served.
        NoRuleFits: no rule speaks of it.
    """
    resource = catalog.resources(ids=[resource_id])[resource_id]
    with opened_rules(resource) as (asked, jobs), lake.table_files(resource_id=resource_id) as files:
        if not asked.rules:
            raise NoRuleFits
        if files is None:
            raise NothingToAssess
        yield asked, jobs, files


@contextmanager
def opened_rules(resource: catalog.ResourceRecord) -> Iterator[tuple[Asked, "Jobs"]]:
    """Open the rules of a resource and the other tables that they name."""
    loaded = rules_in_force()
    asked = asked_of(resource, loaded)
    with ExitStack() as stack:
        yield asked, Jobs(asked, loaded, stack)


class Jobs:
    """Makes the engine's jobs for rows of one resource."""

    def __init__(self, asked: Asked, loaded: Loaded, stack: ExitStack) -> None:
        """Open the other tables."""
        self.asked, self.loaded = asked, loaded
        self.others = {
            name: source
            for name in sorted(asked.names_of_others)
            if (source := _other(name, loaded, stack)) is not None
        }

    def of(
        self,
        files: Sequence[lake.TableFile],
        *,
        today: date,
        former: Mapping[str, Observed] = MappingProxyType({}),
        store: Path | None = None,
    ) -> Job:
        """Return the job for some files, as of a day."""
        there = {name for file in files for name in file.columns}
        return Job(
            table=self.asked.table,
            rules=self.asked.rules,
            source=source_of(files, self.asked),
            today=today,
            others=self.others,
            code_tables=code_tables_of(self.asked.rules, self.loaded),
            former=former,
            store=store,
            missing=tuple(item.name for item in self.asked.resource.items if item.column not in there),
        )


def source_of(files: Sequence[lake.TableFile], asked: Asked) -> Source:
    """Return files of the lake as the engine reads them."""
    there = {name for file in files for name in file.columns}
    names = [column.name for column in asked.table.columns if column.name in there]
    return parquet_source([file.path for file in files], {name: name for name in names})


def _other(name: str, loaded: Loaded, stack: ExitStack) -> Source | None:
    resource = resource_of(name, loaded)
    if resource is None:
        return None
    files = stack.enter_context(lake.table_files(resource_id=resource.id))
    return source_of(files.files, asked_of(resource, loaded)) if files else None


def former_of(run: Run) -> Mapping[str, Observed]:
    """Return what the rules observed in the last whole run of the same table."""
    former = (
        Run.objects.whole()
        .filter(resource_id=run.resource_id)
        .exclude(id=run.id)
        .order_by("-finished_at", "-id")
        .first()
    )
    if former is None:
        return {}
    rows = Outcome.objects.filter(run=former).exclude(observed={})
    return {row.code: row.observed for row in rows}


@transaction
def _begin(run: Run, *, at: datetime) -> None:
    run.state, run.started_at, run.done, run.total = RunState.RUNNING, at, 0, 0
    run.save(update_fields=["state", "started_at", "done", "total"])


@transaction
def _stop(run: Run, *, at: datetime) -> None:
    _end(run, RunState.CANCELLED, at=at)
    publish(
        AssessmentStopped(
            at=at,
            actor=PLATFORM,
            subject=subject_of(run),
            department_id=DepartmentId(run.department_id),
            run_id=run.id,
            resource_id=run.resource_id,
            resource_code=run.resource_code,
        )
    )


@transaction
def _fail(run: Run, refusal: Refused, *, at: datetime) -> None:
    run.refusal_code, run.refusal_message = refusal.code, refusal.message
    run.refusal_data = {name: str(value) for name, value in refusal.data.items()}
    run.save(update_fields=["refusal_code", "refusal_message", "refusal_data"])
    _end(run, RunState.FAILED, at=at)
    publish(
        AssessmentFailed(
            at=at,
            actor=PLATFORM,
            subject=subject_of(run),
            department_id=DepartmentId(run.department_id),
            run_id=run.id,
            resource_id=run.resource_id,
            resource_code=run.resource_code,
            reason_code=refusal.code,
        )
    )


def _end(run: Run, state: RunState, *, at: datetime) -> None:
    run.state, run.finished_at = state, at
    run.save(update_fields=["state", "finished_at"])
