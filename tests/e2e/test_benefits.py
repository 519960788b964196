"""Benefits without application in the browser: dry run against the truth, four eyes, asked, confirmed, listed."""

import json
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.benefit_cast import ALLOWANCE, OLD
from tests.e2e.conftest import NARROW, Check, Shoot, SignIn
from tests.kit.platform import ROOT, Platform, until

pytestmark = pytest.mark.timeout(600)
NAME = "高龄津贴"
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
def filled(platform: Platform) -> None:
    run(platform)


def finish(page: Page) -> None:
    """Wait until the worker has gone through all areas."""

    def is_done() -> bool:
        page.reload()
        return page.locator("main").inner_text().find("已完成") >= 0

    assert until(is_done, seconds=120), page.locator("main").inner_text()


def dry_run(page: Page, platform: Platform, *, axe: Check, shoot: Shoot) -> int:
    """Search dry, and hold what was found to the truth; return how many are entitled."""
    page.goto("/services/benefits/")
    page.get_by_role("link", name=NAME).click()
    axe(page)
    shoot(page, "benefit-before")
    page.get_by_role("button", name="试算").click()
    finish(page)
    axe(page)
    shoot(page, "benefit-dry-run")
    found = json.loads(run(platform, "compare"))
    for outcome in ("entitled", "check"):
        assert (found[outcome]["wrong"], found[outcome]["missed"]) == (0, 0), found
        assert found[outcome]["true"] > 0, found
    return int(found["entitled"]["true"])


def switch_on(page: Page, *, entitled: int) -> None:
    """Let the head look at the dry run, switch on, and search."""
    page.goto(f"/services/benefits/{ALLOWANCE}/")
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
        entitled = dry_run(page, platform, axe=axe, shoot=shoot)
        page.goto(f"/services/benefits/{ALLOWANCE}/")
        expect(page.get_by_role("link", name="启用", exact=True)).to_have_count(0)
        sign_in(page, "consumer.head")
        switch_on(page, entitled=entitled)

        sign_in(narrow, OLD)
        confirm(narrow, axe=axe, shoot=shoot)

        list_for_treasury(page, axe=axe, shoot=shoot)

        sign_in(plain, OLD)
        plain.goto(f"/services/my-benefits/check/{ALLOWANCE}/")
        plain.get_by_role("button", name="查询我的情况").click()
        expect(plain.locator("main")).to_contain_text("符合条件")
        expect(plain.locator("main")).to_contain_text("户籍老年人口信息")
