"""A clerk adds a decision table in the studio, sees what is missing beside it, and tries a flow that asks one."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Check, Shoot, SignIn


def begin(page: Page, name: str, english: str) -> str:
    page.goto("/cases/studio/new/")
    page.locator("#id_name").fill(name)
    page.locator("#id_english").fill(english)
    page.locator("input[name=template][value=graded-approval]").check()
    page.locator("main form button.btn-primary").first.click()
    expect(page.locator("[data-studio]")).to_have_attribute("data-ready", "true")
    return page.url.removesuffix("draw/")


@pytest.fixture
def desk(page: Page, sign_in: SignIn) -> Page:
    sign_in(page, "clerk")
    return page


class TestDecisionTables:
    def test_findings_stand_beside_the_table(self, desk: Page, axe: Check, shoot: Shoot) -> None:
        begin(desk, "燃放许可", "Fireworks permit")
        desk.locator("#tab-decisions").click()
        expect(desk.locator("td.input-cell").first).to_contain_text("<= 10000")
        expect(desk.locator(".casework-table-faults")).to_be_hidden()

        desk.get_by_label("决策表代码").fill("fee")
        desk.get_by_role("button", name="添加决策表").click()
        desk.locator("[data-save-now]").click()

        expect(desk.locator(".casework-table-faults li").first).to_have_text("缺少表达式。")
        shoot(desk, "studio-decision-table")
        axe(desk)

    def test_a_task_is_drawn_that_asks_a_table(self, desk: Page) -> None:
        begin(desk, "夜市许可", "Night market permit")
        desk.locator('[data-element-id="grading"]').first.click()
        asked = desk.get_by_label("调用哪项决策")
        expect(asked).to_have_value("level")

        asked.select_option("")
        desk.locator("[data-save-now]").click()

        expect(desk.locator("[data-faults]")).to_contain_text("未说明调用哪一项决策")

    def test_the_try_says_which_rule_applied(self, desk: Page, axe: Check, shoot: Shoot) -> None:
        draft = begin(desk, "占道许可", "Road permit")
        desk.goto(f"{draft}try/")
        desk.locator("[name=data-amount]").fill("20000")
        desk.locator("button[value=begin]").click()
        desk.locator('button[value="outcome:accept"]').click()

        steps = desk.locator(".ui-timeline li")
        expect(steps.nth(1)).to_contain_text("命中第 2 条规则：金额超过一万元，由负责人决定")
        expect(desk.locator(".casework-try-task h3")).to_have_text("负责人审批决定")
        shoot(desk, "studio-decision-try")
        axe(desk)
