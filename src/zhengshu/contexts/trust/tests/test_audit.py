import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.application.change_policy import change_policy
from zhengshu.contexts.trust.application.export_audit import harmless
from zhengshu.contexts.trust.application.search_audit import AuditFilter, search_audit
from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.domain.policies import PolicyValues
from zhengshu.contexts.trust.models import AuditEvent
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.kernel.actors import OFFICIALS, Actor, Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _one_factor_is_enough() -> None:
    change_policy(values=PolicyValues(second_factor=SecondFactorRule.NONE), actor=factories.PLATFORM, at=AT)


@pytest.fixture
def auditor() -> Actor:
    return factories.actor(Role.AUDIT_ADMIN)


def client_of(*roles: Role) -> Client:
    client = Client(REMOTE_ADDR="198.51.100.4")
    client.force_login(factories.account(*roles))
    return client


def fill(rows: int, *, actor_name: str = "批量") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO trust_audit_event (at, name, is_success, actor_id, actor_name, address, subject_kind,"
            " subject_id, subject_label, data)"
            " SELECT %s::timestamptz + n * interval '1 second', 'trust.session.started.v1',"
            " true, gen_random_uuid(), %s, '203.0.113.9', 'account', n::text, '', '{}' FROM generate_series(1, %s) n",
            [AT, actor_name, rows],
        )


class TestSearch:
    def test_pages_lead_to_every_row_once_and_back(self, auditor: Actor) -> None:
        fill(130, actor_name="甲乙")
        asked, seen, before = AuditFilter(who="甲乙"), [], None

        while True:
            page = search_audit(asked=asked, before=before, size=50, actor=auditor)
            seen += [row.id for row in page.rows]
            if page.older is None:
                break
            before = page.older
        back = search_audit(asked=asked, after=page.newer, size=50, actor=auditor)

        assert len(seen) == len(set(seen)) == 130
        assert seen == sorted(seen, reverse=True)
        assert [row.id for row in back.rows] == seen[50:100]

    def test_finds_by_each_condition(self, auditor: Actor) -> None:
        home = factories.department(name="审计测试局")
        system = factories.system(department_id=home.id, name="审计测试系统")
        conditions = (
            AuditFilter(name="trust.system.", department_id=home.id),
            AuditFilter(subject=str(system.id)),
            AuditFilter(subject="审计测试系"),
            AuditFilter(name="trust.system.registered.v1", subject="审计测试系统"),
            AuditFilter(subject="审计测试系统", since=AT, until=AT + timedelta(seconds=1)),
        )

        found = [search_audit(asked=asked, actor=auditor).rows for asked in conditions]

        assert [{row.subject_label for row in rows} for rows in found] == [{"审计测试系统"}] * 5

    def test_finds_failures_only(self, auditor: Actor) -> None:
        Client(REMOTE_ADDR="192.0.2.44").post(
            "/accounts/login/", {"login": "nobody.x", "password": "Wrong-1234"}
        )

        rows = search_audit(asked=AuditFilter(address="192.0.2.44", only_failures=True), actor=auditor).rows

        assert [row.name for row in rows] == ["trust.sign-in.failed.v1"]

    def test_a_page_far_back_reads_no_more_than_the_first(self, auditor: Actor) -> None:
        fill(30_000)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE trust_audit_event")
            cursor.execute("SELECT min(id) + 100 FROM trust_audit_event")
            (low,) = cursor.fetchone() or (0,)
            cursor.execute(
                "EXPLAIN (FORMAT TEXT) SELECT * FROM trust_audit_event WHERE id < %s ORDER BY id DESC LIMIT 51",
                [low],
            )
            plan = "\n".join(line for (line,) in cursor.fetchall())

        assert "Index Scan Backward" in plan
        assert "Sort" not in plan

    def test_costs_one_query(self, auditor: Actor, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        fill(300)

        with django_assert_num_queries(1):
            search_audit(asked=AuditFilter(), size=200, actor=auditor)


class TestWhoSeesTheAudit:
    @pytest.mark.parametrize("role", sorted(OFFICIALS - {Role.AUDIT_ADMIN}))
    def test_nobody_else_opens_it_and_the_attempt_is_recorded(self, role: Role) -> None:
        client = client_of(role)

        answers = [
            client.get(reverse("trust:audit-list")),
            client.get(reverse("trust:audit-export", args=["csv"])),
            client.get(reverse("trust:audit-detail", args=[AuditEvent.objects.latest("id").id])),
        ]

        assert [answer.status_code for answer in answers] == [403, 403, 403]
        refused = AuditEvent.objects.filter(name="trust.audit.refused.v1", address="198.51.100.4")
        assert refused.count() == 3
        assert not refused.filter(is_success=True).exists()

    def test_the_audit_administrator_changes_nothing(self) -> None:
        account, client = factories.account(Role.DATA_OFFICER), client_of(Role.AUDIT_ADMIN)

        answers = [
            client.post(reverse("trust:role-assign", args=[account.id]), {"role": "leader"}),
            client.post(reverse("trust:account-deactivate", args=[account.id])),
            client.post(reverse("trust:policy"), {}),
            client.post(reverse("trust:audit-list"), {}),
        ]

        assert [answer.status_code for answer in answers[:3]] == [403, 403, 403]
        assert api.actor_of(official_id=account.id).roles == {Role.DATA_OFFICER}


class TestExport:
    def test_csv_holds_what_was_searched_and_is_itself_recorded(self) -> None:
        factories.department(name="导出局")
        client = client_of(Role.AUDIT_ADMIN)

        response = client.get(reverse("trust:audit-export", args=["csv"]), {"subject": "导出局"})

        text = response.getvalue().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert len(rows) == 2
        assert "导出局" in rows[1]
        row = AuditEvent.objects.filter(name="trust.audit.exported.v1").latest("id")
        assert row.data == {"form": "csv", "rows": 1, "filters": {"subject": "given"}}

    def test_a_sheet_opens(self) -> None:
        fill(20)

        response = client_of(Role.AUDIT_ADMIN).get(reverse("trust:audit-export", args=["xlsx"]))

        book = load_workbook(io.BytesIO(response.getvalue()))
        assert book["audit"].max_row > 20

    def test_a_search_that_is_not_understood_exports_nothing(self) -> None:
        client = client_of(Role.AUDIT_ADMIN)

        response = client.get(reverse("trust:audit-export", args=["csv"]), {"address": "not an address"})
        page = client.get(reverse("trust:audit-list"), {"address": "not an address"})

        assert response.status_code == 422
        assert "ui-error-summary" in page.content.decode()

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
    def test_no_cell_is_run_as_a_formula(self, text: str) -> None:
        assert harmless(text).startswith("'")


class TestRecorder:
    def test_an_event_and_its_change_stand_or_fall_together(self) -> None:
        before = AuditEvent.objects.count()

        with pytest.raises(api.RoleDoesNotFit):
            api.add_official(
                username="both.or.none",
                name="某人",
                department_id=factories.department().id,
                roles=[Role.CITIZEN],
                password=factories.PASSWORD,
                actor=factories.PLATFORM,
                at=timezone.now(),
            )

        assert AuditEvent.objects.count() == before + 1
        assert not AuditEvent.objects.filter(subject_label="both.or.none").exists()

    def test_a_citizen_is_not_named(self) -> None:
        api.add_citizen(
            username="13800000000",
            name="王芳",
            citizen_id="11010519491231002X",
            password=factories.PASSWORD,
            actor=factories.PLATFORM,
            at=AT,
        )

        row = AuditEvent.objects.filter(name="trust.account.added.v1").latest("id")
        assert row.subject_label == ""
        assert "13800000000" not in str(row.data)
        assert "王芳" not in str(row.data)
