"""The security administrator's findings, alarms and rules, and a citizen's list of who read his record."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Check, Shoot, SignIn
from tests.e2e.security_cast import CITIZEN
from tests.kit.platform import Platform


@pytest.fixture(scope="module", autouse=True)
def _watched(platform: Platform) -> None:
    platform.act("tests.e2e.security_cast")


class TestSecurityAdministrator:
    def test_examines_a_finding_from_the_inbox(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "security.admin")
        page.goto("/exchange/watching/findings/")
        expect(page.locator("table tbody tr").first).to_be_visible()
        axe(page)
        shoot(page, "findings")
        page.get_by_role("link", name="反复查询同一对象").first.click()
        expect(page.get_by_role("heading", name="反复查询同一对象")).to_be_visible()
        axe(page)
        shoot(page, "finding")
        page.goto("/cases/")
        page.get_by_role("link", name="反复查询同一对象").first.click()
        page.get_by_label("误报").check()
        page.locator("textarea[name=reason]").fill("夜间批量核对，已与使用部门核实")
        axe(page)
        shoot(page, "finding-case")
        page.get_by_role("button", name="办结").click()
        expect(page.get_by_text("事项已办结。")).to_be_visible()

    def test_sees_the_effect_of_numbers_before_they_hold(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "security.admin")
        page.goto("/exchange/watching/")
        axe(page)
        shoot(page, "watching")
        page.goto("/exchange/watching/rules/repeat/")
        shoot(page, "watch-rule")
        page.locator("input[name=calls]").fill("2")
        page.get_by_role("button", name="查看按这些阈值会发现什么").click()
        shoot(page, "watch-rule-error")
        page.locator("input[name=calls]").fill("5")
        page.get_by_role("button", name="查看按这些阈值会发现什么").click()
        expect(page.get_by_text("按新阈值的线索数")).to_be_visible()
        axe(page)
        shoot(page, "watch-rule-effect")
        page.get_by_role("button", name="生效").click()
        expect(page.get_by_text("规则已生效。")).to_be_visible()

    def test_changes_the_keys_that_sign_the_log(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "security.admin")
        page.goto("/trust/log/")
        page.get_by_role("link", name="签名密钥").click()
        axe(page)
        shoot(page, "log-keys-first")
        page.get_by_role("link", name="公告新密钥").click()
        axe(page)
        shoot(page, "log-keys-announce")
        page.get_by_role("button", name="公告新密钥").click()
        expect(page.get_by_text("新密钥已公告")).to_be_visible()
        axe(page)
        shoot(page, "log-keys-announced")

    def test_says_what_calls_of_a_system_must_name(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "security.admin")
        page.goto("/trust/systems/")
        page.locator("table tbody tr a").first.click()
        axe(page)
        shoot(page, "system-rules")
        page.get_by_role("link", name="注明查询人员").click()
        axe(page)
        shoot(page, "system-officials")
        page.get_by_label("应当注明").check()
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text("应当注明；未注明的调用照常应答并计数")).to_be_visible()

    def test_looks_at_witnesses_and_an_alarm(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "security.admin")
        page.goto("/trust/log/witnesses/")
        axe(page)
        shoot(page, "witnesses-alarm")
        page.get_by_role("link", name="日志与调用记录的数目不一致").click()
        axe(page)
        shoot(page, "log-alarm")
        page.goto("/trust/log/witnesses/add/")
        page.locator("textarea[name=vkey]").fill("x")
        page.locator("input[name=address]").fill("ftp://x")
        page.locator("main form button[type=submit]").first.click()
        axe(page)
        shoot(page, "witness-add")


class TestCitizen:
    def test_sees_who_read_his_record(self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot) -> None:
        sign_in(page, CITIZEN)
        page.goto("/exchange/my-reads/")

        expect(page.get_by_text("社会救助核对系统").first).to_be_visible()
        axe(page)
        shoot(page, "my-reads")
        page.goto("/exchange/my-reads/?purpose=statistics")
        expect(page.get_by_text("暂无查询记录")).to_be_visible()
        shoot(page, "my-reads-empty")
