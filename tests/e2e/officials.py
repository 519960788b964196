"""Officials at their desks: they find a matter by its number, look at it, and decide on the page of the to-do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.e2e.conftest import WIDE, Check, Shoot, SignIn


@dataclass(frozen=True, slots=True)
class Step:
    """What an official does with a to-do.

    Attributes:
        answers: the fields of the to-do's form that he fills in, where it has one.
        choices: what he chooses in that form.
    """

    username: str
    task: str
    outcome: str
    reason: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """One screen, at which officials sit in turn."""

    page: Page
    sign_in: SignIn
    axe: Check
    shoot: Shoot

    def decide(self, number: str, step: Step, *, picture: str = "") -> None:
        """Let an official find his to-do by the number of the matter, and decide; a pictured one is checked by axe."""
        page = self.page
        self.sign_in(page, step.username)
        page.set_viewport_size({"width": WIDE, "height": 900})
        page.goto("/cases/")
        page.get_by_label("搜索词").fill(number)
        page.get_by_label("搜索词").press("Enter")
        page.locator("tbody tr").filter(has_text=step.task).get_by_role("link", name=number).click()
        if step.answers:
            self._fill_in(step, picture=picture)
        else:
            page.get_by_role("link", name="去办理").click()
            expect(page.locator("h1")).to_have_text(step.task)
            self._choose(step)
        if step.reason:
            page.get_by_label("理由").fill(step.reason)
        self._look(picture, "decide")
        page.locator("main form button[type=submit]").click()
        if step.answers:
            expect(page.locator("h1")).to_contain_text("已完成")
            page.get_by_role("link", name="查看办件").click()
        happened = page.get_by_role("region", name="办理记录")
        expect(happened).to_contain_text(f"{step.task}：{step.outcome}")
        self._look(picture, "decided")

    def _fill_in(self, step: Step, *, picture: str) -> None:
        """Fill in the form of the to-do up to where the outcome is chosen."""
        page = self.page
        page.get_by_role("link", name="填写表单").click()
        page.get_by_role("button", name="开始填写").click()
        for label, text in step.answers.items():
            page.get_by_label(label).fill(text)
        for choice in step.choices:
            page.get_by_role("radio", name=choice, exact=True).check()
        self._look(picture, "form")
        page.get_by_role("button", name="保存并继续").last.click()
        expect(page.locator("h1")).to_contain_text("核对")
        self._choose(step)

    def _choose(self, step: Step) -> None:
        """Choose how the to-do ends, unless there is only one way."""
        for outcome in self.page.get_by_role("radio", name=step.outcome, exact=True).all():
            outcome.check()

    def _look(self, picture: str, moment: str) -> None:
        if picture:
            self.axe(self.page)
            self.shoot(self.page, f"{picture}-{moment}")
