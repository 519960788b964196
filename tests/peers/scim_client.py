"""A foreign SCIM client, set up against this platform; importing its library costs seconds."""

from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_models import EnterpriseUser, User

from zhengshu.contexts.trust.application.scim import add_source
from zhengshu.contexts.trust.tests.factories import PLATFORM

Person = User[EnterpriseUser]


def client() -> WSGISCIMClient:
    token = add_source(name="人事系统", actor=PLATFORM, at=timezone.now())
    made = WSGISCIMClient(
        get_wsgi_application(),
        base_url="http://localhost/scim/v2",
        headers={"Authorization": f"Bearer {token}"},
    )
    made.discover(schemas=True, resource_types=True, service_provider_config=True)
    return made


def person(username: str, code: str) -> Person:
    made = Person(user_name=username, display_name="王小明", active=True)
    made[EnterpriseUser] = EnterpriseUser(department=code)
    return made
