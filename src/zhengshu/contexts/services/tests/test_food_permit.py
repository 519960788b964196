"""The food permit by the shipped case type: accepted, inspected while another department is heard, decided."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services import api
from zhengshu.contexts.services.domain.vocabulary import CaseKind, Channel
from zhengshu.contexts.services.tests import intake_kit
from zhengshu.contexts.services.tests.intake_kit import AT, FIRM_CODE, REGISTERED, Firm, Hall
from zhengshu.contexts.services.tests.test_pages_lists import browser
from zhengshu.contexts.trust import api as trust_api
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation import outbox
from zhengshu.kernel.actors import Actor, Role

pytestmark = pytest.mark.django_db
ITEM = "food-permit"
ANSWERS = {
    "place": ("文澜区书院路18号一层",),
    "area": ("86",),
    "business_kind": ("餐饮服务经营者",),
    "projects": ("热食类食品制售", "自制饮品制售"),
    "promise": ("on",),
}
INSPECTED = {
    "inspected_on": ("2026-03-04",),
    "inspectors": ("甲、乙丙",),
    "layout": ("meets",),
    "findings": ("布局合理，设施齐全。",),
}
ADDED = {"answer": ("补交健康证明。",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kitchen:
    """The licensing office, the department that is heard, and the firm that asks."""

    hall: Hall
    firm: Firm
    heard: Actor

    def asks(self, **changes: tuple[str, ...]) -> api.ApplicationRecord:
        key = casework.prepare_form(
            case_type=ITEM, answers={**ANSWERS, **changes}, actor=self.firm.delegate, at=AT
        )
        return api.submit_application(draft_id=key, channel=Channel.WEB, actor=self.firm.delegate, at=AT)

    def does(
        self, found: api.ApplicationRecord, task: str, outcome: str, *, actor: Actor, hours: int
    ) -> casework.CaseRecord:
        return casework.complete_task(
            case_id=found.case_id,
            task=task,
            outcome=outcome,
            reason="理由",
            basis="行政许可法第三十八条",
            actor=actor,
            at=AT + timedelta(hours=hours),
        )

    def fills(
        self,
        found: api.ApplicationRecord,
        task: str,
        outcome: str,
        *,
        answers: Mapping[str, tuple[str, ...]],
        actor: Actor,
        hours: int,
    ) -> casework.CaseRecord:
        now = AT + timedelta(hours=hours)
        case = casework.case(case_id=found.case_id, actor=actor, at=now)
        record = case.task(task)
        assert record is not None
        return casework.complete_by_form(
            task_id=record.id,
            answers=answers,
            outcome=outcome,
            reason="采样送检，约需五日。",
            actor=actor,
            at=now,
        )


@pytest.fixture
def kitchen() -> Iterator[Kitchen]:
    with intake_kit.registers(**{f"id_{FIRM_CODE}": REGISTERED}):
        place = intake_kit.hall()
        other = trust.department(parent_id=place.authority)
        intake_kit.offer(place, code=ITEM, joint=[str(other.code)], case_kind=CaseKind.PROMISED)
        heard = trust.actor(Role.DATA_OFFICER, department_id=other.id)
        yield Kitchen(hall=place, firm=intake_kit.firm(), heard=heard)


def clock(case: casework.CaseRecord, code: str) -> casework.ClockRecord:
    return next(one for one in case.clocks if one.clock == code)


class TestHandling:
    @pytest.mark.article("行政许可法", 42)
    def test_inspection_and_opinion_go_on_at_the_same_time(self, kitchen: Kitchen) -> None:
        found = kitchen.asks()
        case = kitchen.does(found, "acceptance", "accept", actor=kitchen.hall.clerk, hours=1)

        seen = {(task.task, task.department_id) for task in case.open_tasks}
        assert seen == {
            ("inspection", kitchen.hall.department),
            ("opinion", kitchen.heard.department_id),
        }
        limit = clock(case, "decision")
        assert (limit.value, limit.promised_value) == (20, 5)

        kitchen.does(found, "opinion", "answer", actor=kitchen.heard, hours=2)
        case = kitchen.fills(
            found, "inspection", "finish", answers=INSPECTED, actor=kitchen.hall.officer, hours=3
        )
        assert [task.task for task in case.open_tasks] == ["decision"]
        case = kitchen.does(found, "decision", "grant", actor=kitchen.hall.head, hours=4)

        assert case.state == "granted"
        notices = casework.notices(case_id=case.id, actor=kitchen.firm.delegate)
        assert {one.title for one in notices} == {"受理通知书", "准予行政许可决定书"}

    @pytest.mark.article("行政许可法", 45)
    def test_test_stops_the_clock(self, kitchen: Kitchen) -> None:
        found = kitchen.asks()
        kitchen.does(found, "acceptance", "accept", actor=kitchen.hall.clerk, hours=1)

        case = kitchen.fills(
            found, "inspection", "test", answers=INSPECTED, actor=kitchen.hall.officer, hours=2
        )
        assert clock(case, "decision").is_paused
        case = kitchen.does(found, "testing", "result", actor=kitchen.hall.officer, hours=120)

        assert not clock(case, "decision").is_paused
        assert [one.code for one in clock(case, "decision").pauses] == ["testing"]

    @pytest.mark.article("行政许可法", 32)
    def test_supplement_is_asked_for_once_and_stops_the_clock(self, kitchen: Kitchen) -> None:
        found = kitchen.asks()
        case = kitchen.does(found, "acceptance", "supplement", actor=kitchen.hall.clerk, hours=1)

        assert clock(case, "acceptance").is_paused
        (notice,) = casework.notices(case_id=case.id, actor=kitchen.firm.delegate)
        assert "一次性告知" in notice.text
        case = kitchen.fills(
            found, "completion", "resubmit", answers=ADDED, actor=kitchen.firm.delegate, hours=30
        )
        asked = f"/cases/{case.id}/tasks/{case.open_tasks[0].id}/do/"
        offered = browser(kitchen.hall.clerk).get(asked).content.decode()

        assert 'value="accept"' in offered
        assert 'value="supplement"' not in offered
        told = browser(kitchen.hall.clerk).get(f"/api/casework/cases/{case.id}").json()
        assert "supplement" not in {one["code"] for one in told["open_tasks"][0]["outcomes"]}
        with pytest.raises(casework.OnlyOnce):
            kitchen.does(found, "acceptance", "supplement", actor=kitchen.hall.clerk, hours=31)

    def test_supplement_is_told_with_all_that_is_wanted_in_one_message(self, kitchen: Kitchen) -> None:
        found = kitchen.asks()
        case = kitchen.does(found, "acceptance", "supplement", actor=kitchen.hall.clerk, hours=1)

        outbox.deliver_due(at=AT + timedelta(days=1))
        shown = browser(kitchen.firm.delegate).get("/messages/").content.decode()
        office = browser(kitchen.hall.clerk).get("/messages/").content.decode()

        assert shown.count(f"请一次补齐材料：{case.number}") == 1
        assert "需要补齐的全部内容：理由" in shown
        assert "待办：补正材料" not in shown
        assert "请一次补齐材料" not in office

    @pytest.mark.article("行政许可法", 45)
    def test_a_hearing_is_told_with_its_time_and_its_end(self, kitchen: Kitchen) -> None:
        found = kitchen.asks()
        kitchen.does(found, "acceptance", "accept", actor=kitchen.hall.clerk, hours=1)
        stopped = {
            "case_id": found.case_id,
            "clock": "decision",
            "ground": "hearing",
            "actor": kitchen.hall.officer,
        }

        casework.pause_clock(**stopped, days=20, at=AT + timedelta(hours=2))  # type: ignore[arg-type]  # a test
        casework.resume_clock(**stopped, at=AT + timedelta(days=9))  # type: ignore[arg-type]
        outbox.deliver_due(at=AT + timedelta(days=10))
        shown = browser(kitchen.firm.delegate).get("/messages/").content.decode()

        assert shown.count(f"办理期限中止：{found.number}") == 1
        assert "需要听证，所需时间不计入办理期限。" in shown
        assert re.search(r"预计需要到2026年\d+月\d+日。", shown)
        assert "依据：行政许可法第四十五条" in shown
        assert re.search(r"听证已经结束，继续办理。(?:\s|<br>)*最迟2026年\d+月\d+日作出决定。", shown)

    @pytest.mark.article("行政许可法", 42)
    def test_more_time_is_told_with_its_reason(self, kitchen: Kitchen) -> None:
        found = kitchen.asks(area=("8",))
        kitchen.does(found, "acceptance", "accept", actor=kitchen.hall.clerk, hours=1)

        casework.extend_clock(
            case_id=found.case_id,
            clock="decision",
            reason="现场核查需要另外安排。",
            actor=kitchen.hall.head,
            at=AT + timedelta(hours=2),
        )
        outbox.deliver_due(at=AT + timedelta(days=1))
        shown = browser(kitchen.firm.delegate).get("/messages/").content.decode()

        assert shown.count(f"期限延长：{found.number}") == 1
        assert "延长的理由：现场核查需要另外安排。" in shown

    def test_what_a_to_do_stops_is_told_by_the_to_do_alone(self, kitchen: Kitchen) -> None:
        found = kitchen.asks()
        kitchen.does(found, "acceptance", "accept", actor=kitchen.hall.clerk, hours=1)
        kitchen.fills(found, "inspection", "test", answers=INSPECTED, actor=kitchen.hall.officer, hours=2)

        outbox.deliver_due(at=AT + timedelta(days=1))
        shown = browser(kitchen.firm.delegate).get("/messages/").content.decode()

        assert "需要检验检测" in shown
        assert "办理期限中止" not in shown

    def test_whoever_accepted_does_not_decide(self, kitchen: Kitchen) -> None:
        found = kitchen.asks()
        both = trust.actor(Role.WINDOW_CLERK, Role.DEPARTMENT_HEAD, department_id=kitchen.hall.department)
        kitchen.does(found, "acceptance", "accept", actor=both, hours=1)
        kitchen.does(found, "opinion", "answer", actor=kitchen.heard, hours=2)
        kitchen.fills(found, "inspection", "finish", answers=INSPECTED, actor=kitchen.hall.officer, hours=3)

        with pytest.raises(casework.FourEyes):
            kitchen.does(found, "decision", "grant", actor=both, hours=4)


class TestPreReview:
    def test_raw_food_in_a_small_place_asks_a_person(self, kitchen: Kitchen) -> None:
        found = kitchen.asks(projects=("生食类食品制售",), area=("8",))

        said = {one.code: one.verdict.value for one in found.checks}
        assert said == {"registration": "pass", "scope": "person", "premises": "person"}

    def test_cold_dishes_in_a_school_do_not_pass(self, kitchen: Kitchen) -> None:
        found = kitchen.asks(
            business_kind=("集中用餐单位食堂（学校、幼儿园）",), projects=("冷食类食品制售",)
        )

        (check,) = [one for one in found.checks if one.code == "scope"]
        assert (check.verdict.value, check.words) == ("fail", "学校、幼儿园食堂不得制售冷荤类食品。")
        assert check.basis == "《学校食品安全与营养健康管理规定》"
        assert found.state is api.ApplicationState.OPEN


class TestWindow:
    def test_clerk_takes_in_for_the_enterprise_with_what_is_registered(self, kitchen: Kitchen) -> None:
        found_person = trust_api.private_person(
            citizen_id=intake_kit.CLEO, enterprise=intake_kit.credit_code(), matter=ITEM
        )
        applicant = casework.Applicant(
            account_id=found_person.account_id, enterprise_id=found_person.enterprise_id
        )
        key = casework.prepare_form(
            case_type=ITEM, answers=ANSWERS, applicant=applicant, actor=kitchen.hall.clerk, at=AT
        )
        found = api.submit_application(draft_id=key, channel=Channel.WINDOW, actor=kitchen.hall.clerk, at=AT)

        assert found.enterprise_id == kitchen.firm.id
        assert {one.element for one in found.sources} == {
            "organization-name",
            "credit-code",
            "legal-representative",
            "registration-status",
        }
        assert api.application(number=found.number, actor=kitchen.firm.delegate).id == found.id
