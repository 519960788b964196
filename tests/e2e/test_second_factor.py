"""Second factors in a real browser: passkeys with a virtual authenticator, and the codes of an app."""

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.cast import PASSWORD
from tests.e2e.conftest import Check, Shoot
from tests.kit.platform import Platform

PASSKEYS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named(platform: Platform) -> str:
    """Return the platform's address by a name: passkeys do not work at a number."""
    return platform.web.replace("127.0.0.1", "localhost")


@pytest.fixture
def authenticator(page: Page) -> Iterator[CDPSession]:
    """Give the browser a device that keeps passkeys and knows its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEYS})
    yield session
    session.send("WebAuthn.disable")


def _sign_in(page: Page, address: str, username: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def _sign_out(page: Page) -> None:
    page.locator("summary.ui-person").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.locator(".ui-person")).to_have_count(0)


@pytest.mark.usefixtures("authenticator")
class TestPasskey:
    def test_is_added_without_the_password_again_and_opens_the_door_alone(
        self, page: Page, named: str, axe: Check, shoot: Shoot
    ) -> None:
        _sign_in(page, named, "passkey.person")
        page.locator("summary.ui-person").click()
        page.get_by_role("link", name="登录安全").click()
        page.locator("main a[href$='/webauthn/add/']").click()
        axe(page)
        shoot(page, "passkey-add")
        page.get_by_label("密钥名称").fill("窗口电脑")
        page.get_by_label("无密码").check()
        page.locator("#mfa_webauthn_add").click()
        page.wait_for_url(re.compile("/accounts/2fa/(recovery-codes/|webauthn/$)"))
        page.goto(f"{named}/accounts/2fa/webauthn/")
        expect(page.locator("main")).to_contain_text("窗口电脑")
        axe(page)
        _sign_out(page)

        page.goto(f"{named}/accounts/login/")
        page.get_by_role("button", name="使用通行密钥").click()

        expect(page.locator(".ui-person")).to_contain_text("宋嘉")
        _sign_out(page)
        _sign_in(page, named, "passkey.person")
        expect(page.locator("input[name=code]")).to_be_visible()


class TestApp:
    def test_its_code_is_asked_for_once_it_is_set_up(self, page: Page, named: str, axe: Check) -> None:
        _sign_in(page, named, "app.person")
        page.goto(f"{named}/accounts/2fa/totp/activate/")
        axe(page)
        secret = page.locator("#authenticator_secret, input[readonly]").first.input_value()
        page.locator("input[name=code]").fill(_code(secret))
        page.get_by_role("button", name="激活").click()
        expect(page.locator("h1")).to_have_text("恢复代码")
        spare = page.locator("main textarea").input_value().split()[0]
        _sign_out(page)

        _sign_in(page, named, "app.person")
        page.locator("input[name=code]").fill(
            spare
        )  # a code of the app opens once, and the next is 30 s away
        page.locator("main form button[type=submit]").first.click()

        expect(page.locator(".ui-person")).to_contain_text("冯远")


class TestFirstPassword:
    def test_is_changed_before_anything_else(self, page: Page, named: str, axe: Check) -> None:
        _sign_in(page, named, "newcomer")
        expect(page.locator("h1")).to_contain_text("密码")
        page.goto(f"{named}/catalog/")
        expect(page).to_have_url(re.compile("/accounts/password/change/"))
        axe(page)

        page.locator("[name=oldpassword]").fill(PASSWORD)
        for field in ("password1", "password2"):
            page.locator(f"[name={field}]").fill("Xin-Mi-Ma-2027")
        page.locator("main form button[type=submit]").first.click()

        page.goto(f"{named}/catalog/")
        expect(page.locator("h1")).to_contain_text("目录")


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
