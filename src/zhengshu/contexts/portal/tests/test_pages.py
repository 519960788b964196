"""The pages of the portal, and how many queries they take."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhengshu.contexts.portal.application.list_refusals import list_refusals
from zhengshu.contexts.portal.application.see_desk import oversee, see_desk
from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.foundation.http.rules import NotAllowed
from zhengshu.kernel.actors import ADMINISTRATORS, Role
from zhengshu.kernel.clocks import Light


class TestRefusals:
    def test_every_code_has_its_place(self) -> None:
        codes = [refusal.code for group in list_refusals() for refusal in group.refusals]

        assert NotAllowed.code in codes
        assert len(codes) == len(set(codes)) > 50

    def test_places_for_data_are_shown_in_brackets(self) -> None:
        sentences = [one.chinese + one.english for group in list_refusals() for one in group.refusals]

        assert not any("%(" in sentence for sentence in sentences)

    def test_every_sentence_is_translated(self) -> None:
        english = [
            one.code for group in list_refusals() for one in group.refusals if one.chinese == one.english
        ]

        assert english == []

    @pytest.mark.django_db
    def test_the_page_needs_no_account(self, client: Client) -> None:
        assert 'id="access.not-allowed"' in client.get("/docs/errors").content.decode()


@pytest.mark.django_db
class TestPublicPages:
    @pytest.mark.parametrize("path", ["/", "/help/", "/about/", "/accessibility/"])
    def test_open_without_an_account(self, client: Client, path: str) -> None:
        assert client.get(path).status_code == 200


@pytest.mark.django_db
class TestDesk:
    def test_of_a_new_officer_is_empty_and_says_what_to_do(self) -> None:
        desk = see_desk(actor=factories.actor(Role.DATA_OFFICER), at=AT)

        assert (desk.todos.total, desk.started.total, desk.asked.total, desk.grants) == (0, 0, 0, 0)

    def test_of_a_leader_shows_all_lights(self) -> None:
        view = oversee(actor=factories.actor(Role.LEADER), at=AT)

        assert view.lights == {Light.GREEN: 0, Light.YELLOW: 0, Light.RED: 0, Light.GREY: 0}

    @pytest.mark.parametrize(
        ("role", "title"),
        [
            (Role.DATA_OFFICER, "工作台"),
            (Role.DEPARTMENT_HEAD, "工作台"),
            (Role.REVIEWER, "工作台"),
            (Role.LEADER, "本月政务服务"),
            (Role.SYSTEM_ADMIN, "系统管理"),
            (Role.WINDOW_CLERK, "没有待办"),
        ],
    )
    def test_the_first_page_fits_the_role(self, client: Client, role: Role, title: str) -> None:
        account = factories.account(role)
        if role in ADMINISTRATORS:
            TOTP.activate(account, generate_totp_secret())
        client.force_login(account)

        assert title in client.get("/", follow=True).content.decode()

    def test_a_citizen_comes_to_his_matters(self, client: Client) -> None:
        key = api.add_citizen(
            username="ada",
            name="张三",
            citizen_id="470302199001011236",
            password=factories.PASSWORD,
            actor=factories.PLATFORM,
            at=AT,
        )
        client.force_login(factories.account_of(api.actor_of(official_id=key)))

        shown = client.get("/", follow=True).content.decode()

        assert "您还没有申请事项" in shown
        assert "数据工作角色" not in shown
        assert "搜索办事事项" in shown
        assert "工作台" not in shown

    def test_a_window_clerk_finds_the_to_dos_in_the_menu(self, client: Client) -> None:
        client.force_login(factories.account(Role.WINDOW_CLERK))

        shown = client.get("/help/").content.decode()

        assert 'href="/cases/"' in shown
        assert 'href="/cases/started/"' in shown


@pytest.mark.django_db
class TestSearch:
    def test_finds_departments_by_a_part_of_the_name(self, client: Client) -> None:
        factories.department(name="市场监督管理局")
        client.force_login(factories.account(Role.DATA_OFFICER))

        assert "市场监督管理局" in client.get("/search/", {"q": "市场监督"}).content.decode()

    def test_takes_as_many_queries_for_many_departments_as_for_few(self, client: Client) -> None:
        client.force_login(factories.account(Role.DATA_OFFICER))

        def queries(departments: int) -> int:
            for _ in range(departments):
                factories.department()
            with CaptureQueriesContext(connection) as seen:
                client.get("/search/", {"q": "局"})
            return len(seen)

        queries(1)
        assert queries(9) == queries(60)

    def test_is_closed_to_visitors(self, client: Client) -> None:
        assert client.get("/search/", {"q": "x"}).status_code == 302

    def test_writes_what_was_typed_as_text(self, client: Client) -> None:
        client.force_login(factories.account(Role.DATA_OFFICER))

        assert "<script>alert" not in client.get("/search/", {"q": "<script>alert(1)"}).content.decode()


@pytest.mark.django_db
class TestAdministration:
    def test_is_closed_to_everybody_else(self, client: Client) -> None:
        client.force_login(factories.account(Role.DATA_OFFICER))

        assert client.get("/administration/").status_code == 403
