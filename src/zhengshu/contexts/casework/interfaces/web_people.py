"""Who does a to-do: claiming, giving back, handing over, countersigning, avoiding; many at once."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.ask_countersign import ask_countersign, drop_countersign
from zhengshu.contexts.casework.application.avoid_matter import avoid_matter
from zhengshu.contexts.casework.application.claim_task import claim_task, hand_over_task, release_task
from zhengshu.contexts.casework.application.gone import why_not_open
from zhengshu.contexts.casework.domain.records import CaseRecord, TaskRecord
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.asking import Question, ask_about
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId

MOST_LETTERS = 1000


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PersonForm(forms.Form):
    """To whom, and why."""

    person = forms.ChoiceField(label=gettext_lazy("Person"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=MOST_LETTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def offer(self, people: list[tuple[str, str]]) -> None:
        """Let one of these be chosen."""
        self.fields["person"] = forms.ChoiceField(label=_("Person"), choices=people)


@require_POST
@allow(*READERS)
def task_claim(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """Take a to-do on oneself."""
    try:
        claim_task(case_id=CaseId(case_id), task=task, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("The to-do is yours now; your colleagues see that you do it."))
    return redirect("casework:case-detail", case_id)


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def task_release(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """Give a to-do back."""
    case, record = _task(request.actor, case_id, task)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].required = bool(record.handed_by_name) or not record.is_claimed_by_me

    def act(reason: str) -> None:
        release_task(case_id=case.id, task=task, reason=reason, actor=request.actor, at=timezone.now())

    back = record.handed_by_name if record.is_claimed_by_me else ""
    text = (
        _("Case %(number)s. The to-do “%(task)s” goes back to %(name)s.")
        if back
        else _("Case %(number)s. The to-do “%(task)s” waits for anybody in its roles again.")
    ) % {"number": case.number, "task": record.task_name, "name": back}
    return _ask(request, case, form, act, title=_("Give back"), text=text, label=_("Give back"))


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def task_hand_over(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """Hand a to-do to a colleague."""
    case, record = _task(request.actor, case_id, task)
    form = PersonForm(request.POST or None)
    form.offer(_colleagues(record.department_id, without=request.actor.id))

    def act(reason: str) -> None:
        hand_over_task(
            case_id=case.id,
            task=task,
            to_id=UUID(form.cleaned_data["person"]),
            reason=reason,
            actor=request.actor,
            at=timezone.now(),
        )

    text = _("Case %(number)s: “%(task)s”.") % {"number": case.number, "task": record.task_name}
    return _ask(request, case, form, act, title=_("Hand over"), text=text, label=_("Hand over"))


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def task_countersign(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """Ask somebody to agree before a to-do is done."""
    case, record = _task(request.actor, case_id, task)
    form = PersonForm(request.POST or None)
    form.fields["reason"].label, form.fields["reason"].required = _("What do you ask?"), True
    form.offer(_colleagues(record.department_id, without=request.actor.id))

    def act(reason: str) -> None:
        ask_countersign(
            case_id=case.id,
            task=task,
            person_id=UUID(form.cleaned_data["person"]),
            question=reason,
            actor=request.actor,
            at=timezone.now(),
        )

    text = _("Case %(number)s: “%(task)s” cannot be done until this person agrees.") % {
        "number": case.number,
        "task": record.task_name,
    }
    return _ask(request, case, form, act, title=_("Ask for a countersignature"), text=text, label=_("Ask"))


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def task_countersign_drop(request: ActorRequest, case_id: UUID, task: str) -> HttpResponse:
    """Take back that a to-do must be countersigned."""
    case, record = _task(request.actor, case_id, task)

    def act(reason: str) -> None:
        drop_countersign(case_id=case.id, task=task, reason=reason, actor=request.actor, at=timezone.now())

    text = _("Case %(number)s: “%(task)s” no longer waits for %(name)s.") % {
        "number": case.number,
        "task": record.task_name,
        "name": record.waits_for,
    }
    form = ReasonForm(request.POST or None)
    return _ask(
        request, case, form, act, title=_("Take the countersigner back"), text=text, label=_("Take back")
    )


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def case_avoid(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Declare that one is related to the matter of a case."""
    case = queries.case(case_id=CaseId(case_id), actor=request.actor, at=timezone.now())

    def act(reason: str) -> None:
        avoid_matter(case_id=case.id, reason=reason, actor=request.actor, at=timezone.now())

    text = _(
        "Case %(number)s. You will do nothing in it any more; its to-dos go to your colleagues. This cannot be undone."
    ) % {"number": case.number}
    form = ReasonForm(request.POST or None)
    return _ask(
        request,
        case,
        form,
        act,
        title=_("Declare avoidance"),
        text=text,
        label=_("Declare avoidance"),
        danger=True,
    )


def _task(actor: Actor, case_id: UUID, task: str) -> tuple[CaseRecord, TaskRecord]:
    case = queries.case(case_id=CaseId(case_id), actor=actor, at=timezone.now())
    record = case.task(task)
    if record is None:
        raise why_not_open(case_id=case.id, task=task, actor=actor)
    return case, record


def _colleagues(department_id: UUID | None, *, without: UUID) -> list[tuple[str, str]]:
    """Return the officials of a department for a choice."""
    if department_id is None:
        return []
    people = trust.officials(department_id=department_id)
    return [
        ("", "—"),
        *((str(one.id), f"{one.name} ({one.username})") for one in people if one.id != without),
    ]


def _ask(
    request: ActorRequest,
    case: CaseRecord,
    form: forms.Form,
    act: Callable[[str], None],
    *,
    title: str,
    text: str,
    label: str,
    danger: bool = False,
) -> HttpResponse:
    """Show a form on a page of its own; when it is sent, act and go back to the case."""
    question = Question(
        title=title, text=text, done=_("Stored; the timeline tells it."), label=label, is_dangerous=danger
    )
    return ask_about(case, question, form, act=lambda: act(form.cleaned_data["reason"]), request=request)
