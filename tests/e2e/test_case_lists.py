"""Search in cases as officials do it: words, filters, tabs, files; wide, narrow, printed, without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW, WIDE, Check, Shoot, SignIn
from tests.kit.platform import Platform

CASES = "/cases/supervision/"


@pytest.fixture(scope="module", autouse=True)
def cases(platform: Platform) -> None:
    """Put cases into the platform, once for this file."""
    platform.act("tests.e2e.cases_cast")


class TestSearch:
    def test_marks_what_was_asked_for(self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot) -> None:
        sign_in(page, "consumer.officer")
        page.goto(CASES)
        shoot(page, "cases-all")
        axe(page)

        page.locator("#filter-q").fill("养老保险")
        page.keyboard.press("Enter")

        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody mark").first).to_have_text("养老保险")
        axe(page)
        shoot(page, "cases-found")

    def test_shows_what_was_written_where_only_that_has_the_words(self, page: Page, sign_in: SignIn) -> None:
        sign_in(page, "consumer.officer")
        page.goto(f"{CASES}?q=最小必要")

        expect(page.locator(".casework-why")).to_contain_text("最小必要")

    def test_says_what_to_change_when_nothing_is_found(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "consumer.officer")
        page.goto(f"{CASES}?q=不存在的词")

        expect(page.locator(".ui-empty")).to_contain_text("减少检索词")
        axe(page)
        shoot(page, "cases-nothing")

    def test_has_days_and_english(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot, base_url: str
    ) -> None:
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": base_url}])
        sign_in(page, "consumer.officer")
        page.goto(f"{CASES}?opened_from=2020-01-01&light=green")

        expect(page.get_by_label("from").first).to_have_value("2020-01-01")
        expect(page.get_by_role("link", name="Export as a workbook")).to_be_visible()
        axe(page)
        shoot(page, "cases-english")


class TestSavedFilters:
    def test_are_kept_and_removed_without_scripts(
        self, plain: Page, sign_in: SignIn, page: Page, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(plain, "provider.officer", is_fresh=True)
        plain.goto(f"{CASES}?q=机动车登记")
        plain.locator(".casework-keep > summary").click()
        plain.get_by_label("名称").fill("机动车类")
        plain.get_by_role("button", name="保存", exact=True).click()

        expect(plain.locator(".ui-tabs a[aria-current]")).to_contain_text("机动车类")
        expect(plain.locator(".ui-tabs a[aria-current] .badge")).to_have_text("1")
        sign_in(page, "provider.officer")
        page.goto("/cases/filters/")
        axe(page)
        shoot(page, "cases-filters")

        plain.goto("/cases/filters/")
        plain.get_by_role("button", name="删除筛选“机动车类”").click()

        expect(plain.locator(".ui-empty")).to_contain_text("还没有保存的筛选")


class TestFiles:
    def test_are_downloaded(self, page: Page, sign_in: SignIn) -> None:
        sign_in(page, "consumer.officer")
        page.goto(f"{CASES}?q=登记")

        with page.expect_download() as download:
            page.get_by_role("link", name="导出电子表格").click()

        assert download.value.suggested_filename == "cases.xlsx"


class TestLooks:
    @pytest.mark.parametrize(
        "path", [CASES, f"{CASES}?q=登记&opened_from=2020-01-01", "/cases/", "/cases/started/"]
    )
    def test_fit_a_phone(self, narrow: Page, sign_in: SignIn, axe: Check, path: str) -> None:
        sign_in(narrow, "consumer.officer")
        narrow.goto(path)

        assert narrow.evaluate("document.documentElement.scrollWidth") <= NARROW
        axe(narrow)

    def test_fold_their_filters_on_a_phone(
        self, narrow: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(narrow, "consumer.officer")
        narrow.goto(CASES)
        green, red = narrow.locator("[name=light][value=green]"), narrow.locator("[name=light][value=red]")
        fold = narrow.locator(".ui-fold > summary")
        expect(green).to_be_hidden()
        shoot(narrow, "cases-folded")

        fold.click()
        green.check()
        red.check()
        axe(narrow)
        narrow.get_by_role("button", name="按所选筛选").click()

        expect(fold).to_have_text("筛选（已选2项）")
        expect(green).to_be_hidden()
        fold.click()
        expect(red).to_be_checked()

    def test_show_their_filters_where_there_is_room(self, page: Page, sign_in: SignIn) -> None:
        sign_in(page, "consumer.officer")
        page.goto(CASES)

        expect(page.locator(".ui-fold > summary")).to_be_hidden()
        page.locator("[name=light][value=green]").check()

        expect(page).to_have_url(re.compile("light=green"))

    def test_print_the_list_only(self, page: Page, sign_in: SignIn) -> None:
        sign_in(page, "consumer.officer")
        page.goto(f"{CASES}?q=登记")
        assert page.viewport_size == {"width": WIDE, "height": 900}
        page.emulate_media(media="print")

        for part in (".ui-filters", ".casework-tools", ".ui-actions"):
            assert all(not one.is_visible() for one in page.locator(part).all())
        expect(page.locator("tbody tr").first).to_be_visible()
