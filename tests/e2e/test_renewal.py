"""A permit that ends soon is renewed on a phone: from the holder's certificates to the two versions of the new one."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import renewal_cast as cast
from tests.e2e.conftest import NARROW, Check, Shoot, SignIn
from tests.e2e.looking import Look
from tests.kit.platform import Platform, until

NEXT = "保存并继续"


@pytest.fixture(scope="module")
def number(platform: Platform) -> str:
    return platform.act("tests.e2e.renewal_cast", "fill").split()[-1]


@pytest.fixture
def phone(browser: Browser, base_url: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=base_url, viewport={"width": NARROW, "height": 844}, has_touch=True
    )
    yield context.new_page()
    context.close()


def test_the_holder_is_led_to_it_and_gets_the_next_version(
    phone: Page, page: Page, number: str, sign_in: SignIn, axe: Check, shoot: Shoot
) -> None:
    look = Look(axe, shoot)
    sign_in(phone, cast.OWNER)
    phone.goto("/certificates/")
    expect(phone.locator(".certificates-renewal")).to_contain_text("最晚在")
    look.at(phone, "renewal-mine")
    phone.locator(".certificates-card h3 a").click()
    expect(phone.get_by_role("note")).to_contain_text("可以申请延续")
    look.at(phone, "renewal-certificate")
    phone.get_by_role("link", name="去申请延续").click()
    expect(phone.locator("h1")).to_contain_text(cast.NAME)

    phone.locator("main").get_by_role("link", name="在线申办").click()
    phone.get_by_role("button", name="开始填写").click()
    expect(phone.locator("main")).to_contain_text(number)
    expect(phone.locator("main")).to_contain_text("申请期内")
    look.at(phone, "renewal-form")
    phone.get_by_role("button", name=NEXT).last.click()
    phone.get_by_label("有变化", exact=True).check()
    phone.get_by_role("button", name=NEXT).last.click()
    look.at(phone, "renewal-fault")
    phone.get_by_label("变化的情况").fill("后厨增加一台冷柜。")
    phone.get_by_label(re.compile("^我承诺以上声明属实")).check()
    expect(phone.locator(".is-invalid")).to_have_count(0)
    phone.get_by_label("没有变化").check()
    expect(phone.get_by_label("变化的情况")).to_be_hidden()
    look.at(phone, "renewal-promise")
    phone.get_by_role("button", name=NEXT).last.click()
    expect(phone.locator("h1")).to_have_text("核对填写内容")
    look.at(phone, "renewal-check")
    phone.get_by_role("button", name="提交").click()
    look.at(phone, "renewal-receipt")
    phone.get_by_role("link", name="查看我的办件").click()
    found = re.search(r"mine/([0-9a-f-]{36})/", phone.url)
    assert found is not None
    look.at(phone, "renewal-matter")

    _grant(page, found[1], sign_in, look)
    renewed = phone.get_by_role("link", name="查看证照")
    assert until(lambda: bool(phone.reload()) and renewed.is_visible(), seconds=60)
    phone.goto("/certificates/")
    expect(phone.locator(".certificates-card")).to_have_count(1)
    expect(phone.locator(".certificates-renewal")).to_have_count(0)
    phone.locator(".certificates-card h3 a").click()
    expect(phone.locator("[aria-labelledby=versions]")).to_contain_text("延续换发")
    look.at(phone, "renewal-renewed")
    shown = phone.locator(".certificates-number code").inner_text()
    phone.goto(f"/certificates/verify/?number={shown}")
    phone.locator("main a[href*='number=']").first.click()
    expect(phone.locator("main")).to_contain_text("延续换发")
    look.at(phone, "renewal-former")


def _grant(page: Page, case: str, sign_in: SignIn, look: Look) -> None:
    """Let a person decide: the register said nothing of the firm here."""
    sign_in(page, cast.APPROVER)
    page.goto(f"/cases/{case}/")
    look.at(page, "renewal-case")
    page.locator(".ui-list > li", has_text="审查决定").get_by_role("link", name="去办理").click()
    page.get_by_label("准予延续", exact=True).check()
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".alert-success")).to_be_visible()
