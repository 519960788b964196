"""Whoever stands at a window without an account gets one there, and signs in with it himself."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.application.change_policy import change_policy
from zhengshu.contexts.trust.application.delegate_powers import grant_power
from zhengshu.contexts.trust.application.register_person import register_handler
from zhengshu.contexts.trust.domain.duties import NotYourDuty
from zhengshu.contexts.trust.domain.kinds import AccountKind, SecondFactorRule
from zhengshu.contexts.trust.domain.policies import PolicyValues
from zhengshu.contexts.trust.models import Account, AuditEvent, Delegation, Enterprise
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.contexts.trust.tests.signing import CHANGE, sign_in
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.identity import OfficialId

pytestmark = pytest.mark.django_db
ADA = "11010519491231002X"
PATH = "/trust/people/register/"
FULL_WIDTH = "１１０１０５１９４９１２３１００２ｘ"
OWN = {"use": "own"}
WANG = {**OWN, "citizen_id": ADA, "name": "王小明"}


@pytest.fixture(autouse=True)
def _one_factor_is_enough() -> None:
    change_policy(values=PolicyValues(second_factor=SecondFactorRule.NONE), actor=factories.PLATFORM, at=AT)


def enterprise() -> tuple[Actor, Enterprise]:
    """Return the legal representative of an enterprise, and it."""
    made = api.add_enterprise(
        code=factories.credit_code(880_001), name="青禾餐饮", actor=factories.PLATFORM, at=AT
    )
    chief = api.add_delegate(
        username="chief",
        name="陈立",
        citizen_id="440524188001010014",
        enterprise_id=made,
        is_legal_representative=True,
        password=factories.PASSWORD,
        actor=factories.PLATFORM,
        at=AT,
    )
    return api.actor_of(official_id=OfficialId(chief)), Enterprise.objects.get(id=made)


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
    typed = {**OWN, "citizen_id": FULL_WIDTH, "name": " 王\u200b小明\u202e "}
    page = as_role(Role.WINDOW_CLERK).post(PATH, typed)

    username, password = shown_once(page.content.decode())
    account = Account.objects.get(username=username)
    assert (account.name, account.kind, account.must_change_password) == ("王小明", AccountKind.CITIZEN, True)
    assert api.private_person(citizen_id=CitizenId.parse(ADA)).account_id == account.pk
    assert "no-store" in page.headers["Cache-Control"]
    assert "王小明" in page.content.decode()
    assert f"{settings.PUBLIC_URL}/accounts/login/" in page.content.decode()
    visitor = Client()
    sign_in(visitor, username, password)
    assert visitor.get(reverse("trust:me")).headers["Location"] == CHANGE


def test_a_name_of_which_nothing_is_seen_is_none() -> None:
    page = as_role(Role.WINDOW_CLERK).post(PATH, {**OWN, "citizen_id": ADA, "name": "\u200b\u2060"})

    assert "first-password" not in page.content.decode()
    assert not Account.objects.filter(kind=AccountKind.CITIZEN).exists()


def test_the_audit_names_the_clerk_and_neither_number_nor_password() -> None:
    clerk = factories.account(Role.WINDOW_CLERK)
    client = Client()
    client.force_login(clerk)

    _, password = shown_once(client.post(PATH, WANG).content.decode())

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
    page = as_role(Role.WINDOW_CLERK).post(PATH, OWN | entered).content.decode()

    assert said in page
    assert not Account.objects.filter(kind=AccountKind.CITIZEN).exists()


def test_all_that_is_wrong_is_said_at_once() -> None:
    entered = {"use": "handler", "citizen_id": "110105194912310021", "name": "", "enterprise_code": "9"}

    page = as_role(Role.WINDOW_CLERK).post(PATH, entered)

    assert set(page.context["form"].errors) == {"citizen_id", "name", "enterprise_code"}


class TestHandlers:
    def test_get_an_account_that_may_do_nothing_yet(self) -> None:
        boss, firm = enterprise()
        clerk = as_role(Role.WINDOW_CLERK)

        page = clerk.post(PATH, {**WANG, "use": "handler", "enterprise_code": firm.code}).content.decode()

        username, _ = shown_once(page)
        account = Account.objects.get(username=username)
        assert (account.kind, account.must_change_password) == (AccountKind.DELEGATE, True)
        assert not Delegation.objects.filter(account=account).exists()
        assert firm.name in page
        grant_power(
            enterprise_id=firm.id,
            username=username,
            name="王小明",
            scope=["matters"],
            last_on=timezone.localdate() + timedelta(days=30),
            actor=boss,
            at=timezone.now(),
        )
        assert Delegation.objects.filter(account=account, enterprise=firm).exists()

    def test_may_have_an_account_for_their_own_matters_too(self) -> None:
        _, firm = enterprise()
        clerk = as_role(Role.WINDOW_CLERK)

        pages = [
            clerk.post(PATH, entered).content.decode()
            for entered in (WANG, {**WANG, "use": "handler", "enterprise_code": firm.code})
        ]

        assert ["first-password" in page for page in pages] == [True, True]
        again = clerk.post(PATH, {**WANG, "use": "handler", "enterprise_code": firm.code}).content.decode()
        assert "请由法定代表人对该账号授权" in again

    @pytest.mark.parametrize(
        ("code", "said"),
        [
            ("", "请填写经办人所在企业"),
            ("91470300000000001", "18"),
            (factories.credit_code(77), "没有该统一社会信用代码的企业"),
        ],
    )
    def test_are_those_of_a_known_enterprise(self, code: str, said: str) -> None:
        page = as_role(Role.WINDOW_CLERK).post(PATH, {**WANG, "use": "handler", "enterprise_code": code})

        assert said in str(page.context["form"].errors["enterprise_code"])
        assert not Account.objects.filter(name="王小明").exists()

    def test_are_registered_by_clerks_only(self) -> None:
        _, firm = enterprise()

        with pytest.raises(NotYourDuty):
            register_handler(
                citizen_id=ADA,
                name="王小明",
                enterprise_code=firm.code,
                actor=factories.actor(Role.DATA_OFFICER),
                at=AT,
            )


def test_one_person_gets_one_account() -> None:
    clerk = as_role(Role.WINDOW_CLERK)
    clerk.post(PATH, WANG)

    page = clerk.post(PATH, {**WANG, "name": "王晓明"}).content.decode()

    assert "first-password" not in page
    assert "可返回上一页直接为其代填" in page
    assert Account.objects.filter(kind=AccountKind.CITIZEN).count() == 1


@pytest.mark.parametrize(
    "role", [Role.DATA_OFFICER, Role.APPROVER, Role.LEADER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN]
)
def test_no_other_official_registers(role: Role) -> None:
    assert as_role(role).post(PATH, WANG).status_code == 403
    assert not Account.objects.filter(name="王小明").exists()


def test_nobody_registers_himself() -> None:
    clerk = as_role(Role.WINDOW_CLERK)
    clerk.post(PATH, WANG)
    person = Client()
    person.force_login(Account.objects.get(kind=AccountKind.CITIZEN))

    assert person.post(PATH, WANG).status_code in {302, 404}
    assert Client().post(PATH, WANG).status_code == 302
    assert Account.objects.filter(kind=AccountKind.CITIZEN).count() == 1


def test_the_way_back_stays_in_this_house() -> None:
    clerk = as_role(Role.WINDOW_CLERK)

    pages = [clerk.get(PATH, {"next": target}).content.decode() for target in ("//evil.example/", "/apply/")]

    assert reverse("trust:person-register") == PATH
    assert 'href="//evil.example/"' not in pages[0]
    assert 'href="/apply/"' in pages[1]
