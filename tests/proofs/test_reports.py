"""What a department's own monitor has handed in becomes the case that the platform's own monitor would have raised."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.proofs.calling import called
from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.models import Case
from zhengshu.contexts.casework.tests.messaging import deliver_events
from zhengshu.contexts.exchange.application.take_reports import take_reports
from zhengshu.contexts.exchange.models import Grant, MonitorReport
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import browser
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.models import LogAlarm
from zhengshu.foundation.tests.reading import text_of
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId, new_id

DIFFERENCE = {
    "day": "2026-03-02", "department": "11470300MB0000001X", "system": "assistance", "grant": "",
    "what": "answered", "logged": 4, "recorded": 3,
}  # fmt: skip
FAULT = {"kind": "forked", "text": "the root is another", "index": 7}


def handed_in(
    grant: Grant, *, verdict: str | None = "ok", at: datetime | None = None, **found: object
) -> MonitorReport:
    """Write a report as the gateway does, and the record of its call."""
    report_id, at = new_id(), at or timezone.now()
    if verdict is not None:
        called(grant, 1, id=report_id, at=at, operation="report", verdict=verdict, subject_digest=None)
    return MonitorReport.objects.create(
        id=report_id, at=at, system_id=grant.system_id, content={"size": 9} | found
    )


def taken() -> int:
    count = take_reports(at=timezone.now())
    deliver_events()
    return count


class TestReport:
    def test_raises_the_alarms_and_cases_of_the_platforms_own_monitor(
        self, grant: Grant, guard: Actor
    ) -> None:
        handed_in(grant, faults=[FAULT], differences=[DIFFERENCE])

        assert taken() == 1

        alarms = {one.kind: one for one in LogAlarm.objects.all()}
        assert set(alarms) == {"rewritten", "differs"}
        assert alarms["rewritten"].details == ["forked 7 the root is another"]
        assert alarms["differs"].details[0].endswith("answered 4 in the log, 3 in the record")
        assert all(grant.system_name in one.reporter for one in alarms.values())
        cases = Case.objects.filter(type_code="log-alarm")
        assert {case.subject_id for case in cases} == {one.pk for one in alarms.values()}
        assert all(grant.system_name in case.subject_title for case in cases)

    def test_is_one_case_however_often_it_is_handed_in(self, grant: Grant, guard: Actor) -> None:
        for _ in range(3):
            handed_in(grant, differences=[DIFFERENCE])
            assert taken() == 1

        assert Case.objects.filter(type_code="log-alarm").count() == 1
        assert taken() == 0

    def test_stands_beside_what_the_platform_finds_itself(self, grant: Grant, guard: Actor) -> None:
        handed_in(grant, faults=[FAULT])
        taken()

        trust.clear_alarms([trust.AlarmKind.REWRITTEN], at=timezone.now())

        assert LogAlarm.objects.get().cleared_at is None

    def test_ends_with_its_own_case(self, grant: Grant, guard: Actor) -> None:
        handed_in(grant, faults=[FAULT], differences=[DIFFERENCE])
        taken()
        alarm = LogAlarm.objects.get(kind="rewritten")
        case = Case.objects.get(subject_id=alarm.pk)

        casework.complete_task(
            case_id=CaseId(case.pk), task="examine", outcome="explain", reason="已查明", actor=guard,
            at=timezone.now(),
        )  # fmt: skip
        deliver_events()

        alarm.refresh_from_db()
        assert alarm.cleared_at is not None
        assert LogAlarm.objects.get(kind="differs").cleared_at is None

    @pytest.mark.parametrize("verdict", ["exchange.call-replayed", "exchange.key-expired"])
    def test_whose_call_was_refused_raises_nothing(self, grant: Grant, guard: Actor, verdict: str) -> None:
        handed_in(grant, verdict=verdict, differences=[DIFFERENCE])

        assert taken() == 0
        assert not LogAlarm.objects.exists()
        assert not MonitorReport.objects.exists()

    def test_without_the_record_of_its_call_waits_and_is_dropped(self, grant: Grant, guard: Actor) -> None:
        handed_in(grant, verdict=None, differences=[DIFFERENCE])
        assert taken() == 0
        assert MonitorReport.objects.count() == 1

        handed_in(grant, verdict=None, at=timezone.now() - timedelta(hours=2), differences=[DIFFERENCE])
        taken()

        assert MonitorReport.objects.count() == 1
        assert not LogAlarm.objects.exists()

    def test_names_the_reporter_on_the_page(self, grant: Grant, guard: Actor) -> None:
        handed_in(grant, differences=[DIFFERENCE])
        taken()
        alarm = LogAlarm.objects.get()

        shown = text_of(browser(guard).get(f"/trust/log/alarms/{alarm.pk}/"))

        assert alarm.reporter in shown
        assert "Reported by" in shown


class TestAdmission:
    def test_is_the_security_administrators(self, grant: Grant, guard: Actor) -> None:
        page = browser(guard)
        before = text_of(page.get(f"/trust/systems/{grant.system_id}/"))
        trust.set_may_report(system_id=grant.system_id, may_report=True, actor=guard, at=timezone.now())

        after = text_of(page.get(f"/trust/systems/{grant.system_id}/"))
        assert "are refused" in before
        assert "are taken" in after

    def test_is_nobody_elses(self, grant: Grant, place: factories.City) -> None:
        for actor in (place.officer, place.provider, place.reviewer, place.head):
            with pytest.raises(trust.NotYourDuty):
                trust.set_may_report(
                    system_id=grant.system_id, may_report=True, actor=actor, at=timezone.now()
                )
