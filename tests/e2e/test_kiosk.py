"""A kiosk in the hall: upright and wide, used by one after the other, left alone, and without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.e2e.cast import PASSWORD
from tests.e2e.conftest import Check, SignIn
from tests.e2e.rating_cast import CITIZEN, NAME
from tests.kit.platform import Platform

UPRIGHT, WIDE = ViewportSize(width=1080, height=1920), ViewportSize(width=1280, height=900)


@pytest.fixture(scope="module", autouse=True)
def song(platform: Platform) -> None:
    platform.act("tests.e2e.rating_cast")


@pytest.fixture
def machine(browser: Browser, base_url: str, sign_in: SignIn) -> Iterator[BrowserContext]:
    """Return the browser of a machine that a clerk has just made a kiosk."""
    context = browser.new_context(base_url=base_url, viewport=UPRIGHT, has_touch=True)
    page = context.new_page()
    sign_in(page, "clerk", is_fresh=True)
    page.goto("/kiosk/register/")
    page.get_by_label("终端名称").fill("1号自助终端")
    page.get_by_label("摆放位置").fill("一楼大厅")
    page.get_by_role("button", name="将本机登记为自助终端").click()
    expect(page.get_by_text("1号自助终端 · 一楼大厅")).to_be_visible()
    page.close()
    yield context
    context.close()


def enters(page: Page) -> None:
    """Let the citizen sign in by the page that the machine shows."""
    page.goto("/apply/mine/")
    page.locator("input[name=login]").fill(CITIZEN)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("heading", name="我的办件")).to_be_visible()


@pytest.mark.parametrize("size", [UPRIGHT, WIDE], ids=["upright", "wide"])
def test_is_touched_and_leads_nowhere_else(machine: BrowserContext, axe: Check, size: ViewportSize) -> None:
    page = machine.new_page()
    page.set_viewport_size(size)
    for path in ("/kiosk/", "/kiosk/help/", "/services/", "/accounts/login/"):
        page.goto(path)
        axe(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
        small = page.locator("main .btn:visible, header .btn:visible").evaluate_all(
            "all => all.map((one) => one.getBoundingClientRect().height).filter((high) => high < 48)"
        )
        assert small == [], path
        outside = page.locator("a[href^='http']").count()
        assert outside == 0, path


def test_the_next_person_finds_nothing_of_the_former(machine: BrowserContext) -> None:
    page = machine.new_page()
    enters(page)
    page.goto("/kiosk/")
    expect(page.locator("main")).to_contain_text("已登录")
    page.get_by_role("button", name="办完退出").click()
    expect(page.get_by_role("heading", name="您要办什么")).to_be_visible()

    page.go_back()

    expect(page.locator("body")).not_to_contain_text(NAME)
    page.goto("/apply/mine/")
    expect(page.locator("input[name=login]")).to_have_value("")


def test_asks_and_then_signs_out_whoever_walked_away(machine: BrowserContext) -> None:
    page = machine.new_page()
    page.clock.install()
    enters(page)
    page.goto("/kiosk/")
    page.get_by_label("办件编号").fill("SECRET-1")

    page.clock.run_for(61_000)
    expect(page.get_by_text("您还在吗")).to_be_visible()
    page.get_by_role("button", name="继续办理").click()
    expect(page.get_by_text("您还在吗")).to_be_hidden()
    page.clock.run_for(82_000)

    expect(page.locator("main")).not_to_contain_text("已登录")
    expect(page.get_by_label("办件编号")).to_have_value("")


def test_without_javascript_the_page_itself_leaves(
    machine: BrowserContext, browser: Browser, base_url: str
) -> None:
    plain = browser.new_context(base_url=base_url, viewport=UPRIGHT, java_script_enabled=False)
    cookie = next(one for one in machine.cookies() if one["name"] == "kiosk")
    plain.add_cookies([{"name": "kiosk", "value": cookie["value"], "url": base_url}])
    page = plain.new_page()
    enters(page)

    assert page.locator("noscript").first.text_content() is not None
    assert 'http-equiv="refresh" content="120;url=/kiosk/end/"' in page.content()
    page.goto("/kiosk/end/")
    expect(page.locator("main")).not_to_contain_text("已登录")
    plain.close()
