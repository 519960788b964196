"""Rows that were set aside: shown, downloaded, corrected, delivered again."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.interfaces.access import officers, owners
from zhengshu.contexts.lake.interfaces.forms import CorrectedFileForm, RowForm
from zhengshu.contexts.lake.interfaces.labels import KINDS
from zhengshu.contexts.lake.interfaces.web_batches import shown_row
from zhengshu.contexts.lake.interfaces.web_deliver import refuse_announced
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.kernel.actors import Role
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import BatchId

_KINDS_OF_FILE = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@owners
def row_list(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    """Show the rows that were set aside from a batch, with their reasons."""
    return _row_list(request, BatchId(batch_id), CorrectedFileForm())


def _row_list(request: ActorRequest, batch_id: BatchId, form: CorrectedFileForm) -> HttpResponse:
    query = ListQuery.read(request.GET, filters=("column", "kind", "open"))
    batch = api.batch(batch_id=batch_id, actor=request.actor)
    page = api.set_aside_rows(batch_id=batch.id, actor=request.actor, query=query)
    resource = catalog.resources(ids=[batch.resource_id])[batch.resource_id]
    names = {item.column: item.name for item in resource.items}
    context = {
        "batch": batch,
        "page": page,
        "query": query,
        "rows": [shown_row(row, names) for row in page.rows],
        "facets": _facets(batch, names),
        "form": form,
        "is_officer": request.actor.has(Role.DATA_OFFICER),
    }
    return render(request, "lake/row_list.html", context, status=422 if form.errors else 200)


@officers
def row_correct(request: ActorRequest, batch_id: UUID, line: int) -> HttpResponse:
    """Correct one row in the page and publish it."""
    batch = api.batch(batch_id=BatchId(batch_id), actor=request.actor)
    row = api.set_aside_row(batch_id=batch.id, line=line, actor=request.actor)
    resource = catalog.resources(ids=[batch.resource_id])[batch.resource_id]
    # The delivered values are shown as if they had been entered, so that the reasons stand at their fields.
    entered = request.POST if request.method == "POST" else dict(row.values)
    form = RowForm(entered, resource=resource)
    if request.method == "POST" and form.is_valid():
        try:
            replayed = api.replay_rows(
                batch_id=batch.id,
                corrections={line: form.cleaned_data},
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            if replayed.corrected:
                _say(request, replayed)
                return redirect("lake:row-list", batch.id)
            row = api.set_aside_row(batch_id=batch.id, line=line, actor=request.actor)
    _mark_faults(form, row)
    context = {"batch": batch, "form": form, "line": line, "row": row}
    return render(request, "lake/row_correct.html", context, status=422 if request.method == "POST" else 200)


@owners
def download(request: ActorRequest, batch_id: UUID, file_format: str) -> HttpResponseBase:
    """Hand out the rows that wait for correction as a file."""
    if file_format not in _KINDS_OF_FILE:
        raise Http404
    batch = api.batch(batch_id=BatchId(batch_id), actor=request.actor)
    path = api.export_set_aside(
        batch_id=batch.id, file_format=file_format, actor=request.actor, at=timezone.now()
    )
    file = path.open("rb")
    path.unlink()
    name = f"{batch.resource_name}-{batch.number}.{file_format}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=_KINDS_OF_FILE[file_format])


@require_POST
@officers
@csrf_exempt
def replay(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    """Take the corrected file."""
    refuse_announced(request)
    return _replay(request, BatchId(batch_id))


@csrf_protect
def _replay(request: ActorRequest, batch_id: BatchId) -> HttpResponse:
    form = CorrectedFileForm(request.POST, request.FILES)
    if form.is_valid():
        upload: UploadedFile[bytes] = form.cleaned_data["file"]
        staged = api.keep_upload(upload.chunks())
        try:
            replayed = api.replay_file(
                batch_id=batch_id,
                source=staged,
                file_name=upload.name or "",
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            _say(request, replayed)
            return redirect("lake:row-list", batch_id)
        finally:
            staged.unlink(missing_ok=True)
    return _row_list(request, batch_id, form)


def _say(request: ActorRequest, replayed: api.Replayed) -> None:
    if replayed.corrected:
        text = ngettext(
            "%(rows)s row was corrected and published.",
            "%(rows)s rows were corrected and published.",
            replayed.corrected,
        )
        messages.success(request, text % {"rows": replayed.corrected})
    if replayed.still_faulty:
        text = ngettext(
            "%(rows)s row still does not fit.", "%(rows)s rows still do not fit.", replayed.still_faulty
        )
        messages.warning(request, text % {"rows": replayed.still_faulty})


def _mark_faults(form: RowForm, row: api.SetAside) -> None:
    form.is_valid()
    for fault in row.faults:
        form.add_error(fault.column if fault.column in form.fields else None, api.sentence_of(fault))


def _facets(batch: api.BatchRecord, names: dict[str, str]) -> Iterator[Facet]:
    columns = dict.fromkeys(count.column for count in batch.faults if count.column)
    kinds = dict.fromkeys(count.kind for count in batch.faults)
    yield Facet(
        name="column",
        label=gettext("Field"),
        options=tuple(Option(value=column, label=names.get(column, column)) for column in columns),
        is_single=True,
    )
    yield Facet(
        name="kind",
        label=gettext("Reason"),
        options=tuple(Option(value=kind, label=str(KINDS[api.FaultKind(kind)])) for kind in kinds),
        is_single=True,
    )
    yield Facet(
        name="open",
        label=gettext("Correction"),
        options=(Option(value="1", label=gettext("still waiting")),),
        is_single=True,
    )
