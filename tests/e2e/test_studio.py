"""A clerk makes a case type from nothing, tries it, submits it; another person approves it; a citizen uses it."""

import subprocess
import sys

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Check, Shoot, SignIn
from tests.kit.platform import ROOT, Platform

NAME = "树木移植许可"


def begin(page: Page) -> None:
    page.goto("/cases/studio/new/")
    page.fill("[name=name]", NAME)
    page.fill("[name=english]", "Tree moving permit")
    page.check("[name=template][value=blank]")
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_selector("[data-ready=true]")


def say_who_asks(page: Page) -> None:
    page.get_by_label("个人", exact=True).check()
    expect(page.locator(".djs-label").filter(has_text="申请人").first).to_be_visible()
    expect(page.locator(".bjs-powered-by")).to_be_visible()


def draw_form(page: Page) -> None:
    page.get_by_role("tab", name="表单").click()
    page.get_by_label("表单代码").fill("application")
    page.get_by_role("button", name="添加表单").click()
    kind = page.locator('.fjs-palette-field[data-field-type="textfield"]').first
    kind.focus()
    page.keyboard.press("Enter")
    drawn = page.locator(".fjs-form-field-textfield")
    expect(drawn).to_be_visible()
    expect(page.locator("[data-faults]")).to_contain_text("缺少这种语言的内容：en", timeout=15_000)
    drawn.click()
    page.get_by_label("英文标签").fill("Where the tree stands")
    page.get_by_label("英文标签").blur()
    expect(page.locator("[data-faults]")).not_to_contain_text("缺少这种语言的内容：en", timeout=15_000)
    expect(page.locator(".fjs-powered-by-link, .fjs-powered-by").first).to_be_visible()


def open_by_form(page: Page) -> None:
    page.get_by_role("tab", name="流程").click()
    form = page.get_by_label("申请表单")
    form.select_option("application")
    page.locator('[data-key="申请表单-application-zh"]').fill("移植申请表")
    page.locator('[data-key="申请表单-application-zh"]').blur()
    page.locator('[data-key="申请表单-application-en"]').fill("Application")
    page.locator('[data-key="申请表单-application-en"]').blur()
    page.locator('[data-key="way-department"]').select_option(index=1)
    expect(page.locator("[data-count]")).to_have_text("0", timeout=20_000)


class TestStudio:
    def test_from_nothing_to_a_citizens_matter(
        self, page: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        subprocess.run(
            [sys.executable, "-m", "tests.e2e.street"], cwd=ROOT, env=platform.environment, check=True
        )
        sign_in(page, "clerk")
        begin(page)
        say_who_asks(page)
        draw_form(page)
        open_by_form(page)
        page.get_by_role("tab", name="决策表").click()
        page.get_by_role("tab", name="流程").click()
        shoot(page, "studio-draw")

        page.get_by_role("link", name="试运行").click()
        expect(page.get_by_role("heading", name="移植申请表")).to_be_visible()
        axe(page)
        page.locator("main form input.form-control[type=text]").first.fill("和平路12号")
        page.locator("button[name=do][value=begin]").click()
        expect(page.locator("main")).to_contain_text("现在要办的")
        shoot(page, "studio-try")

        page.goto("/cases/studio/")
        page.get_by_role("link", name=NAME).first.click()
        address = page.url
        axe(page)
        page.locator("form[action$='/submit/'] button").first.click()
        sign_in(page, "authority.reviewer")
        page.goto(address)
        axe(page)
        page.locator("form[action$='/decide/'] button.btn-primary").click()
        shoot(page, "studio-approve")

        sign_in(page, "citizen.zhang")
        page.goto("/apply/")
        page.get_by_role("link", name=NAME).click()
        page.locator("main form button.btn-primary").click()
        page.locator("main form input.form-control").first.fill("和平路12号")
        page.get_by_role("button", name="保存并继续").last.click()
        page.locator("form[action$='/send/'] button.btn-primary").click()
        page.goto("/apply/mine/")
        expect(page.locator("main")).to_contain_text(NAME)
        expect(page.locator("main")).to_contain_text("正在办理")
        axe(page)
        shoot(page, "my-matters")
        page.locator("main a[href*='/apply/mine/0']").first.click()
        axe(page)
        shoot(page, "my-case")
