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
from django.views.decorators.http import require_http_methods

from zhengshu.contexts.casework.application import studio
from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.application.playing import MOST_MOVES, PEOPLE, Move, Trial
from zhengshu.contexts.casework.application.try_out import TrialRecord, data_of, runnable, try_out
from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.domain.definitions import Datum
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.interfaces import words
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.picture import Mark, drawn
from zhengshu.contexts.casework.interfaces.trying_forms import TriedForm, tried_form
from zhengshu.contexts.casework.interfaces.web_studio_draft import trail
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.dates import read_date
from zhengshu.kernel.errors import Refused

MOST_LETTERS = 100_000


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def try_draft(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Play a draft step by step; each answer carries the whole trial, and nothing is stored."""
    record, files = studio.draft(draft_id=draft_id, actor=request.actor)
    before = _sent_trial(request)
    trial, refusal = before, ""
    played: TrialRecord | None = None
    form: TriedForm | None = None
    try:
        kind = runnable(files)
        data: Mapping[str, Datum] = kind.definition.data
        form = _opening(kind, request)
        if form is not None:
            data = {}
        if request.method == "POST" and not (form and form.faults and request.POST.get("do") == "begin"):
            trial = _next(request, before, data=form.data(kind) if form else _data(request, data))
            played = try_out(files=files, trial=trial) if trial else None
    except Refused as fault:
        refusal, trial = sentence(fault), before
        data, played = _again(files, before)
    context = {
        "draft": record,
        "trial": msgspec.json.encode(trial).decode() if trial else "",
        "played": played,
        "clocks": [(clock, words.unit(clock.unit)) for clock in played.clocks] if played else [],
        "picture": drawn(played.kind, marks=_marks(played)) if played else None,
        "data": data.items(),
        "form": form,
        "form_was_sent": request.POST.get("do") == "begin",
        "task_forms": _task_forms(played) if played else [],
        "values": played.data.items() if played else [],
        "people": PEOPLE,
        "last_by": trial.moves[-1].by if trial and trial.moves else "",
        "today": localdate(timezone.now()),
        "refusal": refusal,
        "trail": trail(record, _("Try it")),
    }
    return render(request, "casework/studio_try.html", context, status=422 if refusal else 200)


def _again(files: TypeFiles, trial: Trial | None) -> tuple[dict[str, Datum], TrialRecord | None]:
    """Return where the trial stood before a move was refused."""
    try:
        data = dict(data_of(files))
        return data, try_out(files=files, trial=trial) if trial else None
    except Refused:
        return {}, None


def _sent_trial(request: ActorRequest) -> Trial | None:
    text = request.POST.get("trial", "")
    if not text or len(text) > MOST_LETTERS or request.POST.get("do") == "begin":
        return None
    try:
        return msgspec.json.decode(text, type=Trial)
    except msgspec.DecodeError:
        return None


def _opening(kind: LoadedType, request: ActorRequest) -> TriedForm | None:
    """Return the form that opens a case, with what was typed; None where the type has none."""
    code = kind.definition.opening_form
    if not code:
        return None
    return tried_form(kind, code, sent=request.POST if request.POST.get("do") == "begin" else None)


def _task_forms(played: TrialRecord) -> list[TriedForm]:
    """Return the forms of the to-dos at which a trial stands, to be looked at."""
    codes = [played.kind.definition.tasks[task.code].form for task in played.open_tasks]
    return [tried_form(played.kind, code, sent=None) for code in dict.fromkeys(codes) if code]


def _next(request: ActorRequest, trial: Trial | None, *, data: dict[str, Value]) -> Trial | None:
    """Return the trial with what the button says: begun, moved on, taken back, or begun anew."""
    wanted = request.POST.get("do", "")
    on = _day(request.POST.get("on", ""))
    by = request.POST.get("by", PEOPLE[0])
    by = by if by in PEOPLE else PEOPLE[0]
    if wanted == "begin":
        return Trial(on=on, by=by, data=data)
    if trial is None or wanted == "end":
        return None
    if wanted == "back":
        return msgspec.structs.replace(trial, moves=trial.moves[:-1])
    task, _bar, outcome = wanted.partition("|")
    move = Move(task=task, outcome=outcome, by=by, on=on)
    return msgspec.structs.replace(trial, moves=(*trial.moves, move)[:MOST_MOVES])


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
        elif datum.type == "text" and text:
            found[name] = text
    return found


def _marks(played: TrialRecord) -> dict[str, Mark]:
    marks = dict.fromkeys(played.passed, Mark.DONE)
    return marks | {task.code: Mark.OPEN for task in played.open_tasks}
