import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from zhengshu.contexts.trust.tests import factories
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db


def client_of(*roles: Role) -> Client:
    client = Client()
    client.force_login(factories.account(*roles))
    return client


class TestDepartments:
    def test_are_listed_and_read(self) -> None:
        record, client = factories.department(name="接口局"), client_of(Role.LEADER)

        found = client.get("/api/trust/departments", {"q": "接口局"}).json()
        one = client.get(f"/api/trust/departments/{record.id}").json()

        assert [row["id"] for row in found["rows"]] == [str(record.id)]
        assert one["level"] == "city"

    def test_cost_the_same_for_many(self, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
        client = client_of(Role.LEADER)
        with django_assert_max_num_queries(8) as few:
            client.get("/api/trust/departments", {"size": 200})
        for _ in range(60):
            factories.department()

        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get("/api/trust/departments", {"size": 200})

    def test_a_visitor_is_refused_with_a_problem_document(self) -> None:
        response = Client().get("/api/trust/departments")

        assert response.status_code in {401, 403}
        assert response.headers["Content-Type"] == "application/problem+json"


class TestSystems:
    def test_of_another_department_are_neither_listed_nor_found(self) -> None:
        system, stranger = factories.system(), client_of(Role.DATA_OFFICER)

        listed = stranger.get("/api/trust/systems").json()
        read = stranger.get(f"/api/trust/systems/{system.id}")

        assert listed["total"] == 0
        assert read.status_code == 404

    @pytest.mark.parametrize("path", ["", "keys/", "deactivate/", "keys/zsk_guess/revoke/"])
    def test_of_another_department_have_no_page_either(self, path: str) -> None:
        system, stranger = factories.system(), client_of(Role.DATA_OFFICER)

        response = stranger.post(f"/trust/systems/{system.id}/{path}", {"algorithm": "hmac-sha256"})

        assert response.status_code == 404

    def test_are_closed_to_a_clerk(self) -> None:
        assert client_of(Role.WINDOW_CLERK).get("/api/trust/systems").status_code == 403
