"""Entering that a message arrived for which the flow of a case waits: what it says, brings, and came with it."""

from collections.abc import Iterable
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.deliver_message import MessageNotAwaited, awaited, deliver_message
from zhengshu.contexts.casework.application.documents import documents_rule
from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.domain.completing import NotYourTask
from zhengshu.contexts.casework.domain.definitions import Datum, DocumentsRule
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.records import CaseRecord
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.asking import Question, ask_about
from zhengshu.contexts.casework.interfaces.once import OnceForm
from zhengshu.contexts.casework.interfaces.uploading import kept, refuse_large, say_what_is_taken
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.identity import CaseId

DATUM = "datum_"
MOST_LETTERS = 1000


class ArrivedForm(OnceForm):
    """What the message says, and what came with it."""

    text = forms.CharField(
        label=gettext_lazy("What it says"),
        help_text=gettext_lazy("In short; it stands in the timeline, which the applicant reads too."),
        max_length=MOST_LETTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    file = forms.FileField(label=gettext_lazy("File that came with it"), max_length=1000, required=False)

    def offer(self, kind: LoadedType, message: str, rule: DocumentsRule) -> None:
        """Ask for the data that the message brings, before the rest."""
        brings = kind.definition.incoming[message].brings
        for name in brings:
            self.fields[DATUM + name] = _field(kind, name, kind.definition.data[name])
        self.order_fields([DATUM + name for name in brings])
        say_what_is_taken(self.fields["file"], rule)

    def brought(self, kind: LoadedType, message: str) -> dict[str, Value]:
        """Return the data as cases keep them."""
        return {
            name: _value(kind.definition.data[name], self.cleaned_data[DATUM + name])
            for name in kind.definition.incoming[message].brings
        }


def _field(kind: LoadedType, name: str, datum: Datum) -> forms.Field:
    label = kind.text(f"data.{name}.name")
    match datum.type:
        case "number":
            return forms.IntegerField(label=label)
        case "flag":
            yes_or_no = [("yes", _("yes")), ("no", _("no"))]
            return forms.ChoiceField(label=label, choices=yes_or_no, widget=forms.RadioSelect)
        case "departments":
            names = sorted((one.name, str(one.id)) for one in trust.departments().values())
            return forms.MultipleChoiceField(
                label=label,
                choices=[(key, title) for title, key in names],
                help_text=_("Several may be chosen, with the control key held down."),
                widget=forms.SelectMultiple(attrs={"size": 8}),
            )
        case _ if datum.values:
            values = [(value, kind.text(f"data.{name}.values.{value}")) for value in datum.values]
            return forms.ChoiceField(label=label, choices=values, widget=forms.RadioSelect)
        case _:
            return forms.CharField(label=label, max_length=MOST_LETTERS)


def _value(datum: Datum, given: str | int | Iterable[str]) -> Value:
    if isinstance(given, int):
        return given
    if isinstance(given, str):
        return given == "yes" if datum.type == "flag" else given
    return ",".join(given)


@require_http_methods(["GET", "POST"])
@allow(*READERS)
@csrf_exempt
def message_arrived(request: ActorRequest, case_id: UUID, event: str) -> HttpResponse:
    """Ask what arrived, and let the case go on; who announces too many bytes is refused before they are read."""
    case = queries.case(case_id=CaseId(case_id), actor=request.actor, at=timezone.now())
    rule = documents_rule(case_id=case.id, actor=request.actor)
    refuse_large(request, rule)
    return _ask(request, case, event, rule)


@csrf_protect
def _ask(request: ActorRequest, case: CaseRecord, event: str, rule: DocumentsRule) -> HttpResponse:
    kind = queries.type_of(case_id=case.id, actor=request.actor)
    waits = {one.event: one for one in awaited(case_id=case.id, kind=kind, actor=request.actor)}
    found = waits.get(event)
    if found is None:
        raise MessageNotAwaited(number=case.number, name=kind.event_name(event))
    if not found.is_mine:
        raise NotYourTask
    trigger = kind.flow.nodes[event].trigger
    message = trigger.name if trigger is not None else ""
    form = ArrivedForm(request.POST or None, request.FILES or None)
    form.offer(kind, message, rule)

    def deliver() -> None:
        upload: UploadedFile[bytes] | None = form.cleaned_data["file"]
        deliver_message(
            case_id=case.id,
            name=message,
            data=form.brought(kind, message),
            text=form.cleaned_data["text"],
            file=kept(upload, rule) if upload else None,
            actor=request.actor,
            at=timezone.now(),
            idempotency_key=form.cleaned_data["key"],
        )

    question = Question(
        title=_("Enter that “%(message)s” arrived") % {"message": found.name},
        text=_("Case %(number)s. The case goes on at once; this cannot be taken back.")
        % {"number": case.number},
        done=_("Stored; the case has gone on."),
        label=_("It arrived: go on"),
    )
    return ask_about(case, question, form, act=deliver, request=request)
