"""Certificates in the browser: shown on a phone, looked at once, checked by anybody, ended by the office."""

from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import certificates_cast as cast
from tests.e2e.conftest import NARROW, Check, Shoot, SignIn
from tests.kit.codes import read_code
from tests.kit.platform import Platform, until


def act(platform: Platform, *words: str) -> list[str]:
    return platform.act("tests.e2e.certificates_cast", *words).split()


def code(platform: Platform, certificate_id: str) -> str:
    """Return where a fresh code of the holder leads."""
    (address,) = act(platform, "code", certificate_id)
    return here(address, platform)


def here(address: str, platform: Platform) -> str:
    """Return an address of the platform as this test reaches it."""
    return address.replace(address[: address.index("/certificates/")], platform.web)


class Issued(NamedTuple):
    """The ids of a permit that is used, of one that is ended, of a proof of insurance, and the identifier of this."""

    permit: str
    closing: str
    insured: str
    insured_number: str


@pytest.fixture(scope="module")
def issued(platform: Platform) -> Issued:
    return Issued(*act(platform, "fill"))


def test_a_holder_shows_a_certificate_on_the_phone(
    narrow: Page,
    plain: Page,
    platform: Platform,
    sign_in: SignIn,
    axe: Check,
    shoot: Shoot,
    issued: Issued,
) -> None:
    sign_in(narrow, cast.HOLDER)
    narrow.goto("/certificates/")
    fits(narrow)
    axe(narrow)
    shoot(narrow, "certificates-mine")
    narrow.get_by_role("link", name="社会保险参保证明").first.click()
    expect(narrow.locator("main")).to_contain_text(cast.NUMBER)
    fits(narrow)
    axe(narrow)
    narrow.get_by_role("button", name="扫码亮证").click()
    expect(narrow.get_by_role("img", name="亮证二维码")).to_be_visible()
    fits(narrow)
    axe(narrow)
    shoot(narrow, "certificates-show")
    look(plain, here(read_code(narrow.screenshot()), platform), shoot)
    narrow.goto(f"/certificates/{issued.insured}/")
    expect(narrow.locator("main")).to_contain_text("扫码亮证")
    expect(narrow.locator(".alert-warning")).to_contain_text("1次")
    shoot(narrow, "certificates-detail-citizen")
    narrow.get_by_role("button", name="扫码亮证").click()
    late = code(platform, issued.insured)
    act(platform, "age", issued.insured)
    plain.goto(late)
    expect(plain.locator(".alert-danger")).to_contain_text("已过期")


def look(plain: Page, address: str, shoot: Shoot) -> None:
    """Open a code without JavaScript: it opens once."""
    plain.set_viewport_size({"width": NARROW, "height": 844})
    plain.goto(address)
    expect(plain.locator("main")).not_to_contain_text(cast.NUMBER)
    shoot(plain, "certificates-shown-before")
    plain.get_by_role("button", name="立即查看").click()
    expect(plain.locator("main")).to_contain_text(cast.NUMBER)
    fits(plain)
    shoot(plain, "certificates-shown")
    plain.goto(address)
    expect(plain.locator(".alert-danger")).to_contain_text("仅能使用一次")
    shoot(plain, "certificates-shown-again")


def test_a_stranger_checks_by_the_identifier(
    page: Page, plain: Page, axe: Check, shoot: Shoot, issued: Issued
) -> None:
    page.set_viewport_size({"width": NARROW, "height": 844})
    for one in (plain, page):
        one.goto("/certificates/verify/")
        one.get_by_label("证照标识").fill(issued.insured_number)
        one.locator("main form button[type=submit]").click()
        expect(one.locator("main")).to_contain_text("证照真实")
        expect(one.locator("main")).not_to_contain_text(cast.NUMBER)
        expect(one.locator("main")).not_to_contain_text(cast.NAME)
    fits(page)
    axe(page)
    shoot(page, "certificates-verify")
    page.get_by_label("证照标识").fill(
        issued.insured_number[:-1] + ("0" if issued.insured_number[-1] != "0" else "1")
    )
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".alert-danger")).to_be_visible()
    axe(page)
    shoot(page, "certificates-verify-forged")


def test_a_delegate_takes_the_files_of_an_enterprise(
    page: Page,
    platform: Platform,
    sign_in: SignIn,
    axe: Check,
    shoot: Shoot,
    issued: Issued,
    tmp_path: Path,
) -> None:
    act(platform, "take_over")
    sign_in(page, cast.NOBODY)
    page.goto("/certificates/")
    axe(page)
    shoot(page, "certificates-mine-empty")
    assert page.goto(f"/certificates/{issued.permit}/").status == 404  # type: ignore[union-attr]  # it answers
    sign_in(page, cast.DELEGATE, is_fresh=True)
    page.goto(f"/certificates/{issued.permit}/")
    expect(page.locator("main")).to_contain_text("户外招牌设置许可")
    assert until(
        lambda: bool(page.reload()) and page.get_by_role("link", name="OFD").is_visible(), seconds=60
    )
    axe(page)
    shoot(page, "certificates-detail")
    for kind in ("PDF", "OFD"):
        with page.expect_download() as taken:
            page.get_by_role("link", name=kind).click()
        file = tmp_path / f"permit.{kind.lower()}"
        taken.value.save_as(file)
        page.goto("/trust/seals/check/")
        page.locator("[name=file]").set_input_files(file)
        page.locator("main form button[type=submit]").click()
        expect(page.locator("main")).to_contain_text("印章真实，文件内容与盖章时一致")
        page.goto(f"/certificates/{issued.permit}/")


def test_an_office_lists_and_ends_what_it_issued(
    page: Page, sign_in: SignIn, axe: Check, shoot: Shoot, issued: Issued
) -> None:
    sign_in(page, cast.APPROVER)
    page.goto("/certificates/issued/")
    axe(page)
    shoot(page, "certificates-issued")
    expect(page.locator("main")).not_to_contain_text(cast.NAME)
    with page.expect_download() as taken:
        page.get_by_role("link", name="导出").click()
    assert "孟**" in Path(taken.value.path()).read_text(encoding="utf-8-sig")
    page.goto(f"/certificates/{issued.closing}/")
    page.get_by_role("link", name="终止证照").click()
    page.locator("main form button[type=submit]").click()
    axe(page)
    shoot(page, "certificates-end-faulty")
    page.get_by_label("已注销").check()
    page.get_by_label("理由").fill("食品经营者申请注销")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".alert-success")).to_be_visible()
    expect(page.locator("main")).to_contain_text("食品经营者申请注销")
    axe(page)
    shoot(page, "certificates-ended")
    page.goto("/certificates/types/")
    axe(page)
    shoot(page, "certificates-types")
    sign_in(page, "provider.head", is_fresh=True)
    page.goto("/certificates/types/food-permit/")
    axe(page)
    shoot(page, "certificates-type-head")
    sign_in(page, "authority.reviewer", is_fresh=True)
    page.goto("/certificates/types/signboard-permit/")
    axe(page)
    shoot(page, "certificates-type-reviewer")


def fits(page: Page) -> None:
    """Nothing is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
