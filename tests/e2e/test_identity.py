"""One identity in the browser: other providers, relying parties, kiosks, one's sessions, powers of handlers."""

import base64
import hashlib
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import identity_cast as cast
from tests.e2e import licence_cast
from tests.e2e.conftest import Check, Shoot, SignIn
from tests.kit.platform import Platform
from zhengshu.contexts.trust.tests.lying_provider import LyingProvider

PROVINCE = "云泽省统一身份认证"
SITE = "市人才服务网"
BACK = "https://rp.example/callback"
VERIFIER = "v" * 64

Form = dict[str, str | float | bool]


@pytest.fixture(scope="module")
def kiosk(platform: Platform) -> str:
    """Fill the cast in and return the kiosk's client id."""
    return platform.act("tests.e2e.identity_cast").split()[-1]


@pytest.fixture
def province() -> Iterator[LyingProvider]:
    with LyingProvider() as provider:
        yield provider


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name).click()


def in_english(page: Page, shoot: Shoot, name: str) -> None:
    """Keep pictures of a page in the other language too."""
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": page.url}])
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    shoot(page, f"{name}-en")
    page.context.add_cookies([{"name": "django_language", "value": "zh-hans", "url": page.url}])
    page.reload()


def admit(page: Page, issuer: str, axe: Check, shoot: Shoot) -> None:
    """Admit another provider, after a slip of the pen."""
    page.goto("/identity/from/")
    axe(page)
    page.goto("/identity/from/add/")
    page.get_by_label("按钮名称").fill(PROVINCE)
    page.get_by_label("颁发者地址").or_(page.get_by_label("issuer")).first.fill("https://nowhere.invalid")
    page.locator("[name=client_id]").fill("us")
    page.locator("[name=secret]").fill("k" * 32)
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".ui-error-summary, .alert-danger").first).to_be_visible()
    axe(page)
    shoot(page, "identity-provider-faulty")
    page.locator("[name=issuer]").fill(issuer)
    page.locator("[name=secret]").fill("k" * 32)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text(PROVINCE)
    axe(page)
    shoot(page, "identity-providers")
    in_english(page, shoot, "identity-providers")


@pytest.mark.usefixtures("kiosk")
def test_another_provider_is_admitted_linked_once_and_then_opens_the_door(
    page: Page,
    browser: Browser,
    base_url: str,
    sign_in: SignIn,
    axe: Check,
    shoot: Shoot,
    province: LyingProvider,
) -> None:
    sign_in(page, "security.admin")
    admit(page, province.issuer, axe, shoot)
    # Other providers send people back to the platform's public name, so that is where they begin.
    public = base_url.replace("127.0.0.1", "localhost")
    visitor = browser.new_context(base_url=public).new_page()

    visitor.goto("/accounts/login/")
    axe(visitor)
    shoot(visitor, "identity-sign-in")
    visitor.get_by_role("link", name=PROVINCE).click()
    visitor.locator("input[name=login]").fill("consumer.officer")
    visitor.locator("input[name=password]").fill("Ping-An-2026")
    visitor.get_by_role("button", name="登录", exact=True).click()
    expect(visitor.locator("main")).to_contain_text("李华")
    axe(visitor)
    shoot(visitor, "identity-link")
    in_english(visitor, shoot, "identity-link")
    visitor.locator("button[name=answer][value=yes]").click()
    expect(visitor.locator("main")).to_contain_text(PROVINCE)
    axe(visitor)
    visitor.context.clear_cookies()
    visitor.goto("/accounts/login/")
    visitor.get_by_role("link", name=PROVINCE).click()

    expect(visitor.locator(".ui-person")).to_contain_text("林晓雯")
    visitor.context.close()


@pytest.mark.usefixtures("kiosk")
def test_a_site_is_registered_agreed_to_and_taken_back(
    page: Page, browser: Browser, base_url: str, sign_in: SignIn, axe: Check, shoot: Shoot
) -> None:
    sign_in(page, "security.admin")
    page.goto("/identity/parties/add/")
    page.locator("[name=name]").fill(SITE)
    page.locator("[name=redirect_uris]").fill("http://rp.example/callback")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".ui-error-summary, .alert-danger").first).to_be_visible()
    axe(page)
    shoot(page, "identity-party-faulty")
    page.locator("[name=redirect_uris]").fill(BACK)
    page.locator("[name=scopes][value=profile]").check()
    page.locator("[name=scopes][value=department]").check()
    page.locator("main form button[type=submit]").click()
    client_id = page.locator("#client-id").inner_text()
    axe(page)
    shoot(page, "identity-party-issued")
    page.goto("/identity/parties/")
    axe(page)
    shoot(page, "identity-parties")
    in_english(page, shoot, "identity-parties")
    page.get_by_role("link", name=SITE).click()
    axe(page)
    shoot(page, "identity-party")

    person = browser.new_context(base_url=base_url).new_page()
    person.route("https://rp.example/**", lambda route: route.fulfill(body="<title>back</title>ok"))
    sign_in(person, "provider.officer", is_fresh=True)
    person.goto(f"/identity/authorize?{urlencode(_question(client_id))}")
    expect(person.locator("main, .page").first).to_contain_text(SITE)
    axe(person)
    shoot(person, "identity-consent")
    in_english(person, shoot, "identity-consent")
    person.get_by_role("button", name="同意并继续").click()
    person.wait_for_url("https://rp.example/**")
    told = parse_qs(urlsplit(person.url).query)
    assert told["state"] == ["s-1"]
    assert "code" in told

    person.goto("/trust/me/")
    expect(person.locator("main")).to_contain_text(SITE)
    shoot(person, "identity-me")
    person.get_by_role("link", name="撤回").first.click()
    axe(person)
    press(person, "撤回")
    expect(person.locator("main section", has_text="同意时间")).to_have_count(0)
    person.context.close()


def _question(client_id: str) -> dict[str, str]:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    return {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": BACK,
        "scope": "openid profile department",
        "state": "s-1",
        "nonce": "n-1",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }


def test_a_session_elsewhere_is_seen_and_ended(
    page: Page, browser: Browser, base_url: str, sign_in: SignIn, axe: Check, shoot: Shoot
) -> None:
    forgotten = browser.new_context(base_url=base_url).new_page()
    sign_in(forgotten, "provider.head", is_fresh=True)
    sign_in(page, "provider.head", is_fresh=True)
    page.goto("/trust/me/")
    axe(page)
    shoot(page, "identity-sessions")
    in_english(page, shoot, "identity-sessions")

    page.get_by_role("link", name="退出其他").or_(page.get_by_role("link", name="结束其他")).first.click()
    axe(page)
    shoot(page, "identity-sessions-end")
    page.locator("main form button[type=submit]").click()

    expect(page.get_by_text("当前会话").or_(page.get_by_text("本次登录")).first).to_be_visible()
    forgotten.goto("/trust/me/")
    expect(forgotten.locator("input[name=login]")).to_be_visible()
    forgotten.context.close()


def test_a_kiosk_is_let_in_by_the_code_on_its_screen(
    page: Page, narrow: Page, sign_in: SignIn, axe: Check, shoot: Shoot, kiosk: str
) -> None:
    asked: Form = {"client_id": kiosk, "scope": "openid profile"}
    codes = page.request.post("/identity/device/code", form=asked).json()
    sign_in(narrow, "provider.officer")
    narrow.goto("/identity/device")
    narrow.get_by_label("屏幕上的").fill("BBBB-BBBB")
    narrow.locator("form.device button[type=submit], main form button[type=submit]").first.click()
    expect(narrow.locator(".alert-danger")).to_be_visible()
    axe(narrow)
    shoot(narrow, "identity-device-wrong")

    sign_in(page, "provider.officer")
    place = urlsplit(codes["verification_uri_complete"])
    page.goto(f"{place.path}?{place.query}")
    axe(page)
    shoot(page, "identity-device")
    in_english(page, shoot, "identity-device")
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_text(cast.KIOSK).first).to_be_visible()
    axe(page)
    shoot(page, "identity-device-confirm")
    page.locator("button[name=answer][value=yes]").click()
    axe(page)
    shoot(page, "identity-device-done")

    sent: Form = {
        "client_id": kiosk,
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": codes["device_code"],
    }
    assert page.request.post("/identity/token", form=sent).json()["token_type"] == "Bearer"


def test_a_representative_empowers_a_handler_for_one_kind_of_matter(
    page: Page,
    browser: Browser,
    base_url: str,
    platform: Platform,
    sign_in: SignIn,
    axe: Check,
    shoot: Shoot,
    kiosk: str,
) -> None:
    platform.act("tests.e2e.licence_cast", "fill")
    assert kiosk
    assert licence_cast.PACK.exists()
    sign_in(page, cast.CHIEF)
    page.goto("/trust/powers/")
    axe(page)
    page.locator("main a.btn-primary").click()
    page.locator("[name=username]").fill(cast.HANDLER)
    page.locator("[name=name]").fill("别人")
    page.locator("[name=matters][value='matters:licence']").check()
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".ui-error-summary, .alert-danger").first).to_be_visible()
    axe(page)
    shoot(page, "identity-power-faulty")
    page.locator("[name=name]").fill(cast.HANDLER_NAME)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("食品经营许可")
    axe(page)
    shoot(page, "identity-powers")
    in_english(page, shoot, "identity-powers")

    handler = browser.new_context(base_url=base_url).new_page()
    sign_in(handler, cast.HANDLER)
    handler.goto("/trust/powers/")
    expect(handler.locator("main")).to_contain_text(cast.ENTERPRISE)
    axe(handler)
    shoot(handler, "identity-powers-handler")
    handler.context.close()
