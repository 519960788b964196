import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.trust.models import Account
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.id))
    return client


class TestInbox:
    def test_shows_what_waits_for_the_reader(self) -> None:
        place = factories.city()
        case = factories.share_request(place, at=timezone.now())

        answer = client_of(place.head).get(reverse("casework:inbox"))

        assert answer.status_code == 200
        assert case.number in answer.content.decode()
        assert "本部门负责人审批" in answer.content.decode()
