"""Whoever stands at a window without an account gets one there, and signs in with it himself."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.application.change_policy import change_policy
from zhengshu.contexts.trust.domain.kinds import AccountKind, SecondFactorRule
from zhengshu.contexts.trust.domain.policies import PolicyValues
from zhengshu.contexts.trust.models import Account, AuditEvent
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.contexts.trust.tests.signing import CHANGE, sign_in
from zhengshu.kernel.actors import Role
from zhengshu.kernel.citizen_id import CitizenId

pytestmark = pytest.mark.django_db
ADA = "11010519491231002X"
PATH = "/trust/people/register/"
FULL_WIDTH = "１１０１０５１９４９１２３１００２ｘ"


@pytest.fixture(autouse=True)
def _one_factor_is_enough() -> None:
    change_policy(values=PolicyValues(second_factor=SecondFactorRule.NONE), actor=factories.PLATFORM, at=AT)


def as_role(role: Role) -> Client:
    client = Client()
    client.force_login(factories.account(role))
    return client


def shown_once(page: str) -> tuple[str, str]:
    username = re.search(r"<dd>(\d{10})</dd>", page)
    password = re.search(r'id="first-password">([^<]+)<', page)
    assert username is not None
    assert password is not None
    return username[1], password[1]


def test_the_clerk_gets_a_slip_and_the_person_an_account_that_asks_for_a_new_password() -> None:
    page = as_role(Role.WINDOW_CLERK).post(PATH, {"citizen_id": FULL_WIDTH, "name": " 王小明 "})

    username, password = shown_once(page.content.decode())
    account = Account.objects.get(username=username)
    assert (account.name, account.kind, account.must_change_password) == ("王小明", AccountKind.CITIZEN, True)
    assert api.private_person(citizen_id=CitizenId.parse(ADA)).account_id == account.pk
    assert "no-store" in page.headers["Cache-Control"]
    visitor = Client()
    sign_in(visitor, username, password)
    assert visitor.get(reverse("trust:me")).headers["Location"] == CHANGE


def test_the_audit_names_the_clerk_and_neither_number_nor_password() -> None:
    clerk = factories.account(Role.WINDOW_CLERK)
    client = Client()
    client.force_login(clerk)

    _, password = shown_once(client.post(PATH, {"citizen_id": ADA, "name": "王小明"}).content.decode())

    added = AuditEvent.objects.get(name="trust.account.added.v1", actor_id=clerk.pk)
    told = str(list(AuditEvent.objects.values()))
    assert added.subject_id == str(Account.objects.get(kind=AccountKind.CITIZEN).pk)
    assert ADA not in told
    assert password not in told


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ({"citizen_id": "110105194912310021", "name": "王小明"}, "校验"),
        ({"citizen_id": ADA, "name": " "}, "必填"),
        ({"citizen_id": "", "name": "王小明"}, "必填"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_opened(entered: dict[str, str], said: str) -> None:
    page = as_role(Role.WINDOW_CLERK).post(PATH, entered).content.decode()

    assert said in page
    assert not Account.objects.filter(kind=AccountKind.CITIZEN).exists()


def test_one_person_gets_one_account() -> None:
    clerk = as_role(Role.WINDOW_CLERK)
    clerk.post(PATH, {"citizen_id": ADA, "name": "王小明"})

    page = clerk.post(PATH, {"citizen_id": ADA, "name": "王晓明"}).content.decode()

    assert "first-password" not in page
    assert Account.objects.filter(kind=AccountKind.CITIZEN).count() == 1


@pytest.mark.parametrize(
    "role", [Role.DATA_OFFICER, Role.APPROVER, Role.LEADER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN]
)
def test_no_other_official_registers(role: Role) -> None:
    assert as_role(role).post(PATH, {"citizen_id": ADA, "name": "王小明"}).status_code == 403
    assert not Account.objects.filter(name="王小明").exists()


def test_nobody_registers_himself() -> None:
    clerk = as_role(Role.WINDOW_CLERK)
    clerk.post(PATH, {"citizen_id": ADA, "name": "王小明"})
    person = Client()
    person.force_login(Account.objects.get(kind=AccountKind.CITIZEN))

    assert person.post(PATH, {"citizen_id": ADA, "name": "王小明"}).status_code in {302, 404}
    assert Client().post(PATH, {"citizen_id": ADA, "name": "王小明"}).status_code == 302
    assert Account.objects.filter(kind=AccountKind.CITIZEN).count() == 1


def test_the_way_back_stays_in_this_house() -> None:
    clerk = as_role(Role.WINDOW_CLERK)

    pages = [clerk.get(PATH, {"next": target}).content.decode() for target in ("//evil.example/", "/apply/")]

    assert reverse("trust:person-register") == PATH
    assert 'href="//evil.example/"' not in pages[0]
    assert 'href="/apply/"' in pages[1]
