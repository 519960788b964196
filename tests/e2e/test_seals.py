"""A seal from its application to a sealed notice, and its check by a stranger, in the browser."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import licence_cast as cast
from tests.e2e.conftest import Check, Shoot, SignIn
from tests.kit.platform import Platform
from zhengshu.foundation.seals.ofd_writing import pack
from zhengshu.foundation.seals.packages import parts_of

SEAL = "明州市人力资源和社会保障局"
PAGE = "Doc_0/Pages/Page_0/Content.xml"


def act(platform: Platform, *words: str) -> list[str]:
    return platform.act("tests.e2e.licence_cast", *words).split()


@pytest.fixture(scope="module")
def files(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Path:
    act(platform, "fill")
    return tmp_path_factory.mktemp("sealed")


def test_a_seal_is_applied_for_made_used_and_checked(
    page: Page, plain: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot, files: Path
) -> None:
    apply_for_it(page, sign_in, axe, shoot)
    seal = approve_it(page, sign_in, axe, shoot)
    seal_a_notice(page, platform, sign_in, axe, shoot, files)
    see_it_in_the_list(page, axe, shoot, seal)
    check_it(page, plain, axe, shoot, files)


def apply_for_it(page: Page, sign_in: SignIn, axe: Check, shoot: Shoot) -> None:
    sign_in(page, cast.CLERK)
    page.goto("/trust/seals/")
    axe(page)
    shoot(page, "seals-empty")
    page.get_by_role("link", name="申请电子印章").click()
    page.get_by_label("用途").fill("行政审批文书用章")
    page.get_by_label("吴敏").check()
    page.get_by_label("有效期至").fill("2020-01-01")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".ui-error-summary, .alert-danger").first).to_be_visible()
    axe(page)
    shoot(page, "seals-apply-faulty")
    page.get_by_label("有效期至").fill("2029-01-01")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".alert-success")).to_be_visible()
    expect(page.locator(".casework-panel")).to_contain_text("本部门负责人审批")
    axe(page)
    shoot(page, "seals-applied")
    page.get_by_role("link", name="撤回申请").click()
    axe(page)
    shoot(page, "seals-withdraw")
    page.get_by_role("link", name="取消").click()


def approve_it(page: Page, sign_in: SignIn, axe: Check, shoot: Shoot) -> str:
    seal = page.url
    for username, outcome in (("consumer.head", "同意报送"), ("authority.reviewer", "同意制发")):
        sign_in(page, username)
        page.goto(seal)
        page.get_by_role("link", name="决定").or_(page.get_by_role("link", name="办理")).first.click()
        page.get_by_label(outcome).check()
        axe(page)
        shoot(page, "seals-decide")
        page.locator("main form button[type=submit]").click()
        expect(page.locator(".alert-success").first).to_be_visible()
    expect(page.get_by_text("在用", exact=True).first).to_be_visible()
    return seal


def seal_a_notice(
    page: Page, platform: Platform, sign_in: SignIn, axe: Check, shoot: Shoot, files: Path
) -> None:
    case_id, _number = act(platform, "apply")
    act(platform, "accept", case_id)
    sign_in(page, cast.CLERK)
    page.goto(f"/cases/{case_id}/")
    page.get_by_role("link", name="受理通知书").click()
    page.get_by_role("link", name="加盖电子印章").click()
    page.get_by_label("同时生成OFD").check()
    axe(page)
    shoot(page, "seals-use")
    page.get_by_role("button", name="加盖印章").click()
    expect(page.locator(".alert-success")).to_be_visible()
    axe(page)
    shoot(page, "seals-notice-sealed")
    for kind in ("pdf", "ofd"):
        with page.expect_download() as taken:
            page.get_by_role("link", name=f".{kind}").click()
        taken.value.save_as(files / f"notice.{kind}")


def see_it_in_the_list(page: Page, axe: Check, shoot: Shoot, seal: str) -> None:
    page.goto("/trust/seals/")
    axe(page)
    shoot(page, "seals-list")
    page.get_by_role("link", name=SEAL).and_(page.locator(f"[href='{urlsplit(seal).path}']")).click()
    axe(page)
    shoot(page, "seals-detail")


def check_it(page: Page, plain: Page, axe: Check, shoot: Shoot, files: Path) -> None:
    parts = dict(parts_of((files / "notice.ofd").read_bytes()))
    parts[PAGE] = parts[PAGE].replace("受理".encode(), "拒收".encode())
    (files / "changed.ofd").write_bytes(pack(parts))
    (files / "photo.pdf").write_bytes(b"\x89PNG\r\n\x1a\n")
    said = {
        "photo.pdf": "该文件既不是PDF也不是OFD文档",
        "changed.ofd": "请勿采信此印章",
        "notice.ofd": "印章真实，文件内容与盖章时一致",
        "notice.pdf": "印章真实，文件内容与盖章时一致",
    }
    for name, words in said.items():
        for one in (page, plain):
            one.goto("/trust/seals/check/")
            one.locator("[name=file]").set_input_files(files / name)
            one.locator("main form button[type=submit]").click()
            expect(one.locator("main")).to_contain_text(words)
        axe(page)
        shoot(page, f"seals-check-{name.replace('.', '-')}")
    page.emulate_media(media="print")
    shoot(page, "seals-check-printed")
    page.emulate_media(media="screen")
