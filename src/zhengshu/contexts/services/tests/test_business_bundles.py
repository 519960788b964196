"""A restaurant opens and an enterprise changes: what waits for what, what is taken over, what takes whose place."""

from datetime import datetime
from uuid import UUID

import pytest
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services.application.answer_bundle import answer_bundle
from zhengshu.contexts.services.application.begin_bundle import begin_bundle, questions_of
from zhengshu.contexts.services.application.bundle_queries import BundleRecord, foreseen_of, my_bundle
from zhengshu.contexts.services.application.carry_bundle import follow_part, send_bundle
from zhengshu.contexts.services.application.issue_results import issue_result
from zhengshu.contexts.services.application.one_thing_pack import OneThingNotFound
from zhengshu.contexts.services.application.register_firm import firms_founded, register_firm
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.contexts.services.models import Application
from zhengshu.contexts.services.tests import intake_kit as kit
from zhengshu.contexts.services.tests.test_pages_lists import browser
from zhengshu.contexts.trust import api as trust_api
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.identity import CaseId

pytestmark = pytest.mark.django_db
LICENCE, FOOD, FIRE, SIGN = "business-licence", "food-permit", "fire-safety-promise", "signboard"
CHANGE, FOLLOWING = (
    "enterprise-change",
    ("tax-information-change", "insurance-unit-change", "fund-unit-change"),
)
PLACE, NUMBER = "文澜区书院路18号一层", trust.credit_code(920_001)
UNCHANGED = {"new_address": "", "new_representative": "", "new_scope": ""}
RESTAURANT = {
    "enterprise_type": "个体工商户",
    "trade_name": "文澜区望川小馆",
    "place": PLACE,
    "place_use": "商铺",
    "scope": "餐饮服务",
    "promise_place": "on",
    "area": "86",
    "business_kind": "餐饮服务经营者",
    "projects": "热食类食品制售",
    "promise": "on",
    "floor": "首层",
    "promise_exits": "on",
    "promise_equipment": "on",
    "promise_plan": "on",
    "promise_true": "on",
    "shop_name": "望川小馆",
    "position": "门头",
    "size": "宽不超过6米、高不超过1.2米",
    "material": "发光字",
    "promise_sign": "on",
}


def begun(
    code: str, answers: dict[str, str], *, left_in: tuple[str, ...], actor: Actor, at: datetime
) -> UUID:
    key = begin_bundle(code=code, left_in=left_in, actor=actor, at=at)
    told = {name: (text,) for name, text in answers.items()}
    assert answer_bundle(bundle_id=key, answers=told, actor=actor, at=at) == ()
    return key


def sent(code: str, answers: dict[str, str], *, left_in: tuple[str, ...], actor: Actor) -> UUID:
    key = begun(code, answers, left_in=left_in, actor=actor, at=timezone.now())
    send_bundle(bundle_id=key, channel=Channel.MOBILE, actor=actor, at=timezone.now())
    return key


def bundle(key: UUID, actor: Actor) -> BundleRecord:
    return my_bundle(bundle_id=key, actor=actor, at=timezone.now())


def states(key: UUID, actor: Actor) -> dict[str, str]:
    return {part.item: part.state for part in bundle(key, actor).parts}


def case_of(key: UUID, item: str) -> CaseId:
    return CaseId(Application.objects.get(bundle_id=key, item__code=item).case_id)


def done(key: UUID, item: str, task: str, outcome: str, *, actor: Actor, **answers: str) -> None:
    """Let an official do a task, and what listens hear of the case's end, twice."""
    at, case_id = timezone.now(), case_of(key, item)
    if answers:
        open_task = casework.case(case_id=case_id, actor=actor, at=at).task(task)
        assert open_task is not None
        case = casework.complete_by_form(
            task_id=open_task.id,
            outcome=outcome,
            answers={name: (text,) for name, text in answers.items()},
            actor=actor,
            at=at,
        )
    else:
        case = casework.complete_task(
            case_id=case_id, task=task, outcome=outcome, reason="无意见", actor=actor, at=at
        )
    if not case.is_open:
        ended(case, actor=actor)


def ended(case: casework.CaseRecord, *, actor: Actor) -> None:
    for _ in range(2):
        event = kit.closed_event(case, actor=actor, at=timezone.now())
        follow_part(event)
        issue_result(event, at=event.at)
        register_firm(event)


def represents(key: UUID, citizen: Actor) -> None:
    """Check that whoever opened the restaurant represents it, and sees its certificates as such."""
    (firm,) = firms_founded(bundle_id=key, actor=citizen, at=timezone.now())
    assert (firm.name, firm.code) == ("文澜区望川小馆", NUMBER)
    owner = trust_api.private_person(
        citizen_id=CitizenId.parse(kit.ANNA), enterprise=CreditCode.parse(NUMBER)
    )
    seen = certificates.own_certificates(
        actor=trust_api.actor_of(official_id=owner.account_id), at=timezone.now()
    )
    assert len(seen) == 4


@pytest.fixture
def hall() -> kit.Hall:
    place = kit.hall()
    for code in (LICENCE, FIRE, SIGN, CHANGE, *FOLLOWING):
        kit.offer(place, code=code)
    kit.offer(place, code=FOOD, joint=[trust_api.department(department_id=place.authority).code])
    return place


class TestRestaurant:
    def test_asks_for_the_place_once_and_shows_what_rules_say(self, hall: kit.Hall) -> None:
        home = {**RESTAURANT, "place_use": "住宅"}

        key = begun("restaurant", home, left_in=(SIGN,), actor=hall.citizen, at=timezone.now())

        asked = {
            one.name: {place.item for place in one.asked}
            for one in questions_of(bundle_id=key, actor=hall.citizen)
        }
        assert asked["place"] == {LICENCE, FOOD, FIRE, SIGN}
        verdicts = {one.check: one.verdict.value for one in foreseen_of(bundle_id=key, actor=hall.citizen)}
        assert verdicts == {"identity": "pass", "premises": "fail"}

    def test_the_licence_comes_first_and_the_others_take_it_over(self, hall: kit.Hall) -> None:
        for code in (LICENCE, FOOD, "fire-safety-opinion", "signboard-permit"):
            kit.certify(hall, code)
        key = sent("restaurant", RESTAURANT, left_in=(SIGN,), actor=hall.citizen)
        assert states(key, hall.citizen) == {
            LICENCE: "open",
            FOOD: "waiting",
            FIRE: "waiting",
            SIGN: "waiting",
        }

        done(
            key,
            LICENCE,
            "review",
            "issue",
            actor=hall.approver,
            new_credit_code=NUMBER,
            founded_on="2026-03-02",
        )

        assert states(key, hall.citizen) == {LICENCE: "done", FOOD: "open", FIRE: "done", SIGN: "open"}
        food = casework.case_answers(case_id=case_of(key, FOOD))
        assert (food["name"], food["credit_code"], food["place"]) == ("文澜区望川小馆", NUMBER, PLACE)
        sources = Application.objects.get(bundle_id=key, item__code=FOOD).sources
        number = Application.objects.get(bundle_id=key, item__code=LICENCE).number
        assert {one["source"] for one in sources if one["element"] == "credit-code"} == {
            f"{LICENCE} {number}"
        }
        ended(
            casework.case(case_id=case_of(key, FIRE), actor=hall.approver, at=timezone.now()),
            actor=hall.approver,
        )
        done(key, SIGN, "review", "issue", actor=hall.approver)
        done(key, FOOD, "acceptance", "accept", actor=hall.clerk)
        done(
            key,
            FOOD,
            "inspection",
            "finish",
            actor=hall.officer,
            inspected_on="2026-03-04",
            inspectors="甲、乙丙",
            layout="meets",
            findings="布局合理",
        )
        heard = trust.actor(Role.DATA_OFFICER, department_id=hall.authority)
        done(key, FOOD, "opinion", "answer", actor=heard)
        done(key, FOOD, "decision", "grant", actor=hall.head)

        record = bundle(key, hall.citizen)
        assert (record.state, record.certificates) == ("done", 4)
        represents(key, hall.citizen)
        held = certificates.own_certificates(actor=hall.citizen, at=timezone.now())
        assert {(one.holder.name, one.holder.number) for one in held} == {("文澜区望川小馆", NUMBER)}
        (permit,) = [one for one in held if one.type_code == FOOD]
        assert (permit.values["projects"], permit.values["place"]) == ("热食类食品制售", PLACE)

    def test_promises_a_day_for_all_of_it_only_when_nothing_waits_to_begin(self, hall: kit.Hall) -> None:
        for code in (LICENCE, "fire-safety-opinion"):
            kit.certify(hall, code)
        key = sent("restaurant", RESTAURANT, left_in=(SIGN,), actor=hall.citizen)
        page = f"/services/one-things/{key}/"

        before = browser(hall.citizen).get(page).content.decode()
        done(
            key,
            LICENCE,
            "review",
            "issue",
            actor=hall.approver,
            new_credit_code=NUMBER,
            founded_on="2026-03-02",
        )
        after = browser(hall.citizen).get(page).content.decode()

        assert ("正在办理的事项最迟" in before, "全部事项最迟" in before) == (True, False)
        assert ("正在办理的事项最迟" in after, "全部事项最迟" in after) == (False, True)

    def test_without_the_licence_nothing_else_begins(self, hall: kit.Hall) -> None:
        key = sent("restaurant", RESTAURANT, left_in=(), actor=hall.citizen)

        licence = casework.case(case_id=case_of(key, LICENCE), actor=hall.approver, at=timezone.now())
        task = licence.task("review")
        assert task is not None
        case = casework.complete_by_form(
            task_id=task.id,
            outcome="refuse",
            answers={"new_credit_code": (NUMBER,), "founded_on": ("2026-03-02",)},
            reason="场所不合法",
            basis="有关规定",
            actor=hall.approver,
            at=timezone.now(),
        )
        ended(case, actor=hall.approver)

        assert states(key, hall.citizen) == {LICENCE: "failed", FOOD: "dropped", FIRE: "dropped"}
        assert bundle(key, hall.citizen).state == "failed"


class TestEnterpriseChange:
    def test_the_new_licence_replaces_the_former_and_the_others_follow_at_once(self, hall: kit.Hall) -> None:
        firm = kit.firm()
        kit.certify(hall, LICENCE)
        former = certificates.issue(
            type_code=LICENCE,
            holder=certificates.Holder.enterprise(name="望川餐饮服务有限公司", credit_code=kit.FIRM_CODE),
            values={
                "enterprise_type": "有限责任公司",
                "legal_representative": "许望川",
                "registered_on": "2020-05-06",
                "address": "文澜区书院路1号",
                "scope": "餐饮服务",
            },
            case_id=None,
            actor=hall.approver,
            at=timezone.now(),
        )
        answers = {
            "new_name": "望川江湖餐饮有限公司",
            "new_address": "",
            "new_representative": "",
            "new_representative_id": "",
            "new_scope": "",
            "promise_change": "on",
        }

        with kit.registers(**{kit.FIRM_CODE: {**kit.REGISTERED, "registered-address": "文澜区书院路1号"}}):
            key = sent("enterprise-change", answers, left_in=FOLLOWING[1:], actor=firm.delegate)
        done(key, CHANGE, "review", "issue", actor=hall.approver)

        assert set(states(key, firm.delegate).values()) == {"done"}
        assert bundle(key, firm.delegate).state == "done"
        told = casework.case_answers(case_id=case_of(key, "tax-information-change"))
        assert (told["name"], told["registered_address"]) == ("望川江湖餐饮有限公司", "文澜区书院路1号")
        (licence,) = certificates.own_certificates(actor=firm.delegate, at=timezone.now())
        assert (licence.holder.name, licence.edition, licence.serial) == (
            "望川江湖餐饮有限公司",
            2,
            former.serial,
        )
        assert licence.values["address"] == "文澜区书院路1号"
        assert licence.case_id == case_of(key, CHANGE)
        assert trust_api.enterprise_names(ids=[firm.id]) == {firm.id: "望川江湖餐饮有限公司"}

    def test_somebody_elses_delegate_does_not_find_it(self, hall: kit.Hall) -> None:
        firm = kit.firm()
        key = begin_bundle(code="enterprise-change", left_in=(), actor=firm.delegate, at=timezone.now())

        with pytest.raises(OneThingNotFound):
            bundle(key, hall.citizen)
