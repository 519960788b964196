"""A whole journey of one item on a phone: found in everyday words, sent, supplemented, granted, rated, counted."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import services_cast as cast
from tests.e2e.conftest import NARROW, Check, Shoot, SignIn
from tests.e2e.looking import Look
from tests.kit.platform import Platform, until

NEXT = "保存并继续"
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36"
FIRST_SEARCH = 60_000
"""Milliseconds: the process that is asked first loads the sentence encoder."""
NOBODYS = "00000000-0000-7000-8000-000000000000"
MISSING = "一次补齐：一、从业人员健康证明；二、冷食专间的位置图。"


def run(platform: Platform, *words: str) -> list[str]:
    return platform.act("tests.e2e.services_cast", *words).split()


@pytest.fixture(scope="module", autouse=True)
def filled(platform: Platform) -> None:
    run(platform, "fill")


@pytest.fixture
def phone(browser: Browser, base_url: str) -> Iterator[Page]:
    """Return a page of a phone that says that it is one."""
    context = browser.new_context(
        base_url=base_url, viewport={"width": NARROW, "height": 844}, has_touch=True, user_agent=PHONE
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def look(axe: Check, shoot: Shoot) -> Look:
    return Look(axe, shoot)


def begin(page: Page) -> str:
    """Begin the form from the guide, and return the id of the draft."""
    page.goto(f"/services/items/{cast.ITEM}/")
    page.locator("main").get_by_role("link", name="在线申办").click()
    page.get_by_role("button", name="开始填写").click()
    found = re.search(r"drafts/([0-9a-f-]{36})/", page.url)
    assert found is not None
    return found[1]


def answer(page: Page, *, food: str = "热食类食品制售") -> None:
    """Answer what only the applicant knows, up to the page of documents."""
    page.get_by_role("button", name=NEXT).last.click()
    page.get_by_label(re.compile(r"^经营场所\*?$")).fill(cast.ADDRESS)
    page.get_by_label("经营场所面积（平方米）").fill("26")
    page.get_by_label("餐饮服务经营者").check()
    page.get_by_label(food).check()
    page.get_by_role("button", name=NEXT).last.click()


def promise(page: Page) -> None:
    page.get_by_label(re.compile("^我承诺已经建立")).check()
    page.get_by_role("button", name=NEXT).last.click()
    expect(page.locator("h1")).to_have_text("核对填写内容")


def decide(page: Page, name: str, *, outcome: str, reason: str = "") -> None:
    """Do a to-do of a case by the page that asks how it ends, unless there is only one way."""
    page.locator(".ui-list > li", has_text=name).get_by_role("link", name="去办理").click()
    expect(page.locator("h1")).to_have_text(name)
    for choice in page.get_by_label(outcome, exact=True).all():
        choice.check()
    page.get_by_label("理由").fill(reason)
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".alert-success")).to_be_visible()


class TestJourney:
    def test_of_a_snack_bar_from_a_few_words_to_its_permit(
        self,
        phone: Page,
        page: Page,
        plain: Page,
        platform: Platform,
        sign_in: SignIn,
        look: Look,
        tmp_path: Path,
    ) -> None:
        self._finds(phone, look, sign_in)
        number, case = self._sends(phone, platform, look, tmp_path)
        self._is_asked_once(page, case, look, sign_in)
        self._supplements(phone, look, number, tmp_path)
        (seal,) = run(platform, "unseal")
        self._is_granted(page, case, look, sign_in)
        self._waits_for_a_seal(page, phone, case, look)
        run(platform, "seal", seal)
        self._holds(phone, platform, look, number)
        self._rates(phone, plain, look)
        self._is_counted(page, number, case, look, sign_in)

    def _finds(self, phone: Page, look: Look, sign_in: SignIn) -> None:
        phone.goto("/")
        look.at(phone, "home")
        phone.locator("#item-q").press_sequentially("想开个小吃店")
        expect(phone.locator(".services-suggestions").get_by_text(cast.NAME)).to_be_visible(
            timeout=FIRST_SEARCH
        )
        look.at(phone, "home-suggestions")
        phone.get_by_role("button", name="搜索").click()
        look.at(phone, "found")
        phone.get_by_role("link", name=cast.NAME).first.click()
        expect(phone.locator("main")).to_contain_text("需要先登录")
        expect(phone.locator("main")).not_to_contain_text(cast.FIRM)
        look.at(phone, "guide-visitor")
        sign_in(phone, cast.OWNER)
        phone.goto("/")
        look.at(phone, "space-empty")
        phone.goto(f"/services/items/{cast.ITEM}/")
        expect(phone.locator("main")).to_contain_text("营业执照")
        expect(phone.locator("main")).to_contain_text(cast.RESOURCE)
        look.at(phone, "guide")

    def _sends(self, phone: Page, platform: Platform, look: Look, folder: Path) -> tuple[str, str]:
        draft = begin(phone)
        for told in (
            cast.FIRM,
            cast.OWNER_NAME,
            cast.STATE,
            cast.ADDRESS,
            f"《{cast.RESOURCE}》",
            "营业执照",
        ):
            expect(phone.locator("main")).to_contain_text(told)
        expect(phone.locator("main input:not([type=hidden])")).to_have_count(0)
        look.at(phone, "form-known")
        answer(phone, food="冷食类食品制售")
        picture = folder / "平面图.pdf"
        picture.write_bytes(b"no pdf at all")
        phone.get_by_label("经营场所平面图").set_input_files(picture)
        phone.get_by_role("button", name=NEXT).last.click()
        expect(phone.locator("main")).to_contain_text("内容不符或已损坏")
        look.at(phone, "form-faults")
        picture.write_bytes(PDF)
        phone.get_by_label("经营场所平面图").set_input_files(picture)
        promise(phone)
        expect(phone.locator("main")).to_contain_text("平面图.pdf")
        expect(phone.locator("section", has_text="提交前核对")).to_contain_text("登记显示主体存续")
        look.at(phone, "check")
        phone.get_by_role("button", name="提交").dblclick()
        number = phone.locator(".casework-number").inner_text()
        expect(phone.locator("main")).to_contain_text("移动端")
        look.at(phone, "receipt")
        assert until(lambda: run(platform, "count", draft)[-1] != "0", seconds=30)
        assert run(platform, "count", draft) == ["1", "1", "1"]
        phone.get_by_role("link", name="查看我的办件").click()
        found = re.search(r"mine/([0-9a-f-]{36})/", phone.url)
        assert found is not None
        look.at(phone, "case")
        return number, found[1]

    def _is_asked_once(self, page: Page, case: str, look: Look, sign_in: SignIn) -> None:
        sign_in(page, "provider.officer")
        page.goto(f"/cases/{case}/")
        look.at(page, "clerk-case")
        decide(page, "受理审查", outcome="一次告知补正", reason=MISSING)

    def _supplements(self, phone: Page, look: Look, number: str, folder: Path) -> None:
        phone.goto("/")
        expect(phone.locator("li", has_text=number)).to_contain_text("待您办理")
        look.at(phone, "space-waiting")
        phone.get_by_role("link", name=cast.NAME).first.click()
        expect(phone.locator(".alert-info")).to_contain_text(MISSING)
        expect(phone.locator("main")).not_to_contain_text("条规则")
        look.at(phone, "case-supplement")
        phone.get_by_role("link", name=re.compile("^补正材料")).first.click()
        expect(phone.locator(".alert-info")).to_contain_text(MISSING)
        look.at(phone, "supplement-start")
        phone.get_by_role("button", name="开始填写").click()
        expect(phone.locator(".alert-info")).to_contain_text(MISSING)
        phone.get_by_label("补正说明").fill("补交健康证明和冷食专间位置图。")
        added = folder / "健康证明.pdf"
        added.write_bytes(PDF)
        phone.get_by_label("补正的材料").set_input_files(added)
        look.at(phone, "supplement")
        phone.get_by_role("button", name=NEXT).last.click()
        look.at(phone, "supplement-check")
        expect(phone.get_by_label("理由")).to_have_count(0)
        phone.get_by_role("button", name="提交补正").click()
        expect(phone.locator("h1")).to_have_text("已完成")
        look.at(phone, "supplement-sent")

    def _is_granted(self, page: Page, case: str, look: Look, sign_in: SignIn) -> None:
        page.goto(f"/cases/{case}/")
        decide(page, "受理审查", outcome="受理")
        page.get_by_role("link", name="填写表单").click()
        page.get_by_role("button", name="开始填写").click()
        page.get_by_label("核查日期").fill("2026-11-27")
        page.get_by_label("核查人员（两人以上）").fill("陈思远、周国平")
        page.get_by_label("联合核查的部门").fill("明州市人力资源和社会保障局")
        page.get_by_label("符合", exact=True).check()
        page.get_by_label("核查情况").fill("冷食专间独立，布局合理。")
        page.get_by_role("button", name=NEXT).last.click()
        page.get_by_label("核查完毕").check()
        page.locator("main form button[type=submit]").last.click()
        sign_in(page, "consumer.officer")
        page.goto(f"/cases/{case}/")
        decide(page, "会同意见", outcome="提出意见", reason="无意见")
        sign_in(page, "provider.head")
        page.goto(f"/cases/{case}/")
        look.at(page, "head-case")
        decide(page, "作出决定", outcome="准予许可")

    def _waits_for_a_seal(self, page: Page, phone: Page, case: str, look: Look) -> None:
        """The permit is granted and cannot be made: the office has a to-do, and the owner reads how it stands."""
        page.goto("/cases/")
        to_do = page.get_by_role("row").filter(has_text="处理未制成的证照")
        assert until(lambda: bool(page.reload()) and to_do.is_visible(), seconds=60)
        to_do.get_by_role("link").first.click()
        expect(page.locator("main")).to_contain_text("尚未授权")
        look.at(page, "not-made")
        page.get_by_role("button", name="重新制发").click()
        expect(page.locator(".alert-danger")).to_contain_text("仍然不能制成")
        expect(page).to_have_url(re.compile(case))
        look.at(page, "not-made-again")
        phone.goto(f"/apply/mine/{case}/")
        expect(phone.locator("main")).to_contain_text("暂时未能制成")
        look.at(phone, "case-not-made")

    def _holds(self, phone: Page, platform: Platform, look: Look, number: str) -> None:
        phone.goto("/")
        assert until(lambda: bool(phone.reload()) and phone.get_by_text("等您评价").is_visible(), seconds=60)
        expect(phone.locator("li", has_text=number)).to_contain_text("准予许可")
        look.at(phone, "space-granted")
        phone.get_by_role("link", name=cast.NAME).first.click()
        assert until(
            lambda: bool(phone.reload()) and phone.get_by_role("link", name="查看证照").is_visible(),
            seconds=60,
        )
        look.at(phone, "case-granted")
        phone.get_by_role("link", name="查看证照").click()
        expect(phone.locator("main")).to_contain_text(cast.FIRM)
        look.at(phone, "certificate")
        phone.goto("/certificates/")
        expect(phone.get_by_role("link", name="食品经营许可证").first).to_be_visible()

    def _rates(self, phone: Page, plain: Page, look: Look) -> None:
        phone.goto("/messages/")
        look.at(phone, "messages")
        link = phone.locator("a[href^='/services/rate/by/']").first.get_attribute("href")
        plain.set_viewport_size({"width": NARROW, "height": 844})
        plain.goto(str(link))
        expect(plain.locator("main")).not_to_contain_text(cast.OWNER_NAME)
        plain.get_by_label("非常满意", exact=True).check()
        plain.get_by_role("button", name="提交评价").click()
        expect(plain.get_by_text("感谢您，评价已收到")).to_be_visible()
        phone.goto("/services/rate/")
        look.at(phone, "rated")

    def _is_counted(self, page: Page, number: str, case: str, look: Look, sign_in: SignIn) -> None:
        sign_in(page, "authority.leader")
        page.goto("/services/numbers/?by=item")
        page.get_by_role("combobox", name="事项").select_option(label=cast.NAME)
        page.get_by_role("button", name="查看").click()
        look.at(page, "numbers")
        page.locator(".ui-figure", has_text="准予").click()
        expect(page.locator(".ui-list > li", has_text=number)).to_have_count(1)
        look.at(page, "numbers-cases")
        page.locator(".ui-list > li", has_text=number).get_by_role("link").click()
        expect(page).to_have_url(re.compile(case))
        look.at(page, "leader-case")
        page.goto(f"/services/decisions/?q={number}")
        expect(page.locator("tbody")).to_contain_text(cast.FIRM)
        look.at(page, "decisions")


class TestReaders:
    @pytest.mark.parametrize(
        "cookie", [("django_language", "en"), ("reading", "large")], ids=["english", "large"]
    )
    def test_pages_fit_a_phone(
        self, phone: Page, sign_in: SignIn, look: Look, base_url: str, cookie: tuple[str, str]
    ) -> None:
        name, value = cookie
        phone.context.add_cookies([{"name": name, "value": value, "url": base_url}])
        guide = f"/services/items/{cast.ITEM}/"
        for path in ("/", guide, "/services/decisions/?q=nobody"):
            phone.goto(path)
            look.at(phone, f"{value}-visitor{path.split('?')[0].replace('/', '-')}")
        sign_in(phone, cast.OWNER)
        for path in ("/", guide, "/apply/", "/apply/mine/", "/services/rate/"):
            phone.goto(path)
            look.at(phone, f"{value}{path.replace('/', '-')}")


class TestShortWay:
    def test_begins_without_scripts_goes_on_elsewhere_is_sent_once_and_taken_back(
        self, plain: Page, page: Page, platform: Platform, sign_in: SignIn, look: Look
    ) -> None:
        plain.set_viewport_size({"width": NARROW, "height": 844})
        sign_in(plain, cast.OWNER)
        draft = begin(plain)
        answer(plain)
        plain.get_by_role("button", name="保存并退出").click()
        expect(plain.get_by_text("已保存")).to_be_visible()

        sign_in(page, cast.OWNER)
        page.goto("/apply/")
        look.at(page, "drafts")
        page.locator(f"a[href='/apply/drafts/{draft}/']").last.click()
        promise(page)
        sends_again_and_again(page, draft, platform)
        assert until(lambda: run(platform, "count", draft)[-1] != "0", seconds=30)
        assert run(platform, "count", draft) == ["1", "1", "1"]

        plain.goto(f"/services/applications/{draft}/receipt/")
        plain.get_by_role("link", name="查看我的办件").click()
        plain.get_by_role("link", name="撤回申请").click()
        plain.get_by_label("理由").fill("暂时不开店了")
        plain.locator("main form button[type=submit]").click()
        expect(plain.locator("main")).to_contain_text("已撤回")
        expect(plain.get_by_role("link", name="撤回申请")).to_have_count(0)


def sends_again_and_again(page: Page, draft: str, platform: Platform) -> None:
    """Post what the button posts, several times at once, as a browser that resends does."""
    form = {"csrfmiddlewaretoken": page.locator("form [name=csrfmiddlewaretoken]").last.input_value()}
    cookies = {str(one["name"]): str(one["value"]) for one in page.context.cookies()}

    def send(_number: int) -> httpx.Response:
        address = f"{platform.web}/apply/drafts/{draft}/send/"
        return httpx.post(address, data=form, cookies=cookies, headers={"Origin": platform.web}, timeout=60)

    with ThreadPoolExecutor(4) as together:
        sent = list(together.map(send, range(4)))
    assert {(one.status_code, one.headers["location"]) for one in sent} == {
        (302, f"/apply/drafts/{draft}/sent/")
    }


class TestAbuse:
    @pytest.fixture
    def stranger(self, browser: Browser, base_url: str, sign_in: SignIn) -> Iterator[Page]:
        """Return a page of the delegate of another firm."""
        context = browser.new_context(base_url=base_url)
        page = context.new_page()
        sign_in(page, cast.STRANGER)
        yield page
        context.close()

    def test_what_is_somebody_elses_is_not_there(
        self, page: Page, stranger: Page, platform: Platform, sign_in: SignIn
    ) -> None:
        sign_in(page, cast.OWNER)
        draft = begin(page)
        number, case, certificate = run(platform, "granted")

        for mine, nothing in (
            (f"/apply/drafts/{draft}/1/", f"/apply/drafts/{NOBODYS}/1/"),
            (f"/apply/drafts/{draft}/check/", f"/apply/drafts/{NOBODYS}/check/"),
            (f"/services/applications/{draft}/receipt/", f"/services/applications/{NOBODYS}/receipt/"),
            (f"/services/applications/{draft}/withdraw/", f"/services/applications/{NOBODYS}/withdraw/"),
            (f"/apply/mine/{case}/", f"/apply/mine/{NOBODYS}/"),
            (f"/cases/{case}/", f"/cases/{NOBODYS}/"),
            (f"/certificates/{certificate}/", f"/certificates/{NOBODYS}/"),
            (f"/certificates/{certificate}/file/pdf/", f"/certificates/{NOBODYS}/file/pdf/"),
        ):
            answers = [stranger.request.get(path) for path in (mine, nothing)]
            assert answers[0].status == answers[1].status != 200, mine
            told = answers[0].text()
            assert not any(secret in told for secret in (cast.FIRM, cast.OWNER_NAME, number)), mine
        found = stranger.request.get(f"/search/?q={number}").text()
        assert cast.FIRM not in found

    def test_a_field_of_no_version_is_refused_in_words(self, page: Page, sign_in: SignIn) -> None:
        sign_in(page, cast.OWNER)
        draft = begin(page)
        form = {
            name: page.locator(f"form [name={name}]").first.input_value()
            for name in ("csrfmiddlewaretoken", "_version")
        }

        for field in ("discount", "state", "is_active"):
            answered = page.request.post(
                f"/apply/drafts/{draft}/1/", form={**form, field: "1"}, headers={"Accept": "text/html"}
            )
            assert answered.status == 422, field
            assert "本表单不收集" in answered.text()
