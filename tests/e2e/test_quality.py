"""Data quality from a delivered table to its rectification, as the officer of a department meets it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Check, Shoot, SignIn
from tests.e2e.quality_cast import FLAWLESS, NAME
from tests.kit.platform import Platform, until

SECONDS = 60.0
CHINESE = re.compile("[一-龥]")
PAGES = (
    ("/quality/", "overview"),
    ("/quality/schedule/", "schedule"),
    ("/quality/own-rules/new/", "own-rule-table"),
    ("/quality/rectifications/", "rectifications"),
    ("/quality/rules/?q=credit", "rules"),
)


@pytest.fixture(scope="module", autouse=True)
def table(platform: Platform) -> None:
    """Deliver a table with failing rows, once for this file."""
    platform.act("tests.e2e.quality_cast")


def until_shown(page: Page, url: str, text: str) -> None:
    """Load a page again and again until the worker has done what it shows."""

    def is_there() -> bool:
        page.goto(url)
        return page.locator("main").get_by_text(text).count() > 0

    assert until(is_there, seconds=SECONDS), page.locator("main").inner_text()


class TestQuality:
    def test_from_the_overview_to_the_rows_and_to_the_end_of_the_rectification(
        self, page: Page, narrow: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "provider.officer")
        until_shown(page, "/quality/", NAME)
        axe(page)
        shoot(page, "quality-overview")

        page.get_by_role("link", name=NAME).last.click()
        expect(page.get_by_role("heading", name="字段与质量维度")).to_be_visible()
        axe(page)
        shoot(page, "quality-table")
        address = page.url

        page.locator(".ui-table a[href*='/rows/']").first.click()
        expect(page.locator("main")).to_contain_text("全角字符")
        axe(page)
        shoot(page, "quality-rows")
        rows = page.url

        sign_in(narrow, "consumer.officer")
        narrow.goto(rows)
        expect(narrow.locator("main")).to_contain_text("没有该次评估")

        until_shown(page, "/quality/rectifications/", NAME)
        axe(page)
        page.locator("main").get_by_role("link", name=NAME).first.click()
        axe(page)
        shoot(page, "quality-rectification")
        case = page.url
        page.get_by_label("从数据表中删除本行").first.check()
        page.get_by_role("button", name="复查并发布合格的行").click()
        expect(page.locator("main")).to_contain_text("已发布")

        until_shown(page, case, "已整改")
        axe(page)
        shoot(page, "quality-rectified")
        page.goto(address)
        expect(page.locator("main")).to_contain_text("没有规则查出问题")

    def test_a_plan_is_refused_in_words_and_kept_without_scripts(self, plain: Page, sign_in: SignIn) -> None:
        sign_in(plain, "provider.officer")
        until_shown(plain, "/quality/tables/", NAME)
        plain.get_by_role("link", name=NAME).first.click()
        plain.get_by_label("批次最低得分").fill("90")
        plain.get_by_role("button", name="保存", exact=True).click()

        expect(plain.locator("main")).to_contain_text("要求已保存")

    def test_rules_say_where_they_are_used(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "authority.reviewer")
        page.goto("/quality/rules/?q=信用代码")
        axe(page)
        page.locator("tbody a").first.click()
        axe(page)
        shoot(page, "quality-rule")

    def test_the_data_authority_writes_a_rule_in_sql_and_sees_what_it_blames(
        self, page: Page, plain: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "authority.reviewer")
        page.goto("/quality/own-rules/")
        axe(page)
        shoot(page, "quality-own-rules-empty")
        page.get_by_role("link", name="新建SQL规则").first.click()
        page.locator("#own-rule-table").select_option(label=option(page, FLAWLESS))
        axe(page)
        page.get_by_role("button", name="下一步").click()
        page.get_by_label("代码").fill("phone-end")
        page.get_by_label("规则要求（中文）").fill("联系电话不以31结尾")
        page.get_by_label("依据", exact=False).first.fill("市数据局2026年第3号通知")
        page.get_by_label("语句").fill("SELECT place FROM read_csv('/etc/passwd')")
        page.get_by_role("button", name="试运行").click()
        expect(page.locator("main")).to_contain_text("不能使用“read_csv”")
        axe(page)
        shoot(page, "quality-own-rule-refused")
        page.get_by_label("语句").fill("SELECT place FROM rows WHERE phone LIKE '%31'")
        page.get_by_role("button", name="试运行").click()
        expect(page.locator("#tried")).to_contain_text("行有问题")
        axe(page)
        shoot(page, "quality-own-rule-tried")
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.locator("main")).to_contain_text("规则已保存")
        axe(page)
        shoot(page, "quality-own-rule")

        sign_in(plain, "provider.officer")
        plain.goto(page.url)
        expect(plain.locator("main")).not_to_contain_text("LIKE")

    def test_the_data_authority_follows_districts_schedule_and_rectifications(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "authority.reviewer")
        until_shown(page, "/quality/", NAME)
        axe(page)
        shoot(page, "quality-city")
        page.locator(".quality-map a").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text(NAME)
        axe(page)
        shoot(page, "quality-district")

        page.goto("/quality/schedule/")
        axe(page)
        row = page.locator("tr", has_text=NAME)
        row.get_by_role("button", name="暂停").click()
        expect(page.locator("tr", has_text=NAME)).to_contain_text("已暂停")
        axe(page)
        shoot(page, "quality-schedule")
        page.locator("tr", has_text=NAME).get_by_role("button", name="恢复").click()

        page.goto("/quality/rectifications/")
        axe(page)
        shoot(page, "quality-rectifications")
        page.goto("/quality/runs/")
        axe(page)
        shoot(page, "quality-runs")
        page.goto("/quality/tables/")
        axe(page)
        shoot(page, "quality-tables")

    def test_pages_are_english_throughout(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "authority.reviewer")
        page.goto("/quality/")
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": page.url}])
        for path, name in PAGES:
            page.goto(path)
            axe(page)
            shoot(page, f"quality-{name}-en")
            for said in page.locator("main .ui-table thead, main h1, main h2, main .btn").all_inner_texts():
                assert not CHINESE.search(said), (path, said)
        expect(page.locator("main")).to_contain_text("check character")


def option(page: Page, name: str) -> str:
    """Return the label of the option that names a table."""
    return next(text for text in page.locator("option").all_inner_texts() if name in text)
