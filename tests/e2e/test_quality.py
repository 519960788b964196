"""Data quality from a delivered table to its rectification, as the officer of a department meets it."""

import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Check, Shoot, SignIn
from tests.e2e.quality_cast import NAME
from tests.kit.platform import ROOT, Platform, until

SECONDS = 60.0


@pytest.fixture(scope="module", autouse=True)
def table(platform: Platform) -> None:
    """Deliver a table with failing rows, once for this file."""
    subprocess.run(
        [sys.executable, "-m", "tests.e2e.quality_cast"], cwd=ROOT, env=platform.environment, check=True
    )


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
