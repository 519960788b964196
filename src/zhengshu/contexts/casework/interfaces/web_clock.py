"""Letting a clock stand still by hand, on a ground of the law only, and letting it go on."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.application.pause_clock import MOST_DAYS, pause_clock
from zhengshu.contexts.casework.application.resume_clock import resume_clock
from zhengshu.contexts.casework.domain.records import CaseRecord, ClockRecord
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.asking import Question, ask_about
from zhengshu.contexts.casework.interfaces.once import OnceForm
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.identity import CaseId


class PauseForm(OnceForm):
    """The ground, and how long it will take."""

    ground = forms.ChoiceField(label=gettext_lazy("Lawful ground"), widget=forms.RadioSelect)
    days = forms.IntegerField(
        label=gettext_lazy("Expected to last, in working days"),
        help_text=gettext_lazy("The applicant is told; some grounds demand it."),
        min_value=1,
        max_value=MOST_DAYS,
        required=False,
    )

    def offer(self, grounds: list[tuple[str, str]]) -> None:
        """Let one of these be chosen."""
        self.fields["ground"] = forms.ChoiceField(
            label=_("Lawful ground"), choices=grounds, widget=forms.RadioSelect
        )


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def clock_pause(request: ActorRequest, case_id: UUID, clock: str) -> HttpResponse:
    """Ask on which ground a clock is to stand still, and let it."""
    at = timezone.now()
    case = queries.case(case_id=CaseId(case_id), actor=request.actor, at=at)
    kind = queries.type_of(case_id=CaseId(case_id), actor=request.actor)
    form = PauseForm(request.POST or None)
    form.offer(_grounds(kind, clock))

    def pause() -> None:
        pause_clock(
            case_id=case.id,
            clock=clock,
            ground=form.cleaned_data["ground"],
            days=form.cleaned_data["days"],
            actor=request.actor,
            at=at,
            idempotency_key=form.cleaned_data["key"],
        )

    text = _(
        "Case %(number)s. “%(clock)s” stands still from now on, and its end moves by as many working days."
    )
    question = Question(
        title=_("Let the clock stand still"),
        text=text % {"number": case.number, "clock": kind.clock_name(clock)},
        done=_("The clock stands still; the timeline says since when and why."),
    )
    return ask_about(case, question, form, act=pause, request=request)


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def clock_resume(request: ActorRequest, case_id: UUID, clock: str, ground: str) -> HttpResponse:
    """Ask before a clock goes on, and let it."""
    at = timezone.now()
    case = queries.case(case_id=CaseId(case_id), actor=request.actor, at=at)
    kind = queries.type_of(case_id=CaseId(case_id), actor=request.actor)
    form = OnceForm(request.POST if request.method == "POST" else None)

    def resume() -> None:
        resume_clock(
            case_id=case.id,
            clock=clock,
            ground=ground,
            actor=request.actor,
            at=at,
            idempotency_key=form.cleaned_data["key"],
        )

    text = _(
        "Case %(number)s. “%(clock)s” goes on from now; the days that it stood still are added to its end."
    )
    question = Question(
        title=_("Let the clock go on"),
        text=text % {"number": case.number, "clock": kind.clock_name(clock)},
        done=_("The clock goes on; its new end stands on this page."),
    )
    return ask_about(case, question, form, act=resume, request=request)


def stops_of(kind: LoadedType, case: CaseRecord) -> dict[str, dict[str, str]]:
    """Return clock → what its holder may do with it now: ``pause``, or ``resume`` with the ground."""
    mine = {task.task for task in case.open_tasks if task.is_mine}
    found: dict[str, dict[str, str]] = {}
    for clock in case.clocks:
        rule = kind.definition.clocks.get(clock.clock)
        if rule is None or not clock.is_running or not mine.intersection(rule.covers):
            continue
        by_hand = {name for name, ground in rule.pauses.items() if not ground.while_task}
        if clock.is_paused:
            open_ground = _open_ground(clock)
            if open_ground in by_hand:
                found[clock.clock] = {"resume": open_ground}
        elif by_hand:
            found[clock.clock] = {"pause": "yes"}
    return found


def _open_ground(clock: ClockRecord) -> str:
    return next((pause.code for pause in clock.pauses if pause.to is None), "")


def _grounds(kind: LoadedType, clock: str) -> list[tuple[str, str]]:
    """Return the grounds on which people stop a clock, each with its article."""
    rule = kind.definition.clocks.get(clock)
    if rule is None:
        return []
    return [
        (name, f"{kind.text(f'clocks.{clock}.pauses.{name}')} ({ground.basis})")
        for name, ground in rule.pauses.items()
        if not ground.while_task
    ]
