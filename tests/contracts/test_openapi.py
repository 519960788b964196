"""The management API keeps the promises of its own OpenAPI document, whatever a program sends."""

from typing import Protocol

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
)

from zhengshu.contexts.trust.tests import factories
from zhengshu.kernel.actors import Role
from zhengshu.project.api import api


class Answer(Protocol):
    """What came back."""

    status_code: int


class ApiCase(Protocol):
    """One generated call; schemathesis' own type leaves its arguments open."""

    def call(self) -> Answer: ...

    def call_and_validate(self, *, checks: list[CheckFunction], headers: dict[str, str]) -> Answer: ...


CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]

schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
schema.app = get_wsgi_application()


@pytest.fixture
def session(db: None) -> str:
    """Return the cookie of a signed-in data officer."""
    account = factories.account(Role.DATA_OFFICER)
    client = Client()
    client.force_login(account)
    return client.cookies["sessionid"].value


@schema.parametrize()
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_keeps_its_promises(case: ApiCase, session: str) -> None:
    case.call_and_validate(checks=CHECKS, headers={"Cookie": f"sessionid={session}"})


@schema.parametrize()
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
def test_refuses_whoever_has_not_signed_in(case: ApiCase, db: None) -> None:
    assert case.call().status_code in {401, 403, 404, 405, 422}
