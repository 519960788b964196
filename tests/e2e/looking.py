"""Looking at each page of a journey as it comes."""

from playwright.sync_api import Page

from tests.e2e.conftest import Check, Shoot


class Look:
    """Looks at each page as it comes: nothing wider than the phone, nothing that axe finds, a picture."""

    def __init__(self, axe: Check, shoot: Shoot) -> None:
        self._axe, self._shoot = axe, shoot

    def at(self, page: Page, name: str) -> None:
        self._axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        self._shoot(page, f"services-{name}")
