"""What happens when nobody acts: promises, silence, escalation, urging; and when the working days change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.api import CaseRecord, StepKind
from zhengshu.contexts.casework.events import CaseEvent, CaseUrged, DueMoved, SilenceApplied, TaskEscalated
from zhengshu.contexts.casework.models import CalendarSeen
from zhengshu.contexts.casework.tests import licences
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.foundation.models import CalendarOverride
from zhengshu.foundation.outbox import publish
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.clocks import Light
from zhengshu.kernel.identity import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[CaseEvent]:
    events: list[CaseEvent] = []

    def listen(*published: CaseEvent) -> None:
        events.extend(published)
        publish(*published)

    monkeypatch.setattr("zhengshu.contexts.casework.application.working.publish", listen)
    return events


def local(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


def on(moment: datetime | None) -> str:
    assert moment is not None
    return f"{moment + timedelta(hours=8):%Y-%m-%d}"


def read(case: CaseRecord, place: licences.Office, *, at: datetime = AT) -> CaseRecord:
    return api.case(case_id=case.id, actor=place.clerk, at=at)


class TestSilence:
    @pytest.mark.article("行政许可法", 32)
    def test_of_five_working_days_counts_as_accepted_exactly_once(self, told: list[CaseEvent]) -> None:
        place = licences.office()
        case = licences.applied(place)
        assert on(case.due_at) == "2026-03-09"

        assert api.watch_clocks(at=local(2026, 3, 9, 23)) >= 0
        assert read(case, place).open_tasks[0].task == "accept"
        for _ in range(2):
            api.watch_clocks(at=local(2026, 3, 10, 1))

        after = read(case, place, at=local(2026, 3, 10, 2))
        assert [task.task for task in after.open_tasks] == ["decide"]
        (silence,) = (step for step in after.timeline if step.kind == StepKind.SILENCE)
        assert silence.basis == "行政许可法第三十二条"
        assert [type(event) for event in told].count(SilenceApplied) == 1
        done = next(step for step in after.timeline if step.kind == StepKind.TASK_COMPLETED)
        assert (done.outcome, done.actor_name) == ("accept", "平台自动办理")

    @pytest.mark.article("行政许可法", 32)
    def test_counts_from_the_day_of_receipt(self) -> None:
        place = licences.office()
        case = licences.applied(place)

        api.watch_clocks(at=local(2026, 3, 10, 1))

        (clock,) = (one for one in read(case, place).clocks if one.is_running)
        assert on(clock.started_at) == on(AT)

    def test_counts_from_when_the_supplement_came(self) -> None:
        place = licences.office()
        case = licences.applied(place)
        api.complete_task(
            case_id=case.id, task="accept", outcome="ask_supplement", reason="缺件", actor=place.clerk, at=AT
        )
        came = local(2026, 3, 12, 10)
        api.complete_task(case_id=case.id, task="supplement", outcome="submit", actor=place.citizen, at=came)

        api.watch_clocks(at=local(2026, 4, 20))

        (clock,) = (one for one in read(case, place, at=came).clocks if one.is_running)
        assert on(clock.started_at) == on(came)

    def test_means_nothing_once_somebody_answered(self, told: list[CaseEvent]) -> None:
        place = licences.office()
        case = licences.applied(place)
        api.complete_task(
            case_id=case.id, task="accept", outcome="ask_supplement", reason="缺件", actor=place.clerk, at=AT
        )

        api.watch_clocks(at=local(2026, 3, 20))

        assert [task.task for task in read(case, place).open_tasks] == ["supplement"]
        assert SilenceApplied not in {type(event) for event in told}

    def test_is_not_held_up_by_a_claim_or_a_countersigner(self) -> None:
        place = licences.office()
        case = licences.applied(place)
        api.claim_task(case_id=case.id, task="accept", actor=place.clerk, at=AT)
        api.ask_countersign(
            case_id=case.id, task="accept", person_id=place.head.id, question="？", actor=place.clerk, at=AT
        )

        api.watch_clocks(at=local(2026, 3, 10, 1))

        assert [task.task for task in read(case, place).open_tasks] == ["decide"]


class TestPromise:
    @pytest.mark.article("行政许可法", 42)
    def test_is_shown_beside_the_limit_of_the_law_and_sets_the_light(self) -> None:
        place = licences.office()
        case = licences.accepted(place)

        clock = case.clocks[-1]
        assert (on(clock.due_at), on(clock.promised_due_at)) == ("2026-03-30", "2026-03-18")
        assert on(case.due_at) == on(case.open_tasks[0].due_at) == "2026-03-18"
        late = read(case, place, at=local(2026, 3, 19, 1))
        assert late.clocks[-1].light == Light.RED

    @pytest.mark.article("行政许可法", 42)
    def test_falls_when_the_limit_is_lawfully_extended(self) -> None:
        place = licences.office()
        case = licences.accepted(place)
        api.ask_extension(case_id=case.id, clock="decision", reason="案情复杂", actor=place.approver, at=AT)
        api.complete_task(case_id=case.id, task="extend_decision", outcome="consent", actor=place.head, at=AT)

        clock = read(case, place).clocks[-1]

        assert (on(clock.due_at), clock.promised_due_at) == ("2026-04-14", None)
        assert "延长期内" in clock.explanation[-1].text


class TestPauses:
    @pytest.mark.article("行政许可法", 45)
    def test_tell_how_long_they_will_take_and_are_not_counted(self) -> None:
        place = licences.office()
        case = licences.accepted(place)
        with pytest.raises(api.DurationMissing):
            api.pause_clock(case_id=case.id, clock="decision", ground="hearing", actor=place.approver, at=AT)

        api.pause_clock(
            case_id=case.id, clock="decision", ground="hearing", days=5, actor=place.approver, at=AT
        )
        paused = read(case, place).clocks[-1]
        assert paused.light == Light.GREY
        assert (on(paused.pauses[0].expected_at), paused.promised_due_at) == ("2026-03-09", None)
        api.resume_clock(
            case_id=case.id, clock="decision", ground="hearing", actor=place.approver, at=local(2026, 3, 5, 9)
        )

        clock = read(case, place).clocks[-1]
        assert (on(clock.due_at), on(clock.promised_due_at)) == ("2026-04-01", "2026-03-20")
        still = [note.text for note in clock.explanation if "行政许可法第四十五条" in note.text]
        assert len(still) == 2

    def test_of_other_grounds_and_lengths_are_refused(self) -> None:
        place = licences.office()
        case = licences.accepted(place)

        for days in (0, 251, -1):
            with pytest.raises(api.DurationMissing):
                api.pause_clock(
                    case_id=case.id,
                    clock="decision",
                    ground="expert_review",
                    days=days,
                    actor=place.approver,
                    at=AT,
                )
        with pytest.raises(api.GroundUnknown):
            api.pause_clock(case_id=case.id, clock="decision", ground="holiday", actor=place.approver, at=AT)


class TestEscalation:
    def test_reaches_each_level_exactly_once(self, told: list[CaseEvent]) -> None:
        place = licences.office()
        case = licences.accepted(place)
        told.clear()

        def raised() -> list[tuple[int, str, object]]:
            found = [event for event in told if isinstance(event, TaskEscalated)]
            return [(one.level, one.for_role, one.for_department_id) for one in found]

        api.watch_clocks(at=local(2026, 3, 10))
        assert raised() == []
        yellow = [(1, "department_head", place.id)]
        red = [(2, "department_head", place.id), (2, "reviewer", place.authority)]
        for moment, expected in (
            (local(2026, 3, 12), yellow),
            (local(2026, 3, 13), yellow),
            (local(2026, 3, 19, 1), yellow + red),
            (local(2026, 3, 26, 1), [*yellow, *red, (3, "leader", place.id)]),
            (local(2026, 5, 26, 1), [*yellow, *red, (3, "leader", place.id)]),
        ):
            api.watch_clocks(at=moment)
            assert raised() == expected, moment

        steps = [step for step in read(case, place).timeline if step.kind == StepKind.ESCALATED]
        assert len(steps) == 3

    def test_is_not_repeated_when_the_end_moves_back(self, told: list[CaseEvent]) -> None:
        place = licences.office()
        licences.accepted(place)
        api.recompute_clocks(at=AT)
        api.watch_clocks(at=local(2026, 3, 13))
        told.clear()

        CalendarOverride.objects.create(day=date(2026, 3, 16), is_working=False, reason="台风", basis="通告")
        api.recompute_clocks(at=local(2026, 3, 13))
        api.watch_clocks(at=local(2026, 3, 17))

        assert not [event for event in told if isinstance(event, TaskEscalated)]


class TestCalendarChanges:
    def test_move_the_end_and_say_why_exactly_once(self, told: list[CaseEvent]) -> None:
        place = licences.office()
        case = licences.accepted(place)
        closed = licences.applied(place)
        api.withdraw_case(case_id=closed.id, reason="不办了", actor=place.citizen, at=AT)
        assert api.recompute_clocks(at=AT) == 0

        CalendarOverride.objects.create(
            day=date(2026, 3, 10), is_working=False, reason="台风停工", basis="通告"
        )
        CalendarOverride.objects.create(day=date(2027, 3, 10), is_working=False, reason="无关", basis="通告")
        assert api.recompute_clocks(at=AT) == 1
        assert api.recompute_clocks(at=AT) == 0

        after = read(case, place)
        clock = after.clocks[-1]
        assert (on(clock.due_at), on(clock.promised_due_at), on(after.due_at)) == (
            "2026-03-31",
            "2026-03-19",
            "2026-03-19",
        )
        (moved,) = (step for step in after.timeline if step.kind == StepKind.DUE_MOVED)
        assert (moved.reason, "2026-03-30" in moved.title, "2026-03-31" in moved.title) == (
            "2026-03-10 台风停工",
            True,
            True,
        )
        assert [type(event) for event in told].count(DueMoved) == 1

    def test_go_on_where_a_run_was_cut_short(self) -> None:
        place = licences.office()
        cases = [licences.accepted(place) for _ in range(2)]
        api.recompute_clocks(at=AT)
        before = CalendarSeen.objects.get().days
        CalendarOverride.objects.create(day=date(2026, 3, 10), is_working=False, reason="台风", basis="通告")
        api.recompute_clocks(at=AT)
        CalendarSeen.objects.update(days=before)

        assert api.recompute_clocks(at=AT) == 0
        for case in cases:
            kinds = [step.kind for step in read(case, place).timeline]
            assert kinds.count(StepKind.DUE_MOVED) == 1

    def test_back_again_move_it_back(self) -> None:
        place = licences.office()
        case = licences.accepted(place)
        api.recompute_clocks(at=AT)
        CalendarOverride.objects.create(day=date(2026, 3, 10), is_working=False, reason="台风", basis="通告")
        api.recompute_clocks(at=AT)

        CalendarOverride.objects.all().delete()
        api.recompute_clocks(at=AT)

        after = read(case, place)
        assert on(after.clocks[-1].due_at) == "2026-03-30"
        assert [step.kind for step in after.timeline].count(StepKind.DUE_MOVED) == 2


class TestUrging:
    def test_is_for_supervisors_heads_and_the_applicant(self, told: list[CaseEvent]) -> None:
        place = licences.office()
        case = licences.applied(place)

        for actor in (place.reviewer, place.head, place.citizen):
            assert api.urge_case(case_id=case.id, text="请尽快办理", actor=actor, at=AT) == 1
        with pytest.raises(api.NotSupervising):
            api.urge_case(case_id=case.id, text="快", actor=place.approver, at=AT)
        for stranger in (place.stranger, place.other_citizen, Actor.anonymous()):
            with pytest.raises(api.CaseNotFound):
                api.urge_case(case_id=case.id, text="快", actor=stranger, at=AT)

        urged = [event for event in told if isinstance(event, CaseUrged)]
        assert [event.for_department_id for event in urged] == [place.id] * 3

    def test_with_a_note_asks_for_an_answer_by_a_day(self) -> None:
        place = licences.office()
        case = licences.applied(place)
        with pytest.raises(api.NotSupervising):
            api.write_note(case_id=case.id, text="请说明", days=3, actor=place.head, at=AT)
        with pytest.raises(api.DaysUnfit):
            api.write_note(case_id=case.id, text="请说明", days=0, actor=place.reviewer, at=AT)
        api.write_note(case_id=case.id, text="请说明进度", days=3, actor=place.reviewer, at=AT)

        (note,) = api.notes(case_id=case.id, actor=place.clerk, at=AT)
        assert (on(note.due_at), note.may_answer, note.is_late) == ("2026-03-05", True, False)
        for other in (place.reviewer, place.citizen):
            with pytest.raises(api.NoteNotFound):
                api.answer_note(case_id=case.id, note_id=note.id, answer="已办", actor=other, at=AT)
        with pytest.raises(api.CaseNotFound):
            api.answer_note(case_id=case.id, note_id=note.id, answer="已办", actor=place.stranger, at=AT)
        api.answer_note(case_id=case.id, note_id=note.id, answer="今日办结", actor=place.clerk, at=AT)
        with pytest.raises(api.NoteNotFound):
            api.answer_note(case_id=case.id, note_id=note.id, answer="又", actor=place.clerk, at=AT)

        (answered,) = api.notes(case_id=case.id, actor=place.reviewer, at=AT)
        assert (answered.answer, answered.answered_by_name) == ("今日办结", place.clerk.name)
        assert api.notes(case_id=case.id, actor=place.citizen, at=AT) == ()
        assert api.notes(case_id=case.id, actor=place.stranger, at=AT) == ()

    def test_needs_words_and_somebody_to_urge(self) -> None:
        place = licences.office()
        case = licences.applied(place)
        with pytest.raises(api.ReasonMissing):
            api.urge_case(case_id=case.id, text=" ", actor=place.reviewer, at=AT)
        api.complete_task(
            case_id=case.id, task="accept", outcome="ask_supplement", reason="缺件", actor=place.clerk, at=AT
        )
        with pytest.raises(api.NothingToUrge):
            api.urge_case(case_id=case.id, text="快", actor=place.reviewer, at=AT)
        api.withdraw_case(case_id=case.id, reason="不办了", actor=place.citizen, at=AT)
        with pytest.raises(api.CaseClosedAlready):
            api.urge_case(case_id=case.id, text="快", actor=place.reviewer, at=AT)
        with pytest.raises(api.NoteNotFound):
            api.answer_note(case_id=case.id, note_id=new_id(), answer="？", actor=place.clerk, at=AT)


class TestCountsByDepartment:
    def test_are_those_of_the_visible_to_dos_in_two_queries(self) -> None:
        place = licences.office()
        licences.applied(place)
        licences.accepted(place)
        counts, found = [], None
        for _ in range(2):
            licences.applied(place)
            with CaptureQueriesContext(connection) as captured:
                (found,) = api.by_department(actor=place.reviewer, at=local(2026, 3, 7))
            counts.append(len(captured))

        assert counts == [2, 2]
        assert found is not None
        assert (found.department_id, found.lights[Light.YELLOW], found.total) == (place.id, 3, 4)
        assert api.by_department(actor=place.stranger, at=AT) == ()


class TestChecker:
    @pytest.mark.parametrize(
        ("old", "new", "code", "element"),
        [
            (
                "promised: {value: 12",
                "promised: {value: 21",
                "promise-longer",
                "clocks.decision.promised.value",
            ),
            ("basis: 本机关承诺", 'basis: ""', "basis-missing", "clocks.decision.promised.basis"),
            (
                "silence: {task: accept, outcome: accept",
                "silence: {task: decide, outcome: grant",
                "silence-unknown",
                "clocks.acceptance.silence",
            ),
            (
                "silence: {task: accept, outcome: accept",
                "silence: {task: accept, outcome: reject",
                "silence-unfit",
                "clocks.acceptance.silence",
            ),
            ("{at: yellow, to: [handler_head]}", "{to: [handler_head]}", "escalation-unfit", "escalation[0]"),
            ("{after: 5, to: [leader]}", "{after: 5, to: []}", "escalation-unfit", "escalation[2]"),
        ],
    )
    def test_finds_what_the_law_does_not_allow(
        self, tmp_path_factory: pytest.TempPathFactory, old: str, new: str, code: str, element: str
    ) -> None:
        folder = licences.changed(tmp_path_factory.mktemp("pack"), (old, new))

        found = {(fault.code, fault.element) for fault in api.check_case_type(folder=folder)}

        assert (code, element) in found
