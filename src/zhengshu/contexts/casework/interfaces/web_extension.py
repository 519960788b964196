"""More time: the page on which it is asked for, and the one on which it is consented to."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.ask_extension import ask_extension
from zhengshu.contexts.casework.application.complete_task import complete_task
from zhengshu.contexts.casework.application.extension import CONSENT, DECLINE, consent_code
from zhengshu.contexts.casework.application.gone import why_not_open
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.asking import Question, ask_about, too_late
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.identity import CaseId

MOST_LETTERS = 1000


class AskForm(forms.Form):
    """Why more time is needed."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Say why the answer cannot be given within the limit; no personal data."),
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DecideForm(forms.Form):
    """Consent or decline."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[(CONSENT, gettext_lazy("Consent")), (DECLINE, gettext_lazy("Decline"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Needed when you decline."),
        max_length=MOST_LETTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def extension_ask(request: ActorRequest, case_id: UUID, clock: str) -> HttpResponse:
    """Ask for more time on a clock."""
    case = queries.case(case_id=CaseId(case_id), actor=request.actor, at=timezone.now())
    form = AskForm(request.POST or None)

    def ask() -> None:
        reason = form.cleaned_data["reason"]
        ask_extension(case_id=case.id, clock=clock, reason=reason, actor=request.actor, at=timezone.now())

    text = _("Case %(number)s. The law lets the limit be extended only with consent.")
    question = Question(
        title=_("Ask for more time"),
        text=text % {"number": case.number},
        done=_("More time was asked for. You will find the answer on this page."),
        label=_("Ask"),
    )
    return ask_about(case, question, form, act=ask, request=request)


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def extension_decide(request: ActorRequest, case_id: UUID, clock: str) -> HttpResponse:
    """Consent to more time, or decline it."""
    case = queries.case(case_id=CaseId(case_id), actor=request.actor, at=timezone.now())
    if case.task(consent_code(clock)) is None:
        gone = why_not_open(case_id=case.id, task=consent_code(clock), actor=request.actor)
        return too_late(request, gone, case_id=case.id)
    form = DecideForm(request.POST or None)

    def decide() -> None:
        complete_task(
            case_id=case.id,
            task=consent_code(clock),
            outcome=form.cleaned_data["outcome"],
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=timezone.now(),
        )

    reason = queries.asked_reason(case, clock=clock)
    question = Question(
        title=_("Decide on more time"),
        text=_("Case %(number)s: %(reason)s") % {"number": case.number, "reason": reason},
        done=_("Your decision was stored."),
        label=_("Store the decision"),
    )
    return ask_about(case, question, form, act=decide, request=request)
