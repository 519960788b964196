"""Management API of `lake`: deliveries by programs of a department."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.utils import timezone
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile

from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.interfaces import jobs
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import MOST_ROWS_PER_PAGE, ListQuery
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Role
from zhengshu.kernel.identity import BatchId

router = Router(tags=["lake"])


class FaultOut(Schema):
    """How many rows have one kind of fault in one column."""

    column: str
    kind: str
    rows: int


class BatchOut(Schema):
    """One delivery."""

    id: UUID
    number: str
    resource_id: UUID
    resource_code: str
    resource_name: str
    file_name: str
    mode: api.DeliveryMode
    state: api.BatchState
    size: int
    digest: str
    rows: int
    accepted: int
    set_aside: int
    blank: int
    served: int
    faults: list[FaultOut]
    snapshot_id: int | None
    refusal_code: str
    by_name: str
    received_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class BatchPageOut(Schema):
    """One page of deliveries."""

    total: int
    page: int
    rows: list[BatchOut]


class BatchQuery(Schema):
    """Which deliveries, and which page of them."""

    q: str = ""
    state: api.BatchState | None = None
    page: int = 1
    size: int = 20


@router.get("/batches", response=BatchPageOut, auth=official(), operation_id="lake_batches")
def batches(request: ActorRequest, query: Query[BatchQuery]) -> BatchPageOut:
    """List the deliveries that the caller may see, newest first."""
    asked = ListQuery(
        text=query.q,
        filters={"state": (query.state,)} if query.state else {},
        page=max(1, query.page),
        size=min(max(1, query.size), MOST_ROWS_PER_PAGE),
    )
    page = api.batches(actor=request.actor, query=asked)
    return BatchPageOut(total=page.total, page=asked.page, rows=[_out(row) for row in page.rows])


@router.get("/batches/{batch_id}", response=BatchOut, auth=official(), operation_id="lake_batch")
def batch(request: ActorRequest, batch_id: UUID) -> BatchOut:
    """Return one delivery; poll it until its state is published, refused or interrupted."""
    return _out(api.batch(batch_id=BatchId(batch_id), actor=request.actor))


@router.post(
    "/resources/{resource_code}/batches",
    response={202: BatchOut},
    auth=official(Role.DATA_OFFICER),
    operation_id="lake_deliver",
)
def deliver(
    request: ActorRequest,
    resource_code: str,
    file: Annotated[UploadedFile, File()],
    mode: api.DeliveryMode = api.DeliveryMode.REPLACE,
    again: bool = False,  # noqa: FBT001, FBT002 - a query parameter
) -> Status[BatchOut]:
    """Deliver a file as rows of a resource; the worker collects it."""
    return Status(202, _out(_receive(request, resource_code, file, mode, is_repetition_meant=again)))


@transaction
def _receive(
    request: ActorRequest, code: str, file: UploadedFile, mode: api.DeliveryMode, *, is_repetition_meant: bool
) -> api.BatchRecord:
    api.refuse_too_large(file.size or 0)
    staged = api.keep_upload(file.chunks())
    received = api.receive_file(
        resource_code=code,
        staged=staged,
        file_name=file.name or "",
        size=staged.stat().st_size,
        actor=request.actor,
        at=timezone.now(),
        mode=mode,
        is_repetition_meant=is_repetition_meant,
    )
    jobs.collect.defer(batch_id=str(received.id))
    return received


def _out(record: api.BatchRecord) -> BatchOut:
    return BatchOut.model_validate(record, from_attributes=True)
