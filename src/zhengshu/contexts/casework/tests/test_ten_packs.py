"""Ten case types walked to each of their ends on the real database, by people, times, messages and signals."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytest_django import DjangoAssertNumQueries

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.api import CaseRecord, StepKind
from zhengshu.contexts.casework.application.fire_timers import _fire, fire_timers
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.models import Wait
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT, City, person
from zhengshu.contexts.casework.tests.structured_flows import Page
from zhengshu.contexts.casework.tests.ten_packs import (
    TEN,
    again,
    at_once,
    choice,
    code_of,
    consultation,
    draw,
    everything,
    nodes,
    one_task,
    part_of_it,
    payment,
    silence,
    two_eyes_more,
    waiting,
    write,
)
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation.outbox import deliver_due
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.clocks import Light

pytestmark = pytest.mark.django_db
Make = Callable[[], tuple[str, Page]]


class Case:
    """A case of one of the ten, and its people."""

    def __init__(
        self,
        folder: Path,
        make: Make,
        *,
        place: City | None = None,
        about: api.CaseSubject | None = None,
        is_written: bool = False,
        **data: Value,
    ) -> None:
        self.place = place or factories.city()
        code = code_of(make) if is_written else write(folder, make)
        assert api.check_case_type(folder=folder / code) == ()
        api.load_case_types(folder=folder / code, at=AT)
        self.now: CaseRecord = api.open_case(
            case_type=code,
            subject=about or factories.subject(),
            parties=self.place.parties,
            data=data,
            actor=self.place.officer,
            at=AT,
        )

    def does(self, task: str, outcome: str = "ok", *, who: Actor | None = None, at: datetime = AT) -> "Case":
        people = {
            "mend": self.place.officer,
            "sign": self.place.provider_head,
            "decide": self.place.provider_head,
        }
        actor = who or people.get(task, self.place.provider_officer)
        if task == "mend" and all(one.department_id != actor.department_id for one in self.now.open_tasks):
            actor = self.place.provider_officer
        self.now = api.complete_task(
            case_id=self.now.id, task=task, outcome=outcome, reason="因此", actor=actor, at=at
        )
        return self

    def reload(self) -> "Case":
        self.now = api.case(case_id=self.now.id, actor=self.place.provider_head, at=AT)
        return self

    @property
    def open(self) -> list[str]:
        return sorted(task.task for task in self.now.open_tasks)


def officers(place: City, count: int) -> list[Actor]:
    """Return the data officers of so many departments that are no party yet."""
    departments = [trust.department(parent_id=place.authority) for _ in range(count)]
    return [person(Role.DATA_OFFICER, department_id=one.id) for one in departments]


@pytest.mark.parametrize("make", TEN)
def test_the_checker_finds_nothing(make: Make, tmp_path: Path) -> None:
    code = write(tmp_path, make)

    assert [fault.text() for fault in api.check_case_type(folder=tmp_path / code)] == []


class TestPeople:
    def test_one_task(self, tmp_path: Path) -> None:
        assert Case(tmp_path, one_task).does("check").now.state == "done"

    def test_four_eyes(self, tmp_path: Path) -> None:
        case = Case(tmp_path, two_eyes_more).does("check")

        assert case.does("sign").now.state == "done"

    @pytest.mark.parametrize(("outcome", "end"), [("yes", "granted"), ("no", "refused")])
    def test_choice(self, tmp_path: Path, outcome: str, end: str) -> None:
        assert Case(tmp_path, choice).does("check", outcome).now.state == end

    def test_again_until_it_is_enough(self, tmp_path: Path) -> None:
        case = Case(tmp_path, again)
        for _ in range(3):
            case.does("check", "back").does("mend", "sent")

        assert case.does("check", "back").now.state == "done"
        assert case.now.data["rounds"] == 3

    def test_at_once(self, tmp_path: Path) -> None:
        case = Case(tmp_path, at_once)
        assert case.open == ["check", "sign"]

        assert case.does("sign").open == ["check"]
        assert case.does("check").now.state == "done"


def of_another_modeller() -> tuple[str, Page]:
    page = Page()
    nodes(page, startEvent="StartEvent_1", userTask="sid-4C2A-0B", endEvent="_ec59e164-68b4")
    draw(page, "StartEvent_1>sid-4C2A-0B sid-4C2A-0B>_ec59e164-68b4", Lane_0x1F="sid-4C2A-0B")
    return (
        """
lanes: {asker: {party: requester, roles: [data_officer]}, Lane_0x1F: {party: provider, roles: [data_officer]}}
tasks: {sid-4C2A-0B: {outcomes: {ok: {}}}}
ends: [_ec59e164-68b4]
""",
        page,
    )


def test_ids_of_another_modeller_run_as_they_are(tmp_path: Path) -> None:
    case = Case(tmp_path, of_another_modeller)

    assert case.does("sid-4C2A-0B").now.state == "_ec59e164-68b4"


class TestConsultation:
    def consulted(self, tmp_path: Path) -> tuple[Case, list[Actor]]:
        place = factories.city()
        people = officers(place, 3)
        asked = ",".join(str(one.department_id) for one in people)
        return Case(tmp_path, consultation, place=place, asked=asked), people

    def test_each_department_has_its_own_task_and_sees_the_case(self, tmp_path: Path) -> None:
        case, people = self.consulted(tmp_path)

        assert case.open == ["consult"] * 3
        assert {task.department_id for task in case.now.open_tasks} == {one.department_id for one in people}
        for one in people:
            assert api.case(case_id=case.now.id, actor=one, at=AT).task("consult") is not None
        with pytest.raises(api.CaseNotFound):
            api.case(case_id=case.now.id, actor=case.place.stranger, at=AT)

    def test_all_agree(self, tmp_path: Path) -> None:
        case, people = self.consulted(tmp_path)
        for one in people:
            case.does("consult", "agrees", who=one)

        assert case.now.data["consult_agrees_count"] == 3
        assert case.does("sign").now.state == "done"

    def test_one_objection_is_enough(self, tmp_path: Path) -> None:
        case, people = self.consulted(tmp_path)

        case.does("consult", "agrees", who=people[1]).does("consult", "objects", who=people[0])

        assert case.now.state == "objected"
        with pytest.raises(api.TaskNotOpen):
            case.does("consult", "agrees", who=people[2])

    def test_nobody_answers_for_another_department_or_twice(self, tmp_path: Path) -> None:
        case, people = self.consulted(tmp_path)
        case.does("consult", "agrees", who=people[0])

        with pytest.raises(api.NotYourTask):
            case.does("consult", "agrees", who=people[0])
        assert case.reload().open == ["consult"] * 2


class TestTimers:
    DUE = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
    """Midnight in Shanghai behind the fifth working day, 9 March."""

    def test_after_five_working_days_the_task_is_left(self, tmp_path: Path) -> None:
        case = Case(tmp_path, waiting)

        assert fire_timers(at=self.DUE - timedelta(seconds=1)) == 0
        assert fire_timers(at=self.DUE) == 1
        assert fire_timers(at=self.DUE) == 0

        assert case.reload().open == ["decide"]
        assert "silent (" in next(
            step.title for step in case.now.timeline if step.kind == StepKind.EVENT_HAPPENED
        )

    def test_a_task_that_was_done_takes_its_timer_with_it(self, tmp_path: Path) -> None:
        Case(tmp_path, waiting).does("accept")

        assert not Wait.objects.exists()
        assert fire_timers(at=self.DUE) == 0

    def test_of_two_workers_one_fires(self, tmp_path: Path) -> None:
        case = Case(tmp_path, waiting)
        wait = Wait.objects.get()
        fire_timers(at=self.DUE)

        assert _fire(wait.pk, case.now.id, at=self.DUE) is False

    def test_firing_costs_the_same_for_each_case(
        self, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        case = Case(tmp_path, waiting)
        code = case.now.type
        for _ in range(9):
            api.open_case(
                case_type=code,
                subject=factories.subject(),
                parties=case.place.parties,
                data={},
                actor=case.place.officer,
                at=AT,
            )
        with django_assert_max_num_queries(10 * 40):
            assert fire_timers(at=self.DUE) == 10


def local_day(moment: datetime | None) -> str:
    return f"{moment.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d}" if moment else ""


class TestRulesOfTime:
    def test_silence_for_five_working_days_is_acceptance(self, tmp_path: Path) -> None:
        case = Case(tmp_path, silence)

        api.watch_clocks(at=TestTimers.DUE - timedelta(seconds=1))
        assert case.reload().open == ["accept"]
        api.watch_clocks(at=TestTimers.DUE)
        api.watch_clocks(at=TestTimers.DUE)

        assert case.reload().open == ["decide"]
        (step,) = (one for one in case.now.timeline if one.kind == StepKind.SILENCE)
        assert step.basis == "行政许可法第三十二条"

    def test_the_light_follows_the_promise_and_the_law_s_end_stays_shown(self, tmp_path: Path) -> None:
        case = Case(tmp_path, silence).does("accept")

        clock = case.now.clocks[-1]

        assert (local_day(clock.promised_due_at), local_day(clock.due_at)) == ("2026-03-12", "2026-03-30")
        passed = clock.promised_due_at or AT
        late = api.case(case_id=case.now.id, actor=case.place.provider_head, at=passed + timedelta(seconds=1))
        assert late.clocks[-1].light == Light.RED


class TestMessages:
    def test_payment_comes_in_time(self, tmp_path: Path) -> None:
        case = Case(tmp_path, payment)
        officer = case.place.provider_officer

        paid = api.deliver_message(
            case_id=case.now.id, name="paid", data={}, actor=officer, at=AT, idempotency_key="p1"
        )
        again_sent = api.deliver_message(
            case_id=case.now.id, name="paid", data={}, actor=officer, at=AT, idempotency_key="p1"
        )

        assert (paid.state, again_sent.state) == ("paid", "paid")
        assert not Wait.objects.exists()

    def test_or_too_late(self, tmp_path: Path) -> None:
        case = Case(tmp_path, payment)
        fire_timers(at=AT + timedelta(days=4))

        with pytest.raises(api.MessageNotAwaited):
            api.deliver_message(
                case_id=case.now.id, name="paid", data={}, actor=case.place.provider_officer, at=AT
            )
        assert case.reload().does("remind").now.state == "late"

    def test_only_those_whom_the_type_names_deliver_it(self, tmp_path: Path) -> None:
        case = Case(tmp_path, payment)

        with pytest.raises(api.NotYourTask):
            api.deliver_message(case_id=case.now.id, name="paid", data={}, actor=case.place.officer, at=AT)
        with pytest.raises(api.CaseNotFound):
            api.deliver_message(case_id=case.now.id, name="paid", data={}, actor=case.place.stranger, at=AT)
        with pytest.raises(api.NotYourTask):
            api.deliver_message(
                case_id=case.now.id, name="other", data={}, actor=case.place.provider_officer, at=AT
            )


class TestSubProcess:
    def test_a_terminating_end_ends_the_part_only(self, tmp_path: Path) -> None:
        case = Case(tmp_path, part_of_it)
        assert case.open == ["check", "sign"]

        assert case.does("check").now.state == "done"

    def test_an_error_is_caught(self, tmp_path: Path) -> None:
        case = Case(tmp_path, part_of_it).does("check", "bad")

        assert case.open == ["mend"]
        assert case.does("mend").now.state == "broken"


class TestEverything:
    def test_a_signal_reaches_each_case_about_the_same_subject_once(self, tmp_path: Path) -> None:
        place, about = factories.city(), factories.subject()
        first, second = (
            Case(tmp_path / name, everything, place=place, about=about, asked="").does("check").does("sign")
            for name in "ab"
        )
        other = Case(tmp_path / "c", everything, place=place, asked="").does("check")
        assert first.open == second.open == []

        deliver_due(at=AT)

        assert first.reload().now.state == second.reload().now.state == "stopped"
        assert [step.kind for step in first.now.timeline].count(StepKind.EVENT_HAPPENED) == 1
        assert other.reload().open == ["sign"]

    def test_a_timer_that_does_not_interrupt_adds_a_task_once(self, tmp_path: Path) -> None:
        case = Case(tmp_path, everything, asked="")

        assert fire_timers(at=AT + timedelta(days=3)) == 1
        assert fire_timers(at=AT + timedelta(days=9)) == 0

        assert case.reload().open == ["check", "remind"]

    def test_departments_are_asked_one_after_the_other(self, tmp_path: Path) -> None:
        place = factories.city()
        people = officers(place, 2)
        asked = ",".join(str(one.department_id) for one in people)
        case = Case(tmp_path, everything, place=place, asked=asked, weight=1)
        assert case.open == ["consult"]

        case.does("consult", "agrees", who=people[0])
        assert case.open == ["consult"]
        case.does("consult", "agrees", who=people[1])

        assert case.open == ["sign"]
