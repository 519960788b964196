"""People who share their work, as they click: claim, hand over, stand in, countersign, many at once, urge."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Locator, Page, expect

from tests.e2e.cases_cast import TITLES
from tests.e2e.conftest import Check, Shoot, SignIn
from tests.kit.platform import Platform

INBOX = "/cases/"


@pytest.fixture(scope="module", autouse=True)
def cases(platform: Platform) -> None:
    """Put cases into the platform, once for this file."""
    platform.act("tests.e2e.cases_cast")


def opened(page: Page, title: str) -> None:
    """Go to a case from the inbox, by its number."""
    page.goto(f"{INBOX}?q={title}")
    page.locator("tbody tr").first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def asked(page: Page, action: str) -> None:
    """Open the menu of who does a to-do, and choose from it."""
    menu = page.locator(".ui-more", has=page.get_by_text(action, exact=True)).first
    menu.locator("summary").click()
    menu.get_by_text(action, exact=True).click()


def form(page: Page) -> Locator:
    """Return the form of the page, not that of the shell."""
    return page.locator("main form[method=post]").last


def chosen(page: Page, field: str, name: str) -> None:
    """Choose a person by name in a list of names and accounts."""
    choices = form(page).locator(f"select[name={field}]")
    choices.select_option(value=choices.locator("option", has_text=name).get_attribute("value"))


def sent(page: Page) -> None:
    form(page).locator("button[type=submit]").click()


class TestSharing:
    def test_a_to_do_is_claimed_handed_over_and_given_back(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "provider.officer")
        opened(page, TITLES[1])
        asked(page, "认领")
        expect(page.locator("main")).to_contain_text("由您办理")
        asked(page, "转交")
        axe(page)
        shoot(page, "people-hand-over")
        chosen(page, "person", "周国平")
        sent(page)
        expect(page.locator("main")).to_contain_text("由陈思远转交")
        axe(page)
        shoot(page, "people-case")

        sign_in(page, "provider.head")
        opened(page, TITLES[1])
        asked(page, "退回")
        form(page).locator("textarea[name=reason], input[name=reason]").first.fill("请由经办人先核对字段")
        sent(page)

        expect(page.locator("main")).to_contain_text("请由经办人先核对字段")

    def test_a_countersigner_is_asked_and_answers(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "provider.officer")
        opened(page, TITLES[2])
        asked(page, "请求加签")
        chosen(page, "person", "周国平")
        form(page).locator("textarea[name=reason], input[name=reason]").first.fill("拟同意，请核")
        axe(page)
        shoot(page, "people-countersign")
        sent(page)
        expect(page.locator("main")).to_contain_text("等待周国平加签")

        sign_in(page, "provider.head")
        opened(page, TITLES[2])
        asked(page, "答复")
        form(page).locator("input[name=outcome]").first.check()
        axe(page)
        shoot(page, "people-answer")
        sent(page)

        expect(page.locator("main")).to_contain_text("已办理1项待办")

    def test_an_absence_lets_a_deputy_act(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        today = localdate()
        sign_in(page, "provider.head")
        page.goto(INBOX)
        page.locator("main").get_by_role("link", name="外出").first.click()
        fields = form(page)
        for name, day in (("first", today), ("last", today + timedelta(days=2))):
            fields.locator(f"input[name={name}]").fill(day.isoformat())
        chosen(page, "deputy", "陈思远")
        axe(page)
        shoot(page, "people-absence")
        sent(page)

        expect(page.locator("tbody tr").first).to_contain_text("陈思远")
        axe(page)


class TestMany:
    def test_are_done_at_once_with_a_verdict_for_each(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "provider.officer")
        page.goto(f"{INBOX}?q=信息")
        boxes = page.locator("tbody input[type=checkbox][name=task]")
        expect(boxes.nth(1)).to_be_visible()
        boxes.nth(0).check()
        boxes.nth(1).check()
        shoot(page, "people-inbox")
        page.locator("main .form-actions button[type=submit]").first.click()

        expect(page.locator("main")).to_contain_text("已选2项待办")
        axe(page)
        shoot(page, "people-many")


class TestSupervision:
    def test_the_data_authority_urges_and_the_department_answers(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "authority.leader")
        page.goto("/cases/supervision/departments/")
        expect(page.locator("tbody tr").first).to_be_visible()
        axe(page)
        shoot(page, "people-departments")
        page.goto(f"/cases/supervision/?q={TITLES[3]}")
        page.locator("tbody tr").first.get_by_role("link").first.click()
        page.get_by_role("link", name="催办").first.click()
        form(page).locator("textarea").first.fill("请于本周内答复")
        axe(page)
        shoot(page, "people-urge")
        sent(page)

        expect(page.locator("main")).to_contain_text("请于本周内答复")
