"""Every page: who may open it, what it says, what it costs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.application.change_policy import change_policy
from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.domain.policies import PolicyValues
from zhengshu.contexts.trust.models import Account, AuditEvent, ConsumingSystem, RoleAssignment, SystemKey
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor_is_enough() -> None:
    values = PolicyValues(second_factor=SecondFactorRule.NONE)
    change_policy(values=values, actor=factories.PLATFORM, at=AT)


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def as_role(*roles: Role) -> Client:
    return signed_in(factories.account(*roles))


class TestDepartments:
    def test_the_list_costs_the_same_for_many_rows(
        self, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = as_role(Role.LEADER)
        url = reverse("trust:department-list") + "?size=200"
        for _ in range(8):
            factories.department()
        with django_assert_max_num_queries(9) as few:
            client.get(url)
        for _ in range(100):
            factories.department()

        with django_assert_max_num_queries(len(few.captured_queries)):
            response = client.get(url)

        assert response.content.decode().count("data-label") > 700

    def test_a_search_that_finds_nothing_says_so(self) -> None:
        response = as_role(Role.LEADER).get(reverse("trust:department-list"), {"q": "没有这样的部门"})

        assert "ui-empty" in response.content.decode()

    def test_the_system_administrator_adds_changes_and_closes(self) -> None:
        client = as_role(Role.SYSTEM_ADMIN)
        entered = {
            "code": factories.credit_code(777_001),
            "name": "营商局",
            "region": "470300",
            "level": "city",
        }

        added = client.post(reverse("trust:department-add"), entered)
        record = api.department_by_code(code=entered["code"])
        client.post(
            reverse("trust:department-change", args=[record.id]),
            {"name": "营商环境局", "region": "470302", "level": "county"},
        )
        client.post(reverse("trust:department-close", args=[record.id]))

        assert added.status_code == 302
        after = api.department(department_id=record.id)
        assert (after.name, after.region, after.is_active) == ("营商环境局", "470302", False)

    def test_a_false_credit_code_is_explained_in_the_form(self) -> None:
        response = as_role(Role.SYSTEM_ADMIN).post(
            reverse("trust:department-add"),
            {"code": "11470300000000001A", "name": "甲局", "region": "470300", "level": "city"},
        )

        assert response.status_code == 200
        assert "ui-error-summary" in response.content.decode()

    def test_tree_and_detail_show_who_belongs_where(self) -> None:
        top = factories.department(name="市政府")
        child = factories.department(name="市数据局", parent_id=top.id)
        factories.account(Role.DATA_OFFICER, department_id=child.id)
        client = as_role(Role.LEADER)

        tree = client.get(reverse("trust:department-tree")).content.decode()
        detail = client.get(reverse("trust:department-detail", args=[child.id])).content.decode()

        assert tree.index("市政府") < tree.index("市数据局")
        assert "市政府" in detail

    def test_an_unknown_department_is_not_found(self) -> None:
        response = as_role(Role.LEADER).get(reverse("trust:department-detail", args=[uuid4()]))

        assert response.status_code == 404


class TestAccounts:
    def test_a_new_official_gets_a_first_password_that_is_shown_once(self) -> None:
        home, client = factories.department(), as_role(Role.SYSTEM_ADMIN)

        response = client.post(
            reverse("trust:account-add"),
            {"username": "zhang.wei", "name": "张伟", "department": str(home.id)},
        )

        account = Account.objects.get(username="zhang.wei")
        password = response.content.decode().split('id="first-password">')[1].split("<")[0]
        assert account.check_password(password)
        assert account.must_change_password
        assert password not in client.get(reverse("trust:account-detail", args=[account.id])).content.decode()

    def test_a_reset_ends_the_sessions_of_the_account(self) -> None:
        account = factories.account(Role.DATA_OFFICER)
        owner = signed_in(account)
        assert owner.get(reverse("trust:me")).status_code == 200

        as_role(Role.SYSTEM_ADMIN).post(reverse("trust:account-reset-password", args=[account.id]))

        assert owner.get(reverse("trust:me")).status_code == 302

    def test_deactivation_signs_out_at_once(self) -> None:
        account = factories.account(Role.DATA_OFFICER)
        owner = signed_in(account)

        as_role(Role.SYSTEM_ADMIN).post(reverse("trust:account-deactivate", args=[account.id]))

        assert owner.get(reverse("trust:me")).status_code == 302
        assert not Account.objects.get(id=account.id).is_active

    def test_the_list_costs_the_same_for_many_rows(
        self, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client, home = as_role(Role.SECURITY_ADMIN), factories.department()
        url = reverse("trust:account-list") + "?size=200"
        factories.account(Role.DATA_OFFICER, department_id=home.id)
        with django_assert_max_num_queries(10) as few:
            client.get(url)
        Account.objects.bulk_create(
            Account(username=f"bulk{n}", name="某人", kind="official", department_id=home.id, created_at=AT)
            for n in range(150)
        )

        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get(url)

    def test_stale_accounts_are_reported(self) -> None:
        home = factories.department()
        stale, fresh = (factories.account(department_id=home.id) for _ in range(2))
        now = timezone.now()
        Account.objects.filter(id=stale.id).update(last_login=now - timedelta(days=91))
        Account.objects.filter(id=fresh.id).update(last_login=now - timedelta(days=89))

        page = (
            as_role(Role.SECURITY_ADMIN)
            .get(reverse("trust:account-list"), {"state": "stale"})
            .content.decode()
        )

        assert stale.username in page
        assert fresh.username not in page

    def test_moving_ends_the_roles_of_the_former_department(self) -> None:
        account, target = factories.account(Role.DATA_OFFICER, Role.OPERATOR), factories.department()

        as_role(Role.SYSTEM_ADMIN).post(
            reverse("trust:account-move", args=[account.id]), {"department": str(target.id)}
        )

        assert not RoleAssignment.objects.filter(account=account, active_to=None).exists()
        assert Account.objects.get(id=account.id).department_id == target.id


class TestRolesAndPolicy:
    def test_the_security_administrator_gives_and_takes_a_role(self) -> None:
        account, client = factories.account(), as_role(Role.SECURITY_ADMIN)

        client.post(reverse("trust:role-assign", args=[account.id]), {"role": "data_officer"})
        given = api.actor_of(official_id=account.id).roles
        client.post(reverse("trust:role-end", args=[account.id, "data_officer"]))

        assert given == {Role.DATA_OFFICER}
        assert api.actor_of(official_id=account.id).roles == frozenset()

    def test_a_combination_of_duties_is_explained_in_the_form(self) -> None:
        account = factories.account(Role.DATA_OFFICER)

        response = as_role(Role.SECURITY_ADMIN).post(
            reverse("trust:role-assign", args=[account.id]), {"role": "audit_admin"}
        )

        assert response.status_code == 200
        assert "ui-error-summary" in response.content.decode()

    def test_a_policy_change_is_in_force_and_in_the_audit(self) -> None:
        client = as_role(Role.SECURITY_ADMIN)
        page = client.get(reverse("trust:policy"))
        entered = {name: field.initial for name, field in page.context["form"].fields.items()} | {
            "idle_minutes": 5
        }

        client.post(reverse("trust:policy"), entered)

        row = AuditEvent.objects.filter(name="trust.policy.changed.v1").latest("id")
        assert row.data["after"] == {"idle_minutes": "5"}
        assert row.data["before"] == {"idle_minutes": "15"}

    def test_a_weaker_policy_than_the_floor_is_refused(self) -> None:
        client = as_role(Role.SECURITY_ADMIN)
        page = client.get(reverse("trust:policy"))
        entered = {name: field.initial for name, field in page.context["form"].fields.items()}

        response = client.post(reverse("trust:policy"), entered | {"password_min_length": 4})

        assert response.status_code == 200
        assert not AuditEvent.objects.filter(
            name="trust.policy.changed.v1", data__after__has_key="password_min_length"
        )


class TestSystems:
    def test_an_officer_registers_a_system_and_rotates_its_key(self) -> None:
        client = as_role(Role.DATA_OFFICER)
        client.post(reverse("trust:system-add"), {"name": "不动产登记系统"})
        (system,) = [
            row for row in api.consuming_systems(actor=factories.PLATFORM) if row.name == "不动产登记系统"
        ]
        keys = reverse("trust:key-issue", args=[system.id])

        first = client.post(keys, {"algorithm": "hmac-sha256", "overlap_hours": 24})
        second = client.post(keys, {"algorithm": "hmac-sm3", "overlap_hours": 24})

        assert first.headers["Cache-Control"].find("no-store") >= 0
        secret = second.content.decode().split('id="key-secret">')[1].split("<")[0]
        detail = client.get(reverse("trust:system-detail", args=[system.id])).content.decode()
        assert secret not in detail
        assert detail.count("zsk_") >= 2
        old = SystemKey.objects.filter(system_id=system.id).earliest("active_from")
        assert old.active_to < timezone.now() + timedelta(hours=25)

    def test_a_key_is_revoked_after_a_confirmation(self) -> None:
        account = factories.account(Role.DATA_OFFICER)
        system = factories.system(department_id=account.department_id)
        issued = api.issue_key(
            system_id=system.id, algorithm="hmac-sha256", actor=factories.PLATFORM, at=timezone.now()
        )
        client, url = signed_in(account), reverse("trust:key-revoke", args=[system.id, issued.key_id])

        asked = client.get(url)
        client.post(url)

        assert asked.status_code == 200
        assert api.keys_of(system_id=system.id)[0].revoked_at is not None

    def test_a_page_sent_twice_lets_a_system_report_once(self) -> None:
        officer = factories.account(Role.DATA_OFFICER)
        system = factories.system(department_id=officer.department_id)
        client, url = as_role(Role.SECURITY_ADMIN), reverse("trust:system-reports", args=[system.id])

        asked = client.get(url).content.decode()
        for _click in range(2):
            client.post(url, {"to": "on"})
        client.post(url)

        assert 'name="to" value="on"' in asked
        assert ConsumingSystem.objects.get(pk=system.id).may_report
        client.post(url, {"to": "off"})
        assert not ConsumingSystem.objects.get(pk=system.id).may_report

    def test_the_list_costs_the_same_for_many_rows(
        self, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        account = factories.account(Role.DATA_OFFICER)
        client, url = signed_in(account), reverse("trust:system-list") + "?size=200"
        factories.system(department_id=account.department_id)
        with django_assert_max_num_queries(8) as few:
            client.get(url)
        for _ in range(60):
            factories.system(department_id=account.department_id)

        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get(url)


class TestMyAccount:
    def test_shows_sessions_and_ends_another_one(self) -> None:
        account = factories.account(Role.DATA_OFFICER)
        here, there = signed_in(account), signed_in(account)
        page = here.get(reverse("trust:me"))
        other = next(session for session, _program in page.context["sessions"] if not session.is_this)

        here.post(reverse("trust:session-end", args=[other.id]))

        assert there.get(reverse("trust:me")).status_code == 302
        assert here.get(reverse("trust:me")).status_code == 200

    def test_the_session_of_somebody_else_is_not_found(self) -> None:
        mine, theirs = factories.account(), factories.account()
        signed_in(theirs)
        session = theirs.session_records.get()

        response = signed_in(mine).post(reverse("trust:session-end", args=[session.id]))

        assert response.status_code == 404

    def test_a_further_sign_in_ends_the_oldest_session(self) -> None:
        account = factories.account(Role.DATA_OFFICER)
        first, *others = (signed_in(account) for _ in range(4))

        assert first.get(reverse("trust:me")).status_code == 302
        assert all(client.get(reverse("trust:me")).status_code == 200 for client in others)


class TestWhoMayOpenWhat:
    @pytest.mark.parametrize(
        ("route", "roles"),
        [
            ("trust:account-list", {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}),
            ("trust:account-add", {Role.SYSTEM_ADMIN}),
            ("trust:department-add", {Role.SYSTEM_ADMIN}),
            ("trust:policy", {Role.SECURITY_ADMIN}),
            ("trust:audit-list", {Role.AUDIT_ADMIN}),
            (
                "trust:system-list",
                {Role.DATA_OFFICER, Role.OPERATOR, Role.DEPARTMENT_HEAD, Role.REVIEWER, Role.SECURITY_ADMIN},
            ),
            ("trust:system-add", {Role.DATA_OFFICER, Role.OPERATOR}),
        ],
    )
    def test_only_the_roles_whose_duty_it_is(self, route: str, roles: set[Role]) -> None:
        officials = [role for role in Role if role not in {Role.CITIZEN, Role.ENTERPRISE_DELEGATE}]

        opened = {role for role in officials if as_role(role).get(reverse(route)).status_code == 200}

        assert opened == roles

    def test_a_visitor_is_asked_to_sign_in(self) -> None:
        response = Client().get(reverse("trust:account-list"))

        assert response.status_code == 302
        assert response.headers["Location"].startswith("/accounts/login/?next=")
