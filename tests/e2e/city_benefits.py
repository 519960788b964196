"""Benefits without application as officials, old people and firms of the city go through them."""

import json

from playwright.sync_api import Page, expect

from tests.e2e.city_truth import ALLOWANCE, RELIEF
from tests.e2e.conftest import NARROW, WIDE, Check, Shoot
from tests.kit.platform import Platform, until

NAMES = {ALLOWANCE: "高龄津贴", RELIEF: "小微企业“六税两费”减半征收"}
CARD = "4111 1111 1111 1111"
SECONDS_TO_SEARCH = 120


def compared(platform: Platform, code: str) -> dict[str, dict[str, int]]:
    """Return what the truth says against whom the last dry run found."""
    told = platform.act("tests.e2e.city_truth", "compare", code)
    found: dict[str, dict[str, int]] = json.loads(told.strip().splitlines()[-1])
    return found


def finish(page: Page) -> None:
    """Wait until the worker has gone through all areas."""
    expect(page.locator("h1")).to_contain_text("·")

    def is_done() -> bool:
        page.reload()
        return page.locator("main").inner_text().find("已完成") >= 0

    assert until(is_done, seconds=SECONDS_TO_SEARCH), page.locator("main").inner_text()


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
    found = compared(platform, code)
    for outcome in ("entitled", "check"):
        assert (found[outcome]["wrong"], found[outcome]["missed"]) == (0, 0), found
        assert found[outcome]["true"] > 0, found
    return found["entitled"]["true"]


def switch_on(page: Page, *, code: str, entitled: int) -> None:
    """Let the head look at the dry run, switch on, and search."""
    page.goto(f"/services/benefits/{code}/")
    page.get_by_role("link", name="启用", exact=True).click()
    expect(page.locator("main")).to_contain_text(f"符合条件 {entitled}")
    page.get_by_role("button", name="启用", exact=True).click()
    page.get_by_role("button", name="查找本期对象并请其确认").click()
    finish(page)


def find_message(page: Page, *, axe: Check, shoot: Shoot) -> None:
    """Let the person who was found read the message, and try to confirm with what is no account."""
    page.goto("/messages/")
    expect(page.locator("main")).to_contain_text("确认是否领取")
    page.goto("/services/my-benefits/")
    axe(page)
    page.get_by_role("link", name=NAMES[ALLOWANCE]).click()
    axe(page)
    shoot(page, "my-benefit")
    page.get_by_label("银行卡号或账号").fill("123")
    page.get_by_role("button", name="确认").click()
    expect(page.locator("main")).to_contain_text("12至30位")
    axe(page)
    shoot(page, "my-benefit-wrong")


def confirm(page: Page) -> None:
    """Let the person confirm with an account."""
    page.goto("/services/my-benefits/")
    page.get_by_role("link", name=NAMES[ALLOWANCE]).click()
    page.get_by_label("银行卡号或账号").fill(CARD)
    page.get_by_role("button", name="确认").click()
    expect(page.locator("main")).to_contain_text("尾号 1111")


def list_for_treasury(page: Page, *, payments: int, axe: Check, shoot: Shoot) -> None:
    """Search again, which changes nothing, and make the list of what is due to those who confirmed."""
    page.goto(f"/services/benefits/{ALLOWANCE}/")
    page.get_by_role("button", name="查找本期对象并请其确认").click()
    page.goto(f"/services/benefits/{ALLOWANCE}/")
    expect(page.locator("main")).to_contain_text(f"应发未列入清单 {payments} 笔")
    page.get_by_role("button", name="生成清单").click()
    expect(page.locator("main")).to_contain_text("应发未列入清单 0 笔")
    axe(page)
    shoot(page, "benefit-after")
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载").click()
    text = taken.value.path().read_text(encoding="utf-8")
    assert text.count(CARD.replace(" ", "")) == payments
    page.set_viewport_size({"width": NARROW, "height": 844})
    page.reload()
    axe(page)
    shoot(page, "benefit-after-narrow")


def check_oneself(page: Page) -> None:
    """Let a person ask the registers about himself."""
    page.goto(f"/services/my-benefits/check/{ALLOWANCE}/")
    page.get_by_role("button", name="查询我的情况").click()
    expect(page.locator("main")).to_contain_text("符合条件")
    expect(page.locator("main")).to_contain_text("户籍老年人口信息")


def look_at_a_doubt(page: Page, *, axe: Check, shoot: Shoot) -> None:
    """Let an official look at the number of somebody about whom he decides."""
    page.goto("/cases/")
    page.set_viewport_size({"width": WIDE, "height": 800})
    page.get_by_role("row").filter(has_text="高龄津贴").filter(has_text="核实疑点").first.get_by_role(
        "link"
    ).first.click()
    page.get_by_role("button", name="查看姓名和号码").click()
    expect(page.get_by_role("main")).to_contain_text("查看已记入审计")
    axe(page)
    shoot(page, "doubt-subject")
    page.set_viewport_size({"width": NARROW, "height": 844})
    axe(page)
    page.get_by_role("link", name="返回办件").click()
    axe(page)
    shoot(page, "doubt-case-narrow")
    page.set_viewport_size({"width": WIDE, "height": 800})


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


def confirm_for_a_firm(page: Page, *, axe: Check, shoot: Shoot) -> None:
    """Let the delegate confirm for his firm on a phone: nothing is typed, the reasons say who said what."""
    page.goto("/services/my-benefits/")
    axe(page)
    shoot(page, "my-reliefs")
    page.get_by_role("listitem").filter(has_text=NAMES[RELIEF]).get_by_role("link").first.click()
    reasons = page.get_by_role("region", name="查找依据")
    expect(reasons).to_contain_text("从业人数不超过三百人")
    expect(reasons).to_contain_text("小微企业名录信息")
    expect(reasons).to_contain_text("企业登记信息")
    expect(page.locator("main input:not([type=hidden])")).to_have_count(0)
    assert page.locator("main .badge").evaluate_all(
        "all => all.every(one => one.scrollWidth <= one.clientWidth)"
    )
    axe(page)
    shoot(page, "my-relief")
    page.get_by_role("button", name="确认").click()
    expect(page.locator("main")).to_contain_text("已确认")


def object_for_a_firm(page: Page, *, axe: Check, shoot: Shoot) -> None:
    """Let the delegate say that his firm was wrongly found, and why."""
    page.goto("/services/my-benefits/")
    page.get_by_role("listitem").filter(has_text=NAMES[RELIEF]).get_by_role("link").first.click()
    page.get_by_role("link", name="查找有误").click()
    page.get_by_role("textbox").fill("本公司已被合并，人数应合并计算")
    axe(page)
    shoot(page, "my-relief-objection")
    page.get_by_role("button", name="提交异议").click()
    expect(page.locator("main")).to_contain_text("异议核实中")
