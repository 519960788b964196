"""Trying a draft: made-up people, days and data, the real engine; the page carries all that was tried."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from zhengshu.contexts.casework.application import studio
from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.application.playing import MOST_MOVES, PEOPLE, Move, Trial, made_up_department
from zhengshu.contexts.casework.application.try_out import TrialRecord, data_of, runnable, try_out
from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.domain.definitions import Datum
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.interfaces import words
from zhengshu.contexts.casework.interfaces.access import CASE_OFFICIALS
from zhengshu.contexts.casework.interfaces.picture import Mark, drawn
from zhengshu.contexts.casework.interfaces.trying_forms import TriedForm, tried_form
from zhengshu.contexts.casework.interfaces.web_studio_draft import trail
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.dates import read_date
from zhengshu.kernel.errors import Refused

MOST_LETTERS = 100_000
MOST_DEPARTMENTS = 9
"""Made-up departments in a try."""
BEGIN, BACK, ANEW, CHOOSE, HAPPENS, OUTCOME = "begin", "back", "anew", "choose", "happens", "outcome:"
"""What the buttons of the page say; `OUTCOME` is followed by the code of the outcome."""


@require_http_methods(["GET", "POST"])
@allow(*CASE_OFFICIALS)
def try_draft(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Play a draft step by step; each answer carries the whole trial, and nothing is stored."""
    record, files = studio.draft(draft_id=draft_id, actor=request.actor)
    step = _Step(request)
    trial, refusal = step.before, ""
    played: TrialRecord | None = None
    form: TriedForm | None = None
    data: Mapping[str, Datum] = {}
    try:
        kind = runnable(files)
        data = {} if kind.definition.opening_form else kind.definition.data
        form = step.form(kind)
        if form is None or (step.wanted and not form.faults):
            trial = step.after(data=form.data(kind) if form else _data(request, data))
        played = try_out(files=files, trial=trial) if trial else None
        shown = form if trial is step.before and form else _form_to_fill(kind, played, step.task)
    except Refused as fault:
        refusal, trial, shown = sentence(fault), step.before, form
        data, played = _again(files, trial)
    context = {
        "draft": record,
        "trial": msgspec.json.encode(trial).decode() if trial else "",
        "played": played,
        "clocks": [(clock, words.unit(clock.unit)) for clock in played.clocks] if played else [],
        "picture": drawn(played.kind, marks=_marks(played)) if played else None,
        "data": data.items(),
        "form": shown,
        "form_task": _task_with_form(played, step.task),
        "form_was_sent": bool(step.wanted) and shown is form,
        "values": _shown(played) if played else [],
        "people": PEOPLE,
        "by": step.by,
        "today": localdate(timezone.now()),
        "refusal": refusal,
        "trail": trail(record, _("Try it")),
    }
    return render(request, "casework/studio_try.html", context, status=422 if refusal else 200)


class _Step:
    """What the page sent: how far the trial was, which to-do is meant, and what was clicked.

    The page's own controls begin with ``_``, as no key of a form may.
    """

    def __init__(self, request: ActorRequest) -> None:
        self.sent = request.POST
        self.wanted = request.POST.get("_do", "")
        self.task = request.POST.get("_task", "")
        self.before = _trial(request.POST.get("_trial", ""))
        by = request.POST.get("_by", "")
        self.by = by if by in PEOPLE else PEOPLE[0]
        self.on = _day(request.POST.get("_on", ""))

    def form(self, kind: LoadedType) -> TriedForm | None:
        """Return the form that was sent: that of a to-do, or the one that opens a case; None for none."""
        if not self.sent or self.wanted in {BACK, ANEW, CHOOSE, HAPPENS}:
            return None
        rule = kind.definition.tasks.get(self.task)
        code = kind.definition.opening_form if self.before is None else (rule.form if rule else "")
        return tried_form(kind, code, sent=self.sent) if code else None

    def after(self, *, data: dict[str, Value]) -> Trial | None:
        """Return the trial with what the button says: begun, moved on, taken back, or begun anew."""
        if self.before is None:
            return Trial(on=self.on, by=self.by, data=data) if self.wanted == BEGIN else None
        if self.wanted == ANEW:
            return None
        if self.wanted == BACK:
            return msgspec.structs.replace(self.before, moves=self.before.moves[:-1])
        is_event = self.wanted == HAPPENS
        if not is_event and not self.wanted.startswith(OUTCOME):
            return self.before
        outcome, told = ("", {}) if is_event else (self.wanted.removeprefix(OUTCOME), data)
        move = Move(task=self.task, outcome=outcome, by=self.by, on=self.on, data=told)
        return msgspec.structs.replace(self.before, moves=(*self.before.moves, move)[:MOST_MOVES])


def _trial(text: str) -> Trial | None:
    if not text or len(text) > MOST_LETTERS:
        return None
    try:
        return msgspec.json.decode(text, type=Trial)
    except msgspec.DecodeError:
        return None


def _task_with_form(played: TrialRecord | None, chosen: str) -> str:
    """Return the to-do whose form is shown: the one that was chosen, else the first that has one."""
    tasks = [task.code for task in played.open_tasks if task.form] if played else []
    return chosen if chosen in tasks else next(iter(tasks), "")


def _form_to_fill(kind: LoadedType, played: TrialRecord | None, chosen: str) -> TriedForm | None:
    """Return the form that comes next, with what it begins with."""
    task = _task_with_form(played, chosen)
    code = kind.definition.tasks[task].form if task else ""
    if played is None:
        code = kind.definition.opening_form
    return tried_form(kind, code, sent=None) if code else None


def _again(files: TypeFiles, trial: Trial | None) -> tuple[dict[str, Datum], TrialRecord | None]:
    """Return where the trial stood before a move was refused."""
    try:
        data = dict(data_of(files))
        return data, try_out(files=files, trial=trial) if trial else None
    except Refused:
        return {}, None


def _shown(played: TrialRecord) -> list[tuple[str, object]]:
    """Return the data of a trial as its page shows them; made-up departments have no names."""
    declared = played.kind.definition.data
    shown: list[tuple[str, object]] = []
    for name, value in played.data.items():
        is_list = name in declared and declared[name].type == "departments"
        count = len([one for one in str(value).split(",") if one])
        words_of = ngettext("%(count)s department", "%(count)s departments", count) % {"count": count}
        shown.append((name, words_of if is_list else value))
    return shown


def _day(text: str) -> date:
    try:
        return read_date(text)
    except Refused:
        return localdate(timezone.now())


def _data(request: ActorRequest, declared: object) -> dict[str, Value]:
    found: dict[str, Value] = {}
    known = declared.items() if isinstance(declared, dict) else ()
    for name, datum in known:
        text = request.POST.get(f"data-{name}", "").strip()[:200]
        if datum.type == "flag":
            found[name] = text == "on"
        elif datum.type == "number" and text.lstrip("-").isdecimal():
            found[name] = int(text)
        elif datum.type == "departments" and text.isdecimal():
            made_up = range(1, min(int(text), MOST_DEPARTMENTS) + 1)
            found[name] = ",".join(str(made_up_department(str(number))) for number in made_up)
        elif datum.type == "text" and text:
            found[name] = text
    return found


def _marks(played: TrialRecord) -> dict[str, Mark]:
    marks = dict.fromkeys(played.passed, Mark.DONE)
    return marks | {task.code: Mark.OPEN for task in played.open_tasks}
