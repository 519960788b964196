"""My matters: what a citizen or an enterprise asked for, how it stands in plain words, and what is asked of them."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.assurance import ask_before
from zhengshu.contexts.casework.application.complete_task import complete_task
from zhengshu.contexts.casework.application.forms import form_queries
from zhengshu.contexts.casework.application.gone import why_not_open
from zhengshu.contexts.casework.application.supervise import urge_case
from zhengshu.contexts.casework.domain.completing import TaskNotOpen
from zhengshu.contexts.casework.domain.records import CaseRecord
from zhengshu.contexts.casework.interfaces.once import OnceForm, was_sent_before
from zhengshu.contexts.casework.interfaces.picture import steps_of
from zhengshu.contexts.casework.interfaces.web_documents import writing
from zhengshu.contexts.casework.interfaces.web_supervision import UrgeForm
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.slots import fragments
from zhengshu.foundation.ui.tags import moment
from zhengshu.kernel.actors import APPLICANTS
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId

APPLYING = tuple(sorted(APPLICANTS))


class AnswerForm(OnceForm):
    """How the reader ends what is asked of him."""

    outcome = forms.ChoiceField(label=gettext_lazy("Your answer"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Remark"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def offer(self, outcomes: list[tuple[str, str]]) -> None:
        """Let one of these be chosen."""
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Your answer"), choices=outcomes, widget=forms.RadioSelect
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A case as the one who asked for it is told of it.

    Attributes:
        case: the case.
        words: how it stands, in a sentence.
        promise: until when it will be answered, in a sentence; empty when no time runs.
    """

    case: CaseRecord
    words: str
    promise: str

    @property
    def asks_me(self) -> bool:
        """Whether it waits for the reader."""
        return any(task.is_mine for task in self.case.open_tasks)


@require_GET
@allow(*APPLYING)
def mine(request: ActorRequest) -> HttpResponse:
    """List what the reader asked for, what waits for him first."""
    query = ListQuery.read(request.GET, filters=())
    page = queries.started(actor=request.actor, query=query, at=timezone.now())
    matters = [matter_of(case) for case in page.rows]
    context = {
        "page": page,
        "query": query,
        "asked": [one for one in matters if one.asks_me],
        "others": [one for one in matters if not one.asks_me],
        "trail": [(_("My matters"), "")],
    }
    return render(request, "casework/mine.html", context)


@require_GET
@allow(*APPLYING)
def my_case(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Show a matter of one's own: how it stands, what is asked, its times, documents and what happened."""
    case = queries.case(case_id=CaseId(case_id), actor=request.actor, at=timezone.now())
    kind = queries.type_of(case_id=CaseId(case_id), actor=request.actor)
    context = {
        "case": case,
        "matter": matter_of(case),
        "asks": [(task, case.asked_by(task)) for task in case.open_tasks if task.is_mine],
        "steps": steps_of(kind, case),
        "has_forms": form_queries.has_forms(case_id=case.id),
        "trail": [(_("My matters"), "/apply/mine/"), (case.number, "")],
        "parts": fragments("casework.case", request, case),
        **writing(request, case),
    }
    return render(request, "casework/my_case.html", context)


@require_http_methods(["GET", "POST"])
@allow(*APPLYING)
def my_task(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """Let the reader do what a case asks of him where it needs no form."""
    case = queries.case(case_id=CaseId(case_id), actor=request.actor, at=timezone.now())
    record = next((one for one in case.open_tasks if one.task == task and one.is_mine), None)
    if record is None and was_sent_before(request):
        return redirect("apply:my-case", case_id)
    if record is None:
        raise why_not_open(case_id=case.id, task=task, actor=request.actor)
    if record.form:
        raise TaskNotOpen
    kind = queries.type_of(case_id=case.id, actor=request.actor)
    ask_before(record, kind=kind, actor=request.actor)
    form = AnswerForm(request.POST or None)
    form.offer([(outcome.code, outcome.name) for outcome in record.outcomes])
    if request.method == "POST" and form.is_valid():
        try:
            complete_task(
                case_id=case.id,
                task=record.id,
                outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                at=timezone.now(),
                idempotency_key=form.cleaned_data["key"],
            )
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, _("Sent; we go on with your matter."))
            return redirect("apply:my-case", case_id)
    return _asking(request, case, form, title=record.task_name, text=record.hint, label=_("Send"))


@require_http_methods(["GET", "POST"])
@allow(*APPLYING)
def my_urge(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Let the reader urge those who handle his matter."""
    case = queries.case(case_id=CaseId(case_id), actor=request.actor, at=timezone.now())
    form = UrgeForm(request.POST or None)
    del form.fields["days"]
    if request.method == "POST" and form.is_valid():
        try:
            urge_case(
                case_id=case.id,
                text=form.cleaned_data["text"],
                actor=request.actor,
                at=timezone.now(),
                idempotency_key=form.cleaned_data["key"],
            )
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, _("The departments concerned were told."))
            return redirect("apply:my-case", case_id)
    text = _("Your words reach the departments that have something to do now.")
    return _asking(request, case, form, title=_("Urge"), text=text, label=_("Urge"))


def _asking(
    request: ActorRequest, case: CaseRecord, form: forms.Form, *, title: str, text: str, label: str
) -> HttpResponse:
    own = reverse("apply:my-case", args=[case.id])
    context = {
        "title": title,
        "text": text,
        "form": form,
        "action_label": label,
        "cancel_url": own,
        "trail": [(_("My matters"), reverse("apply:mine")), (case.number, own), (title, "")],
    }
    return render(request, "ui/confirm.html", context)


def matter_of(case: CaseRecord) -> Matter:
    """Return a case in plain words."""
    return Matter(case=case, words=_words(case), promise=_promise(case))


def _words(case: CaseRecord) -> str:
    if not case.is_open:
        return _("Ended on %(at)s: %(end)s.") % {"at": moment(case.closed_at), "end": case.state_name}
    own = [task.task_name for task in case.open_tasks if task.is_mine]
    if own:
        return _("We wait for you: %(tasks)s.") % {"tasks": _list(own)}
    paused = next((clock for clock in case.clocks if clock.is_paused), None)
    if paused is not None:
        return _("The time stands still: %(ground)s.") % {"ground": paused.pause_ground}
    doing = [
        _("%(task)s, at %(department)s") % {"task": task.task_name, "department": task.department_name}
        for task in case.open_tasks
    ]
    return _("We work on it: %(tasks)s.") % {"tasks": _list(doing)} if doing else _("We work on it.")


def _promise(case: CaseRecord) -> str:
    if not case.is_open or case.due_at is None:
        return ""
    return _("You hear from us by %(due)s.") % {"due": moment(case.due_at)}


def _list(words: list[str]) -> str:
    return _("; ").join(dict.fromkeys(words))
