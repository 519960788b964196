"""Doing one to-do: how it ends, why, and, where the outcome names a department, which."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.assurance import ask_before
from zhengshu.contexts.casework.application.complete_task import complete_task
from zhengshu.contexts.casework.application.gone import why_not_open
from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.domain.completing import NotYourTask, TaskNotOpen
from zhengshu.contexts.casework.domain.records import TaskKind, TaskRecord
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.asking import Question, ask_about, too_late
from zhengshu.contexts.casework.interfaces.once import OnceForm, was_sent_before
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.identity import CaseId, DepartmentId, TaskId

PARTY = "party_"


class DoForm(OnceForm):
    """The outcome, and why.

    Attributes:
        only: the name of the one outcome there is, which then is the button's; empty where one chooses.
    """

    only = ""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Needed for some outcomes; it stands in messages and notices."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    basis = forms.CharField(
        label=gettext_lazy("Basis in law"),
        help_text=gettext_lazy("Only where the outcome needs one, such as a refusal."),
        max_length=300,
        required=False,
    )

    def offer(self, task: TaskRecord, kind: LoadedType) -> None:
        """Let the outcomes of a to-do be chosen, and departments for the parties that they name."""
        known = kind.definition.tasks[task.task].outcomes
        choices = [(one.code, one.name) for one in task.plain_outcomes]
        is_only = len(choices) == 1
        self.only = choices[0][1] if is_only else ""
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Outcome"),
            choices=choices,
            widget=forms.HiddenInput if is_only else forms.RadioSelect,
            initial=choices[0][0] if is_only else None,
        )
        rules = {code: known[code] for code, _name in choices}
        for party in dict.fromkeys(rule.names for rule in rules.values() if rule.names):
            names = sorted((one.name, str(one.id)) for one in trust.departments().values())
            only = ", ".join(kind.outcome_name(task.task, code) for code, rule in rules.items() if rule.names)
            self.fields[PARTY + party] = forms.ChoiceField(
                label=kind.party_name(party),
                help_text=_("Only for: %(outcomes)s") % {"outcomes": only},
                choices=[("", "—"), *((key, name) for name, key in names)],
                required=False,
            )

    def parties(self) -> dict[str, DepartmentId]:
        """Return the departments that were chosen."""
        return {
            name.removeprefix(PARTY): DepartmentId(UUID(value))
            for name, value in self.cleaned_data.items()
            if name.startswith(PARTY) and value
        }


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def task_do(request: ActorRequest, case_id: UUID, task_id: UUID) -> HttpResponse:
    """Ask how a to-do ends, and end it."""
    at = timezone.now()
    case = queries.case(case_id=CaseId(case_id), actor=request.actor, at=at)
    kind = queries.type_of(case_id=CaseId(case_id), actor=request.actor)
    task = next((one for one in case.open_tasks if one.id == task_id and one.kind == TaskKind.FLOW), None)
    if task is None and was_sent_before(request):
        return redirect("casework:case-detail", case_id)
    if task is None:
        gone = why_not_open(case_id=case.id, task=TaskId(task_id), actor=request.actor)
        return too_late(request, gone, case_id=case.id)
    if not task.plain_outcomes:
        raise TaskNotOpen
    if not task.is_mine:
        raise NotYourTask
    ask_before(task, kind=kind, actor=request.actor)
    form = DoForm(request.POST or None)
    form.offer(task, kind)

    def complete() -> None:
        complete_task(
            case_id=case.id,
            task=TaskId(task_id),
            outcome=form.cleaned_data["outcome"],
            reason=form.cleaned_data["reason"],
            basis=form.cleaned_data["basis"],
            parties=form.parties(),
            actor=request.actor,
            at=at,
            idempotency_key=form.cleaned_data["key"],
        )

    question = Question(
        title=task.task_name,
        text=_("Case %(number)s. %(hint)s") % {"number": case.number, "hint": task.hint},
        done=_("Stored; the timeline tells it."),
        label=form.only or _("Send"),
    )
    return ask_about(case, question, form, act=complete, request=request)
