"""A real platform, a real browser: what every test in this folder shares."""

import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.cast import PASSWORD, TOTP_SECRET
from tests.kit.platform import ROOT, Platform, free_port, until

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "var" / "screenshots"
WIDE, NARROW = 1280, 390
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
GRAVE = frozenset({"serious", "critical"})

Check = Callable[[Page], None]
Shoot = Callable[[Page, str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, and give it time to start a platform where it does not say how long it takes."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("e2e")
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Start the system's Chromium; nothing is downloaded and nothing is sent home."""
    return {
        "executable_path": os.environ.get("ZHENGSHU_CHROMIUM", "/usr/bin/chromium"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(base_url: str) -> dict[str, object]:
    """Look at pages as an official at a desk does."""
    return at_a_desk(base_url)


def at_a_desk(base_url: str) -> dict[str, object]:
    """Return how a browser looks at a platform from a desk."""
    return {"base_url": base_url, "viewport": {"width": WIDE, "height": 900}, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """Run a platform with the cast in it, once for all tests.

    Its folder is not pytest's: each session of pytest closes that to the user of the embedded database.
    """
    # Playwright keeps an event loop open in this thread, at which Django would refuse to use the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with tempfile.TemporaryDirectory(prefix="zhengshu-e2e-", ignore_cleanup_errors=True) as folder:
        mail = {
            "ZHENGSHU_MAIL_HOST": "127.0.0.1",
            "ZHENGSHU_MAIL_PORT": str(free_port()),
            "ZHENGSHU_MAIL_SECURITY": "none",
            "ZHENGSHU_SMS_OUTBOX": str(Path(folder) / "sms"),
        }
        running = Platform.start(Path(folder), settings=mail)
        running.act("tests.e2e.cast")
        yield running
        running.stop()


@pytest.fixture(scope="session")
def base_url(platform: Platform) -> str:
    """Let `page.goto("/")` mean the platform."""
    return platform.web


@pytest.fixture
def narrow(browser: Browser, base_url: str) -> Iterator[Page]:
    """Return a page on a phone."""
    context = browser.new_context(
        base_url=base_url, viewport={"width": NARROW, "height": 844}, has_touch=True
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def plain(browser: Browser, base_url: str) -> Iterator[Page]:
    """Return a page without JavaScript."""
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture(autouse=True)
def no_fault_in_the_console(context: BrowserContext) -> Iterator[None]:
    """Fail when a page reports an error: a refused script, a missing file, an exception."""
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on(
        "console",
        lambda message: faults.append(message.text) if _is_fault(message.type, message.text) else None,
    )
    yield
    assert faults == []


def _is_fault(kind: str, text: str) -> bool:
    is_answer = re.search(r"the server responded with a status of (4\d\d|503)", text)
    is_of_dmn_js = "minified copy of the development build of Inferno" in text
    return kind == "error" and not is_answer and not is_of_dmn_js


class SignIn(Protocol):
    """Signs a person in: by the form the first time (or when fresh), afterwards by the session that it gave.

    Without a password of his own, by the one that all people of the platform have.
    """

    def __call__(self, page: Page, username: str, *, password: str = "", is_fresh: bool = False) -> None: ...


@pytest.fixture(scope="session")
def sign_in(platform: Platform) -> SignIn:
    """Return a way to sign in."""
    return signing_in(platform, PASSWORD)


def signing_in(platform: Platform, password_of_all: str) -> SignIn:
    """Return a way to sign in to a platform, with the second factor where one is asked for."""
    sessions: dict[str, str] = {}
    codes: dict[str, str] = {}

    def is_open(username: str) -> bool:
        """Whether a session is still there: a test may have ended all of a person's."""
        answer = httpx.get(f"{platform.web}/help/", cookies={"sessionid": sessions[username]})
        return "ui-person" in answer.text

    def fresh_code(username: str) -> str:
        """Return a code that the person has not used; each is good once."""
        assert until(lambda: one_time_code() != codes.get(username), seconds=31)
        codes[username] = one_time_code()
        return codes[username]

    def sign_in_as(page: Page, username: str, *, password: str = "", is_fresh: bool = False) -> None:
        if username in sessions and not is_fresh and is_open(username):
            page.context.add_cookies(
                [{"name": "sessionid", "value": sessions[username], "url": platform.web}]
            )
            return
        page.context.clear_cookies(name="sessionid")
        page.goto(f"{platform.web}/accounts/login/")
        page.locator("input[name=login]").fill(username)
        page.locator("input[name=password]").fill(password or password_of_all)
        page.locator("main form button[type=submit]").first.click()
        code = page.locator("input[name=code]")
        expect(code.or_(page.locator(".ui-person"))).to_be_visible()
        if code.is_visible():
            code.fill(fresh_code(username))
            page.locator("main form button[type=submit]").first.click()
        expect(page.locator(".ui-person")).to_be_visible()
        if not is_fresh:
            sessions[username] = next(
                one["value"] for one in page.context.cookies() if one["name"] == "sessionid"
            )

    return sign_in_as


def one_time_code() -> str:
    """Return the code that an authenticator app would show now."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return str(format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30)))


@pytest.fixture(scope="session")
def axe() -> Check:
    """Return a check that fails on serious and critical violations of WCAG 2.2 AA."""
    source = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> None:
        page.evaluate(source)
        found = page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", list(RULES)
        )
        grave = [
            {
                "rule": one["id"],
                "help": one["help"],
                "where": [node["html"][:200] for node in one["nodes"][:4]],
            }
            for one in found["violations"]
            if one["impact"] in GRAVE
        ]
        assert grave == [], f"{page.url}\n{json.dumps(grave, ensure_ascii=False, indent=1)}"

    return check


@pytest.fixture(scope="session")
def shoot() -> Shoot:
    """Return a way to keep pictures of a page, wide and narrow, under var/screenshots, where PICTURES asks for them."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    is_wanted = bool(os.environ.get("PICTURES"))

    def keep(page: Page, name: str) -> None:
        if not is_wanted:
            return
        before = page.viewport_size
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=True)
        if before is not None:
            page.set_viewport_size(before)

    return keep
