"""A citizen fills in a form of three pages: on a phone without JavaScript, elsewhere later, and with JavaScript."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.cast import PASSWORD
from tests.e2e.conftest import NARROW, Check, Shoot
from tests.kit.platform import Platform

PDF = b"%PDF-1.4 health certificate"
NEXT, SAVE = "保存并继续", "保存并退出"

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def street(platform: Platform) -> None:
    platform.act("tests.e2e.street")


@pytest.fixture
def open_as(browser: Browser, base_url: str, street: None) -> Iterator[Open]:
    """Return a way to sign in a citizen in a browser of its own."""
    contexts: list[BrowserContext] = []

    def open_page(username: str, *, scripts: bool, width: int = NARROW) -> Page:
        context = browser.new_context(
            base_url=base_url, java_script_enabled=scripts, viewport={"width": width, "height": 844}
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(username)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        expect(page).not_to_have_url(re.compile("login"))
        return page

    yield open_page
    for context in contexts:
        context.close()


def begin(page: Page) -> None:
    page.goto("/apply/")
    page.get_by_role("link", name="临时摊位许可").click()
    page.locator("main form button.btn-primary").click()
    expect(page.locator("h1")).to_have_text("申请人")


def answer_applicant(page: Page) -> None:
    page.get_by_label("姓名").fill("张三")
    page.get_by_label("公民身份号码").fill("11010519491231002x")
    page.get_by_label("联系电话").fill("138 0013 8000")
    page.get_by_label("现住址").fill("和平区示例路1号")
    page.get_by_label("办理的街道办事处").select_option(label="示例街道办事处")
    page.get_by_role("button", name=NEXT).last.click()
    expect(page.locator("h1")).to_have_text("摊位")


def on_screen(page: Page) -> None:
    """Check that nothing is wider than the phone."""
    assert page.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth")


def no_wider(page: Page) -> None:
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= NARROW + 1


class TestWithoutScripts:
    def test_a_form_is_filled_in_left_and_sent_from_another_device(
        self, open_as: Open, tmp_path: Path
    ) -> None:
        phone = open_as("citizen.zhang", scripts=False)
        begin(phone)
        phone.get_by_role("button", name=NEXT).last.click()
        expect(phone.get_by_role("alert")).to_contain_text("请填写此项")
        phone.get_by_role("alert").get_by_role("link").first.click()
        expect(phone).to_have_url(re.compile("#form-applicant_name$"))
        answer_applicant(phone)

        phone.get_by_label("食品", exact=True).check()
        phone.get_by_label("开始日期").fill("2026-12-10")
        phone.get_by_label("摆摊天数").fill("40")
        phone.get_by_label("商品名称").fill("烤红薯")
        phone.get_by_label("单价（元）").fill("8")
        phone.get_by_role("button", name="再加一项").click()
        expect(phone.get_by_label("商品名称").first).to_have_value("烤红薯")
        phone.get_by_label("商品名称").last.fill("糖炒栗子")
        phone.get_by_label("单价（元）").last.fill("15")
        phone.get_by_label("我承诺食品来源合法").check()
        no_wider(phone)
        phone.get_by_role("button", name=SAVE).click()
        expect(phone.get_by_text("已保存")).to_be_visible()

        desk = open_as("citizen.zhang", scripts=False)
        desk.goto("/apply/")
        saved = desk.get_by_role("link", name="继续填写").first
        draft = saved.get_attribute("href")
        saved.click()
        expect(desk.locator("h1")).to_have_text("材料")
        desk.get_by_role("link", name="返回").click()
        expect(desk.get_by_label("商品名称").last).to_have_value("糖炒栗子")
        expect(desk.get_by_text("23", exact=True)).to_be_visible()
        desk.get_by_role("button", name=NEXT).last.click()

        fake = tmp_path / "证明.pdf"
        fake.write_bytes(b"no pdf at all")
        desk.get_by_label("健康证明").set_input_files(fake)
        desk.get_by_role("button", name=NEXT).last.click()
        expect(desk.locator("[data-fault=certificate]")).to_contain_text("内容不符或已损坏")
        fake.write_bytes(PDF)
        desk.get_by_label("健康证明").set_input_files(fake)
        desk.get_by_label("供电").check()
        desk.get_by_role("button", name=NEXT).last.click()
        expect(desk.get_by_text("还有问题需要填写")).to_be_visible()
        desk.get_by_label("用电功率（千瓦）").fill("1.5")
        desk.get_by_role("button", name=NEXT).last.click()

        expect(desk.locator("h1")).to_have_text("核对填写内容")
        expect(desk.get_by_role("link", name="证明.pdf")).to_be_visible()
        no_wider(desk)
        desk.get_by_role("button", name="提交").click()
        assert re.fullmatch(r"TW\d{12}", desk.locator(".casework-number").inner_text())
        expect(desk.locator("h1")).to_have_text("申请已收到")
        desk.goto("/apply/")
        expect(desk.locator(f'a[href="{draft}"]')).to_have_count(0)

    def test_drafts_of_others_are_not_found(self, open_as: Open) -> None:
        mine = open_as("citizen.zhang", scripts=False)
        begin(mine)
        theirs = open_as("citizen.li", scripts=False)

        answer = theirs.goto(mine.url)

        assert answer is not None
        assert answer.status == 404


class TestWithScripts:
    def test_the_page_says_at_once_what_the_server_would(
        self, open_as: Open, axe: Check, shoot: Shoot
    ) -> None:
        page = open_as("citizen.li", scripts=True)
        faults: list[str] = []
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto("/apply/")
        axe(page)
        shoot(page, "apply-list")
        page.get_by_role("link", name="临时摊位许可").click()
        axe(page)
        shoot(page, "apply-start")
        page.locator("main form button.btn-primary").click()
        axe(page)
        shoot(page, "apply-page")
        answer_applicant(page)

        expect(page.get_by_label("我承诺食品来源合法")).to_be_hidden()
        page.get_by_label("食品", exact=True).check()
        expect(page.get_by_label("我承诺食品来源合法")).to_be_visible()
        page.get_by_label("百货").check()
        expect(page.get_by_label("我承诺食品来源合法")).to_be_hidden()
        page.get_by_label("摆摊天数").fill("91")
        page.get_by_label("摆摊天数").blur()
        expect(page.get_by_text("数字不能大于90")).to_be_visible()
        page.get_by_label("摆摊天数").fill("9")
        page.get_by_label("摆摊天数").blur()
        expect(page.get_by_text("数字不能大于90")).to_be_hidden()
        page.get_by_label("单价（元）").fill("12")
        expect(page.locator("[data-computed=goods_total]")).to_have_text("12")
        page.get_by_role("button", name=NEXT).last.click()
        expect(page.get_by_role("alert")).to_contain_text("商品名称")
        axe(page)
        shoot(page, "apply-faults")
        on_screen(page)
        page.get_by_label("商品名称").fill("围巾")
        page.get_by_label("开始日期").fill("2026-12-10")
        page.get_by_role("button", name=NEXT).last.click()
        axe(page)
        page.get_by_role("button", name=NEXT).last.click()
        axe(page)
        shoot(page, "apply-check")
        page.get_by_role("button", name="提交").dblclick()
        expect(page.locator(".casework-number")).to_be_visible()
        axe(page)
        shoot(page, "apply-sent")
        page.get_by_role("link", name="查看提交内容").click()
        expect(page.get_by_text("围巾")).to_be_visible()
        axe(page)
        shoot(page, "apply-matter")
        assert faults == []
