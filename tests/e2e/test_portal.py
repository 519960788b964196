"""The portal as each role meets it."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.cast import PASSWORD
from tests.e2e.conftest import Check, Shoot, SignIn

ROLES = (
    "provider.officer",
    "provider.head",
    "authority.reviewer",
    "authority.leader",
    "system.admin",
    "clerk",
)


class TestFirstPage:
    def test_tells_a_visitor_what_it_is_and_leads_to_sign_in(self, page: Page, shoot: Shoot) -> None:
        page.goto("/")
        expect(page.locator("h1")).to_have_text("您想办什么事？")
        shoot(page, "portal-landing")

        page.locator("main").get_by_role("link", name="登录", exact=True).click()

        expect(page.locator("h1")).to_have_text("登录")

    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize("username", ROLES)
    def test_fits_the_role(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot, base_url: str, username: str, theme: str
    ) -> None:
        page.context.add_cookies([{"name": "theme", "value": theme, "url": base_url}])

        sign_in(page, username)
        page.goto("/")

        axe(page)
        shoot(page, f"portal-home-{username}-{theme}")

    def test_every_link_of_the_menu_opens(self, page: Page, sign_in: SignIn) -> None:
        for username in (
            "provider.officer",
            "authority.leader",
            "system.admin",
            "security.admin",
            "audit.admin",
        ):
            page.context.clear_cookies()
            sign_in(page, username)
            page.goto("/")
            links = page.locator(".ui-side .ui-menu a, .ui-tiles a, .ui-foot a")
            for target in {str(one.get_attribute("href")) for one in links.all()}:
                answer = page.goto(target)
                assert answer is not None
                assert answer.status == 200, f"{username} {target}"

    def test_an_administrator_sees_no_data(self, page: Page, sign_in: SignIn) -> None:
        sign_in(page, "system.admin")
        page.goto("/")

        expect(page.locator(".ui-side").get_by_role("link", name="共享申请")).to_have_count(0)
        expect(page.locator(".ui-side").get_by_role("link", name="系统管理")).to_be_visible()


class TestSearch:
    def test_finds_a_department(self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot) -> None:
        sign_in(page, "consumer.officer")
        page.goto("/")
        page.locator("#top-search").fill("市场监督")
        page.keyboard.press("Enter")

        expect(page.get_by_role("link", name="明州市市场监督管理局")).to_be_visible()
        axe(page)
        shoot(page, "portal-search")

    def test_says_what_to_do_when_nothing_is_found(self, page: Page, sign_in: SignIn, axe: Check) -> None:
        sign_in(page, "consumer.officer")
        page.goto("/search/?q=不存在的东西")

        expect(page.locator(".ui-empty")).to_contain_text("没有找到")
        axe(page)

    def test_is_closed_to_visitors(self, page: Page) -> None:
        page.goto("/search/?q=x")

        expect(page.locator("h1")).to_have_text("登录")


class TestSignIn:
    def test_says_what_is_wrong(self, page: Page, axe: Check, shoot: Shoot) -> None:
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill("nobody")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()

        expect(page.locator(".ui-error-summary")).to_be_visible()
        axe(page)
        shoot(page, "portal-sign-in-wrong")

    @pytest.mark.parametrize("path", ["/accounts/password/change/", "/accounts/2fa/"])
    def test_personal_pages_are_in_our_look(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot, path: str
    ) -> None:
        sign_in(page, "consumer.head")
        page.goto(path)

        expect(page.locator(".ui-top")).to_be_visible()
        axe(page)
        shoot(page, f"portal-account{path.replace('/', '-').rstrip('-')}")


class TestErrors:
    def test_a_missing_page_says_so_with_its_status(self, page: Page, shoot: Shoot) -> None:
        answer = page.goto("/no-such-page/")

        assert answer is not None
        assert answer.status == 404
        expect(page.locator("h1")).to_have_text("页面不存在")
        shoot(page, "portal-404")

    def test_a_forbidden_page_names_the_way_out(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "provider.officer")
        answer = page.goto("/administration/")

        assert answer is not None
        assert answer.status == 403
        expect(page.locator(".ui-refusal-sentence")).to_contain_text("安全管理员")
        axe(page)
        shoot(page, "portal-403")

    def test_the_code_of_a_refusal_leads_to_its_explanation(self, page: Page, sign_in: SignIn) -> None:
        sign_in(page, "provider.officer")
        page.goto("/administration/")
        page.locator(".ui-refusal-code a").click()

        expect(page.locator("[id='access.not-allowed']")).to_be_in_viewport()


class TestLargeType:
    def test_fits_a_phone_and_is_kept_without_javascript(
        self, narrow: Page, plain: Page, axe: Check, shoot: Shoot
    ) -> None:
        for page in (narrow, plain):
            page.goto("/help/")
            page.get_by_role("button", name="大字版").click()
            expect(page.locator("html")).to_have_attribute("data-reading", "large")
            page.goto("/")
            expect(page.get_by_role("button", name="标准版")).to_be_visible()

        axe(narrow)
        is_wide = narrow.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not is_wide
        shoot(narrow, "portal-large")


class TestAnnouncements:
    def test_are_written_published_read_and_withdrawn(
        self, page: Page, plain: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "authority.reviewer")
        page.goto("/announcements/desk/new/")
        page.get_by_label("标题").fill("政务服务大厅元旦假期安排")
        page.get_by_label("正文").fill("元旦当天窗口不办理业务。\n\n网上服务照常。")
        axe(page)
        page.get_by_role("button", name="保存草稿").click()
        shoot(page, "portal-announcement-draft")
        page.get_by_role("button", name="发布").click()
        expect(page.locator(".alert")).to_contain_text("公告已发布")
        axe(page)

        plain.goto("/announcements/")
        plain.get_by_role("link", name="政务服务大厅元旦假期安排").click()
        expect(plain.locator("article")).to_contain_text("网上服务照常")

        page.get_by_text("撤回这条公告").click()
        page.get_by_label("撤回理由").fill("日期有误")
        page.get_by_role("button", name="撤回", exact=True).click()
        shoot(page, "portal-announcement-desk")
        plain.goto("/announcements/")
        expect(plain.get_by_role("link", name="政务服务大厅元旦假期安排")).to_have_count(0)
