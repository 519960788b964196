"""Documents and comments of a case: adding, taking away; for everybody who may see the case."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from zhengshu.contexts.casework.application.documents import (
    attach_document,
    documents,
    documents_rule,
    page_of,
    take_document,
)
from zhengshu.contexts.casework.application.issue_notices import notice, notices
from zhengshu.contexts.casework.application.write_comment import MOST_LETTERS, write_comment
from zhengshu.contexts.casework.domain.definitions import DocumentsRule
from zhengshu.contexts.casework.domain.records import CaseRecord
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.once import OnceForm
from zhengshu.contexts.casework.interfaces.uploading import kept, refuse_large, say_what_is_taken
from zhengshu.contexts.casework.interfaces.web_seals import sealing
from zhengshu.foundation.http.downloads import download
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import signed_in
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId


class DocumentForm(forms.Form):
    """A document, and who sees it."""

    file = forms.FileField(label=gettext_lazy("File"), max_length=1000)
    is_internal = forms.BooleanField(
        label=gettext_lazy("Only officials see it"), required=False, initial=False
    )

    prefix = "document"

    def __init__(
        self,
        data: QueryDict | None = None,
        files: "MultiValueDict[str, UploadedFile[bytes]] | None" = None,
        *,
        may_hide: bool,
        rule: DocumentsRule,
    ) -> None:
        """Say what is taken; an applicant hides nothing."""
        super().__init__(data, files)
        say_what_is_taken(self.fields["file"], rule)
        if not may_hide:
            del self.fields["is_internal"]


class CommentForm(OnceForm):
    """A comment, and who sees it."""

    text = forms.CharField(
        label=gettext_lazy("Comment"), max_length=MOST_LETTERS, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_internal = forms.BooleanField(
        label=gettext_lazy("Only officials see it"), required=False, initial=True
    )

    prefix = "comment"

    def __init__(self, data: QueryDict | None = None, *, may_hide: bool) -> None:
        """Offer to hide it to officials only."""
        super().__init__(data)
        if not may_hide:
            del self.fields["is_internal"]


def writing(request: ActorRequest, case: CaseRecord) -> dict[str, object]:
    """Return what a page shows of a case's documents, with the forms to add to them while it is open."""
    shown: dict[str, object] = {
        "documents": documents(case_id=case.id, actor=request.actor),
        "notices": notices(case_id=case.id, actor=request.actor),
    }
    if not case.is_open:
        return shown
    rule = documents_rule(case_id=case.id, actor=request.actor)
    may_hide = request.actor.department_id is not None
    form = DocumentForm(may_hide=may_hide, rule=rule)
    return {**shown, "document_form": form, "comment_form": CommentForm(may_hide=may_hide)}


@signed_in
@csrf_exempt
@require_POST
def document_add(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Add a document; who may not see the case, or announces too many bytes, is refused before they are read."""
    rule = documents_rule(case_id=CaseId(case_id), actor=request.actor)
    refuse_large(request, rule)
    return _add(request, case_id, rule)


@csrf_protect
def _add(request: ActorRequest, case_id: UUID, rule: DocumentsRule) -> HttpResponse:
    may_hide = request.actor.department_id is not None
    form = DocumentForm(request.POST, request.FILES, may_hide=may_hide, rule=rule)

    def add() -> str:
        attach_document(
            case_id=CaseId(case_id),
            kept=kept(form.cleaned_data["file"], rule),
            is_internal=bool(form.cleaned_data.get("is_internal")),
            actor=request.actor,
            at=timezone.now(),
        )
        return _("The document was added.")

    return _act(request, case_id, form, add, anchor="documents")


@require_POST
@signed_in
def comment_add(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Write a comment."""
    form = CommentForm(request.POST, may_hide=request.actor.department_id is not None)

    def add() -> str:
        write_comment(
            case_id=CaseId(case_id),
            text=form.cleaned_data["text"],
            is_internal=bool(form.cleaned_data.get("is_internal")),
            actor=request.actor,
            at=timezone.now(),
            idempotency_key=form.cleaned_data["key"],
        )
        return _("The comment was written.")

    return _act(request, case_id, form, add, anchor="timeline")


@require_GET
@signed_in
def document(request: ActorRequest, case_id: UUID, document_id: UUID) -> FileResponse:
    """Send a document piece by piece, always as a download; the audit notes it."""
    record, content = take_document(
        case_id=CaseId(case_id), document_id=document_id, actor=request.actor, at=timezone.now()
    )
    return download(content, name=record.name, media_type=record.media_type)


@require_GET
@signed_in
def notice_page(request: ActorRequest, case_id: UUID, notice_id: UUID) -> HttpResponse:
    """Show a notice as it is printed."""
    found = notice(case_id=CaseId(case_id), notice_id=notice_id, actor=request.actor)
    context = {
        **sealing(request, notice_id),
        "notice": found,
        "back": _page_about(request, case_id),
        "trail": [(found.case_number, _page_about(request, case_id)), (found.title, "")],
    }
    return render(request, "casework/notice.html", context)


def _page_about(request: ActorRequest, case_id: UUID) -> str:
    if request.actor.has(*READERS):
        return reverse("casework:case-detail", args=[case_id])
    return page_of(case_id=CaseId(case_id), actor=request.actor)


def _act(
    request: ActorRequest, case_id: UUID, form: forms.Form, act: Callable[[], str], *, anchor: str
) -> HttpResponseRedirect:
    """Do it and say so, or say why not; back to the page about the case either way."""
    try:
        if form.is_valid():
            messages.success(request, act())
        else:
            messages.error(request, " ".join(str(fault) for row in form.errors.values() for fault in row))
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    return redirect(f"{_page_about(request, case_id)}#{anchor}")
