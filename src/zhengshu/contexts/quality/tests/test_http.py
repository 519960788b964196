import pytest
from django.test import Client

from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db

RULES = "/api/quality/packs/{}/rules"


@pytest.fixture
def officer() -> Client:
    client = Client()
    client.force_login(trust.account(Role.DATA_OFFICER))
    return client


class TestRules:
    def test_shows_every_rule_to_an_official(self, officer: Client) -> None:
        rules = {rule["code"]: rule for rule in officer.get(RULES.format("demo-city")).json()}

        check = rules["credit-code-check"]
        assert (check["kind"], check["element"], check["dimension"]) == ("check_digit", "credit-code", "03")
        assert rules["persons-key"]["element"] == ""

    def test_shows_nothing_to_others(self) -> None:
        assert Client().get(RULES.format("demo-city")).status_code == 403

    @pytest.mark.parametrize("pack", ["nowhere", "..", "..%2Fcatalog", "%2Fetc"])
    def test_finds_packs_by_their_names_only(self, officer: Client, pack: str) -> None:
        assert officer.get(RULES.format(pack)).status_code == 404
