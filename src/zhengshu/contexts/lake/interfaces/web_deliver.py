"""Delivering a file for a resource."""

from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.interfaces import jobs
from zhengshu.contexts.lake.interfaces.access import officers
from zhengshu.contexts.lake.interfaces.forms import DeliveryForm
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.errors import Refused


@officers
def choose(request: ActorRequest) -> HttpResponse:
    """Show the own resources, to deliver for one of them."""
    query = ListQuery.read(request.GET)
    mine = ListQuery(
        text=query.text,
        filters={"department": (str(request.actor.department_id),)},
        page=query.page,
        size=query.size,
    )
    page = catalog.search(query=mine, actor=request.actor)
    servings = api.servings(resource_ids=[row.id for row in page.rows])
    rows = [{"resource": row, "serving": servings.get(row.id)} for row in page.rows]
    return render(request, "lake/deliver_choose.html", {"page": page, "query": query, "rows": rows})


@officers
@csrf_exempt
def deliver(request: ActorRequest, code: str) -> HttpResponse:
    """Take a delivery; a body that announces too many bytes is refused before it is read."""
    refuse_announced(request)
    return _deliver(request, code)


def refuse_announced(request: ActorRequest) -> None:
    """Refuse a request whose announced length exceeds what is taken."""
    announced = request.headers.get("Content-Length", "")
    api.refuse_too_large(int(announced) if announced.isdecimal() else 0)


@csrf_protect
def _deliver(request: ActorRequest, code: str) -> HttpResponse:
    resource = catalog.resource(code=code, actor=request.actor)
    has_keys = bool(resource.keys)
    form = DeliveryForm(request.POST or None, request.FILES or None, has_keys=has_keys)
    if request.method == "POST" and form.is_valid():
        try:
            batch = _receive(request, resource.code, form)
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, gettext("The file was received and is being collected."))
            return redirect("lake:batch-detail", batch.id)
    context = {"form": form, "resource": resource, "serving": api.serving(resource_id=resource.id)}
    return render(request, "lake/deliver.html", context, status=422 if form.errors else 200)


def _receive(request: ActorRequest, code: str, form: DeliveryForm) -> api.BatchRecord:
    upload: UploadedFile[bytes] = form.cleaned_data["file"]
    staged = api.keep_upload(upload.chunks())
    try:
        return receive(
            request,
            code=code,
            staged=staged,
            file_name=upload.name or "",
            mode=api.DeliveryMode(form.cleaned_data["mode"]),
            is_repetition_meant=form.cleaned_data["is_repetition_meant"],
        )
    except Refused:
        staged.unlink(missing_ok=True)
        raise


@transaction
def receive(
    request: ActorRequest,
    *,
    code: str,
    staged: Path,
    file_name: str,
    mode: api.DeliveryMode = api.DeliveryMode.REPLACE,
    is_repetition_meant: bool = False,
) -> api.BatchRecord:
    """Note a delivery and hand it to the worker, both or neither."""
    batch = api.receive_file(
        resource_code=code,
        staged=staged,
        file_name=file_name,
        size=staged.stat().st_size,
        actor=request.actor,
        at=timezone.now(),
        mode=mode,
        is_repetition_meant=is_repetition_meant,
    )
    jobs.collect.defer(batch_id=str(batch.id))
    return batch
