"""One draft of a case type: its page, what the editors load and save, and its steps to publication."""

import json
from collections.abc import Callable
from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengshu.contexts.casework.application import studio
from zhengshu.contexts.casework.application.abandon_case_draft import abandon_case_draft
from zhengshu.contexts.casework.application.decide_draft import APPROVAL, decide_draft
from zhengshu.contexts.casework.application.drafts import DraftChangedMeanwhile
from zhengshu.contexts.casework.application.queries import cases_of
from zhengshu.contexts.casework.application.retire_case_type import RETIRERS, retire_case_type
from zhengshu.contexts.casework.application.save_draft import save_draft, save_files
from zhengshu.contexts.casework.application.studio import DraftRecord
from zhengshu.contexts.casework.application.submit_draft import submit_draft
from zhengshu.contexts.casework.domain.archives import unpack
from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.domain.designing import MOST_BYTES, Design, design_of
from zhengshu.contexts.casework.interfaces.access import CASE_OFFICIALS
from zhengshu.contexts.casework.interfaces.difference_words import compare, readable
from zhengshu.contexts.casework.interfaces.forms_studio import ArchiveForm
from zhengshu.contexts.casework.interfaces.picture import drawn
from zhengshu.contexts.casework.interfaces.studio_rules import rules_of
from zhengshu.contexts.casework.interfaces.studio_words import editor_choices, editor_words
from zhengshu.contexts.casework.interfaces.web_studio import DESIGNER_ROLES, archive_response, fault_words
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.errors import Kind, Refused

MOST_LETTERS_OF_A_REASON = 2000


@require_GET
@allow(*CASE_OFFICIALS)
def draft_page(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Show a draft: what is missing, how it differs from the current version, and what can be done with it."""
    return _page(request, draft_id, ArchiveForm())


@require_GET
@allow(*DESIGNER_ROLES)
def draw(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Open the editors; a draft whose YAML cannot be read, or that is submitted, is shown on its page instead."""
    record, files = studio.draft(draft_id=draft_id, actor=request.actor)
    try:
        design = design_of(files)
    except ValueError as fault:
        messages.error(request, _("The editors cannot open it: %(what)s") % {"what": fault})
        return redirect("casework:studio-draft", draft_id=draft_id)
    if not record.may_change:
        return redirect("casework:studio-draft", draft_id=draft_id)
    state = {
        "design": msgspec.to_builtins(design),
        "revision": record.revision,
        "faults": _faults(files),
        "words": editor_words(),
        "choices": editor_choices(department=_owner(record)),
    }
    context = {"draft": record, "state": json.loads(json.dumps(state, default=str))}
    return render(request, "casework/studio_draw.html", context)


def _owner(record: DraftRecord) -> tuple[str, str]:
    """Return the code and the name of the department that owns a draft."""
    owner = trust.department(department_id=record.department_id)
    return str(owner.code), owner.name


@require_POST
@allow(*DESIGNER_ROLES)
def save(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Keep what the editors send, and answer with the new revision and what the checker finds."""
    if len(request.body) > MOST_BYTES:
        return JsonResponse({"title": _("The case type is too large to be saved.")}, status=413)
    try:
        sent = msgspec.json.decode(request.body, type=_Sent)
    except (msgspec.DecodeError, RecursionError) as fault:
        return JsonResponse({"title": _("This is no design: %(what)s") % {"what": fault}}, status=422)
    draft = save_draft(
        draft_id=draft_id, design=sent.design, revision=sent.revision, actor=request.actor, at=timezone.now()
    )
    return JsonResponse({"revision": draft.revision, "faults": _faults(draft.files())})


class _Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    design: Design
    revision: int


@require_GET
@allow(*CASE_OFFICIALS)
def draft_file(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Send a draft as a zip file."""
    record, files = studio.draft(draft_id=draft_id, actor=request.actor)
    return archive_response(files, name=f"{record.code}-draft")


@require_POST
@allow(*DESIGNER_ROLES)
def draft_upload(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Replace the files of a draft by those in a zip file."""
    form = ArchiveForm(request.POST, request.FILES)
    record, _files = studio.draft(draft_id=draft_id, actor=request.actor)
    if form.is_valid():
        try:
            files = unpack(form.content(), name=record.code)
            save_files(
                draft_id=draft_id,
                files=files,
                revision=_revision(request),
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("archive", sentence(refusal))
        else:
            messages.success(request, _("The files are taken over."))
            return redirect("casework:studio-draft", draft_id=draft_id)
    return _page(request, draft_id, form)


@require_http_methods(["GET", "POST"])
@allow(*DESIGNER_ROLES)
def draft_texts(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Let an expert edit the YAML files as text."""
    record, files = studio.draft(draft_id=draft_id, actor=request.actor)
    if not record.may_change:
        return redirect("casework:studio-draft", draft_id=draft_id)
    fault, revision = "", record.revision
    if request.method == "POST":
        files, revision = _typed(request, files), _revision(request)
        try:
            design_of(files)
            save_files(
                draft_id=draft_id, files=files, revision=revision, actor=request.actor, at=timezone.now()
            )
        except ValueError as what:
            fault = _("It was not saved: %(what)s") % {"what": what}
        except DraftChangedMeanwhile as refusal:
            fault = sentence(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("casework:studio-draft", draft_id=draft_id)
    context = {
        "draft": record,
        "files": files,
        "chinese": files.texts["zh-hans"],
        "english": files.texts["en"],
        "revision": revision,
        "fault": fault,
        "trail": trail(record, _("Files as text")),
    }
    return render(request, "casework/studio_texts.html", context, status=422 if fault else 200)


@require_POST
@allow(*DESIGNER_ROLES)
def submit(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Hand a draft to the data authority."""

    def step() -> None:
        submit_draft(draft_id=draft_id, revision=_revision(request), actor=request.actor, at=timezone.now())

    return _do(request, draft_id, step, _("Submitted to the data authority."))


@require_POST
@allow(*CASE_OFFICIALS)
def decide(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Approve a draft or return it."""
    outcome = "approve" if request.POST.get("outcome") == "approve" else "return"
    reason = request.POST.get("reason", "").strip()[:MOST_LETTERS_OF_A_REASON]

    def step() -> None:
        decide_draft(
            draft_id=draft_id, outcome=outcome, reason=reason, actor=request.actor, at=timezone.now()
        )

    done = _("Approved: it is the current version now.") if outcome == "approve" else _("Returned.")
    return _do(request, draft_id, step, done)


@require_POST
@allow(*DESIGNER_ROLES)
def abandon(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Give a draft up."""

    def step() -> None:
        abandon_case_draft(draft_id=draft_id, actor=request.actor, at=timezone.now())

    return _do(request, draft_id, step, _("The draft is abandoned."))


@require_POST
@allow(*RETIRERS)
def retire(request: ActorRequest, code: str) -> HttpResponse:
    """Take a case type out of use."""
    retire_case_type(code=code, actor=request.actor, at=timezone.now())
    messages.success(request, _("No new cases of this type can be opened now."))
    return redirect("casework:studio-type", code=code)


def trail(record: DraftRecord, last: str = "") -> list[tuple[str, str]]:
    """Return the way to a page of a draft."""
    own = [(record.name, reverse("casework:studio-draft", args=[record.id]) if last else "")]
    return [(_("Case types"), reverse("casework:studio")), *own, *([(last, "")] if last else [])]


def _page(request: ActorRequest, draft_id: UUID, form: ArchiveForm) -> HttpResponse:
    record, files = studio.draft(draft_id=draft_id, actor=request.actor)
    base = studio.compared_with(record)
    cases = cases_of(subject_ids=[draft_id], actor=request.actor, at=timezone.now())
    case = cases.get(draft_id)
    kind = readable(files)
    context = {
        "draft": record,
        "faults": _faults(files),
        "comparison": compare(before=base, after=files) if base else None,
        "picture": drawn(kind, marks={}) if kind else None,
        "rules": rules_of(kind) if kind else (),
        "case": case,
        "returns": studio.returns(record, actor=request.actor),
        "may_decide": any(task.is_mine and task.task == APPROVAL for task in case.open_tasks)
        if case
        else False,
        "archive": form,
        "trail": trail(record),
    }
    return render(request, "casework/studio_draft.html", context, status=422 if form.errors else 200)


def _faults(files: TypeFiles) -> list[dict[str, object]]:
    return [
        {"file": fault.file, "element": fault.element, "line": fault.line, "text": fault_words(fault)}
        for fault in studio.faults_of(files)
    ]


def _typed(request: ActorRequest, files: TypeFiles) -> TypeFiles:
    """Return files with the YAML that a browser sent, its line ends made those of files."""
    definition, chinese, english = (
        request.POST.get(name, "").replace("\r\n", "\n") for name in ("definition", "chinese", "english")
    )
    return TypeFiles(
        name=files.name,
        definition=definition,
        flow=files.flow,
        texts={"zh-hans": chinese, "en": english},
        forms=files.forms,
        decisions=files.decisions,
    )


def _revision(request: ActorRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0  # noqa: PLR2004 - a small number


def _do(request: ActorRequest, draft_id: UUID, step: Callable[[], object], done: str) -> HttpResponse:
    """Take a step; say on the page what was done, or why not. What may not be seen stays refused."""
    try:
        step()
    except Refused as refusal:
        if refusal.kind in {Kind.NOT_FOUND, Kind.FORBIDDEN}:
            raise
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, done)
    return redirect("casework:studio-draft", draft_id=draft_id)
