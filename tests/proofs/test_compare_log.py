"""The platform's own monitor: what the log lacks or has too much of becomes an alarm and a case, once."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.proofs.calling import called
from zhengshu.contexts.casework.models import Case
from zhengshu.contexts.casework.tests.messaging import deliver_events
from zhengshu.contexts.exchange.application.compare_log import LogCompared, compare_log
from zhengshu.contexts.exchange.application.count_calls import count_calls, first_sequence
from zhengshu.contexts.exchange.interfaces.commands import call_counts
from zhengshu.contexts.exchange.models import CallRecord, Grant
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.trust.application.publish_log import Publisher, log_folder
from zhengshu.contexts.trust.application.sequence_log import sequence_log
from zhengshu.contexts.trust.models import LogAlarm
from zhengshu.foundation.tlog.counts import Counts
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty(db: None, settings: Settings, tmp_path: Path) -> None:
    """Begin without calls and entries, within the test's transaction: gateways leave committed calls behind."""
    settings.PROOF_LOG_FOLDER, settings.PROOF_MONITOR_FOLDER = tmp_path / "log", tmp_path / "monitor"
    with connection.cursor() as cursor:
        for table in ("trust_log_entry", "exchange_call_record"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - the names are ours
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        cursor.execute("ALTER TABLE trust_log_entry ENABLE ALWAYS TRIGGER trust_guard_log_rows")
        cursor.execute("ALTER TABLE trust_log_entry ENABLE ALWAYS TRIGGER trust_guard_log_table")
        cursor.execute("DELETE FROM trust_log_queue")


@pytest.fixture
def grant(tmp_path: Path) -> Grant:
    place = factories.city(tmp_path)
    factories.granted(place)
    factories.colleague("guard", Role.SECURITY_ADMIN, of=place.reviewer)
    return factories.grant_row(place)


def logged() -> None:
    while sequence_log():
        pass
    Publisher().publish()


def compared(*, days: int = 7) -> LogCompared:
    found = compare_log(days=days, at=timezone.now())
    assert found is not None
    return found


def removed(call: CallRecord) -> None:
    """Remove a record as only somebody can who rules the database."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE exchange_call_record DISABLE TRIGGER written_once")
        cursor.execute("DELETE FROM exchange_call_record WHERE sequence = %s", [call.sequence])
        cursor.execute("ALTER TABLE exchange_call_record ENABLE TRIGGER written_once")


class TestComparing:
    def test_nothing_is_published_yet(self) -> None:
        assert compare_log(days=7, at=timezone.now()) is None

    def test_agrees_where_everything_is_there(self, grant: Grant) -> None:
        for days_ago in (0, 1, 1, 3):
            factories.call(grant, days_ago=days_ago)
        factories.call(grant, days_ago=1, verdict="exchange.grant-revoked")
        logged()

        found = compared()

        assert found.walked.faults == ()
        assert found.differences == ()
        assert found.walked.size >= 5
        assert not LogAlarm.objects.exists()

    def test_a_record_that_was_removed_is_an_alarm_and_one_case(self, grant: Grant) -> None:
        calls = [factories.call(grant, days_ago=2) for _ in range(3)]
        logged()
        removed(calls[1])

        (difference,) = compared().differences
        compared()
        deliver_events()
        deliver_events()

        assert (difference.logged, difference.recorded) == (3, 2)
        (alarm,) = LogAlarm.objects.all()
        (case,) = Case.objects.filter(subject_id=alarm.pk)
        assert (alarm.kind, case.type_code) == ("differs", "log-alarm")
        assert str(grant.id) in alarm.details[0]

    def test_a_refused_call_without_a_grant_that_was_removed_is_told(self, grant: Grant) -> None:
        calls = called(
            grant, 2, at=timezone.now() - timedelta(days=2), grant_id=None, provider_department_id=None,
            verdict="exchange.resource-not-granted", row_count=0,
        )  # fmt: skip
        logged()
        assert compared().differences == ()
        removed(calls[0])

        (difference,) = compared().differences

        assert (difference.what, difference.grant) == ("refused", "")
        assert (difference.logged, difference.recorded) == (2, 1)

    def test_a_call_that_never_came_into_the_log_is_told(self, grant: Grant) -> None:
        factories.call(grant, days_ago=2)
        logged()
        factories.call(grant, days_ago=2)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM trust_log_queue")

        (difference,) = compared().differences

        assert (difference.logged, difference.recorded) == (1, 2)

    def test_an_entry_that_was_removed_from_the_database_is_an_alarm(self, grant: Grant) -> None:
        for _ in range(3):
            factories.call(grant)
        logged()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE trust_log_entry DISABLE TRIGGER ALL")
            cursor.execute("DELETE FROM trust_log_entry WHERE index = 1")
            cursor.execute("ALTER TABLE trust_log_entry ENABLE TRIGGER ALL")

        compared()

        (alarm,) = LogAlarm.objects.filter(kind="rewritten")
        assert alarm.details == ["1 entries are missing in the database"]

    def test_a_rewritten_log_is_an_alarm_until_it_fits_again(self, grant: Grant) -> None:
        factories.call(grant)
        logged()
        file = log_folder().folder / "tile" / "entries" / "000.p"
        (bundle,) = file.iterdir()
        right = bundle.read_bytes()
        bundle.write_bytes(right.replace(b"records", b"verifys"))

        assert compared(days=0).walked.faults
        assert LogAlarm.objects.get().kind == "rewritten"
        bundle.write_bytes(right)
        assert not compared(days=0).walked.faults
        assert LogAlarm.objects.get().cleared_at is not None

    def test_what_a_closed_case_explained_is_no_news(self, grant: Grant) -> None:
        calls = [factories.call(grant, days_ago=2) for _ in range(3)]
        logged()
        removed(calls[0])
        compared()
        LogAlarm.objects.update(cleared_at=timezone.now())

        compared()

        assert LogAlarm.objects.count() == 1


class TestCounting:
    def test_finds_where_a_day_begins_without_an_index(self, grant: Grant) -> None:
        rows = [factories.call(grant, days_ago=days) for days in (5, 4, 4, 2, 0)]

        assert first_sequence(rows[0].at - timedelta(days=9)) == rows[0].sequence
        assert first_sequence(rows[1].at - timedelta(hours=1)) == rows[1].sequence
        assert first_sequence(rows[3].at) == rows[3].sequence
        assert first_sequence(timezone.now() + timedelta(days=1)) == rows[-1].sequence + 1

    def test_counts_by_local_day_and_names_the_system(self, grant: Grant) -> None:
        factories.call(grant, days_ago=2)
        factories.call(grant, days_ago=2, verdict="exchange.grant-revoked")
        day = timezone.localdate(timezone.now() - timedelta(days=2))

        ((key, count),) = count_calls(first=day, last=day).by_key.items()

        assert (key.day, key.grant) == (day, str(grant.id))
        assert (count.answered, count.refused, count.system) == (1, 1, "金税核验系统")

    def test_the_command_prints_what_the_monitor_reads(self, grant: Grant) -> None:
        factories.call(grant, days_ago=1)

        printed = CliRunner().invoke(call_counts, []).output

        (one,) = Counts.of_lines(printed.splitlines()).by_key.values()
        assert one.total == 1

    def test_nothing_was_called(self) -> None:
        assert count_calls(first=date(2026, 1, 1), last=date(2026, 1, 2)).by_key == {}
        assert first_sequence(datetime(2026, 1, 1, tzinfo=UTC)) == 0
