"""What comes back about shared data, in the browser: a correction, a misuse, a demand, a dispute."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import shared
from tests.e2e.conftest import Check, Shoot, SignIn
from tests.kit.platform import Platform


def _run(platform: Platform, *arguments: str) -> None:
    platform.act("tests.e2e.shared", *arguments)


@pytest.fixture(scope="module", autouse=True)
def _granted(platform: Platform) -> None:
    _run(platform)


def _resource(page: Page) -> str:
    """Open the page of the resource and return its code."""
    page.goto(f"/catalog/?q={shared.NAME}")
    page.get_by_role("link", name=shared.NAME).first.click()
    page.wait_for_url(re.compile(r"/catalog/[0-9]{6}-[0-9]+/$"))
    return page.url.rstrip("/").split("/")[-1]


def _grant(page: Page) -> None:
    page.goto("/exchange/grants/")
    page.get_by_role("link", name=shared.NAME).first.click()
    page.wait_for_url(re.compile(r"/exchange/grants/[0-9a-f-]{36}/$"))


def _act(page: Page, outcome: str) -> None:
    page.locator(f"button[name=act][value={outcome}]").click()


class TestCorrection:
    def test_is_asked_for_verified_corrected_and_seen_at_the_resource(
        self, page: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "consumer.officer")
        code = _resource(page)
        page.locator("a[href*='/exchange/corrections/new']").first.click()
        axe(page)
        shoot(page, "matters-correction-form")
        page.locator("button.btn-primary").last.click()
        expect(page.locator(".ui-error-summary")).to_be_visible()
        page.get_by_label("企业名称").first.check()
        page.fill("[name=key_credit_code]", shared.ROWS[0][0])
        page.fill("[name=right_enterprise_name]", "明州市第一商贸股份有限公司")
        page.fill("[name=evidence]", "营业执照正本载明企业类型为股份有限公司")
        page.locator("main form button.btn-primary").last.click()
        page.wait_for_url(re.compile(r"/exchange/corrections/[0-9a-f-]{36}/$"))
        correction = page.url
        axe(page)

        sign_in(page, "provider.officer")
        page.goto("/cases/")
        page.get_by_role("link", name=shared.NAME).first.click()
        expect(page).to_have_url(correction)
        expect(page.locator("main")).not_to_contain_text("营业执照正本载明")
        page.locator("form[action$='values/'] button").click()
        expect(page.locator("main")).to_contain_text("营业执照正本载明")
        page.goto(correction)
        axe(page)
        shoot(page, "matters-correction-verify")
        _act(page, "wrong")
        _run(platform, code)
        page.goto(correction)
        page.select_option("[name=batch]", index=1)
        axe(page)
        shoot(page, "matters-correction-correct")
        _act(page, "corrected")
        expect(page.locator("main")).to_contain_text("已更正")
        shoot(page, "matters-correction-done")

        sign_in(page, "consumer.officer")
        _resource(page)
        expect(page.locator("main")).to_contain_text("按时答复率100.0%")
        axe(page)
        shoot(page, "matters-correction-resource")
        page.goto("/exchange/corrections/")
        axe(page)
        shoot(page, "matters-correction-list")


class TestMisuse:
    def test_suspends_the_grant_at_the_gateway_and_ends_it(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "consumer.officer")
        _grant(page)
        developer = page.url + "developer/"
        self._call(page, developer)
        expect(page.locator("main")).to_contain_text("明州市第一商贸")

        sign_in(page, "provider.officer")
        page.goto(f"/exchange/calls/?grant={developer.split('/')[-3]}")
        axe(page)
        page.locator("a[href*='/exchange/misuses/new']").first.click()
        page.fill("[name=finding]", "短时间内批量查询与稽核无关的企业")
        page.fill("[name=order]", "停止批量查询，删除已取得的无关数据")
        axe(page)
        shoot(page, "matters-misuse-form")
        page.locator("main form button.btn-danger").click()
        page.wait_for_url(re.compile(r"/exchange/misuses/[0-9a-f-]{36}/$"))
        misuse = page.url

        sign_in(page, "consumer.officer")
        self._call(page, developer)
        expect(page.locator("main")).not_to_contain_text("明州市第一商贸")
        page.goto(misuse)
        axe(page)
        shoot(page, "matters-misuse-rectify")
        page.fill("[name=reason]", "经查系定时任务配置错误，已停用并删除")
        _act(page, "submit")

        sign_in(page, "provider.officer")
        page.goto(misuse)
        _act(page, "terminate")
        expect(page.locator(".ui-error-summary")).to_be_visible()
        page.fill("[name=reason]", "仍在批量查询，未停用")
        _act(page, "terminate")

        sign_in(page, "provider.head")
        page.goto(misuse)
        page.fill("[name=reason]", "拒不整改")
        page.fill("[name=basis]", "《政务数据共享条例》第二十七条")
        axe(page)
        shoot(page, "matters-misuse-decide")
        _act(page, "terminate")
        axe(page)
        shoot(page, "matters-misuse-confirm")
        page.locator("main form button.btn-danger").click()
        expect(page.locator("main")).to_contain_text("处置数据")
        sign_in(page, "consumer.officer")
        _grant(page)
        expect(page.locator("main")).to_contain_text("已撤销")
        axe(page)
        shoot(page, "matters-misuse-grant")

    @staticmethod
    def _call(page: Page, developer: str) -> None:
        page.goto(developer)
        page.fill("[name=key_credit_code]", shared.ROWS[0][0])
        if page.locator("[name=case]").count():
            page.fill("[name=case]", "JH-2026-1")
        page.locator("form[action*='try/'] button:not([type=button])").first.click()


class TestDemandAndDispute:
    def test_a_demand_gets_a_responsible_department_and_a_date(
        self, page: Page, narrow: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(narrow, "consumer.head")
        narrow.goto("/exchange/demands/new")
        axe(narrow)
        for name, text in {
            "name": "残疾人证信息",
            "legal_basis": "《中华人民共和国残疾人保障法》第四十八条",
            "scenario": "办理残疾人就业保障金减免时核对证件",
            "wanted": "证号、残疾类别、等级、有效期",
        }.items():
            narrow.fill(f"[name={name}]", text)
        narrow.locator("main form button.btn-primary").last.click()
        narrow.wait_for_url(re.compile(r"/exchange/demands/[0-9a-f-]{36}/$"))
        sign_in(page, "authority.reviewer")
        page.goto(narrow.url)
        axe(page)
        shoot(page, "matters-demand-find")
        page.select_option("[name=department]", label="明州市市场监督管理局")
        _act(page, "assign")
        sign_in(page, "provider.officer")
        page.goto(narrow.url)
        page.fill("[name=promised_on]", "2027-01-15")
        _act(page, "accept")
        sign_in(page, "consumer.officer")
        page.goto("/exchange/demands/?list=responsibilities")
        expect(page.locator("main")).to_contain_text("残疾人证信息")
        axe(page)
        shoot(page, "matters-demand-list")

    def test_a_dispute_is_mediated_between_both_sides(
        self, page: Page, plain: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(plain, "consumer.officer")
        _grant(plain)
        plain.locator("a[href*='/exchange/disputes/new']").first.click()
        plain.fill("[name=claim]", "提供部门自行增加使用条件")
        plain.fill("[name=wanted]", "按目录载明的条件提供")
        plain.locator("main form button.btn-primary").last.click()
        plain.wait_for_url(re.compile(r"/exchange/disputes/[0-9a-f-]{36}/$"))
        sign_in(page, "provider.officer")
        page.goto(plain.url)
        page.fill("[name=reason]", "条件是必要的")
        axe(page)
        _act(page, "reject")
        sign_in(page, "authority.reviewer")
        page.goto(plain.url)
        page.fill("[name=reason]", "以承诺书代替协议")
        axe(page)
        shoot(page, "matters-dispute-mediate")
        _act(page, "propose")
        for name in ("provider.officer", "consumer.officer"):
            sign_in(page, name)
            page.goto(plain.url)
            _act(page, "accept")
        expect(page.locator("main")).to_contain_text("协调一致")
        shoot(page, "matters-dispute-done")
