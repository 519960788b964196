"""One things as people of the city go through them, on a phone or without scripts."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Check, Shoot
from tests.kit.platform import until

NEXT = "保存并继续"
SECONDS_TO_HEAR = 60
"""In which the worker has heard that a part has ended, and has begun what waited for it."""

COUNTED = """
addEventListener("input", event => {
  if (!location.pathname.startsWith("/services/one-things/")) return;
  const typed = Number(sessionStorage.getItem("typed") || 0);
  sessionStorage.setItem("typed", typed + (event.data || "").length);
}, true);
"""
"""Counts what is typed into one things, letter by letter, as the browser hears it."""


def begin(page: Page, name: str) -> None:
    """Begin one thing from the list of them."""
    page.goto("/services/one-things/")
    page.get_by_role("link", name=f"开始办理 {name}").click()
    page.get_by_role("button", name="开始办理").click()
    expect(page.locator("main")).to_contain_text("填写步骤")


def throw_away(page: Page, name: str, *, shoot: Shoot) -> None:
    """Throw the begun form away, at the second thought from the list of what was begun."""
    page.get_by_role("link", name="放弃这份草稿").click()
    shoot(page, "thing-discard")
    page.get_by_role("link", name="取消").click()
    page.goto("/apply/")
    shoot(page, "thing-begun")
    page.get_by_role("link", name=re.compile(f"^放弃.*{name}")).click()
    page.get_by_role("button", name="放弃").click()
    expect(page.locator("main")).to_contain_text("草稿已放弃")
    expect(page.locator("main a[href$='/discard/']")).to_have_count(0)


def go_on(page: Page) -> None:
    """Save a page of the form and go to the next."""
    page.get_by_role("button", name=NEXT).click()


def on_screen(page: Page) -> None:
    """Check that nothing is wider than the phone."""
    assert page.locator("html").evaluate("html => html.scrollWidth <= html.clientWidth")


def look(page: Page, picture: str, *, axe: Check, shoot: Shoot) -> None:
    """Check a page for whoever sees, hears or holds it in one hand, and keep a picture."""
    axe(page)
    on_screen(page)
    shoot(page, picture)


def send(page: Page) -> str:
    """Send from the last page, twice as an impatient person does, and return the address of the result."""
    page.get_by_role("button", name="提交给各部门").dblclick()
    expect(page.locator("main")).to_contain_text("办理中")
    assert re.search(r"/one-things/[0-9a-f-]{36}/", page.url)
    return page.url


def number_of(page: Page, part: str) -> str:
    """Return the number of a part's case as soon as it has begun."""
    row = part_of(page, part)
    link = row.locator("a[href^='/apply/mine/']")
    assert until(lambda: bool(page.reload()) and link.count() == 1, seconds=SECONDS_TO_HEAR), page.locator(
        "main"
    ).inner_text()
    return link.inner_text()


def part_of(page: Page, part: str) -> Locator:
    """Return the row of a part."""
    return page.get_by_role("region", name="各项办理情况").get_by_role("listitem").filter(has_text=part)


def take_a_part_back(page: Page, *, waits: str, shoot: Shoot) -> None:
    """Take the one part that is being handled back, told before what will not be begun then."""
    page.locator("main a[href^='/apply/mine/']").first.click()
    page.get_by_role("link", name="撤回申请").click()
    expect(page.locator("main")).to_contain_text(f"等待它的结果的事项不再开始：{waits}")
    shoot(page, "newborn-part-back")
    page.get_by_label("理由").fill("重复提交")
    page.get_by_role("button", name="撤回").click()
    expect(part_of(page, waits)).to_contain_text("前一项未办成，未开始")
    on_screen(page)
    shoot(page, "newborn-part-taken-back")


def result(page: Page, names: tuple[str, ...], *, axe: Check) -> None:
    """Wait for the certificates, open each from the one result, and let anybody check it by its identifier."""
    links = page.locator("main a[href^='/certificates/']")
    assert until(lambda: bool(page.reload()) and links.count() == len(names), seconds=SECONDS_TO_HEAR), (
        page.locator("main").inner_text()
    )
    axe(page)
    on_screen(page)
    found = sorted((one.inner_text(), str(one.get_attribute("href"))) for one in links.all())
    assert [name for name, _address in found] == sorted(names), found
    for name, address in found:
        page.goto(address)
        expect(page.locator("h1")).to_contain_text(name)
        axe(page)
        verify(page, page.locator(".certificates-number code").inner_text(), name)


def verify(page: Page, identifier: str, name: str) -> None:
    """Check a certificate on the page for everybody."""
    page.goto("/certificates/verify/")
    page.get_by_label("证照标识").fill(identifier)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("证照真实")
    expect(page.locator("main")).to_contain_text(name)


def picture_of_a_sign(folder: Path, *, is_sound: bool = True) -> Path:
    """Write a file that is, or says that it is, a PDF."""
    file = folder / "招牌.pdf"
    file.write_bytes(
        b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n" if is_sound else b"no pdf at all"
    )
    return file
