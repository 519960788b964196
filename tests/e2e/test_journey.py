"""One lawful shared call in the browser, by what the pages say alone: provider, reviewer, consumer, developer."""

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Check, Shoot, SignIn
from tests.kit.platform import ROOT, Platform
from zhengshu.contexts.trust.tests.factories import credit_code

NAME = "企业登记基本信息"
FIRMS = [
    (f"明州市第{number}贸易有限公司", credit_code(900 + number), f"2019年{number}月5日")
    for number in range(1, 10)
]


def _file(folder: Path) -> Path:
    """Write a register as a department would: GBK, dates in Chinese, one row that cannot be right."""
    rows = ["企业名称,统一社会信用代码,成立日期", *(",".join(firm) for firm in FIRMS), "坏行有限公司,,不详"]
    file = folder / "企业登记.csv"
    file.write_text("\n".join(rows) + "\n", encoding="gbk")
    return file


def _press(page: Page, action: str) -> None:
    page.locator(f"main form[action*='{action}'] button:not([type=button])").first.click()


def _send(page: Page) -> None:
    page.locator("main form button.btn-primary").last.click()


class TestOneSharedCall:
    def test_from_the_file_to_the_call(
        self, page: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot, tmp_path: Path
    ) -> None:
        resource = self._declare(page, sign_in, axe, shoot, _file(tmp_path))
        self._publish(page, sign_in, axe, shoot, resource)
        request = self._request(page, sign_in, axe, shoot, resource)
        self._answer(page, sign_in, axe, shoot, request)
        code = self._take_a_key(page, sign_in, axe, shoot)
        self._try(page, axe, shoot)
        self._paste(platform, code)
        self._revoke(page, sign_in, axe)
        assert "exchange.grant-revoked" in self._run(platform, code)

    def _declare(self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot, file: Path) -> str:
        sign_in(page, "provider.officer")
        page.goto("/lake/new/")
        page.set_input_files("input[type=file]", file)
        _send(page)
        expect(page.locator("[name=items-1-column]")).to_have_value("credit_code")
        axe(page)
        shoot(page, "journey-profile")
        page.fill("[name=name]", NAME)
        page.fill("[name=summary]", "市场监督管理部门登记的企业基本信息")
        page.select_option("[name=classification]", "306001")
        page.select_option("[name=sharing_class]", "conditional")
        page.fill("[name=sharing_scope]", "全市各级行政机关")
        page.fill("[name=sharing_purposes]", "办理公共服务事项")
        page.locator("main form button.btn-primary[type=submit]").first.click()
        page.wait_for_url("**/lake/batches/**")
        expect(page.locator(".ui-badge-green").first).to_be_visible(timeout=60_000)
        axe(page)
        shoot(page, "journey-batch")
        return str(page.locator("a[href*='/lake/resources/']").first.get_attribute("href")).split("/")[-2]

    def _publish(self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot, resource: str) -> None:
        page.get_by_role("link", name="核对目录条目并提交审批").click()
        page.wait_for_url(f"**/catalog/{resource}/**")
        axe(page)
        shoot(page, "journey-draft")
        _press(page, "submit/")
        sign_in(page, "provider.head")
        page.goto("/cases/")
        page.get_by_role("link", name=NAME).first.click()
        page.check("[name=secrecy_risk]")
        page.check("[name=personal_information]")
        _press(page, "approve/")
        sign_in(page, "authority.reviewer")
        page.goto("/cases/")
        page.get_by_role("link", name=NAME).first.click()
        axe(page)
        _press(page, "publish/")
        expect(page.locator("main")).to_contain_text("已发布")

    def _request(self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot, resource: str) -> str:
        sign_in(page, "consumer.officer")
        page.goto(f"/catalog/?q={NAME}")
        page.get_by_role("link", name=NAME).first.click()
        page.locator(f"a[href*='/exchange/requests/new?resource={resource}']").first.click()
        axe(page)
        shoot(page, "journey-request-form")
        page.fill("[name=legal_basis]", "《中华人民共和国社会保险法》第五十七条")
        page.select_option("[name=purpose]", "public_service")
        page.fill("[name=scenario]", "办理企业社会保险登记时核对登记信息")
        for box in page.locator("[name=columns]").all():
            box.check()
        page.fill("[name=valid_until]", "2027-06-30")
        page.select_option("[name=system]", "new")
        page.fill("[name=new_system]", "社会保险经办系统")
        page.check("[name=is_declared]")
        page.locator("button[name=act][value=submit]").click()
        page.wait_for_url(re.compile(r"/exchange/requests/[0-9a-f-]{36}/$"))
        request = page.url
        sign_in(page, "consumer.head")
        page.goto("/")
        page.locator("main").get_by_role("link", name=NAME).first.click()
        page.locator("button[name=act][value=approve]").click()
        return request

    def _answer(self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot, request: str) -> None:
        sign_in(page, "provider.officer")
        page.goto("/cases/")
        axe(page)
        shoot(page, "journey-inbox")
        page.locator("main").get_by_role("link", name=NAME).first.click()
        expect(page).to_have_url(request)
        axe(page)
        shoot(page, "journey-request")
        page.locator("a[href*='kind=agree']").first.click()
        axe(page)
        _send(page)
        page.locator("a[href$='deliver/'], form[action$='deliver/'] button").first.click()
        if "deliver" in page.url:
            _send(page)
        expect(page).to_have_url(re.compile(r"/exchange/grants/"))

    @staticmethod
    def _open_grant(page: Page) -> None:
        page.goto("/exchange/grants/")
        page.get_by_role("link", name=NAME).first.click()
        page.wait_for_url(re.compile(r"/exchange/grants/[0-9a-f-]{36}/$"))

    def _take_a_key(self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot) -> str:
        sign_in(page, "consumer.officer")
        self._open_grant(page)
        axe(page)
        shoot(page, "journey-grant")
        page.get_by_role("link", name="开发者").click()
        axe(page)
        if not page.locator("form[action$='key/'] button").is_visible():
            page.get_by_text("签发密钥").first.click()
        _press(page, "key/")
        axe(page)
        shoot(page, "journey-key")
        return page.locator("pre").filter(has_text="from zhengshu.client").inner_text()

    def _try(self, page: Page, axe: Check, shoot: Shoot) -> None:
        self._open_grant(page)
        page.get_by_role("link", name="开发者").click()
        page.fill("[name=key_credit_code]", FIRMS[0][1])
        page.fill("[name=case]", "BJ-2026-1")
        _press(page, "try/")
        expect(page.locator("main")).to_contain_text(FIRMS[0][0])
        axe(page)
        page.goto("/exchange/calls/")
        expect(page.locator("main")).to_contain_text("BJ-2026-1")
        bars = page.locator("[data-chart] svg path[fill^='rgb']")
        expect(bars.first).to_be_attached()  # the chart is drawn in the colours of the theme
        axe(page)
        shoot(page, "journey-calls")

    def _paste(self, platform: Platform, code: str) -> None:
        assert FIRMS[1][0] in self._run(platform, code)

    @staticmethod
    def _run(platform: Platform, code: str) -> str:
        """Run the three lines of the page, with a key of the register in place of the sample."""
        pasted = code.replace('"SAMPLE"', f'"{FIRMS[1][1]}"')
        run = subprocess.run(
            [sys.executable, "-c", pasted],
            cwd=ROOT,
            env=platform.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return run.stdout + run.stderr

    def _revoke(self, page: Page, sign_in: SignIn, axe: Check) -> None:
        sign_in(page, "provider.officer")
        self._open_grant(page)
        page.get_by_role("link", name="撤销授权").click()
        axe(page)
        for name in ("reason", "consultation", "filing"):
            page.fill(f"[name={name}]", "用途已完成，已与需求部门商定")
        page.locator("main form button:not([type=button])").last.click()
        expect(page.locator("main")).to_contain_text("已撤销")
