"""Service items in the browser: an officer writes them, somebody else approves them, a citizen finds them."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW, Check, Shoot, SignIn
from tests.e2e.items_cast import LAMPS, RESOURCE
from tests.kit.platform import Platform

NAME = "残疾人出行补助"
CODE = "e2e-travel-aid"
PROVIDER = "明州市市场监督管理局"
OLD = LAMPS.format(number=1)
LIST = [
    {
        "TASK_NAME": "广播电视设备备案",
        "TASK_CODE": "440099X1",
        "DEPT_NAME": "明州市人力资源和社会保障局",
        "TASK_TYPE": "10",
        "matter_level": "市级",
        "handle_time": "20(工作日)",
        "handle_time_limit": "5(工作日)",
        "service_object_name": ["自然人"],
    },
    {"TASK_NAME": "旧船拆解许可", "TASK_CODE": "440099X2", "DEPT_NAME": "海事局", "handle_time": "看情况"},
    {"TASK_NAME": "", "TASK_CODE": "440099X3"},
]


@pytest.fixture(scope="module", autouse=True)
def filled(platform: Platform) -> None:
    platform.act("tests.e2e.items_cast")


def on_screen(page: Page) -> None:
    """Check that nothing is wider than the window."""
    assert page.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth")


def put(page: Page, **fields: str) -> None:
    for name, text in fields.items():
        field = page.locator(f"#id_{name.replace('__', '-')}")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)


def keep(page: Page) -> None:
    page.get_by_role("button", name="保存草稿").last.click()


def write_all(page: Page) -> None:
    """Write a new item that promises more than the law allows and asks for what is held."""
    put(
        page,
        name=NAME,
        summary="持证的残疾人，每月领出行补助。",
        code=CODE,
        kind="05",
        basis="《明州市残疾人出行补助办法》第三条",
        statutory_value="10",
        statutory_unit="working_days",
        promised_value="3",
        promised_unit="months",
        conditions="户口在本市。",
        hours="工作日九点至五点",
        phone="0380-5512399",
        complaint_phone="0380-5512388",
        cause="新设",
        materials__0__name="残疾人证复印件",
        steps__0__name="申请",
        outcomes__0__name="补助决定",
        places__0__name="政务中心二楼",
    )
    page.get_by_label("自然人").check()
    page.get_by_role("checkbox", name="窗口").check()


def hears_of_the_approval(page: Page, *, sign_in: SignIn, axe: Check, shoot: Shoot) -> None:
    """Let the officer who handed the version in find the message about it."""
    told = page.get_by_text(f"审核通过：{NAME}")
    sign_in(page, "provider.officer")
    for _ in range(60):
        page.goto("/messages/")
        if told.count():
            break
    expect(told).to_have_count(1)
    axe(page)
    shoot(page, "items-message")


class TestOfficer:
    def test_begins_an_item_that_somebody_else_approves(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "provider.officer")
        page.goto("/services/")
        page.get_by_role("link", name="编制中").click()
        axe(page)
        page.get_by_role("link", name="新建事项").click()
        axe(page)
        write_all(page)
        keep(page)

        wrong = page.locator(".ui-error-summary")
        expect(wrong).to_contain_text("承诺时限不得长于法定时限")
        expect(wrong).to_contain_text(PROVIDER)
        expect(wrong).to_contain_text(RESOURCE)
        axe(page)
        shoot(page, "items-refused")

        page.get_by_role("button", name="改为取自登记信息").click()
        expect(page.locator("#id_materials-0-source")).to_have_value("register")
        page.locator("button[value='add:steps']").click()
        put(page, promised_value="3", promised_unit="working_days", steps__1__name="决定")
        keep(page)
        expect(page.locator(".alert-success")).to_be_visible()
        axe(page)
        shoot(page, "items-draft")
        page.get_by_role("button", name="提交审核").click()
        expect(page.locator("main table")).to_contain_text("待审核")

        sign_in(page, "authority.reviewer")
        page.goto("/services/desk/?state=submitted")
        axe(page)
        shoot(page, "items-desk")
        page.get_by_role("link", name=NAME).click()
        page.get_by_role("link", name="1", exact=True).click()
        expect(page.locator("main")).to_contain_text(RESOURCE)
        axe(page)
        page.get_by_role("link", name="全部版本").first.click()
        page.get_by_role("button", name="同意并发布").click()

        page.context.clear_cookies()
        page.goto(f"/services/?q={NAME}")
        page.locator(".services-items").get_by_role("link", name=NAME).click()
        expect(page.locator("main")).to_contain_text("3个工作日")
        axe(page)
        shoot(page, "items-guide")
        hears_of_the_approval(page, sign_in=sign_in, axe=axe, shoot=shoot)

    def test_writes_the_next_version_which_is_compared_exported_and_retired(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "consumer.officer")
        page.goto("/services/items/e2e-lamp-01/versions/")
        page.get_by_role("link", name="编写新版本").click()
        tomorrow = timezone.localdate() + timedelta(days=1)
        put(
            page, promised_value="1", promised_unit="hours", cause="提速", effective_from=tomorrow.isoformat()
        )
        page.get_by_role("checkbox", name="窗口").check()
        put(page, places__0__name="路灯所")
        keep(page)
        page.get_by_role("button", name="提交审核").click()
        sign_in(page, "consumer.head")
        page.goto("/services/items/e2e-lamp-01/versions/")
        page.get_by_role("button", name="同意并发布").click()
        page.get_by_role("link", name="对比").click()

        row = page.get_by_role("row", name="承诺办结时限")
        expect(row.locator("del")).to_have_text("2个工作日")
        expect(row.locator("ins")).to_have_text("1小时")
        axe(page)
        shoot(page, "items-compare")
        page.get_by_role("button", name="EN: switch to English").click()
        expect(page.get_by_role("row", name="Promised time limit").locator("ins")).to_have_text("1 hour")
        axe(page)
        for path in ("/services/items/e2e-lamp-03/", f"/services/?q={OLD}"):
            page.goto(path)
            expect(page.locator("main bdi[lang='zh-Hans']").first).to_be_visible()
            axe(page)
            shoot(page, f"items-english-{'list' if '?' in path else 'guide'}")
        page.get_by_role("button", name="中文").click()
        page.goto("/services/items/e2e-lamp-01/")
        expect(page.locator("main")).to_contain_text("2个工作日")

        page.goto(f"/services/?q={OLD}")
        page.locator("summary", has_text="导出").click()
        with page.expect_download() as taken:
            page.get_by_role("link", name="表格（CSV）").click()
        text = taken.value.path().read_text(encoding="utf-8-sig")
        assert OLD in text
        assert "承诺办结时限单位" in text

        page.goto("/services/items/e2e-lamp-01/versions/")
        page.locator("summary", has_text="撤回第2版").click()
        axe(page)
        shoot(page, "items-take-back")
        page.get_by_label("撤回理由").fill("依据文件尚未印发")
        page.get_by_role("button", name="撤回").click()
        expect(page.get_by_role("row", name="生效前撤回")).to_contain_text("依据文件尚未印发")
        axe(page)
        shoot(page, "items-taken-back")
        page.locator("summary", has_text="停止办理").click()
        page.get_by_label("停止办理的原因").fill("并入市政设施报修")
        page.get_by_role("button", name="停止办理").click()
        page.goto("/services/items/e2e-lamp-01/")
        expect(page.locator(".alert-warning")).to_contain_text("并入市政设施报修")
        axe(page)

    def test_writes_without_scripts_and_on_a_phone(
        self, plain: Page, narrow: Page, sign_in: SignIn, axe: Check
    ) -> None:
        sign_in(plain, "provider.officer")
        plain.goto("/services/items/e2e-lamp-02/edit/")
        plain.locator("button[value='add:questions']").click()
        put(plain, questions__0__question="夜里能报吗？", questions__0__answer="能。", cause="常见问题")
        keep(plain)
        expect(plain.locator("main table")).to_contain_text("常见问题")

        sign_in(narrow, "provider.officer")
        for path in ("items/e2e-lamp-02/edit/", "items/e2e-lamp-02/versions/", "desk/", "new-item/"):
            narrow.goto(f"/services/{path}")
            axe(narrow)
            on_screen(narrow)


class TestTakingOver:
    def test_a_list_is_looked_at_first_and_then_taken_over(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "authority.reviewer")
        page.goto("/services/")
        page.locator("a[href='/services/lists/']").click()
        axe(page)
        page.locator("input[type=file]").set_input_files(
            {"name": "list.json", "mimeType": "application/json", "buffer": json.dumps(LIST).encode()}
        )
        page.get_by_role("button", name="预览").click()

        expect(page.locator("main table tbody tr")).to_have_count(3)
        expect(page.locator("main table")).to_contain_text("看情况")
        axe(page)
        shoot(page, "items-list")
        page.get_by_role("button", name="确认导入").click()
        expect(page.locator("#list-progress")).to_contain_text("已于", timeout=45_000)
        axe(page)
        page.goto("/services/?q=广播电视设备备案")
        expect(page.locator(".services-items")).to_contain_text("广播电视设备备案")


class TestSearching:
    def test_suggestions_are_chosen_by_the_keyboard(self, page: Page, axe: Check, shoot: Shoot) -> None:
        page.goto("/services/")
        field = page.get_by_role("combobox", name="您想办什么事？")
        field.press_sequentially("街道照明")
        options = page.get_by_role("listbox").get_by_role("option")
        expect(options.first).to_be_visible(timeout=45_000)
        expect(field).to_have_attribute("aria-expanded", "true")
        expect(page.locator("#item-suggestions-told")).to_contain_text("8条建议")
        axe(page)
        shoot(page, "items-suggestions")

        field.press("ArrowDown")
        field.press("ArrowDown")
        expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
        field.press("Escape")
        expect(options.first).to_be_hidden()
        expect(field).to_have_value("街道照明")
        field.press("ArrowUp")
        chosen = options.last.get_attribute("href")
        field.press("Enter")

        expect(page).to_have_url(f"{page.url.split('/services/')[0]}{chosen}")

        page.goto("/services/")
        field.press_sequentially("街道照明")
        options.nth(2).click(delay=400)
        expect(page).to_have_url(re.compile("/services/items/e2e-lamp-"))

    def test_the_list_is_sorted_paged_and_narrowed(self, page: Page, axe: Check, shoot: Shoot) -> None:
        page.goto("/services/?q=街道照明设施报修")
        page.get_by_role("navigation", name="排序").get_by_role("link", name="名称").click()
        expect(page.locator(".services-items h3").first).to_have_text(LAMPS.format(number=0))
        page.get_by_role("link", name="下一页").click()
        expect(page).to_have_url(re.compile(r"sort=name.*page=2"))
        axe(page)
        shoot(page, "items-page-2")
        page.locator("summary", has_text="筛选").click()
        page.locator("select[name=kind]").select_option("07")
        expect(page.locator("#found + span")).to_contain_text("10")
        expect(page).to_have_url(re.compile("sort=name"))

    def test_an_empty_list_says_what_to_do_on_a_phone_and_without_scripts(
        self, narrow: Page, plain: Page, axe: Check, shoot: Shoot
    ) -> None:
        for page in (narrow, plain):
            page.goto("/services/")
            page.get_by_label("您想办什么事？").fill("zzqqxx")
            page.get_by_role("button", name="搜索").first.click()
            expect(page.locator(".ui-empty")).to_contain_text("换个说法")
            page.get_by_role("link", name="生孩子").click()
            expect(page.locator(".services-items")).to_contain_text("第00类")
        narrow.goto("/services/?q=zzqqxx")
        axe(narrow)
        on_screen(narrow)
        shoot(narrow, "items-empty")
        narrow.goto("/services/?q=街道&kind=02")
        narrow.get_by_role("link", name="去掉筛选条件再搜").click()
        expect(narrow.locator(".services-items li").first).to_be_visible()
        assert narrow.viewport_size is not None
        assert narrow.viewport_size["width"] == NARROW
