"""The studio: case types, their versions, and drafts on their way to become one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhengshu.contexts.casework.application import studio
from zhengshu.contexts.casework.application.retire_case_type import RETIRERS
from zhengshu.contexts.casework.application.start_draft import (
    start_from_template,
    start_from_version,
    start_new,
)
from zhengshu.contexts.casework.domain.archives import pack, unpack
from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.domain.faults import Fault
from zhengshu.contexts.casework.interfaces.access import CASE_OFFICIALS
from zhengshu.contexts.casework.interfaces.difference_words import compare
from zhengshu.contexts.casework.interfaces.forms_studio import ArchiveForm, NewTypeForm
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.actors import Role
from zhengshu.kernel.errors import Refused

DESIGNER_ROLES = tuple(role for role in CASE_OFFICIALS if role != Role.LEADER)


@require_GET
@allow(*CASE_OFFICIALS)
def studio_list(request: ActorRequest) -> HttpResponse:
    """List the case types and the drafts that the reader may see."""
    context = {
        "types": studio.case_types(actor=request.actor),
        "drafts": studio.drafts(actor=request.actor),
        "may_design": request.actor.has(*DESIGNER_ROLES),
    }
    return render(request, "casework/studio_list.html", context)


@require_http_methods(["GET", "POST"])
@allow(*DESIGNER_ROLES)
def studio_new(request: ActorRequest) -> HttpResponse:
    """Begin a new case type with a template."""
    form = NewTypeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        names = {"zh-hans": form.cleaned_data["name"], "en": form.cleaned_data["english"]}
        try:
            draft = start_from_template(
                template=form.cleaned_data["template"], names=names, actor=request.actor, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error("english", sentence(refusal))
        else:
            return redirect("casework:studio-draw", draft_id=draft.pk)
    return _new_page(request, form, ArchiveForm())


@require_http_methods(["POST"])
@allow(*DESIGNER_ROLES)
def studio_upload(request: ActorRequest) -> HttpResponse:
    """Begin a new case type with the folder in a zip file."""
    form = ArchiveForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            draft = start_new(files=unpack(form.content()), actor=request.actor, at=timezone.now())
        except Refused as refusal:
            form.add_error("archive", sentence(refusal))
        else:
            return redirect("casework:studio-draft", draft_id=draft.pk)
    return _new_page(request, NewTypeForm(), form)


@require_GET
@allow(*CASE_OFFICIALS)
def type_history(request: ActorRequest, code: str) -> HttpResponse:
    """Show the versions of a case type."""
    versions = studio.versions(code=code)
    kind = next(one for one in studio.case_types(actor=request.actor) if one.code == code)
    context = {
        "kind": kind,
        "versions": versions,
        "may_retire": kind.may_design and kind.is_current and request.actor.has(*RETIRERS),
        "trail": _trail((kind.name, "")),
    }
    return render(request, "casework/studio_history.html", context)


@require_GET
@allow(*CASE_OFFICIALS)
def version_file(_request: ActorRequest, code: str, edition: int) -> HttpResponse:
    """Send a version as a zip file."""
    return archive_response(studio.version_files(code=code, edition=edition), name=f"{code}-{edition}")


@require_GET
@allow(*CASE_OFFICIALS)
def version_differences(request: ActorRequest, code: str, edition: int) -> HttpResponse:
    """Show how a version differs from another one, by default from that before it."""
    known = {one.edition: one for one in studio.versions(code=code)}
    wanted = request.GET.get("with", "")
    other = int(wanted) if wanted.isdecimal() and len(wanted) < 6 else edition - 1  # noqa: PLR2004 - a small number
    files = studio.version_files(code=code, edition=edition)
    before = studio.version_files(code=code, edition=other) if other in known else None
    history = reverse("casework:studio-type", args=[code])
    context = {
        "name": studio.name_of(files),
        "edition": edition,
        "other": other if before else 0,
        "others": [one.edition for one in known.values() if one.edition != edition],
        "comparison": compare(before=before, after=files) if before else None,
        "trail": _trail((studio.name_of(files), history), (_("Differences"), "")),
    }
    return render(request, "casework/studio_differences.html", context)


@require_http_methods(["POST"])
@allow(*DESIGNER_ROLES)
def draft_of_version(request: ActorRequest, code: str, edition: int) -> HttpResponse:
    """Begin a draft with the files of a version."""
    version = next((one for one in studio.versions(code=code) if one.edition == edition), None)
    try:
        key = version.id if version else UUID(int=0)
        draft = start_from_version(version_id=key, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
        return redirect("casework:studio-type", code=code)
    return redirect("casework:studio-draw", draft_id=draft.pk)


def archive_response(files: TypeFiles, *, name: str) -> HttpResponse:
    """Return a case type's folder as a download."""
    response = HttpResponse(pack(files), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


def fault_words(fault: Fault) -> str:
    """Return a fault in the reader's language, without its place."""
    text = _(fault.message)
    return text % fault.details if fault.details else text


def _new_page(request: ActorRequest, form: NewTypeForm, archive: ArchiveForm) -> HttpResponse:
    status = 422 if form.errors or archive.errors else 200
    context = {"form": form, "archive": archive, "trail": _trail((_("New case type"), ""))}
    return render(request, "casework/studio_new.html", context, status=status)


def _trail(*rest: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Case types"), reverse("casework:studio")), *rest]
