"""The shell around every page: menu by role, trail, preferences, error pages."""

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from zhengshu.contexts.portal.interfaces import menu
from zhengshu.contexts.portal.interfaces.menu import Target
from zhengshu.contexts.portal.interfaces.navigation import Shell, shell_of
from zhengshu.contexts.trust.tests import factories
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.kernel.actors import Actor, Role

TARGETS: tuple[Target, ...] = (
    *(target for group in menu.SECTIONS for target in group.targets),
    *menu.PERSONAL,
    *menu.FOOTER,
    *menu.ADMINISTRATION,
)


def request_of(actor: Actor, path: str = "/") -> HttpRequest:
    request = ActorRequest()
    request.path = path
    request.method = "GET"
    request.actor = actor
    return request


def labels(shell: Shell) -> set[str]:
    return {entry.label for section in shell.sections for entry in section.entries}


class TestMenu:
    @pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.view)
    def test_every_link_leads_somewhere(self, target: Target) -> None:
        assert reverse(target.view)

    def test_a_visitor_has_none(self) -> None:
        assert shell_of(request_of(Actor.anonymous())).sections == ()

    @pytest.mark.django_db
    def test_an_officer_sees_data_and_sharing(self) -> None:
        shell = shell_of(request_of(factories.actor(Role.DATA_OFFICER)))

        assert {"数据目录", "共享申请", "授权", "调用记录", "待办"} <= labels(shell)
        assert "系统管理" not in labels(shell)

    @pytest.mark.django_db
    @pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
    def test_an_administrator_sees_the_office_and_no_data(self, role: Role) -> None:
        shell = shell_of(request_of(factories.actor(role)))

        assert "系统管理" in labels(shell)
        assert not {"共享申请", "授权", "调用记录", "数据汇聚"} & labels(shell)

    @pytest.mark.django_db
    def test_the_longest_way_is_the_current_one(self) -> None:
        shell = shell_of(
            request_of(factories.actor(Role.DATA_OFFICER), reverse("exchange:request-list") + "x/")
        )

        current = [entry.label for section in shell.sections for entry in section.entries if entry.is_current]
        assert current == ["共享申请"]
        assert [entry.label for entry in shell.trail] == ["工作台", "共享申请"]

    @pytest.mark.django_db
    def test_names_the_person_with_department_and_roles(self) -> None:
        actor = factories.actor(Role.DATA_OFFICER, department_id=factories.department(name="民政局").id)
        person = shell_of(request_of(actor)).person

        assert person is not None
        assert (person.department, person.roles) == ("民政局", ("数据专员",))


class TestErrorPages:
    def test_need_no_actor(self) -> None:
        request = RequestFactory().get("/x")

        assert "页面不存在" in render_to_string("404.html", request=request)
        assert "系统出现故障" in render_to_string("500.html")

    @pytest.mark.django_db
    def test_a_missing_page_is_a_page(self, client: Client) -> None:
        response = client.get("/no-such-page/")

        assert response.status_code == 404
        assert "页面不存在" in response.content.decode()


@pytest.mark.django_db
class TestPreferences:
    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_a_theme_is_remembered(self, client: Client, theme: str) -> None:
        response = client.post("/preferences/theme/", {"theme": theme, "next": "/help/"})

        assert response.headers["Location"] == "/help/"
        assert client.cookies["theme"].value == theme
        assert f'data-bs-theme="{theme}"' in client.get("/help/").content.decode()

    def test_auto_forgets_it(self, client: Client) -> None:
        client.cookies["theme"] = "dark"
        client.post("/preferences/theme/", {"theme": "auto"})

        assert "data-bs-theme" not in client.get("/help/").content.decode()

    def test_a_made_up_theme_is_not_written_into_the_page(self, client: Client) -> None:
        client.cookies["theme"] = '"><script>'

        assert "<script>" not in client.get("/help/").content.decode()

    def test_a_language_is_remembered(self, client: Client) -> None:
        client.post("/preferences/language/", {"language": "en"})

        assert "<h1>Help</h1>" in client.get("/help/").content.decode()

    @pytest.mark.parametrize(
        "target", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"]
    )
    def test_never_leads_to_another_site(self, client: Client, target: str) -> None:
        response = client.post("/preferences/language/", {"language": "en", "next": target})

        assert response.headers["Location"] == "/"

    def test_is_not_changed_by_a_link(self, client: Client) -> None:
        refused = client.get("/preferences/theme/?theme=dark")
        to_a_program = client.get("/preferences/theme/", headers={"accept": "application/json"})

        assert refused.status_code == to_a_program.status_code == 405
        assert "此网址不能直接打开" in refused.content.decode()
        assert not to_a_program.content


class TestPolicy:
    @pytest.mark.django_db
    def test_every_page_forbids_inline_scripts(self, client: Client) -> None:
        policy = client.get("/").headers["Content-Security-Policy"]

        assert "script-src 'self';" in policy
        assert "'unsafe-eval'" not in policy
