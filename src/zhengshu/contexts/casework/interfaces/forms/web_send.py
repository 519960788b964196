"""The end of a form: check all answers, send them, learn the number; and reading them afterwards."""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.forms import form_queries
from zhengshu.contexts.casework.application.forms.adapters import intake_of
from zhengshu.contexts.casework.application.forms.drafts import Draft, draft
from zhengshu.contexts.casework.application.forms.send_form import FormChanged, send_form
from zhengshu.contexts.casework.application.forms.supply_draft import supply_draft
from zhengshu.contexts.casework.application.naming import reader_language
from zhengshu.contexts.casework.domain.definitions import OutcomeRule
from zhengshu.contexts.casework.domain.records import CaseRecord, OpenForm
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.forms.channels import channel_of
from zhengshu.contexts.casework.interfaces.forms.drawing import Drawer
from zhengshu.contexts.casework.interfaces.forms.summary import blocks
from zhengshu.contexts.casework.interfaces.forms.wholes import by_itself
from zhengshu.contexts.casework.interfaces.forms.window import for_whom
from zhengshu.contexts.casework.interfaces.web_documents import writing
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, signed_in
from zhengshu.foundation.ui.slots import fragments
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId


class OutcomeForm(forms.Form):
    """How a to-do ends."""

    outcome = forms.ChoiceField(label=gettext_lazy("Result"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    basis = forms.CharField(label=gettext_lazy("Legal basis"), required=False, max_length=300)

    def __init__(
        self, *args: object, names: dict[str, str], rules: Mapping[str, OutcomeRule], **kwargs: object
    ) -> None:
        """Offer the outcomes of the task; where there is but one, nobody has to choose it."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own
        is_only = len(names) == 1
        self.only = next(iter(names.values())) if is_only else ""
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Result"),
            choices=list(names.items()),
            widget=forms.HiddenInput if is_only else forms.RadioSelect,
            initial=next(iter(names)) if is_only else None,
        )
        for name in ("reason", "basis"):
            if not any(getattr(rule, f"needs_{name}") for rule in rules.values()):
                del self.fields[name]


@require_GET
@signed_in
@by_itself
def apply_check(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Show all answers before they are sent."""
    found = draft(draft_id=draft_id, actor=request.actor)
    if found.row.sent_at is not None:
        return redirect("apply:sent", draft_id)
    return _check_page(request, found, outcome=_outcome_form(found))


@require_POST
@signed_in
@by_itself
def apply_send(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Send the form; sending it twice is sending it once."""
    found = draft(draft_id=draft_id, actor=request.actor)
    chosen = {"outcome": "", "reason": "", "basis": ""}
    form = _outcome_form(found, data=request.POST)
    if form is not None and found.row.sent_at is None:
        if not form.is_valid():
            return _check_page(request, found, outcome=form)
        chosen = {name: str(form.cleaned_data.get(name, "")) for name in chosen}
    intake = intake_of(found.row.type_code) if form is None else None
    try:
        if intake is not None:
            intake.submit(
                draft_id=draft_id, channel=channel_of(request), actor=request.actor, at=timezone.now()
            )
        else:
            send_form(
                draft_id=draft_id,
                outcome=chosen["outcome"],
                reason=chosen["reason"],
                basis=chosen["basis"],
                actor=request.actor,
                at=timezone.now(),
            )
    except FormChanged:
        return redirect("apply:page", draft_id, 1)
    except Refused as refusal:
        again = supply_draft(draft_id=draft_id, actor=request.actor, at=timezone.now())
        return _check_page(request, again, outcome=form, refusal=sentence(refusal))
    return redirect("apply:sent", draft_id)


@require_GET
@signed_in
def apply_sent(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Say the number of the case, and what happens next."""
    found = draft(draft_id=draft_id, actor=request.actor)
    if found.row.case_id is None:
        return redirect("apply:draft", draft_id)
    intake = intake_of(found.row.type_code) if found.row.task_id is None else None
    if intake is not None:
        return redirect(intake.receipt(draft_id=draft_id))
    case = queries.case(case_id=CaseId(found.row.case_id), actor=request.actor, at=timezone.now())
    context = {
        "case": case,
        "title": found.type.text(f"forms.{found.row.form}"),
        "is_task": found.row.task_id is not None,
        "is_own": request.actor.department_id is None,
        "matter_id": found.row.pk,
    }
    return render(request, "casework/forms/sent.html", context)


@require_GET
@signed_in
def apply_matter(request: ActorRequest, matter_id: UUID) -> HttpResponse:
    """Show what was asked for by a form, to everybody who may see the case."""
    case = form_queries.matter(matter_id=matter_id, actor=request.actor, at=timezone.now())
    return _forms_page(request, case)


@require_GET
@allow(*READERS)
def case_forms(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Show all forms that were filled in for a case."""
    return _forms_page(request, queries.case(case_id=CaseId(case_id), actor=request.actor, at=timezone.now()))


def _forms_page(request: ActorRequest, case: CaseRecord) -> HttpResponse:
    sent = form_queries.sent_forms(case_id=case.id, actor=request.actor)
    shown = [
        {
            "title": one.type.text(f"forms.{one.form.code}"),
            "by": one.by,
            "at": one.at,
            "blocks": blocks(
                Drawer(
                    form=one.form,
                    answers=one.answers,
                    evaluated=one.evaluated,
                    tables=one.tables,
                    language=reader_language(),
                    supplied=one.supplied,
                    files=one.files,
                )
            ),
        }
        for one in sent
    ]
    context = {"case": case, "forms": shown, "may_open_case": _reads_cases(request.actor)}
    if not _reads_cases(request.actor):
        context |= writing(request, case)
    return render(request, "casework/forms/matter.html", context)


def _check_page(
    request: ActorRequest, found: Draft, *, outcome: OutcomeForm | None, refusal: str = ""
) -> HttpResponse:
    drawer = drawer_of(found)
    context = {
        "draft": found,
        "title": found.type.text(f"forms.{found.row.form}"),
        "blocks": blocks(drawer),
        "faults": len(found.evaluated.faults),
        "outcome": outcome,
        "refusal": refusal,
        "last": len(found.form.pages),
        "for_name": for_whom(found),
        "parts": () if found.row.task_id else fragments("casework.check", request, _open_form(found)),
    }
    return render(request, "casework/forms/check.html", context)


def _open_form(found: Draft) -> OpenForm:
    return OpenForm(draft_id=found.row.pk, case_type=found.row.type_code)


def drawer_of(found: Draft) -> Drawer:
    """Return what draws a draft in the reader's language."""
    return Drawer(
        form=found.form,
        answers=found.answers,
        evaluated=found.evaluated,
        tables=found.tables,
        language=reader_language(),
        supplied=found.supplied,
        silent=found.silent,
        files=found.files,
    )


def _outcome_form(found: Draft, *, data: object = None) -> OutcomeForm | None:
    """Return the choice of outcomes of a task; None for a form that opens a case."""
    task = found.row.task
    if task is None:
        return None
    outcomes = found.type.definition.tasks[task.code].outcomes
    rules = {code: rule for code, rule in outcomes.items() if not rule.without_form}
    names = {code: name for code, name in found.type.outcome_names(task.code).items() if code in rules}
    return OutcomeForm(data, names=names, rules=rules)


def _reads_cases(actor: Actor) -> bool:
    return actor.has(*READERS)
