"""Pages of one thing and of benefits: what a person and an official see, and nobody else."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from zhengshu.contexts.services.application import benefit_queries
from zhengshu.contexts.services.application.run_benefit import carry_out, start_run
from zhengshu.contexts.services.models import Application, Bundle, BundlePart, ServiceItem
from zhengshu.contexts.services.tests import benefit_cast as cast
from zhengshu.contexts.services.tests import intake_kit as kit
from zhengshu.contexts.services.tests.test_one_things import ANSWERS, PARTS
from zhengshu.contexts.trust.tests.factories import account_of
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db


def browser(person: Actor) -> Client:
    client = Client()
    client.force_login(account_of(person))
    return client


class TestOneThing:
    def test_from_choosing_to_the_result(self) -> None:
        hall = kit.hall()
        for code in PARTS:
            kit.offer(hall, code=code)
        mother = browser(hall.citizen)

        assert "新生儿出生一件事" in mother.get("/services/one-things/").content.decode()
        assert "同时申领社会保障卡" in mother.get("/services/one-things/begin/newborn/").content.decode()
        begun = mother.post("/services/one-things/begin/newborn/", {"begin": "1", "left_in": PARTS[2:]})
        page = begun.headers["Location"]
        shown = mother.get(page).content.decode()
        assert shown.count('name="child_name"') == 1
        assert kit.ANNA in shown
        faulty = mother.post(page, {"child_name": "许晨曦"})
        assert faulty.status_code == 200
        assert Bundle.objects.get(applicant_id=hall.citizen.id).sent_at is None
        kept = mother.post(page, ANSWERS)
        assert kept.headers["Location"] == f"{page}?step=2", kept.content.decode()
        assert "许晨曦" in mother.get(kept.headers["Location"]).content.decode()
        for _ in range(2):
            sent = mother.post(kept.headers["Location"], {"send": "on"})
            assert sent.headers["Location"] == page, sent.content.decode()
        result = mother.get(page).content.decode()
        assert "等待前一项" in result
        assert "办理中" in result

        assert browser(hall.other).get(page).status_code == 404
        assert browser(hall.approver).get(page).status_code == 403
        assert "撤回这件事" in mother.get(f"{page}withdraw/").content.decode()
        assert mother.post(f"{page}withdraw/").status_code == 302
        assert "已撤回" in mother.get(page).content.decode()

    def test_marks_what_must_be_answered_and_names_items_in_english(self) -> None:
        hall = kit.hall()
        for code in PARTS:
            kit.offer(hall, code=code)
        ServiceItem.objects.filter(code=PARTS[0]).update(name_en="Certificate of a birth")
        mother = browser(hall.citizen)
        page = mother.post("/services/one-things/begin/newborn/", {"begin": "1"}).headers["Location"]
        mother.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

        shown = mother.get(page).content.decode()

        assert re.search(r'name="child_name"[^>]* aria-required="true"', shown)
        assert "Certificate of a birth" in shown

    def test_two_clicks_begin_once(self) -> None:
        hall = kit.hall()
        for code in PARTS:
            kit.offer(hall, code=code)
        mother, path = browser(hall.citizen), "/services/one-things/begin/newborn/"
        sent = {"begin": "1", "key": mother.get(path).context["form"]["key"].value()}

        first, again = (mother.post(path, sent).headers["Location"] for _click in range(2))
        other = browser(hall.other).post(path, sent)

        assert first == again
        assert (Bundle.objects.count(), BundlePart.objects.count()) == (1, 2)
        assert other.status_code == 404
        assert mother.post(path, {**sent, "key": "x"}).status_code == 200

    def test_a_page_sent_again_sends_nothing_to_departments(self) -> None:
        hall = kit.hall()
        for code in PARTS:
            kit.offer(hall, code=code)
        mother = browser(hall.citizen)
        page = mother.post("/services/one-things/begin/newborn/", {"begin": "1"}).headers["Location"]
        first = {**ANSWERS, "step": "1"}
        assert 'name="step" value="1"' in mother.get(page).content.decode()

        clicks = [mother.post(page, sent) for sent in (first, first, {**first, "child_name": "许又改"})]
        unmarked = mother.post(page, ANSWERS)
        check = mother.get(f"{page}?step=2").content.decode()

        assert [one.headers["Location"] for one in clicks] == [f"{page}?step=2"] * 3
        assert unmarked.status_code == 200
        assert "许又改" in check
        assert 'name="send" value="on"' in check
        assert not Application.objects.exists()

    def test_its_forms_are_no_matters_of_their_own(self) -> None:
        hall = kit.hall()
        for code in PARTS:
            kit.offer(hall, code=code)
        mother = browser(hall.citizen)
        begun = mother.post("/services/one-things/begin/newborn/", {"begin": "1"})
        page = begun.headers["Location"]
        part = BundlePart.objects.filter(bundle__applicant_id=hall.citizen.id)[0]

        shown = mother.get("/apply/").content.decode()
        start = mother.get(f"/apply/{PARTS[0]}/").content.decode()

        assert shown.count(page) == 3
        assert f"{page}discard/" in shown
        assert "新生儿出生一件事" in shown
        assert str(part.draft_id) not in shown
        assert page in start
        for act in ("", "1/", "check/", "discard/"):
            path = f"/apply/drafts/{part.draft_id}/{act}"
            assert mother.get(path).headers["Location"] == page, path
        for act in ("send/", "discard/"):
            path = f"/apply/drafts/{part.draft_id}/{act}"
            assert mother.post(path).headers["Location"] == page, path
            assert browser(hall.other).post(path).status_code == 404
        assert mother.get(page).status_code == 200
        assert not Application.objects.exists()

    def test_one_part_is_taken_back_and_says_what_follows(self) -> None:
        hall = kit.hall()
        for code in PARTS:
            kit.offer(hall, code=code)
        mother = browser(hall.citizen)
        page = mother.post("/services/one-things/begin/newborn/", {"begin": "1"}).headers["Location"]
        mother.post(page, {name: text for name, text in ANSWERS.items() if name != "bank"})
        mother.post(f"{page}?step=2", {"send": "on"})
        part = BundlePart.objects.get(bundle__applicant_id=hall.citizen.id, item=PARTS[0])
        address = f"/services/applications/{part.draft_id}/withdraw/"
        assert address in mother.get(f"/apply/mine/{part.case_id}/").content.decode()

        asked = mother.get(address).content.decode()
        for person, status in ((hall.other, 404), (hall.approver, 403)):
            assert browser(person).post(address, {"reason": "不办了"}).status_code == status
        done = mother.post(address, {"reason": "不办了"})

        assert f"{PARTS[1]}" in asked
        assert "新生儿出生一件事" in asked
        assert done.headers["Location"] == page
        shown = mother.get(page).content.decode()
        assert "已撤回" in shown
        assert "未开始" in shown

    def test_is_thrown_away_after_a_question(self) -> None:
        hall = kit.hall()
        for code in PARTS:
            kit.offer(hall, code=code)
        mother = browser(hall.citizen)
        page = mother.post("/services/one-things/begin/newborn/", {"begin": "1"}).headers["Location"]
        assert f"{page}discard/" in mother.get(page).content.decode()

        asked = mother.get(f"{page}discard/").content.decode()
        for person, status in ((hall.other, 404), (hall.approver, 403)):
            assert browser(person).get(f"{page}discard/").status_code == status
            assert browser(person).post(f"{page}discard/").status_code == status
        done = mother.post(f"{page}discard/")

        assert "新生儿出生一件事" in asked
        assert done.headers["Location"] == "/apply/"
        assert page not in mother.get("/apply/").content.decode()
        assert mother.post(f"{page}discard/").status_code == 404


class TestBenefits:
    def test_officials_search_and_the_found_confirms(self, tmp_path: Path) -> None:
        place = cast.office(tmp_path)
        registers = cast.FakeRegisters()
        number = registers.add(cast.AREAS[0], date(1940, 1, 1), serial=77)
        person = kit.citizen("page.old", number)
        at = timezone.now()
        dry = start_run(code=cast.ALLOWANCE, is_dry=True, actor=place.officer, at=at)
        carry_out(run_id=dry, registers=registers)
        head, switch = browser(place.head), f"/services/benefits/{cast.ALLOWANCE}/switch/"
        assert "启用这项政策" in head.get(switch).content.decode()
        assert [head.post(switch, {"to": "on"}).status_code for _click in range(2)] == [302, 302]
        run = start_run(code=cast.ALLOWANCE, is_dry=False, actor=place.officer, at=at + timedelta(minutes=1))
        carry_out(run_id=run, registers=registers)

        again = head.post(f"/services/benefits/{cast.ALLOWANCE}/start/", {"kind": "real"}, follow=True)
        assert "不重复查找" in again.content.decode()
        assert "高龄津贴" in head.get("/services/benefits/").content.decode()
        assert "已启用" in head.get(f"/services/benefits/{cast.ALLOWANCE}/").content.decode()
        shown = head.get(f"/services/benefit-runs/{run}/").content.decode()
        assert number not in shown
        assert f"{number[:6]}********{number[-4:]}" in shown
        assert "停用这项政策" in head.get(switch).content.decode()
        assert [head.post(switch, sent).status_code for sent in ({}, {"to": "no"})] == [200, 200]
        assert "已启用" in head.get(f"/services/benefits/{cast.ALLOWANCE}/").content.decode()
        assert browser(place.stranger).get(f"/services/benefit-runs/{run}/").status_code == 404

        old = browser(person)
        (mine,) = benefit_queries.my_entitlements(actor=person)
        page = f"/services/my-benefits/{mine.id}/"
        assert "高龄津贴" in old.get("/services/my-benefits/").content.decode()
        assert "年满八十周岁" in old.get(page).content.decode()
        assert "12至30位" in old.post(page, {"account": "123"}).content.decode()
        assert old.post(page, {"account": "4111 1111 1111 1111"}).status_code == 302
        shown = old.get(page).content.decode()
        assert "尾号 1111" in shown
        assert "待发放" in shown
        assert "年满八十周岁" in old.get(f"/services/my-benefits/check/{cast.ALLOWANCE}/").content.decode()
        assert browser(kit.citizen("page.thief", kit.BELA)).get(page).status_code == 404

        assert head.post(f"/services/benefits/{cast.ALLOWANCE}/list/").status_code == 302
        detail = head.get(f"/services/benefits/{cast.ALLOWANCE}/").content.decode()
        made = detail.split("/services/payment-lists/")[1].split("/")[0]
        lines = b"".join(head.post(f"/services/payment-lists/{made}/")).decode()
        assert "4111111111111111" in lines
        assert browser(place.officer).post(f"/services/payment-lists/{made}/").status_code == 403
