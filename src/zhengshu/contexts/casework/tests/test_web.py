import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Role
from zhengshu.kernel.identity import DepartmentId

pytestmark = pytest.mark.django_db


def client_of(*roles: Role, department_id: DepartmentId) -> Client:
    client = Client()
    client.force_login(trust.account(*roles, department_id=department_id))
    return client


class TestInbox:
    def test_shows_what_waits_for_the_reader(self) -> None:
        place = factories.city()
        case = factories.share_request(place, at=timezone.now())

        answer = client_of(Role.DEPARTMENT_HEAD, department_id=place.requester).get(reverse("casework:inbox"))

        assert answer.status_code == 200
        assert case.number in answer.content.decode()
        assert "本部门负责人审批" in answer.content.decode()
