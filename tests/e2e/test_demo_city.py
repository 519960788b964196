"""The demonstration city as `zhengshu run` brings it: people and officials go the whole way, each on his own page."""

import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import city_benefits as benefits
from tests.e2e.city_things import (
    COUNTED,
    begin,
    go_on,
    look,
    number_of,
    on_screen,
    part_of,
    picture_of_a_sign,
    result,
    send,
    take_a_part_back,
    throw_away,
)
from tests.e2e.city_truth import ALLOWANCE, RELIEF, newborn_of, password
from tests.e2e.conftest import NARROW, Check, Shoot, SignIn, at_a_desk, signing_in
from tests.e2e.officials import Desk, Step
from tests.kit.platform import Platform, until

pytestmark = pytest.mark.timeout(900)
PERSONS = 3_000
SECONDS_TO_INSTALL = 600
TODAY = datetime.now(UTC).date().isoformat()
CHILD, MOST_TYPED = "杨晨曦", 12
COOK = "citizen.3"
SHOP, SHOP_CODE = "文澜区望川小馆", "92470502MA1DEM0X9P"


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """Run a platform with a small city in it, as its operator does, for the tests of this file alone."""
    with tempfile.TemporaryDirectory(prefix="zhengshu-city-", ignore_cleanup_errors=True) as folder:
        running = Platform.start(
            Path(folder),
            arguments=(),
            settings={"ZHENGSHU_CITY_PERSONS": str(PERSONS)},
            seconds=SECONDS_TO_INSTALL,
        )
        yield running
        if running.process.poll() is None:
            running.stop()


@pytest.fixture(scope="module", autouse=True)
def _ends_with_this_file(platform: Platform) -> Iterator[None]:
    """Leave the machine to the other files as soon as these tests are through."""
    yield
    platform.stop()


@pytest.fixture(scope="session")
def base_url(platform: Platform) -> str:
    """Let `page.goto("/")` mean the city."""
    return platform.web


@pytest.fixture(scope="session")
def browser_context_args(base_url: str) -> dict[str, object]:
    """Look at the city as an official at a desk does."""
    return at_a_desk(base_url)


@pytest.fixture(scope="session")
def sign_in(platform: Platform) -> SignIn:
    """Return a way to sign in as anybody of the city."""
    return signing_in(platform, password(platform.folder))


@pytest.fixture
def desk(page: Page, sign_in: SignIn, axe: Check, shoot: Shoot) -> Desk:
    """Return the screen at which officials sit."""
    return Desk(page, sign_in, axe, shoot)


@pytest.fixture
def phone_without_scripts(plain: Page) -> Page:
    """Return a page on a phone that runs no scripts."""
    plain.set_viewport_size({"width": NARROW, "height": 844})
    return plain


class TestNewborn:
    def test_a_mother_on_a_phone_gets_four_certificates(
        self, narrow: Page, desk: Desk, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        child = newborn_of(platform.folder, "mother.1")
        narrow.add_init_script(COUNTED)
        sign_in(narrow, "mother.1")
        narrow.goto("/services/one-things/")
        look(narrow, "thing-list", axe=axe, shoot=shoot)
        begin(narrow, "新生儿出生一件事")
        known = narrow.locator("section", has_text="从登记中取得")
        for said in (child.sex, str(int(child.born_on[:4])), child.hospital, "《出生医学证明信息》"):
            expect(known).to_contain_text(said)
        expect(narrow.get_by_label("孩子出生日")).to_have_count(0)
        look(narrow, "newborn-form", axe=axe, shoot=shoot)
        go_on(narrow)
        expect(narrow.locator("main")).to_contain_text("请填写此项")
        axe(narrow)
        narrow.get_by_role("textbox", name="孩子姓名", exact=True).press_sequentially(CHILD)
        relation = "子" if child.sex == "男" else "女"
        narrow.get_by_role("group", name="孩子与户主的关系").get_by_label(relation, exact=True).check()
        go_on(narrow)
        look(narrow, "newborn-check", axe=axe, shoot=shoot)
        bundle = send(narrow)
        counted = int(narrow.evaluate("sessionStorage.getItem('typed')"))
        assert len(CHILD) <= counted <= MOST_TYPED
        axe(narrow)

        desk.decide(number_of(narrow, "出生医学证明签发"), Step("health.officer", "核对分娩记录", "准予"))
        registered = {
            "编定的公民身份号码": child.citizen_id,
            "登记的户籍地址": "澄川市文澜区书院路1号",
            "登记日": TODAY,
        }
        desk.decide(
            number_of(narrow, "出生登记（新生儿落户）"),
            Step("police.officer", "登记落户", "准予", answers=registered),
            picture="newborn-police",
        )
        desk.decide(
            number_of(narrow, "社会保障卡申领"),
            Step("social.officer", "制发社会保障卡", "准予", answers={"社会保障卡卡号": "C12345678"}),
        )
        desk.decide(number_of(narrow, "医疗保险参保"), Step("insurance.officer", "参保登记", "准予"))

        result(narrow, ("出生医学证明", "常住人口登记卡", "电子社会保障卡", "基本医疗保险参保凭证"), axe=axe)
        narrow.goto(bundle)
        shoot(narrow, "newborn-result")
        sign_in(desk.page, "citizen.1")
        assert desk.page.goto(bundle).status == 404  # type: ignore[union-attr]  # it answers

    def test_is_thrown_away_or_sent_without_scripts(
        self, phone_without_scripts: Page, platform: Platform, sign_in: SignIn, shoot: Shoot
    ) -> None:
        page, child = phone_without_scripts, newborn_of(platform.folder, "mother.2")
        sign_in(page, "mother.2")
        begin(page, "新生儿出生一件事")
        throw_away(page, "新生儿出生一件事", shoot=shoot)
        begin(page, "新生儿出生一件事")
        expect(page.locator("section", has_text="从登记中取得")).to_contain_text(child.hospital)
        page.get_by_role("textbox", name="孩子姓名", exact=True).fill(CHILD)
        relation = "子" if child.sex == "男" else "女"
        page.get_by_role("group", name="孩子与户主的关系").get_by_label(relation, exact=True).check()
        go_on(page)
        page.get_by_role("button", name="提交给各部门").click()
        expect(page.locator("main")).to_contain_text("办理中")
        take_a_part_back(page, waits="出生登记（新生儿落户）", shoot=shoot)


def answer_restaurant(page: Page, *, name: str, area: str, look_at: Check) -> None:
    """Answer the form's pages up to the sign; nothing that was answered is asked again."""
    page.get_by_role("textbox", name="名称", exact=True).fill(name)
    page.get_by_role("textbox", name="经营场所", exact=True).fill("澄川市文澜区书院路18号一层")
    page.get_by_label("我承诺对经营场所有合法使用权，所填内容真实").check()
    look_at(page)
    go_on(page)
    expect(page.get_by_role("textbox", name="经营场所", exact=True)).to_have_count(0)
    page.get_by_label("经营场所面积（平方米）").fill(area)
    page.get_by_label("热食类食品制售").check()
    page.get_by_label(re.compile("^我承诺已经建立")).check()
    look_at(page)
    go_on(page)
    for promise in page.get_by_role("checkbox").all():
        promise.check()
    look_at(page)
    go_on(page)


def answer_sign(page: Page, words: str, picture: Path) -> None:
    page.get_by_label("招牌上的文字").fill(words)
    page.get_by_label("招牌效果图").set_input_files(picture)
    page.get_by_role("checkbox").last.check()
    go_on(page)


def decide_restaurant(phone: Page, desk: Desk) -> None:
    """Let five officials of three departments decide; fire safety is promised, and nobody has to look."""
    desk.decide(
        number_of(phone, "经营主体设立登记"),
        Step(
            "market.approver",
            "形式审查",
            "准予登记",
            answers={"赋予的统一社会信用代码": SHOP_CODE, "成立日期": TODAY},
        ),
        picture="restaurant-licence",
    )
    food = number_of(phone, "食品经营许可")
    desk.decide(food, Step("market.clerk", "受理审查", "受理"))
    found = {
        "核查日期": TODAY,
        "核查人员（两人以上）": "商文达、严食安",
        "核查情况": "布局合理，设施齐全",
    }
    desk.decide(
        food,
        Step("market.officer", "现场核查", "核查完毕", answers=found, choices=("符合",)),
        picture="restaurant-inspection",
    )
    desk.decide(food, Step("urban.officer", "会同意见", "提出意见", "油烟排放符合要求"))
    desk.decide(food, Step("market.head", "作出决定", "准予许可"), picture="restaurant-decision")
    desk.decide(number_of(phone, "设置店铺招牌许可"), Step("urban.officer", "审查决定", "准予许可"))
    expect(part_of(phone, "消防安全检查")).to_contain_text("已办")


def act_for_the_firm(page: Page, sign_in: SignIn, now: str, *, axe: Check, shoot: Shoot) -> None:
    """Let the owner sign in for his new firm, choose a password for it, and see its certificates."""
    expect(page.get_by_role("region", name=SHOP)).to_contain_text(f"{COOK}-firm")
    sign_in(page, f"{COOK}-firm", is_fresh=True)
    for box in page.locator("main input[type=password]").all():
        box.fill(now if box.get_attribute("name") == "oldpassword" else "Wang-Chuan-2026")
    shoot(page, "restaurant-firm-password")
    page.locator("main form button[type=submit]").first.click()
    page.goto("/certificates/")
    expect(page.locator("main")).to_contain_text("食品经营许可证")
    axe(page)
    shoot(page, "restaurant-firm")


class TestRestaurant:
    def test_opens_by_one_form_and_five_officials(
        self,
        narrow: Page,
        desk: Desk,
        platform: Platform,
        sign_in: SignIn,
        axe: Check,
        shoot: Shoot,
        tmp_path: Path,
    ) -> None:
        def look_at(page: Page) -> None:
            axe(page)
            on_screen(page)

        sign_in(narrow, COOK)
        begin(narrow, "开办餐饮店一件事")
        expect(narrow.get_by_role("region", name="已掌握的信息，不用填写")).to_contain_text(
            "账号实名认证信息"
        )
        shoot(narrow, "restaurant-1")
        answer_restaurant(narrow, name=SHOP, area="86", look_at=look_at)
        answer_sign(narrow, "望川小馆", picture_of_a_sign(tmp_path, is_sound=False))
        expect(narrow.locator("main")).to_contain_text("内容不符或已损坏")
        narrow.get_by_label("招牌效果图").set_input_files(picture_of_a_sign(tmp_path))
        look_at(narrow)
        go_on(narrow)
        expect(narrow.locator("main")).to_contain_text("招牌.pdf")
        expect(narrow.locator("main")).to_contain_text("大气污染防治法")
        look(narrow, "restaurant-check", axe=axe, shoot=shoot)
        bundle = send(narrow)
        shoot(narrow, "restaurant-sent")

        decide_restaurant(narrow, desk)

        names = (
            "营业执照",
            "食品经营许可证",
            "公众聚集场所投入使用、营业前消防安全检查意见书",
            "户外招牌设置许可证",
        )
        result(narrow, names, axe=axe)
        narrow.goto(bundle)
        shoot(narrow, "restaurant-result")
        act_for_the_firm(narrow, sign_in, password(platform.folder), axe=axe, shoot=shoot)

    def test_is_sent_without_scripts(
        self, phone_without_scripts: Page, sign_in: SignIn, tmp_path: Path
    ) -> None:
        page = phone_without_scripts
        sign_in(page, "citizen.1")
        begin(page, "开办餐饮店一件事")
        answer_restaurant(page, name="文澜区望川面馆", area="40", look_at=on_screen)
        answer_sign(page, "望川面馆", picture_of_a_sign(tmp_path))
        expect(page.locator("main")).to_contain_text("招牌.pdf")
        page.get_by_role("button", name="提交给各部门").click()
        expect(page.locator("main")).to_contain_text("办理中")


class TestEnterpriseChange:
    def test_without_scripts_the_new_licence_replaces_the_former(
        self, phone_without_scripts: Page, narrow: Page, desk: Desk, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        page, renamed = phone_without_scripts, "澄川市听雨智能有限公司"
        sign_in(page, "enterprise.1")
        begin(page, "企业信息变更一件事")
        page.get_by_label("新名称（不变更的留空）").fill(renamed)
        page.get_by_label("新住所（不变更的留空）").fill("澄川市青屏区芳草街2号")
        page.get_by_label("我承诺变更事项已经依照章程作出决议，所填内容真实").check()
        go_on(page)
        page.get_by_role("button", name="提交给各部门").click()

        desk.decide(
            number_of(page, "企业变更登记"),
            Step("market.approver", "形式审查", "准予变更"),
            picture="change-review",
        )

        sign_in(narrow, "enterprise.1")
        narrow.goto(page.url)
        result(narrow, ("营业执照",), axe=axe)
        narrow.goto(page.url)
        for part in ("变更税务登记信息", "参保单位信息变更", "住房公积金缴存单位信息变更"):
            expect(part_of(narrow, part)).to_contain_text("已办")
        shoot(narrow, "change-result")
        narrow.goto("/certificates/")
        expect(narrow.locator("main")).to_contain_text(renamed)
        shoot(narrow, "change-certificates")


class TestOldAgeAllowance:
    def test_finds_as_the_truth_says_asks_and_pays_once(
        self,
        page: Page,
        narrow: Page,
        phone_without_scripts: Page,
        platform: Platform,
        sign_in: SignIn,
        axe: Check,
        shoot: Shoot,
    ) -> None:
        sign_in(page, "civil.officer")
        entitled = benefits.dry_run(page, platform, code=ALLOWANCE, axe=axe, shoot=shoot)
        page.goto(f"/services/benefits/{ALLOWANCE}/")
        expect(page.get_by_role("link", name="启用", exact=True)).to_have_count(0)
        sign_in(page, "civil.head")
        benefits.switch_on(page, code=ALLOWANCE, entitled=entitled)

        sign_in(narrow, "elder.1")
        benefits.find_message(narrow, axe=axe, shoot=shoot)
        benefits.confirm(narrow)
        axe(narrow)
        sign_in(phone_without_scripts, "elder.2")
        benefits.check_oneself(phone_without_scripts)
        benefits.confirm(phone_without_scripts)

        benefits.list_for_treasury(page, payments=2, axe=axe, shoot=shoot)

        sign_in(page, "civil.officer")
        benefits.look_at_a_doubt(page, axe=axe, shoot=shoot)


class TestSmallEnterpriseRelief:
    def test_finds_as_the_truth_says_and_firms_only_confirm_or_object(
        self, page: Page, narrow: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "tax.officer")
        entitled = benefits.dry_run(page, platform, code=RELIEF, axe=axe, shoot=shoot)
        page.goto(f"{page.url}?outcome=check")
        expect(page.get_by_role("region", name="发现情况").locator("tbody")).to_contain_text("从业人数")
        sign_in(page, "tax.head")
        benefits.switch_on(page, code=RELIEF, entitled=entitled)

        sign_in(narrow, "enterprise.1")
        benefits.confirm_for_a_firm(narrow, axe=axe, shoot=shoot)
        sign_in(narrow, "enterprise.2")
        benefits.object_for_a_firm(narrow, axe=axe, shoot=shoot)

        sign_in(page, "tax.officer")
        decisions = (
            ("核实异议", "异议成立", "人数合并后超过三百人"),
            ("核实疑点", "不符合", "从业人数超过三百人"),
        )
        for task, outcome, reason in decisions:
            benefits.decide(page, task, outcome=outcome, reason=reason, axe=axe, shoot=shoot)

        def is_removed() -> bool:
            narrow.goto("/services/my-benefits/")
            return "误找，已移出" in narrow.locator("main").inner_text()

        assert until(is_removed, seconds=30), narrow.locator("main").inner_text()
        narrow.goto("/messages/")
        expect(narrow.locator("main")).to_contain_text("异议成立")
        shoot(narrow, "my-relief-removed")
        page.goto(f"/services/benefits/{RELIEF}/")
        expect(page.locator("main")).to_contain_text("个疑点待工作人员核实")
        axe(page)
        shoot(page, "relief-after")
