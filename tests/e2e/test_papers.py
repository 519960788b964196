"""Documents, notices, messages by all channels, and pages that update themselves, in the browser."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import licence_cast as cast
from tests.e2e.conftest import Check, Shoot, SignIn
from tests.kit.platform import Platform, until
from zhengshu.contexts.casework.tests import mail_server
from zhengshu.contexts.casework.tests.mail_server import Box
from zhengshu.foundation.files.tests import contents as made

SECONDS_TO_UPDATE = 45_000
NUMBER = "13800138000"


def act(platform: Platform, *words: str) -> list[str]:
    return platform.act("tests.e2e.licence_cast", *words).split()


@pytest.fixture(scope="module", autouse=True)
def _people(platform: Platform) -> None:
    act(platform, "fill")


@pytest.fixture(scope="module")
def box(platform: Platform) -> Iterator[Box]:
    with mail_server.running(Box(), port=int(platform.environment["ZHENGSHU_MAIL_PORT"])) as running:
        yield running


class TestDocuments:
    def test_go_up_by_an_official_and_down_by_all_who_may(
        self, page: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        case_id, _ = act(platform, "apply")
        sign_in(page, cast.CLERK)
        page.goto(f"/cases/{case_id}/")
        documents = page.locator("section", has=page.locator("#documents"))
        documents.get_by_text("添加材料", exact=True).first.click()
        page.set_input_files(
            "[name=document-file]", {"name": "平面图.pdf", "mimeType": "application/pdf", "buffer": made.PDF}
        )
        axe(page)
        shoot(page, "papers-document-form")
        documents.locator("button[type=submit]").click()
        expect(page.locator(".alert-success")).to_be_visible()

        with page.expect_download() as taken:
            page.get_by_role("link", name="平面图.pdf").click()
        assert Path(taken.value.path()).read_bytes() == made.PDF
        page.locator("summary", has_text="摘要").first.click()
        axe(page)
        shoot(page, "papers-documents")

    def test_that_are_not_what_they_say_are_refused_in_words(
        self, page: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        case_id, _ = act(platform, "apply")
        sign_in(page, cast.CLERK)
        page.goto(f"/cases/{case_id}/")
        documents = page.locator("section", has=page.locator("#documents"))
        documents.get_by_text("添加材料", exact=True).first.click()
        page.set_input_files(
            "[name=document-file]", {"name": "a.pdf", "mimeType": "application/pdf", "buffer": made.PROGRAM}
        )
        documents.locator("button[type=submit]").click()
        expect(page.locator(".alert-danger")).to_contain_text("内容不符")
        axe(page)
        shoot(page, "papers-document-refused")


class TestNotices:
    def test_are_read_and_printed(
        self, page: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        case_id, number = act(platform, "apply")
        act(platform, "accept", case_id)
        sign_in(page, cast.CLERK)
        page.goto(f"/cases/{case_id}/")
        shoot(page, "papers-case-with-notice")
        page.get_by_role("link", name="受理通知书").click()
        notice = page.locator(".casework-notice")
        expect(notice).to_contain_text(f"{cast.NAME}：")
        expect(notice).to_contain_text(number)
        axe(page)
        shoot(page, "papers-notice")
        page.emulate_media(media="print")
        expect(notice).to_be_visible()
        expect(page.locator(".ui-top")).to_be_hidden()
        shoot(page, "papers-notice-printed")
        page.emulate_media(media="screen")


def confirm_both(page: Page, platform: Platform, box: Box, axe: Check, shoot: Shoot) -> None:
    """Type in the code that came by e-mail, then that which came by SMS."""
    expect(page.get_by_role("heading", name="确认联系方式")).to_be_visible()
    axe(page)
    shoot(page, "papers-confirm")
    assert until(lambda: bool(codes_in(box)), seconds=45)
    page.get_by_label("六位验证码").fill("12345")
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.locator(".is-invalid, .alert-danger").first).to_be_visible()
    shoot(page, "papers-confirm-wrong")
    type_code(page, codes_in(box)[-1])
    page.locator("main").get_by_role("link", name="确认", exact=True).click()
    outbox = Path(platform.environment["ZHENGSHU_SMS_OUTBOX"])
    assert until(lambda: outbox.is_dir() and any(outbox.glob("*.json")), seconds=45)
    (file,) = outbox.glob("*.json")
    type_code(page, json.loads(file.read_text(encoding="utf-8"))["text"])
    expect(page.locator("main .ui-badge-green")).to_have_count(2)


def codes_in(box: Box) -> list[str]:
    return [text for mail in list(box.mails) if re.search(r"\d{6}", text := str(mail.get_content()))]


def type_code(page: Page, text: str) -> None:
    found = re.search(r"\d{6}", text)
    assert found is not None
    page.get_by_label("六位验证码").fill(found[0])
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.locator(".alert-success")).to_be_visible()


class TestMessages:
    def test_reach_a_person_by_all_channels_that_he_chose(
        self, page: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot, box: Box
    ) -> None:
        act(platform, "forget")
        box.mails.clear()
        sign_in(page, cast.CITIZEN)
        page.goto("/messages/")
        axe(page)
        shoot(page, "papers-messages-empty")
        page.goto("/messages/channels/")
        axe(page)
        page.get_by_label("以电子邮件通知我").check()
        page.get_by_label("电子邮箱").fill("nobody")
        page.locator("main form button[type=submit]").click()
        expect(page.locator(".ui-error-summary, .alert-danger").first).to_be_visible()
        axe(page)
        shoot(page, "papers-channels-faulty")
        page.get_by_label("电子邮箱").fill(cast.ADDRESS)
        page.get_by_label("以短信通知我").check()
        page.get_by_label("手机号码").fill(NUMBER)
        page.locator("main form button[type=submit]").click()
        confirm_both(page, platform, box, axe, shoot)
        shoot(page, "papers-channels")

        case_id, number = act(platform, "apply")
        act(platform, "supplement", case_id)

        expect(page.locator(".ui-bell-count")).to_be_visible(timeout=SECONDS_TO_UPDATE)
        assert until(lambda: any(number in str(mail["Subject"]) for mail in box.mails), seconds=45)
        text = "".join(str(mail.get_content()) for mail in box.mails)
        assert any(number in str(mail["Subject"]) for mail in box.mails)
        assert cast.NAME not in text
        assert cast.REASON not in text
        outbox = Path(platform.environment["ZHENGSHU_SMS_OUTBOX"])
        assert until(lambda: len(list(outbox.glob("*.json"))) > 1, seconds=45)
        texts = [json.loads(file.read_text(encoding="utf-8")) for file in outbox.glob("*.json")]
        assert {sms["to"] for sms in texts} == {NUMBER}
        assert any(number in sms["text"] for sms in texts)

        page.locator(".ui-bell a").click()
        expect(page.locator(".casework-messages")).to_contain_text(cast.REASON)
        axe(page)
        shoot(page, "papers-messages")
        page.locator("button[name=stay]").first.click()
        page.get_by_role("button", name="全部标为已读").click()
        expect(page.locator(".ui-bell-count")).to_have_count(0)
        page.goto("/messages/?state=unread")
        axe(page)
        shoot(page, "papers-messages-read")

    def test_that_nobody_takes_are_seen_and_sent_again_by_an_operator(
        self, page: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot, box: Box
    ) -> None:
        sign_in(page, cast.OPERATOR)
        page.goto("/messages/troubled/")
        axe(page)
        shoot(page, "papers-troubled-empty")
        act(platform, "choose")
        box.recipients = f"550 5.1.1 no such user {cast.ADDRESS}"
        case_id, number = act(platform, "apply")
        act(platform, "supplement", case_id)

        def is_listed() -> bool:
            page.reload()
            return page.get_by_role("cell", name=number).count() > 0

        assert until(is_listed, seconds=60)
        axe(page)
        shoot(page, "papers-troubled")
        assert cast.ADDRESS not in page.content()
        assert cast.NAME not in page.locator("main").inner_text()
        box.recipients = "250 OK"
        before = len(box.mails)
        page.get_by_role("button", name=re.compile(f"重新发送.*{number}")).first.click()
        expect(page.locator(".alert-success")).to_be_visible()
        assert until(lambda: len(box.mails) > before, seconds=45)


class TestLive:
    def test_to_dos_appear_without_reloading_and_the_focus_stays(
        self, page: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        act(platform, "apply")
        sign_in(page, cast.CLERK)
        with page.expect_response(re.compile("/messages/live/")):
            page.goto("/cases/?sort=-opened")
        page.evaluate("window.wasHere = true")
        link = page.locator("[data-live-part=todos] td a").first
        link.focus()
        had = link.get_attribute("href")

        _, number = act(platform, "apply")

        expect(page.get_by_role("link", name=number)).to_be_visible(timeout=SECONDS_TO_UPDATE)
        assert page.evaluate("window.wasHere")
        assert page.evaluate("document.activeElement.getAttribute('href')") == had
        axe(page)
        shoot(page, "papers-live-inbox")

    def test_nothing_is_taken_from_under_somebody_who_chooses(
        self, page: Page, platform: Platform, sign_in: SignIn
    ) -> None:
        act(platform, "apply")
        sign_in(page, cast.CLERK)
        with page.expect_response(re.compile("/messages/live/")):
            page.goto("/cases/?sort=-opened")
        box = page.locator("[data-live-part=todos] input[type=checkbox]").first
        box.check()
        with page.expect_response(
            lambda answer: "/messages/live/" in answer.url and answer.status == 200,
            timeout=SECONDS_TO_UPDATE,
        ):
            act(platform, "apply")
        page.wait_for_load_state("networkidle")

        expect(box).to_be_checked()

    def test_a_case_says_that_it_has_moved_on(
        self, page: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot, browser: Browser
    ) -> None:
        case_id, _ = act(platform, "apply")
        sign_in(page, cast.CLERK)
        with page.expect_response(re.compile("/messages/live/")):
            page.goto(f"/cases/{case_id}/")
        expect(page.locator("[data-live-moved]")).to_be_hidden()

        act(platform, "accept", case_id)

        expect(page.locator("[data-live-moved]")).to_be_visible(timeout=SECONDS_TO_UPDATE)
        expect(page.locator("[data-live-moved]")).to_contain_text("受理：受理")
        expect(page.locator("[data-live-moved]")).to_contain_text("吴敏")
        expect(page.locator("[data-live-voice]")).to_contain_text("新进展")
        expect(page.locator("[data-live-part=timeline]")).to_contain_text("受理通知书")
        axe(page)
        shoot(page, "papers-live-case")

    def test_is_comfort_only(self, plain: Page, platform: Platform, sign_in: SignIn) -> None:
        act(platform, "apply")
        sign_in(plain, cast.CLERK)
        plain.goto("/cases/")
        expect(plain.locator("[data-live-part=todos] td").first).to_be_visible()
        expect(plain.locator("[data-live-moved]")).to_have_count(0)
        plain.locator(".ui-bell a").click()
        expect(plain).to_have_url(re.compile("/messages/$"))
