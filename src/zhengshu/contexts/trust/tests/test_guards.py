"""What the database refuses, whatever code or console writes to it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction

from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.models import Account, AuditEvent, RoleAssignment, SecurityPolicy
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.kernel.actors import ADMINISTRATORS, OFFICIALS, Role

pytestmark = pytest.mark.django_db


def give(account: Account, role: Role, *, days: int = 0, until: int | None = None) -> None:
    with transaction.atomic():
        RoleAssignment.objects.create(
            account=account,
            role=role.value,
            active_from=AT + timedelta(days=days),
            active_to=None if until is None else AT + timedelta(days=until),
            assigned_by=account.id,
        )


@pytest.mark.article("GB/T 22239", "separation")
class TestAdministrators:
    @pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
    @pytest.mark.parametrize("other", sorted(OFFICIALS))
    def test_hold_no_other_role_even_by_raw_rows(self, role: Role, other: Role) -> None:
        account = factories.account(role)

        with pytest.raises(IntegrityError):
            give(account, other)
        assert account.role_assignments.count() == 1

    def test_nobody_becomes_one_beside_a_duty(self) -> None:
        account = factories.account(Role.DATA_OFFICER)

        with pytest.raises(IntegrityError):
            give(account, Role.SYSTEM_ADMIN)

    def test_the_posts_may_follow_each_other(self) -> None:
        account = factories.account()
        give(account, Role.SYSTEM_ADMIN, until=10)

        give(account, Role.AUDIT_ADMIN, days=10)

        assert account.role_assignments.count() == 2

    def test_an_ended_post_cannot_be_stretched_over_the_next(self) -> None:
        account = factories.account()
        give(account, Role.SYSTEM_ADMIN, until=10)
        give(account, Role.AUDIT_ADMIN, days=10)

        with pytest.raises(IntegrityError), transaction.atomic():
            account.role_assignments.filter(role="system_admin").update(active_to=None)

    def test_one_person_has_one_official_account(self) -> None:
        first = factories.account(Role.SYSTEM_ADMIN)
        second = factories.account(Role.AUDIT_ADMIN)
        Account.objects.filter(id=first.id).update(person_digest=b"p" * 32)

        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.filter(id=second.id).update(person_digest=b"p" * 32)

    def test_the_kind_of_an_account_is_fixed(self) -> None:
        account = factories.account()

        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.filter(id=account.id).update(kind="citizen", department=None)


@pytest.mark.article("GB/T 22239", "audit")
class TestAudit:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE trust_audit_event SET actor_name = 'somebody else'",
            "UPDATE trust_audit_event SET is_success = true WHERE id = (SELECT max(id) FROM trust_audit_event)",
            "DELETE FROM trust_audit_event",
            "TRUNCATE trust_audit_event",
            "TRUNCATE trust_audit_event CASCADE",
        ],
    )
    def test_cannot_be_edited_by_sql(self, statement: str) -> None:
        factories.department()
        before = AuditEvent.objects.count()

        with (
            pytest.raises((ProgrammingError, InternalError, IntegrityError)) as refusal,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

        assert "never changed" in str(refusal.value)
        assert AuditEvent.objects.count() == before > 0

    def test_cannot_be_edited_by_a_session_that_poses_as_a_replica(self) -> None:
        factories.department()

        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("DELETE FROM trust_audit_event")

    def test_a_row_written_with_a_chosen_number_is_refused(self) -> None:
        with (
            pytest.raises((ProgrammingError, IntegrityError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "INSERT INTO trust_audit_event (id, at, name, is_success, actor_id, actor_name, address,"
                " subject_kind, subject_id, subject_label, data)"
                " VALUES (1, now(), 'x', true, gen_random_uuid(), '', '', '', '', '', '{}')"
            )


class TestPolicy:
    @pytest.mark.parametrize(
        "weak", [{"password_min_length": 4}, {"lock_after_failures": 1000}, {"idle_minutes": 600}, {"id": 2}]
    )
    def test_the_floor_is_the_database_s(self, weak: dict[str, int]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            SecurityPolicy.objects.create(**({"second_factor": SecondFactorRule.NONE.value} | weak))
