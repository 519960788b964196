"""A field that its authoritative source fills: without a grant a sentence, with one the value, seen by both sides."""

from playwright.sync_api import Page, expect

from tests.e2e.conftest import NARROW, Check, Shoot, SignIn
from tests.e2e.prefilled import NAME, RESOURCE
from tests.kit.platform import Platform

NEXT = "保存并继续"


def run(platform: Platform, module: str, *words: str) -> str:
    printed = platform.act(module, *words).strip()
    return printed.splitlines()[-1] if printed else ""


def answer(page: Page, *, citizen_id: str) -> None:
    page.get_by_label("姓名").fill("张三")
    page.get_by_label("公民身份号码").fill(citizen_id)
    page.get_by_label("联系电话").fill("138 0013 8000")
    page.get_by_label("现住址").fill("和平区示例路1号")
    page.get_by_label("办理的街道办事处").select_option(label="示例街道办事处")
    page.get_by_role("button", name=NEXT).last.click()
    expect(page.locator("h1")).to_have_text("摊位")


class TestPrefilled:
    def test_source_fills_the_field_under_a_grant_and_both_sides_see_the_call(
        self, page: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        run(platform, "tests.e2e.street")
        code = run(platform, "tests.e2e.prefilled")
        sign_in(page, "citizen.zhang")
        page.set_viewport_size({"width": NARROW, "height": 844})
        page.goto("/apply/")
        page.get_by_role("link", name=NAME).click()
        page.locator("main form button.btn-primary").click()

        answer(page, citizen_id="11010519491231002x")
        page.go_back()
        page.reload()
        expect(page.locator("main")).to_contain_text("没有共享授权")
        axe(page)
        shoot(page, "prefilled-no-grant")

        run(platform, "tests.e2e.prefilled", code)
        answer(page, citizen_id="110105198001010016")
        page.go_back()
        page.reload()
        expect(page.locator("main")).to_contain_text("不是您本人的号码")
        expect(page.locator("main")).not_to_contain_text("停止参保")

        answer(page, citizen_id="11010519491231002x")
        page.go_back()
        page.reload()
        expect(page.locator("main")).to_contain_text("正常参保")
        expect(page.locator("main")).to_contain_text(f"《{RESOURCE}》")
        axe(page)
        page.locator("main summary", has_text="回执").first.click()
        axe(page)
        shoot(page, "prefilled")
        draft = page.url.split("/")[-3]

        for username in ("consumer.officer", "provider.officer"):
            sign_in(page, username)
            page.goto("/exchange/calls/")
            expect(page.locator("main")).to_contain_text(draft)
