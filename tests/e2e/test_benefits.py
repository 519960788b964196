"""Benefits without application in the browser: dry run against the truth, four eyes, asked, confirmed, listed."""

import json
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.benefit_cast import ALLOWANCE, DELEGATE, OLD, RELIEF
from tests.e2e.conftest import NARROW, Check, Shoot, SignIn
from tests.kit.platform import ROOT, Platform, until

pytestmark = pytest.mark.timeout(600)
NAMES = {ALLOWANCE: "高龄津贴", RELIEF: "小微企业“六税两费”减半征收"}
NAME = NAMES[ALLOWANCE]
CARD = "4111 1111 1111 1111"


def run(platform: Platform, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.benefit_cast", *words],
        cwd=ROOT,
        env=platform.environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


@pytest.fixture(scope="module")
def filled(platform: Platform) -> list[str]:
    """Fill the platform for all tests of this file; return the names of the delegate's two firms."""
    return list(json.loads(run(platform)))


def finish(page: Page) -> None:
    """Wait until the worker has gone through all areas."""
    expect(page.locator("h1")).to_contain_text("·")

    def is_done() -> bool:
        page.reload()
        return page.locator("main").inner_text().find("已完成") >= 0

    assert until(is_done, seconds=120), page.locator("main").inner_text()


def dry_run(page: Page, platform: Platform, *, code: str, axe: Check, shoot: Shoot) -> int:
    """Search dry, and hold what was found to the truth; return how many are entitled."""
    page.goto("/services/benefits/")
    page.get_by_role("link", name=NAMES[code]).click()
    axe(page)
    shoot(page, f"{code}-before")
    page.get_by_role("button", name="试算").click()
    finish(page)
    axe(page)
    shoot(page, f"{code}-dry-run")
    found = json.loads(run(platform, "compare", code))
    for outcome in ("entitled", "check"):
        assert (found[outcome]["wrong"], found[outcome]["missed"]) == (0, 0), found
        assert found[outcome]["true"] > 0, found
    return int(found["entitled"]["true"])


def switch_on(page: Page, *, code: str, entitled: int) -> None:
    """Let the head look at the dry run, switch on, and search."""
    page.goto(f"/services/benefits/{code}/")
    page.get_by_role("link", name="启用", exact=True).click()
    expect(page.locator("main")).to_contain_text(f"符合条件 {entitled}")
    page.get_by_role("button", name="启用", exact=True).click()
    page.get_by_role("button", name="查找本期对象并请其确认").click()
    finish(page)


def confirm(page: Page, *, axe: Check, shoot: Shoot) -> None:
    """Let the person who was found confirm on a phone, first with what is no account."""
    page.goto("/messages/")
    expect(page.locator("main")).to_contain_text("确认是否领取")
    page.goto("/services/my-benefits/")
    axe(page)
    page.get_by_role("link", name=NAME).click()
    axe(page)
    shoot(page, "my-benefit")
    page.get_by_label("银行卡号或账号").fill("123")
    page.get_by_role("button", name="确认").click()
    expect(page.locator("main")).to_contain_text("12至30位")
    axe(page)
    shoot(page, "my-benefit-wrong")
    page.get_by_label("银行卡号或账号").fill(CARD)
    page.get_by_role("button", name="确认").click()
    expect(page.locator("main")).to_contain_text("尾号 1111")
    axe(page)


def list_for_treasury(page: Page, *, axe: Check, shoot: Shoot) -> None:
    """Search again, which changes nothing, and make the list of the one payment."""
    page.goto(f"/services/benefits/{ALLOWANCE}/")
    page.get_by_role("button", name="查找本期对象并请其确认").click()
    page.goto(f"/services/benefits/{ALLOWANCE}/")
    expect(page.locator("main")).to_contain_text("应发未列入清单 1 笔")
    page.get_by_role("button", name="生成清单").click()
    expect(page.locator("main")).to_contain_text("应发未列入清单 0 笔")
    axe(page)
    shoot(page, "benefit-after")
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载").click()
    assert "4111111111111111" in taken.value.path().read_text(encoding="utf-8")
    page.set_viewport_size({"width": NARROW, "height": 844})
    page.reload()
    axe(page)
    shoot(page, "benefit-after-narrow")


def decide(page: Page, task: str, *, outcome: str, reason: str, axe: Check, shoot: Shoot) -> None:
    """Let an official do a to-do of his list: look at the reasons and, noted, at whom it is about; then decide."""
    page.goto("/cases/")
    row = page.get_by_role("row").filter(has_text=task).filter(has_text="小微企业").first
    row.get_by_role("link").first.click()
    about = page.get_by_role("region", name="核实对象")
    expect(about).to_contain_text("小微企业名录信息")
    axe(page)
    shoot(page, f"{outcome}-case")
    page.get_by_role("link", name="去办理").click()
    page.get_by_role("radio", name=outcome, exact=True).check()
    page.get_by_label("理由").fill(reason)
    axe(page)
    shoot(page, f"{outcome}-deciding")
    page.get_by_role("button", name="提交").click()
    expect(page.locator("main")).to_contain_text(reason)


def look(page: Page, *, axe: Check, shoot: Shoot) -> None:
    """Let an official look at the number of somebody about whom he decides."""
    page.goto("/cases/")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("row").filter(has_text="高龄津贴").filter(has_text="核实疑点").first.get_by_role(
        "link"
    ).first.click()
    page.get_by_role("button", name="查看姓名和号码").click()
    expect(page.get_by_role("main")).to_contain_text("查看已记入审计")
    axe(page)
    shoot(page, "doubt-subject")
    page.set_viewport_size({"width": NARROW, "height": 844})
    axe(page)
    shoot(page, "doubt-subject-narrow")
    page.get_by_role("link", name="返回办件").click()
    axe(page)
    shoot(page, "doubt-case-narrow")
    page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.usefixtures("filled")
class TestOldAgeAllowance:
    def test_finds_as_the_truth_says_asks_and_pays_once(
        self,
        page: Page,
        narrow: Page,
        plain: Page,
        platform: Platform,
        sign_in: SignIn,
        axe: Check,
        shoot: Shoot,
    ) -> None:
        sign_in(page, "consumer.officer")
        entitled = dry_run(page, platform, code=ALLOWANCE, axe=axe, shoot=shoot)
        page.goto(f"/services/benefits/{ALLOWANCE}/")
        expect(page.get_by_role("link", name="启用", exact=True)).to_have_count(0)
        sign_in(page, "consumer.head")
        switch_on(page, code=ALLOWANCE, entitled=entitled)

        sign_in(narrow, OLD)
        confirm(narrow, axe=axe, shoot=shoot)

        list_for_treasury(page, axe=axe, shoot=shoot)

        sign_in(plain, OLD)
        plain.goto(f"/services/my-benefits/check/{ALLOWANCE}/")
        plain.get_by_role("button", name="查询我的情况").click()
        expect(plain.locator("main")).to_contain_text("符合条件")
        expect(plain.locator("main")).to_contain_text("户籍老年人口信息")

        sign_in(page, "consumer.officer")
        look(page, axe=axe, shoot=shoot)


def confirm_for(page: Page, firm: str, *, axe: Check, shoot: Shoot) -> None:
    """Let the delegate confirm for a firm on a phone: nothing is typed, the reasons say who said what."""
    page.goto("/services/my-benefits/")
    axe(page)
    shoot(page, "my-reliefs")
    page.get_by_role("listitem").filter(has_text=firm).get_by_role("link").click()
    reasons = page.get_by_role("region", name="查找依据")
    expect(reasons).to_contain_text("从业人数不超过三百人")
    expect(reasons).to_contain_text("小微企业名录信息")
    expect(reasons).to_contain_text("企业登记信息")
    expect(page.locator("main input:not([type=hidden])")).to_have_count(0)
    axe(page)
    shoot(page, "my-relief")
    page.get_by_role("button", name="确认").click()
    expect(page.locator("main")).to_contain_text("已确认")


def object_for(page: Page, firm: str, *, axe: Check, shoot: Shoot) -> None:
    """Let the delegate say that a firm was wrongly found, and why."""
    page.goto("/services/my-benefits/")
    page.get_by_role("listitem").filter(has_text=firm).get_by_role("link").click()
    page.get_by_role("link", name="查找有误").click()
    page.get_by_role("textbox").fill("本公司已被合并，人数应合并计算")
    axe(page)
    shoot(page, "my-relief-objection")
    page.get_by_role("button", name="提交异议").click()
    expect(page.locator("main")).to_contain_text("异议核实中")


@pytest.mark.usefixtures("filled")
class TestSmallEnterpriseRelief:
    def test_finds_as_the_truth_says_and_firms_only_confirm_or_object(
        self,
        page: Page,
        narrow: Page,
        platform: Platform,
        filled: list[str],
        sign_in: SignIn,
        axe: Check,
        shoot: Shoot,
    ) -> None:
        sign_in(page, "consumer.officer")
        entitled = dry_run(page, platform, code=RELIEF, axe=axe, shoot=shoot)
        page.goto(f"{page.url}?outcome=check")
        expect(page.get_by_role("region", name="发现情况").locator("tbody")).to_contain_text("从业人数")
        sign_in(page, "consumer.head")
        switch_on(page, code=RELIEF, entitled=entitled)

        sign_in(narrow, DELEGATE)
        confirm_for(narrow, filled[0], axe=axe, shoot=shoot)
        object_for(narrow, filled[1], axe=axe, shoot=shoot)

        sign_in(page, "consumer.officer")
        decide(page, "核实异议", outcome="异议成立", reason="人数合并后超过三百人", axe=axe, shoot=shoot)
        decide(page, "核实疑点", outcome="不符合", reason="经核实从业人数超过三百人", axe=axe, shoot=shoot)

        def is_removed() -> bool:
            narrow.goto("/services/my-benefits/")
            return "误找，已移出" in narrow.locator("main").inner_text()

        assert until(is_removed, seconds=30), narrow.locator("main").inner_text()
        narrow.goto("/messages/")
        expect(narrow.locator("main")).to_contain_text("异议成立")
        shoot(narrow, "my-relief-removed")
        page.goto(f"/services/benefits/{RELIEF}/")
        expect(page.locator("main")).to_contain_text("个疑点待工作人员核实")
        axe(page)
        shoot(page, "relief-after")
