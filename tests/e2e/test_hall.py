"""A visit to the hall: a number at the kiosk, called at the window, an application for whoever stands there."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.e2e.conftest import NARROW, Check, Shoot, SignIn
from tests.e2e.hall_cast import (
    INSURANCE,
    INSURED_ON,
    NAME,
    PERSON,
    PERSON_ID,
    PERSON_NAME,
    RESOURCE,
    WRONG_ID,
)
from tests.kit.platform import Platform

UPRIGHT = ViewportSize(width=1080, height=1920)
GROUP, WINDOW, CLERK = "综合窗口", "3号", "clerk"
A_VISIT = timedelta(seconds=90)


@pytest.fixture(scope="module", autouse=True)
def filled(platform: Platform) -> None:
    platform.act("tests.e2e.hall_cast")


@pytest.fixture(autouse=True)
def _one_day() -> None:
    """Begin no visit that ends tomorrow: numbers, and the clerk's place at the window, are a day's."""
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    if midnight - now < A_VISIT:
        time.sleep((midnight - now).total_seconds())


@pytest.fixture(scope="module")
def machine(browser: Browser, base_url: str, sign_in: SignIn) -> Iterator[BrowserContext]:
    """Return a kiosk of the hall, whose clerk has formed a group of windows."""
    context = browser.new_context(base_url=base_url, viewport=UPRIGHT, has_touch=True)
    page = context.new_page()
    sign_in(page, CLERK, is_fresh=True)
    page.goto("/hall/groups/")
    page.get_by_label("字母").fill("B")
    page.get_by_label("窗口组名称").fill(GROUP)
    page.get_by_label(NAME).check()
    page.get_by_role("button", name="开始放号").click()
    expect(page.get_by_text(f"B · {GROUP}")).to_be_visible()
    page.goto("/kiosk/register/")
    page.get_by_label("终端名称").fill("2号自助终端")
    page.get_by_label("摆放位置").fill("二楼大厅")
    page.get_by_role("button", name="将本机登记为自助终端").click()
    expect(page.get_by_text("2号自助终端 · 二楼大厅")).to_be_visible()
    page.close()
    yield context
    context.close()


def on_screen(page: Page) -> None:
    """Check that nothing is wider than the page."""
    assert page.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth"), page.url


def take(machine: BrowserContext, matter: str) -> tuple[str, str]:
    """Take a number for a matter; return the number and the way to its page."""
    page = machine.new_page()
    page.goto("/kiosk/")
    page.get_by_role("link", name="取号").click()
    page.get_by_role("button", name=matter).dblclick()
    expect(page.get_by_role("heading", name="您的号")).to_be_visible()
    found = page.locator(".hall-ticket .hall-label").inner_text(), page.url
    page.close()
    return found


def sit(page: Page) -> None:
    page.goto("/hall/")
    page.get_by_label("窗口", exact=True).fill(WINDOW)
    page.get_by_label("窗口组").select_option(label=f"B · {GROUP}")
    page.get_by_role("button", name="进入叫号").click()
    expect(page.locator("main")).to_contain_text(f"您在{WINDOW}窗口")


class TestVisit:
    def test_from_the_number_to_the_case(
        self,
        machine: BrowserContext,
        page: Page,
        narrow: Page,
        sign_in: SignIn,
        axe: Check,
        shoot: Shoot,
    ) -> None:
        kiosk = machine.new_page()
        kiosk.goto("/kiosk/number/")
        axe(kiosk)
        on_screen(kiosk)
        shoot(kiosk, "hall-kiosk")
        label, way = take(machine, NAME)
        assert re.fullmatch("B[0-9]{3}", label)
        kiosk.goto(way)
        axe(kiosk)
        shoot(kiosk, "hall-ticket-kiosk")
        other, _way = take(machine, "其他事项")
        assert int(other[1:]) == int(label[1:]) + 1

        sign_in(page, CLERK)
        page.goto("/hall/groups/")
        axe(page)
        shoot(page, "hall-groups")
        page.goto("/hall/times/")
        expect(page.locator("main")).to_contain_text(GROUP)
        axe(page)
        on_screen(page)
        shoot(page, "hall-times")
        page.goto("/hall/")
        axe(page)
        shoot(page, "hall-sit")
        sit(page)
        axe(page)
        on_screen(page)
        shoot(page, "hall-desk-waiting")
        page.get_by_role("button", name="呼叫下一位").click()
        expect(page.locator(".hall-now")).to_contain_text(label)
        shoot(page, "hall-desk-called")
        self.screens(page, narrow, label, way=way, axe=axe, shoot=shoot)
        page.get_by_role("button", name="已到窗口").click()
        axe(page)
        shoot(page, "hall-desk-serving")

        number = self.take_in(page, axe=axe, shoot=shoot)

        page.get_by_role("link", name="下一位").click()
        expect(page.locator(".hall-now")).to_contain_text(number)
        shoot(page, "hall-desk-taken-in")
        narrow.goto(way)
        expect(narrow.locator("main")).to_contain_text(number)
        page.get_by_role("button", name="办结").click()
        expect(page.locator(".hall-now")).to_contain_text(f"上一位：{label}")
        shoot(page, "hall-desk-served")
        self.rate(page, axe=axe)
        sign_in(narrow, PERSON)
        narrow.goto("/apply/mine/")
        expect(narrow.locator("main")).to_contain_text(number)

    def screens(self, page: Page, phone: Page, label: str, *, way: str, axe: Check, shoot: Shoot) -> None:
        """Look at what everybody sees."""
        phone.goto(way)
        expect(phone.locator("main")).to_contain_text(f"请您到{WINDOW}窗口")
        axe(phone)
        on_screen(phone)
        shoot(phone, "hall-ticket-phone")
        hall = page.context.new_page()
        hall.goto(str(page.get_by_role("link", name="大厅叫号屏").get_attribute("href")))
        expect(hall.locator(".hall-called")).to_contain_text(label)
        expect(hall.locator(".hall-called")).to_contain_text(WINDOW)
        axe(hall)
        on_screen(hall)
        shoot(hall, "hall-screen")
        hall.set_viewport_size({"width": NARROW, "height": 844})
        on_screen(hall)
        hall.close()

    def take_in(self, page: Page, *, axe: Check, shoot: Shoot) -> str:
        """Take an application in for the person at the window; return its number."""
        page.get_by_role("link", name="受理申请").click()
        axe(page)
        page.get_by_label("到场人员的公民身份号码").fill(WRONG_ID)
        page.get_by_role("button", name="开始填写").click()
        expect(page.locator("main")).to_contain_text("校验码")
        axe(page)
        shoot(page, "hall-wrong-id")
        page.get_by_label("到场人员的公民身份号码").fill(PERSON_ID)
        page.get_by_role("button", name="开始填写").click()
        main = page.locator("main")
        for told in (PERSON_NAME, INSURANCE, str(int(INSURED_ON[:4])), f"《{RESOURCE}》"):
            expect(main).to_contain_text(told)
        axe(page)
        on_screen(page)
        shoot(page, "hall-form")
        page.get_by_role("button", name="保存并继续").last.click()
        shoot(page, "hall-check")
        page.get_by_role("button", name="提交").click()
        expect(page.locator(".casework-number")).to_be_visible(timeout=20_000)
        expect(page.get_by_text("排队号")).to_be_visible()
        axe(page)
        on_screen(page)
        shoot(page, "hall-receipt")
        page.emulate_media(media="print")
        expect(page.get_by_role("link", name="下一位")).to_be_hidden()
        expect(page.locator(".casework-number")).to_be_visible()
        shoot(page, "hall-receipt-print")
        page.emulate_media(media="screen")
        number = page.locator(".casework-number").inner_text()
        page.get_by_role("link", name="查看办件").click()
        expect(page.locator("main")).to_contain_text(number)
        page.go_back()
        return number

    def rate(self, page: Page, *, axe: Check) -> None:
        """Give the code by which the visit is rated; window and matter are known."""
        page.get_by_role("link", name="请办事人评价").click()
        expect(page.get_by_role("textbox", name="窗口")).to_have_value(WINDOW)
        page.locator("main form button[type=submit]").click()
        expect(page.locator(".ui-visit-qr")).to_be_visible()
        axe(page)
        page.go_back()


class TestWithoutScripts:
    def test_a_number_that_was_passed_over_comes_back(
        self, machine: BrowserContext, plain: Page, sign_in: SignIn
    ) -> None:
        label, way = take(machine, "其他事项")
        sign_in(plain, CLERK)
        sit(plain)
        plain.get_by_label(re.compile("^排队号")).fill(label.lower())
        plain.get_by_role("button", name="查找").click()
        expect(plain.locator(".hall-now")).to_contain_text(label)
        for step in ("重呼", "过号"):
            plain.locator(".hall-now").get_by_role("button", name=step).click()
        followed = plain.context.new_page()
        followed.goto(way)
        expect(followed.locator("main")).to_contain_text("您已过号")
        assert '<noscript><meta http-equiv="refresh"' in followed.content()

        plain.get_by_role("button", name=f"重呼 {label}").click()
        plain.get_by_role("button", name="已到窗口").click()
        plain.get_by_role("button", name="办结").click()

        followed.reload()
        expect(followed.locator("main")).to_contain_text("您已办结")
