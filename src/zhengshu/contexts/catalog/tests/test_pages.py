"""Pages, as people of several departments see them."""

import pytest
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.catalog.tests.factories import AT, PLATFORM, City, published
from zhengshu.contexts.trust.application.change_policy import change_policy
from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.domain.policies import PolicyValues
from zhengshu.contexts.trust.models import Account
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor_is_enough() -> None:
    values = PolicyValues(second_factor=SecondFactorRule.NONE)
    change_policy(values=values, actor=PLATFORM, at=AT)


def browser(actor: Actor) -> Client:
    """Return a browser in which the actor has signed in."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(Account.objects.get(id=actor.id))
    return client


class TestResourceList:
    def test_shows_published_resources_to_another_department(self, town: City) -> None:
        published(town)

        page = browser(town.stranger).get(reverse("catalog:resource-list"))

        assert page.status_code == 200
        assert "企业登记信息" in page.content.decode()
