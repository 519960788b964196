import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.casework.application.forms.drafts import draft
from zhengshu.contexts.casework.application.forms.send_form import send_form
from zhengshu.contexts.casework.domain.forms.evaluating import evaluate
from zhengshu.contexts.casework.domain.forms.reading import read_form
from zhengshu.contexts.casework.interfaces.forms.drawing import Drawer, blocks_of, preview
from zhengshu.contexts.casework.interfaces.forms.summary import blocks
from zhengshu.contexts.casework.models import Case, FormDraft, Task
from zhengshu.contexts.casework.tests import form_factories
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.casework.tests.form_factories import PACK, STALL, TYPE, Street
from zhengshu.contexts.trust import api as trust_api
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(tmp_path: Path) -> Street:
    return form_factories.street(tmp_path)


def signed_in(*roles: Role, place: Street) -> tuple[Client, Actor]:
    account = trust.account(*roles, department_id=place.office)
    client = Client()
    client.force_login(account)
    return client, trust_api.actor_of(official_id=account.pk)


def citizen(username: str, number: str) -> Client:
    """Return a browser in which a citizen is signed in."""
    key = trust_api.add_citizen(
        username=username,
        name=username,
        citizen_id=number,
        password=trust.PASSWORD,
        actor=trust.PLATFORM,
        at=AT,
    )
    client = Client()
    client.force_login(trust.account_of(trust_api.actor_of(official_id=key)))
    return client


def open_review(place: Street) -> Task:
    sent = send_form(draft_id=form_factories.filled(place).row.pk, actor=place.citizen, at=AT)
    return Task.objects.get(case_id=sent.id, code="review")


class Browser:
    """Fills in the form of a to-do as a browser without JavaScript does."""

    def __init__(self, place: Street) -> None:
        self.place = place
        self.client, self.actor = signed_in(Role.APPROVER, place=place)
        self.task = open_review(place)
        started = self.client.post(reverse("apply:task", args=[self.task.pk]))
        assert started.status_code == 302
        self.draft_id = FormDraft.objects.get(task=self.task).pk
        self.page = reverse("apply:page", args=[self.draft_id, 1])

    def post(self, answers: Mapping[str, str], *, action: str = "next") -> str:
        shown = self.client.get(self.page).content.decode()
        hidden = dict(re.findall(r'name="(_\w+)" value="([^"]*)"', shown))
        answer = self.client.post(self.page, {**hidden, **answers, "_action": action})
        assert answer.status_code == 302
        return str(answer.headers["Location"])

    def read(self, url: str) -> str:
        return self.client.get(url).content.decode()


class TestPages:
    def test_lead_from_the_to_do_to_its_end(self, place: Street) -> None:
        browser = Browser(place)
        case_page = browser.read(reverse("casework:case-detail", args=[browser.task.case_id]))
        assert reverse("apply:task", args=[browser.task.pk]) in case_page

        to_check = browser.post({"is_complete": "yes", "missing": "", "fee": "0"})
        assert to_check == reverse("apply:check", args=[browser.draft_id])
        text = browser.read(to_check)
        assert "齐全" in text
        send = reverse("apply:send", args=[browser.draft_id])
        refused = browser.client.post(send, {"outcome": "refuse"})
        assert refused.status_code == 200
        assert "请说明" in refused.content.decode()
        answer = browser.client.post(send, {"outcome": "grant"})

        assert answer.headers["Location"] == reverse("apply:sent", args=[browser.draft_id])
        assert browser.client.post(send, {"outcome": "grant"}).status_code == 302
        case = Case.objects.get(pk=browser.task.case_id)
        assert case.state == "granted"
        assert case.number in browser.read(answer.headers["Location"])

    def test_ask_further_before_they_blame(self, place: Street) -> None:
        browser = Browser(place)

        url = browser.post({"is_complete": "no", "missing": "", "fee": "0"})

        assert url.endswith("?more=1")
        text = browser.read(url)
        assert "form-missing" in text
        assert 'role="alert"' not in text

    def test_list_what_is_wrong_with_links_to_it(self, place: Street) -> None:
        browser = Browser(place)

        url = browser.post({"is_complete": "yes", "missing": "", "fee": "viel"})

        assert url.endswith("?check=1")
        text = browser.read(url)
        assert '<a href="#form-fee">' in text
        assert "请用数字填写" in text
        assert 'value="viel"' in text

    def test_keep_whoever_attached_a_file_that_is_not_taken_on_the_page_with_the_reason(
        self, place: Street
    ) -> None:
        client = citizen("file-sender", "110105194912310054")
        client.post(reverse("apply:start", args=[TYPE]))
        page = reverse("apply:page", args=[FormDraft.objects.get(task=None).pk, 3])
        hidden = dict(re.findall(r'name="(_\w+)" value="([^"]*)"', client.get(page).content.decode()))
        fake = SimpleUploadedFile("证明.pdf", b"no pdf at all")

        answer = client.post(page, {**hidden, "remark": "靠近公交站", "certificate": fake, "_action": "save"})

        text = answer.content.decode()
        assert answer.status_code == 200
        assert '<a href="#form-certificate">健康证明：文件扩展名为.pdf，但内容不符或已损坏' in text
        assert re.search(r'id="form-certificate"[^>]* aria-invalid="true"', text)
        assert "靠近公交站" in text

    def test_save_and_stop_leads_to_the_list(self, place: Street) -> None:
        browser = Browser(place)

        url = browser.post({"fee": "7"}, action="save")

        assert url == reverse("apply:list")
        assert reverse("apply:draft", args=[browser.draft_id]) in browser.read(url)

    def test_of_others_are_not_found(self, place: Street) -> None:
        browser = Browser(place)
        client, _ = signed_in(Role.APPROVER, place=place)
        post = {"_action": "next", "fee": "1"}

        for name in ("draft", "check", "sent", "discard"):
            assert client.get(reverse(f"apply:{name}", args=[browser.draft_id])).status_code == 404
        assert client.get(browser.page).status_code == 404
        assert client.post(browser.page, post).status_code == 404
        assert client.post(reverse("apply:send", args=[browser.draft_id])).status_code == 404
        assert client.post(reverse("apply:discard", args=[browser.draft_id])).status_code == 404

    def test_refuse_answers_that_were_not_asked(self, place: Street) -> None:
        browser = Browser(place)

        answer = browser.client.post(
            browser.page,
            {"_version": str(draft(draft_id=browser.draft_id, actor=browser.actor).type.id), "is_admin": "1"},
        )

        assert answer.status_code == 422
        assert "is_admin" in answer.content.decode()

    def test_nonsense_is_refused_and_never_breaks(self, place: Street) -> None:
        browser = Browser(place)

        for action in ("remove:goods:99999999", "remove:x", "add:", "add:nothing", "jump", "remove:a:\x00"):
            answer = browser.client.post(browser.page, {"_action": action, "_version": "x", "fee": "1"})
            assert answer.status_code in {302, 422}
        assert browser.client.get(reverse("apply:page", args=[browser.draft_id, 9])).status_code == 404

    def test_discard_asks_first(self, place: Street) -> None:
        browser = Browser(place)
        url = reverse("apply:discard", args=[browser.draft_id])

        assert "放弃这份草稿" in browser.read(url)
        assert FormDraft.objects.filter(pk=browser.draft_id).exists()
        browser.client.post(url)
        assert not FormDraft.objects.filter(pk=browser.draft_id).exists()

    def test_show_what_was_sent_to_those_who_see_the_case(self, place: Street) -> None:
        browser = Browser(place)
        matter = reverse("apply:matter", args=[Case.objects.get(pk=browser.task.case_id).subject_id])

        text = browser.read(matter)

        assert "围巾" in text
        assert "商品 2" in text
        assert browser.read(reverse("casework:case-forms", args=[browser.task.case_id]))
        stranger = Client()
        stranger.force_login(trust.account(Role.APPROVER, department_id=trust.department().id))
        assert stranger.get(matter).status_code == 404

    def test_send_nobody_to_a_form_who_is_not_signed_in(self, place: Street) -> None:
        answer = Client().get(reverse("apply:list"))

        assert answer.status_code == 302
        assert "/accounts/login/" in answer.headers["Location"]

    def test_are_begun_once_by_a_page_that_is_sent_twice(self, place: Street) -> None:
        client, other = citizen("one", "11010519491231002X"), citizen("other", "440524188001010014")
        url = reverse("apply:start", args=[TYPE])
        (key,) = re.findall(r'name="key" value="([^"]+)"', client.get(url).content.decode())

        first, second = client.post(url, {"key": key}), client.post(url, {"key": key})
        anew = client.post(url, {"key": "?"})

        assert first.headers["Location"] == second.headers["Location"] == reverse("apply:page", args=[key, 1])
        assert anew.headers["Location"] != first.headers["Location"]
        assert FormDraft.objects.count() == 2
        assert other.post(url, {"key": key}).status_code == 404

    def test_start_page_of_a_type_that_is_not_for_the_reader_is_not_found(self, place: Street) -> None:
        client, _ = signed_in(Role.APPROVER, place=place)

        assert client.get(reverse("apply:start", args=[TYPE])).status_code == 404
        assert client.get(reverse("apply:list")).status_code == 200


class TestSessionThatEnded:
    """What is sent then is kept until its sender is back."""

    def begun(self) -> tuple[Client, str, dict[str, str]]:
        client = citizen("kept-sender", "110105194912310070")
        client.post(reverse("apply:start", args=[TYPE]))
        page = reverse("apply:page", args=[FormDraft.objects.get(task=None).pk, 1])
        hidden = re.findall(r'name="(_\w+)" value="([^"]*)"', client.get(page).content.decode())
        return client, page, {**dict(hidden), "address": "和平区示例路1号", "_action": "next"}

    def test_is_saved_as_soon_as_he_has_signed_in_again_and_only_once(self, place: Street) -> None:
        client, page, sent = self.begun()
        account = trust.account_of(trust_api.actor_of(official_id=FormDraft.objects.get(task=None).owner_id))
        client.logout()

        asked = client.post(page, {**sent, "certificate": SimpleUploadedFile("证明.pdf", b"%PDF")})
        client.force_login(account)
        back = client.get(page, follow=True)

        assert asked.headers["Location"] == f"/accounts/login/?next={page}"
        text = back.content.decode()
        assert 'value="和平区示例路1号"' in text
        assert "已经保留" in text
        assert "重新选择" in text
        assert "已经保留" not in client.get(page).content.decode()

    def test_is_not_given_to_whoever_signs_in_instead(self, place: Street) -> None:
        client, page, sent = self.begun()
        client.logout()
        client.post(page, sent)

        client.force_login(trust.account(Role.APPROVER, department_id=place.office))

        assert client.get(page).status_code == 404
        assert "kept" not in client.session
        assert draft_answers() == {}

    def test_lies_encrypted_in_the_session(self, place: Street) -> None:
        client, page, sent = self.begun()
        client.logout()

        client.post(page, sent)

        assert "kept" in client.session
        assert "和平区" not in str(client.session["kept"])
        assert "address" not in str(client.session["kept"])

    def test_keeps_nothing_of_other_pages(self, place: Street) -> None:
        client, page, _sent = self.begun()
        client.logout()

        client.post(page.replace("/1/", "/discard/"))

        assert "kept" not in client.session


def draft_answers() -> dict[str, list[str]]:
    return {key: texts for key, texts in FormDraft.objects.get(task=None).answers.items() if key == "address"}


class TestPreview:
    def test_draws_a_form_without_a_case(self) -> None:
        source = (PACK / "application.form.json").read_text(encoding="utf-8")
        form, _ = read_form(source, code="application")

        page = preview(
            form,
            number=2,
            answers=form_factories.typed(STALL),
            tables={},
            language="en",
        )

        assert page.title == "Stall"
        assert page.count == 3
        assert [item.place for item in page.items if item.is_shown] == [
            "sells_what",
            "starts_on",
            "days",
            "goods",
            "goods_total",
        ]

    def test_shows_nobody_a_computed_tick_which_only_rules_need(self) -> None:
        source = {
            "type": "default",
            "id": "application",
            "properties": {"title": "申请", "title_en": "Application"},
            "components": [
                {
                    "type": "textfield",
                    "id": "place_field",
                    "key": "place",
                    "label": "地址",
                    "properties": {"label_en": "Place", "reason": "申请人填写"},
                },
                {
                    "type": "checkbox",
                    "id": "has_place_field",
                    "key": "has_place",
                    "label": "填写了地址",
                    "properties": {"label_en": "Has a place", "calculate": 'place != ""'},
                },
                {
                    "type": "textfield",
                    "id": "shown_field",
                    "key": "shown",
                    "label": "登记地址",
                    "properties": {"label_en": "Place as registered", "calculate": "place"},
                },
            ],
        }
        form, _ = read_form(json.dumps(source), code="application")
        answers = form_factories.typed({"place": "明湖路7号"})
        evaluated = evaluate(form, answers)
        drawer = Drawer(form=form, answers=answers, evaluated=evaluated, tables={}, language="en")

        drawn = preview(form, answers=answers, tables={}, language="en")
        (read,) = blocks(drawer)

        assert evaluated.values["has_place"] is True
        assert [item.place for item in drawn.items] == ["place", "shown"]
        assert [line.label for line in read.lines] == ["Place", "Place as registered"]

    def test_texts_are_drawn_as_blocks(self) -> None:
        assert list(blocks_of("# 说明\n\n第一\n- 甲\n- 乙\n第二")) == [
            ("heading", ("说明",)),
            ("paragraph", ("第一",)),
            ("list", ("甲", "乙")),
            ("paragraph", ("第二",)),
        ]
