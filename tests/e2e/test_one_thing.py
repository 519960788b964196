"""One things in the browser, on a phone: a child is born, a restaurant opens, an enterprise changes its name."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.bundles_cast import BORN_ON, COOK, DELEGATE, MOTHER
from tests.e2e.cast import PASSWORD
from tests.e2e.conftest import NARROW, Check, Shoot, SignIn
from tests.kit.platform import ROOT, Platform

NAME = "许晨曦"
MOST_TYPED = 12
NEXT = "保存并继续"
COUNTED = """
addEventListener("input", event => {
  if (!location.pathname.startsWith("/services/one-things/")) return;
  const typed = Number(sessionStorage.getItem("typed") || 0);
  sessionStorage.setItem("typed", typed + (event.data || "").length);
}, true);
"""
"""Counts what is typed into one things, letter by letter, as the browser hears it."""


def run(platform: Platform, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.bundles_cast", *words],
        cwd=ROOT,
        env=platform.environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module", autouse=True)
def filled(platform: Platform) -> None:
    run(platform, "fill")


def begin(page: Page, name: str) -> None:
    page.goto("/services/one-things/")
    page.get_by_role("link", name=f"开始办理 {name}").click()
    page.get_by_role("button", name="开始办理").click()
    expect(page.locator("main")).to_contain_text("填写步骤")


def on_screen(page: Page) -> None:
    """Check that nothing is wider than the phone."""
    assert page.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth")


def typed(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).press_sequentially(text)


def send(page: Page) -> str:
    """Send from the last page, twice as an impatient person does, and return the bundle's id."""
    page.get_by_role("button", name="提交给各部门").dblclick()
    expect(page.locator("main")).to_contain_text("办理中")
    found = re.search(r"/one-things/([0-9a-f-]{36})/", page.url)
    assert found is not None
    return found[1]


def result(page: Page, certificates: int, *, axe: Check) -> None:
    """Look at the one result, and open a certificate from it."""
    page.reload()
    expect(page.locator("main a[href^='/certificates/']")).to_have_count(certificates)
    axe(page)
    page.locator("main a[href^='/certificates/']").last.click()
    expect(page.locator("h1")).to_be_visible()
    axe(page)
    page.go_back()


def decide_birth(page: Page, phone: Page, *, sign_in: SignIn, axe: Check) -> None:
    """Let the official of the health authority decide on his own page."""
    case = re.search(
        r"[0-9a-f-]{36}", str(phone.locator("main a[href^='/apply/mine/']").first.get_attribute("href"))
    )
    assert case is not None
    sign_in(page, "provider.officer")
    page.goto(f"/cases/{case[0]}/")
    page.get_by_role("link", name="去办理").click()
    page.get_by_label("准予").check()
    axe(page)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("已办成")


class TestNewborn:
    def test_a_mother_on_a_phone_gets_four_certificates(
        self, narrow: Page, page: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        narrow.add_init_script(COUNTED)
        sign_in(narrow, MOTHER)
        narrow.goto("/services/one-things/")
        axe(narrow)
        shoot(narrow, "thing-list")
        begin(narrow, "新生儿出生一件事")
        known = narrow.locator("section", has_text="从登记中取得")
        for said in ("女", str(BORN_ON.year), "澄川市妇幼保健院", "《出生医学证明信息》"):
            expect(known).to_contain_text(said)
        expect(narrow.get_by_label("孩子出生日")).to_have_count(0)
        axe(narrow)
        on_screen(narrow)
        shoot(narrow, "newborn-form")
        narrow.get_by_role("button", name=NEXT).click()
        expect(narrow.locator("main")).to_contain_text("请填写此项")
        axe(narrow)
        shoot(narrow, "newborn-error")
        typed(narrow, "孩子姓名", NAME)
        narrow.get_by_role("group", name="孩子与户主的关系").get_by_label("女", exact=True).check()
        narrow.get_by_role("button", name=NEXT).click()
        axe(narrow)
        on_screen(narrow)
        shoot(narrow, "newborn-check")
        bundle = send(narrow)
        counted = int(narrow.evaluate("sessionStorage.getItem('typed')"))
        assert len(NAME) <= counted <= MOST_TYPED
        axe(narrow)

        decide_birth(page, narrow, sign_in=sign_in, axe=axe)
        run(platform, "decide", bundle)

        result(narrow, 4, axe=axe)
        on_screen(narrow)
        shoot(narrow, "newborn-result")
        for name in ("出生医学证明", "常住人口登记卡", "社会保障卡"):
            expect(narrow.locator("main")).to_contain_text(name)
        sign_in(page, COOK)
        assert page.goto(f"/services/one-things/{bundle}/").status == 404  # type: ignore[union-attr]

    def test_is_thrown_away_or_sent_without_scripts(self, plain: Page, sign_in: SignIn, shoot: Shoot) -> None:
        sign_in(plain, MOTHER)
        plain.set_viewport_size({"width": NARROW, "height": 844})
        begin(plain, "新生儿出生一件事")
        plain.get_by_role("link", name="放弃这份草稿").click()
        shoot(plain, "newborn-discard")
        plain.get_by_role("link", name="取消").click()
        plain.goto("/apply/")
        shoot(plain, "newborn-begun")
        plain.get_by_role("link", name=re.compile("^放弃.*新生儿出生一件事")).click()
        plain.get_by_role("button", name="放弃").click()
        expect(plain.locator("main")).to_contain_text("草稿已放弃")
        expect(plain.locator("main a[href$='/discard/']")).to_have_count(0)
        begin(plain, "新生儿出生一件事")
        expect(plain.locator("section", has_text="从登记中取得")).to_contain_text("澄川市妇幼保健院")
        plain.get_by_label("孩子姓名", exact=True).fill(NAME)
        plain.get_by_role("group", name="孩子与户主的关系").get_by_label("女", exact=True).check()
        plain.get_by_role("button", name=NEXT).click()
        plain.get_by_role("button", name="提交给各部门").click()
        expect(plain.locator("main")).to_contain_text("办理中")


def acts_for_the_firm(page: Page, sign_in: SignIn, *, axe: Check, shoot: Shoot) -> None:
    """Let the owner sign in for his new firm, choose a password for it, and see its certificates."""
    expect(page.get_by_role("region", name="青禾区望川小馆")).to_contain_text(f"{COOK}-firm")
    sign_in(page, f"{COOK}-firm", is_fresh=True)
    for box in page.locator("main input[type=password]").all():
        box.fill(PASSWORD if box.get_attribute("name") == "oldpassword" else "Wang-Chuan-2026")
    shoot(page, "restaurant-firm-password")
    page.locator("main form button[type=submit]").first.click()
    page.goto("/certificates/")
    expect(page.locator("main")).to_contain_text("食品经营许可证")
    axe(page)
    shoot(page, "restaurant-firm")


class TestRestaurant:
    def test_opens_by_one_form_in_steps(
        self, narrow: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot, tmp_path: Path
    ) -> None:
        sign_in(narrow, COOK)
        begin(narrow, "开办餐饮店一件事")
        expect(narrow.locator("main")).to_contain_text("许望川")
        narrow.get_by_label("名称", exact=True).fill("青禾区望川小馆")
        narrow.get_by_label("经营场所", exact=True).fill("青禾区书院路18号一层")
        narrow.get_by_label("我承诺对经营场所有合法使用权，所填内容真实").check()
        axe(narrow)
        on_screen(narrow)
        shoot(narrow, "restaurant-1")
        narrow.get_by_role("button", name=NEXT).click()
        expect(narrow.get_by_label("经营场所", exact=True)).to_have_count(0)
        narrow.get_by_label("经营场所面积（平方米）").fill("86")
        narrow.get_by_label("热食类食品制售").check()
        narrow.get_by_label(re.compile("^我承诺已经建立")).check()
        axe(narrow)
        on_screen(narrow)
        shoot(narrow, "restaurant-2")
        narrow.get_by_role("button", name=NEXT).click()
        for promise in narrow.get_by_role("checkbox").all():
            promise.check()
        shoot(narrow, "restaurant-3")
        narrow.get_by_role("button", name=NEXT).click()
        narrow.get_by_label("招牌上的文字").fill("望川小馆")
        picture = tmp_path / "招牌.pdf"
        picture.write_bytes(b"no pdf at all")
        narrow.get_by_label("招牌效果图").set_input_files(picture)
        narrow.get_by_role("checkbox").last.check()
        narrow.get_by_role("button", name=NEXT).click()
        expect(narrow.locator("main")).to_contain_text("内容不符或已损坏")
        picture.write_bytes(b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n")
        narrow.get_by_label("招牌效果图").set_input_files(picture)
        axe(narrow)
        on_screen(narrow)
        narrow.get_by_role("button", name=NEXT).click()
        expect(narrow.locator("main")).to_contain_text("招牌.pdf")
        expect(narrow.locator("main")).to_contain_text("大气污染防治法")
        axe(narrow)
        on_screen(narrow)
        shoot(narrow, "restaurant-check")
        bundle = send(narrow)
        shoot(narrow, "restaurant-sent")

        run(platform, "decide", bundle)

        result(narrow, 4, axe=axe)
        shoot(narrow, "restaurant-result")
        expect(narrow.locator("main")).to_contain_text("食品经营许可证")
        acts_for_the_firm(narrow, sign_in, axe=axe, shoot=shoot)

    def test_is_sent_without_scripts(self, plain: Page, sign_in: SignIn, tmp_path: Path) -> None:
        picture = tmp_path / "招牌.pdf"
        picture.write_bytes(b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n")
        sign_in(plain, COOK)
        plain.set_viewport_size({"width": NARROW, "height": 844})
        begin(plain, "开办餐饮店一件事")
        plain.get_by_label("名称", exact=True).fill("青禾区望川面馆")
        plain.get_by_label("经营场所", exact=True).fill("青禾区书院路20号一层")
        plain.get_by_label("我承诺对经营场所有合法使用权，所填内容真实").check()
        plain.get_by_role("button", name=NEXT).click()
        plain.get_by_label("经营场所面积（平方米）").fill("40")
        plain.get_by_label("热食类食品制售").check()
        plain.get_by_label(re.compile("^我承诺已经建立")).check()
        plain.get_by_role("button", name=NEXT).click()
        for promise in plain.get_by_role("checkbox").all():
            promise.check()
        plain.get_by_role("button", name=NEXT).click()
        plain.get_by_label("招牌上的文字").fill("望川面馆")
        plain.get_by_label("招牌效果图").set_input_files(picture)
        plain.get_by_role("checkbox").last.check()
        plain.get_by_role("button", name=NEXT).click()
        expect(plain.locator("main")).to_contain_text("招牌.pdf")
        plain.get_by_role("button", name="提交给各部门").click()
        expect(plain.locator("main")).to_contain_text("办理中")


class TestEnterpriseChange:
    def test_without_scripts_the_new_licence_replaces_the_former(
        self, plain: Page, page: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(plain, DELEGATE)
        plain.set_viewport_size({"width": NARROW, "height": 844})
        begin(plain, "企业信息变更一件事")
        plain.get_by_label("新名称（不变更的留空）").fill("明州市听雨智能有限公司")
        plain.get_by_label("新住所（不变更的留空）").fill("明州市青禾区文昌街2号")
        plain.get_by_label("我承诺变更事项已经依照章程作出决议，所填内容真实").check()
        plain.get_by_role("button", name=NEXT).click()
        plain.get_by_role("button", name="提交给各部门").click()
        found = re.search(r"[0-9a-f-]{36}", plain.url)
        assert found is not None

        run(platform, "decide", found[0])

        sign_in(page, DELEGATE)
        page.goto(plain.url)
        shoot(page, "change-result")
        result(page, 1, axe=axe)
        page.goto("/certificates/")
        expect(page.locator("main")).to_contain_text("明州市听雨智能有限公司")
        shoot(page, "change-certificates")
