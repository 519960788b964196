"""Pages on which people fill in forms: what may be applied for, one page after the other, check, send, done."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.forms import form_queries
from zhengshu.contexts.casework.application.forms.attach_files import attach_files, detach_file
from zhengshu.contexts.casework.application.forms.begin_once import begin_once
from zhengshu.contexts.casework.application.forms.drafts import Draft, draft, must_be_open
from zhengshu.contexts.casework.application.forms.save_answers import discard_draft, page_of, save_answers
from zhengshu.contexts.casework.application.forms.start_draft import (
    form_task,
    openable_type,
    openable_types,
    start_task_draft,
)
from zhengshu.contexts.casework.application.forms.supply_draft import supply_draft
from zhengshu.contexts.casework.application.forms.take_file import take_file
from zhengshu.contexts.casework.application.naming import LoadedType, loaded, reader_language
from zhengshu.contexts.casework.domain.forms.places import label_of, places_of
from zhengshu.contexts.casework.domain.forms.schema import Kind, Place, every_part, fields_of
from zhengshu.contexts.casework.interfaces import web_mine
from zhengshu.contexts.casework.interfaces.forms import web_send
from zhengshu.contexts.casework.interfaces.forms.drawing import PageView
from zhengshu.contexts.casework.interfaces.forms.posting import NEXT, SAVE, Posted, posted, uploads_of
from zhengshu.contexts.casework.interfaces.forms.rules import page_rules
from zhengshu.contexts.casework.interfaces.forms.wholes import by_itself
from zhengshu.contexts.casework.interfaces.forms.window import WindowForm, for_whom, window_form
from zhengshu.foundation.http.downloads import download
from zhengshu.foundation.http.kept import keeps
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import signed_in
from zhengshu.kernel.actors import Role
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId, new_id

app_name = "apply"


@require_GET
@signed_in
def apply_list(request: ActorRequest) -> HttpResponse:
    """List what the reader may apply for, and the forms that he has begun."""
    kinds = openable_types(actor=request.actor)
    matters = [
        {"code": kind.definition.code, "name": kind.text("name"), "summary": kind.text("summary")}
        for kind in kinds
    ]
    context = {"matters": matters, "drafts": form_queries.drafts(actor=request.actor)}
    return render(request, "casework/forms/list.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def apply_start(request: ActorRequest, case_type: str) -> HttpResponse:
    """Say what a form is about, and begin it."""
    kind = openable_type(case_type, actor=request.actor)
    window = window_form(kind.definition, request)
    if request.method == "POST" and (window is None or window.is_valid()):
        try:
            applicant = window.applicant(matter=kind.definition.code) if window else None
            begun = begin_once(
                key=_key_of(request),
                case_type=case_type,
                applicant=applicant,
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            if window is None:
                raise
            window.add_refusal(refusal)
        else:
            return _begin(request, begun)
    former = () if window else form_queries.drafts(actor=request.actor, case_type=case_type)
    lead = kind.text("summary")
    return _start_page(request, kind, kind.definition.opening_form, lead=lead, window=window, begun=former)


@require_http_methods(["GET", "POST"])
@signed_in
def apply_task(request: ActorRequest, task_id: UUID) -> HttpResponse:
    """Say what the form of a to-do is about, and begin it or go on with it."""
    task = form_task(task_id, actor=request.actor)
    kind = loaded(task.case.version_id)
    if request.method == "POST":
        return _begin(request, start_task_draft(task_id=task_id, actor=request.actor, at=timezone.now()))
    hint = kind.text(f"tasks.{task.code}.hint")
    asked = _asked(request, case_id=task.case_id, task_id=task_id)
    return _start_page(request, kind, kind.definition.tasks[task.code].form, lead=hint, asked=asked)


@require_GET
@signed_in
@by_itself
def apply_draft(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Go on with a draft where something is missing; with nothing missing, to the list of all answers."""
    found = draft(draft_id=draft_id, actor=request.actor)
    if found.row.sent_at is not None:
        return redirect("apply:sent", draft_id)
    missing = (number for number, _page in enumerate(found.form.pages, start=1) if _is_faulty(found, number))
    number = 1 if found.has_moved else next(missing, 0)
    return _to_page(draft_id, number) if number else redirect("apply:check", draft_id)


@keeps
@require_http_methods(["GET", "POST"])
@signed_in
@by_itself
def apply_page(request: ActorRequest, draft_id: UUID, page: int) -> HttpResponse:
    """Ask what stands on one page, and keep what was typed."""
    if request.method == "POST":
        return _save(request, draft_id, page, posted(request.POST))
    found = draft(draft_id=draft_id, actor=request.actor)
    must_be_open(found.row)
    page_of(found.form, page)
    view = web_send.drawer_of(found).page(page, with_faults="check" in request.GET)
    return _draw(request, found, view, is_from_check="from" in request.GET, has_more="more" in request.GET)


def _draw(
    request: ActorRequest, found: Draft, view: PageView, *, is_from_check: bool, has_more: bool = False
) -> HttpResponse:
    context = {
        "draft": found,
        "title": _form_name(found),
        "page": view,
        "rules": page_rules(found),
        "back": _back(found, view.number, is_from_check=is_from_check),
        "is_from_check": is_from_check,
        "has_more": has_more,
        "for_name": for_whom(found),
        "asked": _asked(request, case_id=found.row.task.case_id, task_id=found.row.task.pk)
        if found.row.task
        else "",
    }
    return render(request, "casework/forms/page.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
@by_itself
def apply_discard(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Ask before a draft is thrown away, then do it."""
    if request.method == "POST":
        discard_draft(draft_id=draft_id, actor=request.actor)
        messages.success(request, _("The draft was discarded."))
        return redirect("apply:list")
    title = form_queries.open_title(draft_id=draft_id, actor=request.actor)
    context = {
        "title": _("Discard this draft?"),
        "text": _("Everything that you typed in “%(form)s” will be lost.") % {"form": title},
        "action_label": _("Discard"),
        "cancel_url": reverse("apply:draft", args=[draft_id]),
        "is_dangerous": True,
    }
    return render(request, "ui/confirm.html", context)


def _key_of(request: ActorRequest) -> UUID:
    """Return what a page carries that begins once, however often it is sent."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return new_id()


def _begin(request: ActorRequest, begun: Draft) -> HttpResponseRedirect:
    if begun.row.sent_at is not None:
        return redirect("apply:sent", begun.row.pk)
    supply_draft(draft_id=begun.row.pk, actor=request.actor, at=timezone.now())
    if begun.row.saved_at == begun.row.started_at:
        return _to_page(begun.row.pk, 1)
    return redirect("apply:draft", begun.row.pk)


def _asked(request: ActorRequest, *, case_id: UUID, task_id: UUID) -> str:
    """Return what the office wrote when it asked for the form of a to-do."""
    case = queries.case(case_id=CaseId(case_id), actor=request.actor, at=timezone.now())
    record = next((one for one in case.open_tasks if one.id == task_id), None)
    return case.asked_by(record) if record else ""


def _start_page(
    request: ActorRequest,
    kind: LoadedType,
    code: str,
    *,
    lead: str,
    window: WindowForm | None = None,
    asked: str = "",
    begun: tuple[form_queries.DraftSummary, ...] = (),
) -> HttpResponse:
    form = kind.forms[code]
    language = reader_language()
    context = {
        "title": kind.text(f"forms.{code}"),
        "lead": lead,
        "pages": [page.title.read(language) for page in form.pages if page.title.read(language)],
        "files": [one.label.read(language) for one in fields_of(form.parts) if one.kind == Kind.FILES],
        "basis": kind.definition.basis,
        "window": window,
        "may_register": request.actor.has(Role.WINDOW_CLERK),
        "asked": asked,
        "begun": begun,
        "key": new_id(),
    }
    return render(request, "casework/forms/start.html", context)


def _save(request: ActorRequest, draft_id: UUID, page: int, sent: Posted) -> HttpResponse:
    """Keep a page, and lead to where the person wants to go or must look again."""
    found = save_answers(
        draft_id=draft_id,
        page=page,
        typed=sent.typed,
        version=sent.version,
        change=sent.change,
        actor=request.actor,
        at=timezone.now(),
    )
    found, refused = _attach(request, found)
    if refused and found.type.id == sent.version:
        view = web_send.drawer_of(found).with_faults(refused).page(page, with_faults=True)
        return _draw(request, found, view, is_from_check=sent.is_from_check)
    place, digest = sent.dropped
    if digest:
        detach_file(draft_id=draft_id, place=place, digest=digest, actor=request.actor, at=timezone.now())
        return _to_page(draft_id, page, is_from_check=sent.is_from_check)
    if found.type.id != sent.version:
        for place, refusal in refused.items():
            label = label_of(found.form, place, language=reader_language())
            messages.error(request, _("%(field)s: %(fault)s") % {"field": label, "fault": sentence(refusal)})
        messages.warning(
            request, _("The form was changed meanwhile. What it still asks was kept; please check.")
        )
        return _to_page(draft_id, 1)
    if sent.change is not None:
        return _to_page(draft_id, page, anchor=f"#form-{sent.change.key}", is_from_check=sent.is_from_check)
    if sent.action == SAVE:
        messages.success(request, _("Your answers were saved. You can go on here, or on another device."))
        return redirect("apply:list")
    found = supply_draft(draft_id=draft_id, actor=request.actor, at=timezone.now())
    return _onward(found, page, sent)


def _attach(request: ActorRequest, found: Draft) -> tuple[Draft, dict[Place, Refused]]:
    """Attach the files of a page; return with the draft those that were not taken."""
    uploads = uploads_of(request.FILES)
    if not uploads:
        return found, {}
    return attach_files(draft_id=found.row.pk, uploads=uploads, actor=request.actor, at=timezone.now())


def _onward(found: Draft, page: int, sent: Posted) -> HttpResponse:
    draft_id = found.row.pk
    here = set(places_of(page_of(found.form, page).parts, found.answers))
    more = (here & found.evaluated.shown) - sent.shown
    if sent.action == NEXT and any(not any(found.answers.get(place, ())) for place in more):
        return _to_page(draft_id, page, query="more=1", is_from_check=sent.is_from_check)
    if _is_faulty(found, page):
        return _to_page(draft_id, page, query="check=1", is_from_check=sent.is_from_check)
    following = [number for number in range(page + 1, len(found.form.pages) + 1) if _is_shown(found, number)]
    if sent.is_from_check or not following:
        return redirect("apply:check", draft_id)
    return _to_page(draft_id, following[0])


def _is_faulty(found: Draft, page: int) -> bool:
    here = places_of(page_of(found.form, page).parts, found.answers)
    return any(place in found.evaluated.faults for place in here)


def _is_shown(found: Draft, page: int) -> bool:
    here = every_part(page_of(found.form, page).parts)
    return any(getattr(part, "key", part.id) in found.evaluated.shown for part in here)


def _back(found: Draft, page: int, *, is_from_check: bool) -> str:
    if is_from_check:
        return reverse("apply:check", args=[found.row.pk])
    before = [number for number in range(1, page) if _is_shown(found, number)]
    return reverse("apply:page", args=[found.row.pk, before[-1]]) if before else reverse("apply:list")


def _to_page(
    draft_id: UUID, page: int, *, query: str = "", anchor: str = "", is_from_check: bool = False
) -> HttpResponseRedirect:
    asked = "&".join(part for part in (query, "from=check" if is_from_check else "") if part)
    url = reverse("apply:page", args=[draft_id, page])
    return HttpResponseRedirect(f"{url}{'?' if asked else ''}{asked}{anchor}")


def _form_name(found: Draft) -> str:
    return found.type.text(f"forms.{found.row.form}")


@require_GET
@signed_in
def apply_file(request: ActorRequest, file_id: UUID) -> FileResponse:
    """Send a file that was attached to a form, always as a download."""
    file = take_file(file_id=file_id, actor=request.actor, at=timezone.now())
    return download(file.content, name=file.name, media_type=file.media_type)


urlpatterns: list[URLPattern | URLResolver] = [
    path("", apply_list, name="list"),
    path("mine/", web_mine.mine, name="mine"),
    path("mine/<uuid:case_id>/", web_mine.my_case, name="my-case"),
    path("mine/<uuid:case_id>/urge/", web_mine.my_urge, name="my-urge"),
    path("mine/<uuid:case_id>/tasks/<str:task>/", web_mine.my_task, name="my-task"),
    path("tasks/<uuid:task_id>/", apply_task, name="task"),
    path("drafts/<uuid:draft_id>/", apply_draft, name="draft"),
    path("drafts/<uuid:draft_id>/<int:page>/", apply_page, name="page"),
    path("drafts/<uuid:draft_id>/check/", web_send.apply_check, name="check"),
    path("drafts/<uuid:draft_id>/send/", web_send.apply_send, name="send"),
    path("drafts/<uuid:draft_id>/sent/", web_send.apply_sent, name="sent"),
    path("drafts/<uuid:draft_id>/discard/", apply_discard, name="discard"),
    path("files/<uuid:file_id>/", apply_file, name="file"),
    path("matters/<uuid:matter_id>/", web_send.apply_matter, name="matter"),
    path("<slug:case_type>/", apply_start, name="start"),
]
