"""Pages of the proof log's witnesses: who has cosigned what, for everybody; whom to ask, for the administrator."""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from zhengshu.contexts.trust.application.gather_cosignatures import Trouble
from zhengshu.contexts.trust.application.keep_witnesses import add_witness, retire_witness
from zhengshu.contexts.trust.application.publish_log import log_folder
from zhengshu.contexts.trust.application.queries import departments
from zhengshu.contexts.trust.application.raise_alarms import AlarmKind, log_alarm
from zhengshu.contexts.trust.application.witness_queries import WitnessRow, witnessing
from zhengshu.contexts.trust.interfaces.labels import Text
from zhengshu.contexts.trust.interfaces.pages import confirm, done
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, public
from zhengshu.foundation.ui.tags import moment
from zhengshu.kernel.actors import Role

TROUBLES: Mapping[str, Text] = {
    Trouble.UNREACHABLE: _("does not answer"),
    Trouble.REFUSED: _("refuses to cosign"),
    Trouble.FORKED: _("says that the log was rewritten"),
    Trouble.ROLLED_BACK: _("has seen more entries than are published"),
}
ALARMS: Mapping[str, Text] = {
    AlarmKind.LATE: _("Too few witnesses have cosigned in time"),
    AlarmKind.FORKED: _("A witness says that the log was rewritten"),
    AlarmKind.ROLLED_BACK: _("A witness has seen more entries than are published"),
    AlarmKind.REWRITTEN: _("What is published does not fit together"),
    AlarmKind.DIFFERS: _("The log does not have the calls that are on record"),
}
ADVICE: Mapping[str, Text] = {
    AlarmKind.LATE: _(
        "Ask the witnesses whether they run and can be reached. The log goes on; the alarm ends when enough cosign."
    ),
    AlarmKind.FORKED: _(
        "Get from the witness the checkpoint that he has seen (it lies in his folder), and compare it with ours. Both"
        " are signed by the log: together they prove that it was rewritten, unless the witness holds another log."
    ),
    AlarmKind.ROLLED_BACK: _(
        "Find out whether the files or the database were restored from an older copy. Restore what is missing; never"
        " begin the log anew under its name."
    ),
    AlarmKind.REWRITTEN: _(
        "The platform’s own monitor recomputes the log from its entries. Compare the files with a copy; the evidence"
        " lies in the monitor’s folder. Restore the right files; the alarm ends when they fit."
    ),
    AlarmKind.DIFFERS: _(
        "Compare the days below with the records of both sides. More in the log than on record: records were removed."
        " Fewer: entries are missing, or the sequencer is behind. The alarm ends with its case."
    ),
}


class WitnessForm(forms.Form):
    """A witness to be asked."""

    vkey = forms.CharField(
        label=_("Verifier key"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The witness prints it when it starts: name+id+key."),
    )
    address = forms.CharField(
        label=_("Address"), max_length=400, help_text=_("Such as https://audit.example.gov.cn:8010")
    )

    def __init__(self, *arguments: object, **options: object) -> None:
        """Offer the departments."""
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # handed on as they are
        known = [(str(key), one.name) for key, one in departments().items()]
        offered = [("", _("none of this platform")), *known]
        self.fields["department"] = forms.ChoiceField(label=_("Department"), choices=offered, required=False)


@require_GET
@public
def witnesses(request: HttpRequest) -> HttpResponse:
    """Show who witnesses the log, what each has cosigned, and alarms."""
    found = witnessing(at=timezone.now())
    actor = getattr(request, "actor", None)
    context = {
        "found": found,
        "rows": [(row, _state(row)) for row in found.witnesses],
        "alarms": [(row, ALARMS.get(row.kind, row.kind)) for row in found.alarms],
        "may_change": actor is not None and actor.has(Role.SECURITY_ADMIN),
    }
    return render(request, "trust/witnesses.html", context)


@require_GET
@public
def witnessed_checkpoint(_request: HttpRequest) -> HttpResponse:
    """Send the newest checkpoint that enough witnesses have cosigned."""
    note = log_folder().witnessed()
    if not note:
        raise Http404
    return HttpResponse(note, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})


@allow(Role.SECURITY_ADMIN)
def witness_add(request: ActorRequest) -> HttpResponse:
    """Let somebody witness the log."""
    form = WitnessForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        added = done(
            form,
            lambda: add_witness(
                vkey=entered["vkey"],
                address=entered["address"],
                department_id=UUID(entered["department"]) if entered["department"] else None,
                actor=request.actor,
                at=timezone.now(),
            ),
        )
        if added:
            messages.success(request, gettext("The witness was added and is asked within seconds."))
            return redirect("trust:log-witnesses")
    context = {
        "form": form,
        "title": _("Add a witness"),
        "lead": _("Somebody outside the data authority who runs “zhengshu witness” with a key of his own."),
        "cancel_url": reverse("trust:log-witnesses"),
        "action_label": _("Add"),
    }
    return render(request, "trust/form.html", context)


@allow(Role.SECURITY_ADMIN)
def witness_retire(request: ActorRequest, witness_id: UUID) -> HttpResponse:
    """Ask a witness no more."""
    return confirm(
        request,
        lambda: retire_witness(witness_id=witness_id, actor=request.actor, at=timezone.now()),
        title=_("Retire the witness"),
        text=_("It is asked no more. What it has cosigned stays; its name cannot be used again."),
        action_label=_("Retire the witness"),
        back=reverse("trust:log-witnesses"),
        said=_("The witness was retired."),
    )


@require_GET
@allow(Role.SECURITY_ADMIN)
def alarm_page(request: ActorRequest, alarm_id: UUID) -> HttpResponse:
    """Show an alarm: what is wrong, since when, by whose word, and what to do."""
    alarm = log_alarm(alarm_id=alarm_id, actor=request.actor)
    facts: list[tuple[Text, object]] = [
        (_("Raised"), moment(alarm.raised_at)),
        (_("Cleared"), moment(alarm.cleared_at) if alarm.cleared_at else _("open")),
    ]
    facts += [(_("Witness"), alarm.witness)] if alarm.witness else []
    facts += [(_("Reported by"), alarm.reporter)] if alarm.reporter else []
    facts += [(_("Said"), alarm.answer)] if alarm.answer else []
    context = {
        "alarm": alarm,
        "name": ALARMS.get(alarm.kind, alarm.kind),
        "advice": ADVICE.get(alarm.kind, ""),
        "facts": facts,
        "trail": [(_("Witnesses of the proof log"), reverse("trust:log-witnesses")), (_("Alarm"), "")],
    }
    return render(request, "trust/log_alarm.html", context)


def _state(row: WitnessRow) -> tuple[str, Text]:
    """Return the colour and the words for how a witness stands."""
    if not row.is_active:
        return "grey", _("retired")
    if row.trouble:
        return ("red" if row.trouble in ALARMS else "yellow"), TROUBLES.get(row.trouble, row.trouble)
    if row.cosigned_at is None:
        return "grey", _("not asked yet")
    return "green", _("cosigns")
