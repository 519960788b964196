"""A clerk makes a case type from nothing, tries it, submits it; another person approves it; a citizen uses it."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Check, Shoot, SignIn
from tests.kit.platform import Platform, until

NAME = "树木移植许可"


def begin(page: Page, *, english: str = "Tree moving permit") -> None:
    page.goto("/cases/studio/new/")
    fill_new(page, english=english, template="blank")


def fill_new(page: Page, *, english: str, template: str) -> None:
    page.fill("[name=name]", NAME)
    page.fill("[name=english]", english)
    page.check(f"[name=template][value={template}]")
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_selector("[data-ready=true]")


def drag(page: Page, entry: str, *, to: str, x: float, y: float) -> None:
    """Drag an entry of the palette with the mouse to a place of an element, in parts of its width and height."""
    start = page.locator(f'.djs-palette [data-action="{entry}"]').bounding_box()
    end = page.locator(to).bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] * x, end["y"] + end["height"] * y, steps=12)
    page.mouse.up()


def say_who_asks(page: Page) -> None:
    page.get_by_label("个人", exact=True).check()
    expect(page.locator(".djs-label").filter(has_text="申请人").first).to_be_visible()
    expect(page.locator(".bjs-powered-by")).to_be_visible()


def draw_form(page: Page) -> None:
    page.get_by_role("tab", name="表单").click()
    page.get_by_label("表单代码").fill("application")
    page.get_by_role("button", name="添加表单").click()
    drawn = add_text_field(page)
    expect(page.locator("[data-faults]")).to_contain_text("缺少这种语言的内容：en", timeout=15_000)
    drawn.click()
    page.get_by_label("英文标签").fill("Where the tree stands")
    page.get_by_label("英文标签").blur()
    expect(page.locator("[data-faults]")).not_to_contain_text("缺少这种语言的内容：en", timeout=15_000)
    expect(page.locator(".fjs-powered-by-link, .fjs-powered-by").first).to_be_visible()


def add_text_field(page: Page) -> Locator:
    kind = page.locator('.fjs-palette-field[data-field-type="textfield"]').first
    expect(kind).to_contain_text("单行文本")
    expect(page.locator('.fjs-palette-field[data-field-type="html"]')).to_be_hidden()
    kind.focus()
    page.keyboard.press("Enter")
    drawn = page.locator(".fjs-form-field-textfield")
    expect(drawn).to_be_visible()
    return drawn


def open_by_form(page: Page) -> None:
    page.get_by_role("tab", name="流程").click()
    form = page.get_by_label("申请表单")
    form.select_option("application")
    page.locator('[data-key="申请表单-application-zh"]').fill("移植申请表")
    page.locator('[data-key="申请表单-application-zh"]').blur()
    page.locator('[data-key="申请表单-application-en"]').fill("Application")
    page.locator('[data-key="申请表单-application-en"]').blur()
    page.locator('[data-key="way-department"]').select_option(index=1)
    expect(page.locator("[data-count]")).to_have_text("0", timeout=20_000)


def tell_people(page: Page) -> None:
    """The office says when it has acted, and writes a letter about it."""
    click_shape(page, "handle")
    page.get_by_role("button", name="办毕时通知").click()
    told = page.locator("details.casework-more", has=page.get_by_text("删除此消息")).last
    expect(told.get_by_label("申请人", exact=True)).to_be_checked()
    words = told.get_by_label("中文正文")
    words.fill("请您携带身份证前来领取，编号：")
    words.blur()
    told.get_by_label("插入办件信息").select_option(label="办件编号")
    expect(page.locator('[data-key="messages-message_1-text-zh-hans"]')).to_have_value(
        "请您携带身份证前来领取，编号：{case_number}"
    )
    page.get_by_role("button", name="添加文书").click()
    expect(page.locator('[data-key="notices-notice_1-title-zh-hans"]')).to_have_value("{case_type}决定书")
    expect(page.locator("[data-count]")).to_have_text("0", timeout=20_000)


def click_shape(page: Page, element: str) -> None:
    page.locator(f'[data-element-id="{element}"] .djs-hit').first.click(force=True)


def stays_visible(mark: Locator) -> None:
    """A watermark is wholly in sight, and nothing lies on it."""
    expect(mark).to_be_visible()
    mark.scroll_into_view_if_needed()
    covered = mark.evaluate(
        """mark => {
            const box = mark.getBoundingClientRect();
            const points = [[.1, .1], [.9, .1], [.5, .5], [.1, .9], [.9, .9]];
            const inside = box.width > 20 && box.height > 10 && box.left >= 0 && box.right <= innerWidth
                && box.top >= 0 && box.bottom <= innerHeight;
            return [inside, points.every(([x, y]) => mark.contains(
                document.elementFromPoint(box.left + box.width * x, box.top + box.height * y)))];
        }"""
    )
    assert covered == [True, True]


class TestDrawing:
    def test_a_timer_is_dropped_on_the_edge_of_a_task(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        sign_in(page, "clerk")
        begin(page, english="Timer permit")

        drag(page, "create.timer", to='[data-element-id="handle"]', x=0.5, y=1)

        timer = page.locator('.djs-shape[data-element-id^="wait_"]')
        expect(timer).to_be_visible()
        expect(page.locator(".casework-properties")).to_contain_text(
            "到时该任务仍未办结的，办件沿此处引出的路径继续。"
        )
        page.locator('[data-key^="wait_"][data-key$="-basis"]').fill("示例办法第三条")
        page.locator('[data-key^="wait_"][data-key$="-basis"]').blur()
        expect(page.locator("[data-faults]")).to_contain_text("没有", timeout=20_000)
        drawn = page.evaluate("document.querySelector('[data-studio]').dataset.name")
        assert drawn == "timer-permit"
        shoot(page, "studio-timer")
        axe(page)

    def test_a_message_is_waited_for(self, page: Page, sign_in: SignIn, shoot: Shoot) -> None:
        sign_in(page, "clerk")
        begin(page, english="Paid permit")
        page.locator("summary", has_text="判断所用的数据").click()
        page.get_by_label("数据代码").fill("paid_on")
        page.locator(".casework-inline").get_by_role("button", name="添加", exact=True).click()
        expect(page.locator("[data-key=data-paid_on-type]")).to_be_visible()

        drag(page, "create.message", to=".djs-container", x=0.6, y=0.55)

        expect(page.locator(".casework-properties")).to_contain_text("message_1")
        page.get_by_label("经办人", exact=True).check()
        expect(page.locator(".casework-properties").get_by_label("经办人", exact=True)).to_be_checked()
        page.get_by_label("paid_on", exact=True).check()
        page.locator('[data-key="data.paid_on-zh"]').fill("缴费日期")
        page.locator('[data-key="data.paid_on-zh"]').blur()
        shoot(page, "studio-message")
        page.get_by_label("paid_on", exact=True).uncheck()
        expect(page.locator('[data-key="data.paid_on-zh"]')).to_have_count(0)

    def test_several_departments_are_consulted_at_once(
        self, page: Page, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        """Everything in the panels is done by the keyboard; what the checker finds stands beside the element."""
        sign_in(page, "clerk")
        page.goto("/cases/studio/new/")
        fill_new(page, english="Consulted permit", template="consultation")
        panel = page.locator(".casework-properties")
        faults = page.locator("[data-faults]")

        click_shape(page, "opinion")
        panel.get_by_label("次数", exact=True).focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        expect(panel.get_by_label("部门取自数据")).to_have_value("asked_departments")
        expect(panel).to_contain_text("请将该任务放入“多个部门”的泳道")
        expect(page.locator('[data-element-id="opinion"] .djs-visual')).to_be_visible()
        panel.get_by_label("结束条件").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        expect(panel).to_contain_text("opinion_answer_count")
        expect(panel.get_by_label("后续判断可以引用各办理结果的数量")).to_be_checked()
        shoot(page, "studio-several")
        axe(page)

        lane = page.locator('[data-element-id="consulted"] .djs-hit').first
        lane.click(force=True, position={"x": 10, "y": 20})
        panel.get_by_label("哪一方的人员").select_option("each")
        panel.get_by_label("哪一方的人员").blur()
        expect(panel.locator('[data-key="parties.each-zh"]')).to_have_value("被征求意见的部门")
        expect(faults).to_contain_text("没有", timeout=20_000)
        click_shape(page, "opinion")
        panel.get_by_label("次数", exact=True).select_option("")
        expect(faults).to_contain_text("办理一次", timeout=20_000)
        expect(
            page.locator(".djs-overlays[data-container-id='opinion'] .casework-fault-sign")
        ).to_be_visible()

    def test_the_marks_of_the_libraries_stay_visible(self, page: Page, sign_in: SignIn) -> None:
        sign_in(page, "clerk")
        page.goto("/cases/studio/new/")
        fill_new(page, english="Marked permit", template="graded-approval")
        stays_visible(page.locator(".bjs-powered-by"))

        page.get_by_role("tab", name="决策表").click()
        stays_visible(page.locator(".dmn-js-parent .bjs-powered-by, .powered-by").first)

        page.get_by_role("tab", name="表单").click()
        page.get_by_label("表单代码").fill("application")
        page.get_by_role("button", name="添加表单").click()
        add_text_field(page)
        stays_visible(page.locator(".fjs-powered-by-link, .fjs-powered-by a").first)


def apply(page: Page, sign_in: SignIn, axe: Check, shoot: Shoot) -> str:
    """A citizen applies and looks at his matter; return its address."""
    sign_in(page, "citizen.zhang")
    page.goto("/apply/")
    page.get_by_role("link", name=NAME).click()
    page.locator("main form button.btn-primary").click()
    page.locator("main form input.form-control").first.fill("和平路12号")
    page.get_by_role("button", name="保存并继续").last.click()
    page.locator("form[action$='/send/'] button.btn-primary").click()
    page.goto("/apply/mine/")
    expect(page.locator("main")).to_contain_text(NAME)
    expect(page.locator("main")).to_contain_text("正在办理")
    axe(page)
    shoot(page, "my-matters")
    page.locator("main a[href*='/apply/mine/0']").first.click()
    axe(page)
    shoot(page, "my-case")
    return page.url


def is_told(page: Page, sign_in: SignIn, axe: Check, address: str) -> None:
    """The citizen reads the letter and the message about his matter."""
    sign_in(page, "citizen.zhang")
    page.goto(address)
    page.get_by_role("link", name=f"{NAME}决定书").click()
    expect(page.locator("main")).to_contain_text("决定：办结")
    page.goto("/messages/")
    told = page.locator("main").get_by_text("请您携带身份证前来领取，编号：TMP")

    def is_there() -> bool:
        page.reload()
        return told.count() > 0

    assert until(is_there, seconds=45)
    axe(page)


class TestStudio:
    def test_from_nothing_to_a_citizens_matter(
        self, page: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot
    ) -> None:
        platform.act("tests.e2e.street")
        sign_in(page, "clerk")
        begin(page)
        say_who_asks(page)
        draw_form(page)
        open_by_form(page)
        tell_people(page)
        page.get_by_role("tab", name="决策表").click()
        page.get_by_role("tab", name="流程").click()
        shoot(page, "studio-draw")

        page.get_by_role("link", name="试运行").click()
        expect(page.get_by_role("heading", name="移植申请表")).to_be_visible()
        axe(page)
        page.locator("main form input.form-control[type=text]").first.fill("和平路12号")
        page.locator("button[name=_do][value=begin]").click()
        expect(page.locator("main")).to_contain_text("现在要办的")
        shoot(page, "studio-try")

        page.goto("/cases/studio/")
        page.get_by_role("link", name=NAME).first.click()
        address = page.url
        axe(page)
        page.locator("form[action$='/submit/'] button").first.click()
        sign_in(page, "authority.reviewer")
        page.goto(address)
        axe(page)
        page.locator("form[action$='/decide/'] button.btn-primary").click()
        shoot(page, "studio-approve")

        mine = apply(page, sign_in, axe, shoot)
        sign_in(page, "clerk")
        page.goto("/cases/")
        page.locator("main tr", has_text=NAME).locator("a[href*='/cases/0']").first.click()
        page.get_by_role("link", name="去办理").first.click()
        axe(page)
        shoot(page, "task-do")
        page.locator("main form button[type=submit]").first.click()
        expect(page.locator(".alert-success")).to_be_visible()
        is_told(page, sign_in, axe, mine)
