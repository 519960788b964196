"""Officials' accounts from a list: looked at first, taken over wholly or not at all."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from zhengshu.contexts.trust.application.change_policy import change_policy
from zhengshu.contexts.trust.domain.account_lists import TooManyLeavers, check_leavers
from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.domain.policies import PolicyValues
from zhengshu.contexts.trust.models import Account, AuditEvent
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT, PLATFORM
from zhengshu.contexts.trust.tests.signing import fresh, is_in, sign_in
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db

PLACE = reverse("trust:account-import")
KEPT = re.compile(r'name="kept" value="([^"]+)"')


@pytest.fixture
def admin() -> Client:
    change_policy(values=PolicyValues(second_factor=SecondFactorRule.NONE), actor=PLATFORM, at=AT)
    client = Client()
    client.force_login(factories.account(Role.SYSTEM_ADMIN, username="root.admin"))
    return client


def upload(admin: Client, text: str, *, encoding: str = "utf-8", name: str = "人员.csv") -> HttpResponseBase:
    return admin.post(PLACE, {"file": SimpleUploadedFile(name, text.encode(encoding))})


def confirm(admin: Client, page: HttpResponseBase) -> HttpResponseBase:
    import html

    found = KEPT.search(page.content.decode())  # type: ignore[attr-defined]
    assert found is not None
    return admin.post(PLACE, {"kept": html.unescape(found[1])})


class TestTakingOver:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
    def test_adds_moves_and_ends_as_shown_before(self, admin: Client, encoding: str) -> None:
        new, old = factories.department(), factories.department()
        mover = factories.account(Role.DATA_OFFICER, department_id=old.id, username="mover")
        leaver = fresh(factories.account(Role.DATA_OFFICER, department_id=old.id, username="leaver"))
        visitor = Client()
        sign_in(visitor, "leaver")
        text = (
            "用户名,姓名,部门代码,状态\n"
            f"novice,王小明,{new.code},在职\n"
            f"mover,{mover.name},{new.code},\n"
            f"leaver,{leaver.name},{old.code},离职\n"
        )

        page = upload(admin, text, encoding=encoding)
        untouched = Account.objects.filter(username="novice").exists()
        done = confirm(admin, page)

        assert not untouched
        assert Account.objects.get(username="novice").must_change_password
        assert Account.objects.get(username="mover").department_id == new.id
        assert not is_in(visitor)
        assert "novice" in done.content.decode()  # type: ignore[attr-defined]
        row = AuditEvent.objects.get(name="trust.accounts.imported.v1")
        assert row.data["counts"] == {"add": 1, "move": 1, "deactivate": 1}

    def test_a_workbook_will_do(self, admin: Client) -> None:
        book = Workbook()
        sheet = book.create_sheet(index=0)
        sheet.append(["用户名", "姓名", "部门代码"])
        sheet.append(["novice", "王小明", factories.department().code])
        out = io.BytesIO()
        book.save(out)

        page = admin.post(PLACE, {"file": SimpleUploadedFile("人员.xlsx", out.getvalue())})
        confirm(admin, page)

        assert Account.objects.filter(username="novice").exists()

    def test_one_wrong_row_keeps_all_from_being_done(self, admin: Client) -> None:
        code = factories.department().code
        admin_row = factories.account(Role.AUDIT_ADMIN, username="auditor")
        text = (
            "用户名,姓名,部门代码,状态\n"
            f"novice,王小明,{code},在职\n"
            f"x,太短,{code},在职\n"
            f"novice,王小明,{code},在职\n"
            f"other,,{code},在职\n"
            "another,李四,000000000000000000,在职\n"
            f"odd,李四,{code},也许\n"
            f"auditor,{admin_row.name},,离职\n"
            "root.admin,,,离职\n"
        )

        page = upload(admin, text)
        content = page.content.decode()  # type: ignore[attr-defined]
        answer = confirm(admin, page)

        assert content.count("ui-badge-red") == 7
        assert "7 行有误" in content
        assert answer.status_code == 200
        assert not Account.objects.filter(username="novice").exists()

    def test_an_account_of_somebody_else_is_not_taken(self, admin: Client) -> None:
        known = factories.account(Role.DATA_OFFICER, username="zhang.wei")
        code = factories.department().code

        content = upload(admin, f"用户名,姓名,部门代码\nzhang.wei,别人,{code}\n").content.decode()  # type: ignore[attr-defined]

        assert "ui-badge-red" in content
        known.refresh_from_db()
        assert known.department is not None
        assert known.department.code != code

    def test_a_preview_of_another_administrator_is_worth_nothing(self, admin: Client) -> None:
        page = upload(admin, f"用户名,姓名,部门代码\nnovice,王小明,{factories.department().code}\n")
        other = Client()
        other.force_login(factories.account(Role.SYSTEM_ADMIN))

        confirm(other, page)

        assert not Account.objects.filter(username="novice").exists()

    @pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\0\0\0"])
    def test_what_is_no_list_is_refused_with_a_sentence(self, admin: Client, text: str) -> None:
        page = upload(admin, text or " ")

        assert page.status_code == 200
        assert "is-invalid" in page.content.decode() or "ui-error" in page.content.decode()  # type: ignore[attr-defined]

    def test_is_closed_to_others(self, official: Account) -> None:
        client = Client()
        client.force_login(official)

        assert client.get(PLACE).status_code == 403

    def test_a_list_that_lost_most_of_its_people_is_not_believed(self) -> None:
        check_leavers(leavers=3, known=4)
        check_leavers(leavers=20, known=100)
        with pytest.raises(TooManyLeavers):
            check_leavers(leavers=21, known=100)
