"""The shell of every page: language, appearance, keyboard, phone, paper, no scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW, Check, SignIn

PUBLIC = ("/", "/help/", "/about/", "/accessibility/", "/docs/errors", "/accounts/login/", "/no-such-page/")


class TestLanguage:
    def test_is_chinese_at_first(self, page: Page) -> None:
        page.goto("/help/")

        expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
        expect(page.locator("h1")).to_have_text("帮助")

    def test_is_switched_and_remembered(self, page: Page) -> None:
        page.goto("/help/")
        page.get_by_role("button", name="switch to English").click()

        expect(page).to_have_url(re.compile("/help/$"))
        expect(page.locator("h1")).to_have_text("Help")
        page.goto("/about/")
        expect(page.locator("html")).to_have_attribute("lang", "en")

    def test_does_not_lead_to_another_site(self, page: Page, base_url: str) -> None:
        page.goto("/help/")
        page.locator("form.ui-tool input[name=next]").first.evaluate(
            "field => { field.value = 'https://example.org/' }"
        )
        page.get_by_role("button", name="switch to English").click()

        expect(page).to_have_url(f"{base_url}/")


class TestAppearance:
    @staticmethod
    def paper(page: Page) -> str:
        return str(page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor"))

    def choose(self, page: Page, name: str) -> None:
        page.locator("summary[aria-label=外观]").click()
        page.get_by_role("button", name=name).click()

    def test_dark_is_drawn_by_the_server_and_remembered(self, page: Page) -> None:
        page.goto("/help/")
        light = self.paper(page)
        self.choose(page, "深色")

        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        page.goto("/about/")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        assert self.paper(page) != light

    def test_follows_the_system_without_a_choice(self, page: Page) -> None:
        page.goto("/help/")
        light = self.paper(page)

        page.emulate_media(color_scheme="dark")

        assert self.paper(page) != light

    def test_a_choice_beats_the_system(self, page: Page) -> None:
        page.goto("/help/")
        light = self.paper(page)
        self.choose(page, "浅色")

        page.emulate_media(color_scheme="dark")

        assert self.paper(page) == light


class TestKeyboard:
    def test_the_first_tab_leads_to_the_content(self, page: Page) -> None:
        page.goto("/help/")

        page.keyboard.press("Tab")
        expect(page.locator(".ui-skip")).to_be_focused()
        expect(page.locator(".ui-skip")).to_be_in_viewport()
        page.keyboard.press("Enter")

        expect(page.locator("#content")).to_be_focused()

    def test_every_stop_shows_a_focus_ring(self, page: Page, sign_in: SignIn) -> None:
        sign_in(page, "provider.officer")
        page.goto("/")
        seen: set[str] = set()
        for _ in range(30):
            page.keyboard.press("Tab")
            outline = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement);"
                " return document.activeElement === document.body ? 'none' : s.outlineStyle + ' ' + s.outlineWidth }"
            )
            seen.add(str(outline))
        assert seen <= {"solid 3px", "none"}
        assert "solid 3px" in seen

    def test_a_menu_opens_with_enter_and_closes_with_escape(self, page: Page, sign_in: SignIn) -> None:
        sign_in(page, "provider.officer")
        page.goto("/")
        summary = page.locator("summary.ui-person")

        summary.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="退出登录")).to_be_visible()
        page.keyboard.press("Escape")

        expect(page.get_by_role("button", name="退出登录")).to_be_hidden()
        expect(summary).to_be_focused()


class TestPhone:
    @pytest.mark.parametrize("path", PUBLIC)
    def test_nothing_is_wider_than_the_screen(self, narrow: Page, path: str) -> None:
        narrow.goto(path)

        assert narrow.evaluate("document.documentElement.scrollWidth") <= NARROW

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_the_header_has_room_for_everything(
        self, narrow: Page, sign_in: SignIn, base_url: str, language: str
    ) -> None:
        narrow.context.add_cookies([{"name": "django_language", "value": language, "url": base_url}])
        sign_in(narrow, "provider.officer")
        narrow.goto("/")

        assert narrow.evaluate("document.documentElement.scrollWidth") <= NARROW

    def test_the_menu_opens(self, narrow: Page, sign_in: SignIn) -> None:
        sign_in(narrow, "provider.officer")
        narrow.goto("/")

        narrow.locator(".ui-drawer > summary").click()

        expect(narrow.locator(".ui-drawer-panel").get_by_role("link", name="数据目录")).to_be_visible()

    def test_nothing_small_is_hard_to_hit(self, narrow: Page, sign_in: SignIn) -> None:
        sign_in(narrow, "provider.officer")
        narrow.goto("/")

        small = narrow.evaluate(
            "() => [...document.querySelectorAll('button, summary, .btn, nav a')].filter(one => one.offsetParent)"
            ".filter(one => { const box = one.getBoundingClientRect(); return box.height < 24 || box.width < 24 })"
            ".map(one => one.outerHTML.slice(0, 120))"
        )

        assert small == []


class TestWithoutJavaScript:
    def test_everything_of_the_shell_works(self, plain: Page, sign_in: SignIn) -> None:
        sign_in(plain, "provider.officer", is_fresh=True)
        plain.locator("summary[aria-label=外观]").click()
        plain.get_by_role("button", name="深色").click()
        expect(plain.locator("html")).to_have_attribute("data-bs-theme", "dark")

        plain.get_by_role("button", name="switch to English").click()
        expect(plain.locator("html")).to_have_attribute("lang", "en")

        plain.locator("summary.ui-person").click()
        plain.get_by_role("button", name="Sign out").click()
        expect(plain.get_by_role("link", name="Sign in").first).to_be_visible()


class TestPaper:
    def test_prints_the_content_only(self, page: Page, sign_in: SignIn) -> None:
        sign_in(page, "provider.officer")
        page.goto("/")
        page.emulate_media(media="print", color_scheme="dark")

        for part in (".ui-top", ".ui-side", ".ui-foot", ".ui-actions"):
            assert all(not one.is_visible() for one in page.locator(part).all())
        expect(page.locator("h1")).to_be_visible()
        assert (
            page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
            == "rgb(255, 255, 255)"
        )


class TestAccessibility:
    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize("path", PUBLIC)
    def test_public_pages(self, page: Page, axe: Check, base_url: str, path: str, theme: str) -> None:
        page.context.add_cookies([{"name": "theme", "value": theme, "url": base_url}])

        page.goto(path)

        axe(page)
