"""Many to-dos at once: choose in the inbox, say the outcome once, read a verdict for each."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.complete_many import MOST, complete_many
from zhengshu.contexts.casework.domain.records import TaskRecord
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.identity import TaskId, new_id


class ManyForm(forms.Form):
    """The outcome for all, and why."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    basis = forms.CharField(
        label=gettext_lazy("Legal basis"),
        help_text=gettext_lazy("Only where the outcome needs one, such as a refusal."),
        max_length=300,
        required=False,
    )
    key = forms.CharField(widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def many(request: ActorRequest) -> HttpResponse:
    """Ask for the outcome of the chosen to-dos, and show what became of each."""
    asked = request.POST if request.method == "POST" else request.GET
    ids = _ids(asked.getlist("task"))
    tasks = queries.tasks_of(ids=ids, actor=request.actor, at=timezone.now())
    if not ids:
        return redirect("casework:inbox")
    choices = _shared_outcomes(tasks)
    form = ManyForm(request.POST or None, initial={"key": str(new_id())})
    form.fields["outcome"] = forms.ChoiceField(label=_("Outcome"), choices=choices, widget=forms.RadioSelect)
    context = {
        "tasks": tasks,
        "ids": ids,
        "form": form,
        "choices": choices,
        "trail": [(_("To-dos"), "/cases/"), (_("Several at once"), "")],
    }
    if request.method == "POST" and form.is_valid():
        verdicts = complete_many(
            task_ids=ids,
            outcome=form.cleaned_data["outcome"],
            reason=form.cleaned_data["reason"],
            basis=form.cleaned_data["basis"],
            actor=request.actor,
            at=timezone.now(),
            idempotency_key=form.cleaned_data["key"],
        )
        done = sum(one.is_done for one in verdicts)
        names = {task.id: task for task in tasks}
        rows = [
            {
                "number": one.number,
                "case_id": one.case_id,
                "task": names.get(one.task_id),
                "refusal": sentence(one.refusal) if one.refusal else "",
            }
            for one in verdicts
        ]
        context |= {
            "rows": rows,
            "done": ngettext("%(count)s to-do was done.", "%(count)s to-dos were done.", done)
            % {"count": done},
            "failed": len(verdicts) - done,
        }
        return render(request, "casework/many_result.html", context)
    return render(request, "casework/many.html", context)


def _ids(texts: list[str]) -> list[TaskId]:
    """Return the ids among the texts, as many as one page of the inbox has."""
    found = []
    for text in texts[:MOST]:
        try:
            found.append(TaskId(UUID(text)))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _shared_outcomes(tasks: tuple[TaskRecord, ...]) -> list[tuple[str, str]]:
    """Return the outcomes that all the to-dos know; those with a form end on their own page."""
    if not tasks:
        return []
    known = [{outcome.code: outcome.name for outcome in task.outcomes} for task in tasks]
    return [(code, name) for code, name in known[0].items() if all(code in one for one in known)]
