"""A real platform, a real browser: what every test in this folder shares."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.cast import PASSWORD
from tests.kit.platform import ROOT, Platform

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "var" / "screenshots"
WIDE, NARROW = 1280, 390
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
GRAVE = frozenset({"serious", "critical"})

SignIn = Callable[[Page, str], None]
Check = Callable[[Page], None]
Shoot = Callable[[Page, str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, and give it time to start a platform."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("e2e")
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
def browser_context_args() -> dict[str, object]:
    """Look at pages as an official at a desk does."""
    return {"viewport": {"width": WIDE, "height": 900}, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Run a platform with the cast in it, once for all tests."""
    # Playwright keeps an event loop open in this thread, at which Django would refuse to use the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    running = Platform.start(tmp_path_factory.mktemp("e2e"))
    subprocess.run([sys.executable, "-m", "tests.e2e.cast"], cwd=ROOT, env=running.environment, check=True)
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
    return kind == "error" and not is_answer


@pytest.fixture(scope="session")
def sign_in(platform: Platform) -> SignIn:
    """Return a way to sign in by the form, as people do."""

    def sign_in_as(page: Page, username: str, password: str = PASSWORD) -> None:
        page.goto(f"{platform.web}/accounts/login/")
        page.locator("input[name=login]").fill(username)
        page.locator("input[name=password]").fill(password)
        page.locator("main form button[type=submit]").first.click()
        expect(page.locator("input[name=password][autocomplete=current-password]")).to_have_count(0)

    return sign_in_as


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
    """Return a way to keep pictures of a page, wide and narrow, under var/screenshots."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def keep(page: Page, name: str) -> None:
        before = page.viewport_size
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=True)
        if before is not None:
            page.set_viewport_size(before)

    return keep
