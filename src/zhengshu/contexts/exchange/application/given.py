"""What the outcome of a step needs beside reason and basis: checked, and kept in the matter's row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from django.utils import timezone

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange.application.matters import AnyMatter
from zhengshu.contexts.exchange.domain.demands import (
    DemandedByItself,
    ResourceNotTheirs,
    ResponsibleMissing,
    promised_days,
)
from zhengshu.contexts.exchange.domain.matters import Step
from zhengshu.contexts.exchange.models import CorrectionRequest, DataDemand
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import BatchId, DepartmentId


class SourceMissing(Refused):
    """A request is passed on to the department from which the provider has the data: a third one."""

    code: ClassVar[str] = "exchange.source-missing"
    kind: ClassVar[Kind] = Kind.INVALID
    message: ClassVar[str] = (
        "Choose the department from which your data come; it can be neither yours nor the one that asks."
    )


class BatchUnfit(Refused):
    """Corrected is what is served: a batch of the resource that was published after the request."""

    code: ClassVar[str] = "exchange.batch-unfit"
    kind: ClassVar[Kind] = Kind.INVALID
    message: ClassVar[str] = (
        "Choose the batch that has the corrected rows: one of “%(resource)s”, published after %(since)s."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What casework is handed with an outcome."""

    data: Mapping[str, int] = field(default_factory=dict)
    parties: Mapping[str, DepartmentId] = field(default_factory=dict)


def take_over(row: AnyMatter, step: Step, *, actor: Actor, at: datetime) -> Given:
    """Check what a step gives, write it into the row (unsaved), and return what casework needs of it.

    Raises:
        Refused: something that the outcome needs is missing or does not fit.
    """
    match row:
        case CorrectionRequest():
            return _correction(row, step, actor=actor)
        case DataDemand():
            return _demand(row, step, at=at)
        case _:
            return Given()


def _correction(row: CorrectionRequest, step: Step, *, actor: Actor) -> Given:
    match step.task, step.outcome:
        case "verify", "pass_on":
            if step.department_id in {None, row.requester_department_id, row.provider_department_id}:
                raise SourceMissing
            source = trust.department(department_id=step.department_id).id
            row.source_department_id = source
            return Given(parties={"source": source})
        case "correct", "corrected":
            row.batch_id = _batch(row, step, actor=actor)
    return Given()


def _batch(row: CorrectionRequest, step: Step, *, actor: Actor) -> BatchId:
    unfit = BatchUnfit(
        resource=row.resource_name, since=f"{timezone.localtime(row.opened_at):%Y-%m-%d %H:%M}"
    )
    if step.batch_id is None:
        raise unfit
    batch = lake.batch(batch_id=BatchId(step.batch_id), actor=actor)
    is_published = batch.state is lake.BatchState.PUBLISHED and batch.finished_at is not None
    if batch.resource_id != row.resource_id or not is_published or batch.received_at < row.opened_at:
        raise unfit
    return batch.id


def _demand(row: DataDemand, step: Step, *, at: datetime) -> Given:
    match step.task, step.outcome:
        case "find_responsible", "assign":
            return _responsible(row, step)
        case "find_responsible", "offered":
            _resource(row, step, department_id=None)
        case "find_responsible", ("withhold" | "decline"):
            row.answer_reason, row.answer_basis = step.reason.strip(), step.basis.strip()
        case "accept_responsibility", "accept":
            days = promised_days(step.promised_on, today=timezone.localdate(at))
            row.promised_on = step.promised_on
            return Given(data={"promised_days": days})
        case "accept_responsibility", "refuse":
            row.responsible_department_id = None
        case "publish_resource", _:
            _resource(row, step, department_id=row.responsible_department_id)
    return Given()


def _responsible(row: DataDemand, step: Step) -> Given:
    if step.department_id is None:
        raise ResponsibleMissing
    if step.department_id == row.requester_department_id:
        raise DemandedByItself
    found = trust.department(department_id=step.department_id).id
    row.responsible_department_id = found
    return Given(parties={"responsible": found})


def _resource(row: DataDemand, step: Step, *, department_id: object) -> None:
    """Keep which published resource offers what was demanded: the responsible department's, if there is one."""
    resource = catalog.published_by_code(code=step.resource_code)
    if department_id is not None and resource.department_id != department_id:
        name = trust.department(department_id=row.responsible_department_id or resource.department_id).name
        raise ResourceNotTheirs(code=step.resource_code, department=name)
    row.resource_code, row.resource_name = resource.code, resource.name
