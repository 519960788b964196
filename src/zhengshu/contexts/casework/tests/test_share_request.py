from datetime import UTC, date, datetime, timedelta

import pytest

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT, City
from zhengshu.foundation.events import Event, recorders
from zhengshu.kernel.clocks import Light

pytestmark = pytest.mark.django_db


def clock(case: api.CaseRecord, code: str) -> api.ClockRecord:
    return next(one for one in reversed(case.clocks) if one.clock == code)


def due_on(case: api.CaseRecord, code: str) -> date:
    due_at = clock(case, code).due_at
    assert due_at is not None
    return due_at.astimezone(tz=UTC).date()


def answer(place: City, case: api.CaseRecord, outcome: str, **more: str) -> api.CaseRecord:
    return api.complete_task(
        case_id=case.id,
        task="provider_answer",
        outcome=outcome,
        reason=more.get("reason", ""),
        basis=more.get("basis", ""),
        actor=place.provider_officer,
        at=AT,
    )


class TestTheWholeWay:
    @pytest.mark.article("809", 20)
    def test_head_of_the_requester_signs_before_the_provider_sees_it(self) -> None:
        place = factories.city()

        case = factories.share_request(place)

        assert [task.task for task in case.open_tasks] == ["head_approval"]
        assert case.open_tasks[0].department_id == place.requester
        assert not case.clocks

    @pytest.mark.article("809", 22)
    def test_from_request_to_delivery(self) -> None:
        place = factories.city()
        case = answer(place, factories.at_provider(place), "agree")
        assert due_on(case, "delivery") == date(2026, 3, 30)
        assert clock(case, "delivery").basis == "国务院令第809号第二十二条"

        case = api.complete_task(
            case_id=case.id, task="deliver", outcome="delivered", actor=place.provider_officer, at=AT
        )

        assert case.state == "delivered"
        assert not case.open_tasks
        assert case.closed_at == AT
        assert [one.clock for one in case.clocks] == ["delivery"]
        assert not any(one.is_running for one in case.clocks)

    def test_authority_reviews_where_the_class_demands(self) -> None:
        place = factories.city()
        case = answer(place, factories.at_provider(place, needs_authority=True), "agree")
        assert [task.task for task in case.open_tasks] == ["authority_review"]

        case = api.complete_task(
            case_id=case.id,
            task="authority_review",
            outcome="refuse",
            reason="超出范围",
            basis="国务院令第809号第二十五条",
            actor=place.reviewer,
            at=AT,
        )

        assert case.state == "refused"

    def test_head_returns_it_and_it_comes_back_to_the_head(self) -> None:
        place = factories.city()
        case = factories.share_request(place)
        case = api.complete_task(
            case_id=case.id,
            task="head_approval",
            outcome="return",
            reason="依据不足",
            actor=place.head,
            at=AT,
        )
        assert [task.task for task in case.open_tasks] == ["complete_request"]

        case = api.complete_task(
            case_id=case.id, task="complete_request", outcome="submit", actor=place.officer, at=AT
        )

        assert [task.task for task in case.open_tasks] == ["head_approval"]


@pytest.mark.article("809", 21)
class TestTheAnswer:
    def test_is_due_in_one_working_day_for_unconditional_data(self) -> None:
        place = factories.city()

        case = factories.at_provider(place, sharing_class="unconditional")

        assert (clock(case, "answer").value, due_on(case, "answer")) == (1, date(2026, 3, 3))

    def test_is_due_in_ten_working_days_for_conditional_data(self) -> None:
        place = factories.city()

        case = factories.at_provider(place)

        assert (clock(case, "answer").value, due_on(case, "answer")) == (10, date(2026, 3, 16))

    @pytest.mark.parametrize(
        ("reason", "basis", "refusal"),
        [("", "", api.ReasonMissing), ("涉密", "", api.BasisMissing), ("  ", "第十四条", api.ReasonMissing)],
    )
    def test_refusal_needs_reason_and_basis(
        self, reason: str, basis: str, refusal: type[api.ReasonMissing]
    ) -> None:
        place = factories.city()
        case = factories.at_provider(place)

        with pytest.raises(refusal):
            answer(place, case, "refuse", reason=reason, basis=basis)

    def test_refusal_shows_reason_and_basis_in_the_timeline(self) -> None:
        place = factories.city()

        case = answer(
            place, factories.at_provider(place), "refuse", reason="法律禁止共享", basis="统计法第九条"
        )

        step = next(step for step in case.timeline if step.outcome == "refuse")
        assert (case.state, step.reason, step.basis) == ("refused", "法律禁止共享", "统计法第九条")

    def test_second_notice_for_completion_is_refused(self) -> None:
        place = factories.city()
        case = answer(place, factories.at_provider(place), "ask_completion", reason="缺少使用范围")
        case = api.complete_task(
            case_id=case.id, task="complete_request", outcome="submit", actor=place.officer, at=AT
        )
        assert [task.task for task in case.open_tasks] == ["provider_answer"]

        with pytest.raises(api.OnlyOnce):
            answer(place, case, "ask_completion", reason="还缺材料")

        assert answer(place, case, "agree").task("deliver") is not None

    def test_clock_stands_still_while_the_requester_completes(self) -> None:
        place = factories.city()
        case = answer(place, factories.at_provider(place), "ask_completion", reason="缺少使用范围")
        paused = clock(case, "answer")
        assert paused.is_paused
        assert paused.due_at is None
        assert paused.pause_ground == "等待需求部门补正"

        case = api.complete_task(
            case_id=case.id,
            task="complete_request",
            outcome="submit",
            actor=place.officer,
            at=AT + timedelta(days=3),
        )

        assert not clock(case, "answer").is_paused
        assert due_on(case, "answer") == date(2026, 3, 18)

    def test_needs_the_consent_of_the_authority_for_more_time(self) -> None:
        place = factories.city()
        case = factories.at_provider(place)
        with pytest.raises(api.NotYourTask):
            api.extend_clock(
                case_id=case.id, clock="answer", reason="数据量大", actor=place.provider_officer, at=AT
            )

        case = api.ask_extension(
            case_id=case.id, clock="answer", reason="数据量大", actor=place.provider_officer, at=AT
        )
        case = api.complete_task(
            case_id=case.id, task="extend_answer", outcome="consent", actor=place.reviewer, at=AT
        )

        extended = clock(case, "answer")
        assert (extended.value, due_on(case, "answer")) == (20, date(2026, 3, 30))
        assert extended.extensions[0].reason == "数据量大"
        assert not extended.may_be_extended

    def test_is_extended_only_once(self) -> None:
        place = factories.city()
        case = factories.at_provider(place)
        api.extend_clock(case_id=case.id, clock="answer", reason="数据量大", actor=place.reviewer, at=AT)

        with pytest.raises(api.ExtensionNotProvided):
            api.extend_clock(case_id=case.id, clock="answer", reason="再延", actor=place.reviewer, at=AT)

    def test_is_not_extended_for_unconditional_data(self) -> None:
        place = factories.city()
        case = factories.at_provider(place, sharing_class="unconditional")

        with pytest.raises(api.ExtensionNotProvided):
            api.ask_extension(
                case_id=case.id, clock="answer", reason="数据量大", actor=place.provider_officer, at=AT
            )

    def test_is_not_extended_after_the_limit(self) -> None:
        place = factories.city()
        case = factories.at_provider(place)

        with pytest.raises(api.ExtensionTooLate):
            api.extend_clock(
                case_id=case.id,
                clock="answer",
                reason="忘了",
                actor=place.reviewer,
                at=AT + timedelta(days=30),
            )

    def test_declined_extension_leaves_the_limit(self) -> None:
        place = factories.city()
        case = factories.at_provider(place)
        api.ask_extension(
            case_id=case.id, clock="answer", reason="数据量大", actor=place.provider_officer, at=AT
        )

        with pytest.raises(api.AskedAlready):
            api.ask_extension(
                case_id=case.id, clock="answer", reason="再请", actor=place.provider_head, at=AT
            )
        case = api.complete_task(
            case_id=case.id,
            task="extend_answer",
            outcome="decline",
            reason="理由不足",
            actor=place.reviewer,
            at=AT,
        )

        assert due_on(case, "answer") == date(2026, 3, 16)
        assert case.task("extend_answer") is None

    def test_is_explained_day_by_day(self) -> None:
        place = factories.city()

        case = api.case(case_id=factories.at_provider(place).id, actor=place.officer, at=AT)

        notes = clock(case, "answer").explanation

        assert not notes[0].is_counted
        assert [note.day.day for note in notes if note.is_counted] == [3, 4, 5, 6, 9, 10, 11, 12, 13, 16]
        assert notes[-1].number == 10


class TestLights:
    @pytest.mark.parametrize(
        ("at", "light"),
        [
            (AT, Light.GREEN),
            (datetime(2026, 3, 10, 15, 59, tzinfo=UTC), Light.GREEN),
            (datetime(2026, 3, 10, 16, 0, tzinfo=UTC), Light.YELLOW),
            (datetime(2026, 3, 16, 15, 59, 59, tzinfo=UTC), Light.YELLOW),
            (datetime(2026, 3, 16, 16, 0, tzinfo=UTC), Light.RED),
        ],
    )
    def test_follow_the_thresholds_of_the_case_type(self, at: datetime, light: Light) -> None:
        place = factories.city()
        case = factories.at_provider(place)

        now = api.case(case_id=case.id, actor=place.provider_officer, at=at)

        assert (now.light, now.open_tasks[0].light) == (light, light)
        assert api.lights(actor=place.provider_officer, at=at)[light] == 1


class TestWithdrawal:
    def test_ends_the_case_for_the_requester_only(self) -> None:
        place = factories.city()
        case = factories.at_provider(place)
        with pytest.raises(api.NotYourTask):
            api.withdraw_case(case_id=case.id, reason="不要了", actor=place.provider_head, at=AT)

        case = api.withdraw_case(case_id=case.id, reason="不再需要", actor=place.officer, at=AT)

        assert case.state == "withdrawn"
        assert not case.open_tasks
        with pytest.raises(api.CaseClosedAlready):
            api.withdraw_case(case_id=case.id, reason="再撤", actor=place.officer, at=AT)


class TestAnnouncements:
    def test_every_change_is_announced_without_reasons(self, monkeypatch: pytest.MonkeyPatch) -> None:
        heard: list[Event] = []
        monkeypatch.setattr("zhengshu.foundation.events._recorders", [*recorders(), heard.extend])
        place = factories.city()
        heard.clear()

        case = answer(place, factories.at_provider(place), "ask_completion", reason="机密的理由")

        names = [event.wire_name for event in heard]
        assert names == [
            "casework.case.opened.v1",
            "casework.task.opened.v1",
            "casework.task.completed.v1",
            "casework.task.opened.v1",
            "casework.task.completed.v1",
            "casework.task.opened.v1",
            "casework.clock.paused.v1",
        ]
        assert all(event.subject.label == case.number for event in heard)
        assert "机密的理由" not in repr(heard)


@pytest.mark.django_db
class TestAnswerRule:
    @pytest.mark.article("809", 21)
    @pytest.mark.parametrize(
        ("sharing_class", "days", "end", "rule"),
        [
            ("unconditional", 1, "2026-03-03", "无条件共享的，一个工作日内答复"),
            ("conditional", 10, "2026-03-16", "有条件共享的，十个工作日内答复，经同意可以延长"),
        ],
    )
    def test_the_table_says_how_long_the_provider_has(
        self, sharing_class: str, days: int, end: str, rule: str
    ) -> None:
        place = factories.city()

        case = factories.at_provider(place, sharing_class=sharing_class)

        running = clock(case, "answer")
        assert (running.value, running.unit, running.basis) == (
            days,
            "working_days",
            "国务院令第809号第二十一条",
        )
        assert f"{due_on(case, 'answer')}" == end
        (decided,) = (step for step in case.timeline if step.kind == api.StepKind.DECIDED)
        assert rule in decided.title

    @pytest.mark.article("809", 21)
    def test_only_what_the_table_says_may_be_extended(self) -> None:
        place = factories.city()

        def asks(sharing_class: str) -> api.CaseRecord:
            case = factories.at_provider(place, sharing_class=sharing_class)
            return api.ask_extension(
                case_id=case.id, clock="answer", reason="数据量大", actor=place.provider_officer, at=AT
            )

        asks("conditional")
        with pytest.raises(api.ExtensionNotProvided):
            asks("unconditional")

    @pytest.mark.article("809", 22)
    def test_delivery_is_promised_earlier_than_the_law_demands(self) -> None:
        place = factories.city()
        case = answer(place, factories.at_provider(place), "agree")

        promised = clock(case, "delivery").promised_due_at

        assert promised is not None
        assert promised.astimezone(tz=UTC).date() == date(2026, 3, 23)
        assert due_on(case, "delivery") == date(2026, 3, 30)
        assert case.due_at == promised
