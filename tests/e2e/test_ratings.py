"""Rating a service on a phone, without JavaScript, and at the window; what the rated department sees of it."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Check, Shoot, SignIn
from tests.e2e.rating_cast import CITIZEN, ITEM_NAME, NAME
from tests.kit.platform import Platform

WORDS = f"我是{NAME}，电话138-0013-8000，窗口午休没人"


@pytest.fixture(scope="module", autouse=True)
def song(platform: Platform) -> None:
    platform.act("tests.e2e.rating_cast")


def test_a_citizen_rates_once_and_the_rated_do_not_learn_who(
    platform: Platform, page: Page, narrow: Page, sign_in: SignIn, axe: Check, shoot: Shoot
) -> None:
    sign_in(narrow, CITIZEN)
    narrow.goto("/")
    axe(narrow)
    shoot(narrow, "ratings-my-space")
    narrow.get_by_role("link", name="次服务等您评价").click()
    axe(narrow)
    shoot(narrow, "ratings-due")
    narrow.get_by_role("link", name=f"评价{ITEM_NAME}").first.click()
    axe(narrow)
    shoot(narrow, "ratings-form")
    assert not narrow.evaluate("document.documentElement.scrollWidth > innerWidth")
    narrow.get_by_label("非常不满意", exact=True).check()
    narrow.get_by_label("您还想说些什么").fill(WORDS)
    narrow.get_by_label("联系方式").fill("138-0013-8000")
    narrow.get_by_role("button", name="提交评价").dblclick()
    expect(narrow.get_by_text("感谢您，评价已收到")).to_be_visible()
    shoot(narrow, "ratings-thanks")

    platform.act("tests.e2e.next_morning")
    sign_in(page, "consumer.head")
    page.goto("/services/ratings/bad/")
    axe(page)
    shoot(page, "ratings-bad-list")
    page.get_by_role("link", name=ITEM_NAME).click()
    expect(page.locator("blockquote")).to_contain_text("窗口午休没人")
    for secret in (NAME, "138-0013-8000", "TD2026112"):
        expect(page.locator("body")).not_to_contain_text(secret)
    expect(page.get_by_role("button", name="查看评价人")).to_have_count(0)
    axe(page)

    sign_in(page, "authority.reviewer")
    page.goto("/services/ratings/bad/")
    page.get_by_role("link", name=ITEM_NAME).click()
    page.get_by_role("button", name="查看评价人").click()
    expect(page.locator("main")).to_contain_text(NAME)
    axe(page)
    shoot(page, "ratings-rater")
    page.goto("/services/ratings/unusual/")
    expect(page.locator("main")).to_contain_text("没有异常")
    axe(page)


def test_works_without_javascript(plain: Page, sign_in: SignIn) -> None:
    sign_in(plain, CITIZEN)
    plain.goto("/services/rate/")
    plain.get_by_role("link", name=f"评价{ITEM_NAME}").first.click()
    plain.get_by_label("满意", exact=True).check()
    plain.get_by_role("button", name="提交评价").click()

    expect(plain.get_by_text("感谢您，评价已收到")).to_be_visible()


def test_a_visit_is_rated_by_the_code_of_the_window(
    page: Page, narrow: Page, sign_in: SignIn, axe: Check, shoot: Shoot
) -> None:
    sign_in(page, "clerk")
    page.goto("/services/visits/")
    page.get_by_label("Z001").check()
    page.get_by_label("事项", exact=True).select_option(label=ITEM_NAME)
    axe(page)
    page.get_by_role("button", name="生成评价码").click()
    axe(page)
    shoot(page, "ratings-visit-code")
    address = str(page.locator(".ui-visit-code a").get_attribute("href"))

    narrow.goto(address)
    axe(narrow)
    narrow.get_by_label("非常满意", exact=True).check()
    narrow.get_by_role("button", name="提交评价").click()
    expect(narrow.get_by_text("感谢您，评价已收到")).to_be_visible()
    narrow.goto(address)
    expect(narrow.get_by_role("button", name="提交评价")).to_have_count(0)


def test_results_are_open_to_everybody_and_say_nothing_before_a_batch_is_whole(
    page: Page, narrow: Page, axe: Check, shoot: Shoot
) -> None:
    page.goto("/services/ratings/")
    axe(page)
    expect(page.locator("main")).not_to_contain_text("3号窗口")
    shoot(page, "ratings-results")


def test_a_leader_counts_and_opens_a_figure_down_to_its_applications(
    page: Page, plain: Page, sign_in: SignIn, axe: Check, shoot: Shoot
) -> None:
    sign_in(page, "authority.leader")
    page.goto("/services/numbers/")
    page.get_by_role("combobox", name="事项").select_option(label=ITEM_NAME)
    page.get_by_role("button", name="查看").click()
    axe(page)
    shoot(page, "numbers")
    page.locator(".ui-figure", has_text="准予").click()
    expect(page.locator(".ui-list > li")).to_have_count(2)
    axe(page)
    shoot(page, "numbers-cases")

    sign_in(plain, "consumer.head")
    plain.goto("/services/numbers/?by=item")
    expect(plain.locator("table").first).to_contain_text(ITEM_NAME)
