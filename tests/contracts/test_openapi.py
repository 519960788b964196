"""The management API keeps the promises of its own OpenAPI document, whatever a program sends."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Protocol

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.pytest.lazy import get_all_tests
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
DOCUMENT = api.get_openapi_schema()
OPERATIONS = [f"{method.upper()} {path}" for path, methods in DOCUMENT["paths"].items() for method in methods]


@cache
def generated(examples: int) -> Mapping[str, Callable[..., None]]:
    """Return for each operation what calls it with what is generated for it, and gives each call to a check.

    Not by schemathesis' own `parametrize`: that generates while tests are collected, which every process does.
    """

    def one_call(case: ApiCase, check: Callable[[ApiCase], None]) -> None:
        check(case)

    schema = schemathesis.openapi.from_dict(DOCUMENT)
    schema.app = get_wsgi_application()
    wanted = settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    made = get_all_tests(schema=schema, test_func=one_call, settings=wanted, given_kwargs=None)
    calls = [one.ok() for one in made if isinstance(one, Ok)]
    return {operation.label: call for operation, call in calls}


@pytest.fixture
def session(db: None) -> str:
    """Return the cookie of a signed-in data officer."""
    account = factories.account(Role.DATA_OFFICER)
    client = Client()
    client.force_login(account)
    return client.cookies["sessionid"].value


@pytest.mark.parametrize("operation", OPERATIONS)
def test_keeps_its_promises(operation: str, session: str) -> None:
    def check(case: ApiCase) -> None:
        case.call_and_validate(checks=CHECKS, headers={"Cookie": f"sessionid={session}"})

    generated(20)[operation](check=check)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_refuses_whoever_has_not_signed_in(operation: str, db: None) -> None:
    def check(case: ApiCase) -> None:
        assert case.call().status_code in {401, 403, 404, 405, 422}

    generated(3)[operation](check=check)
