"""An alarm of the log reaches the security administrator as a case, and nobody else sees it."""

import pytest
from django.urls import resolve
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.models import Case, TimelineEntry
from zhengshu.contexts.casework.tests.messaging import deliver_events
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import NOW, browser
from zhengshu.contexts.trust.application.raise_alarms import AlarmKind, clear_alarms, raise_alarm
from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.models import LogAlarm, SecurityPolicy
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.tests.reading import text_of
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import CaseId

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> factories.City:
    SecurityPolicy.objects.create(second_factor=SecondFactorRule.NONE.value)
    return factories.city(at=NOW)


@pytest.fixture
def guard(place: factories.City) -> Actor:
    return factories.colleague("guard", Role.SECURITY_ADMIN, of=place.reviewer, at=NOW)


def raised(kind: AlarmKind = AlarmKind.LATE) -> LogAlarm:
    raise_alarm(kind, answer="x", details=["one line"], at=timezone.now())
    deliver_events()
    return LogAlarm.objects.get(kind=kind, cleared_at=None)


class TestCase:
    @pytest.mark.parametrize("kind", list(AlarmKind))
    def test_every_alarm_is_one_case_however_often_it_is_told(self, guard: Actor, kind: AlarmKind) -> None:
        alarm = raised(kind)
        raise_alarm(kind, answer="again", details=["one line"], at=timezone.now())
        deliver_events()

        (case,) = Case.objects.filter(subject_id=alarm.pk)
        assert case.subject_title.startswith("存证日志")
        assert resolve(case.subject_path).kwargs == {"alarm_id": alarm.pk}

    def test_the_next_alarm_is_another_case(self, guard: Actor) -> None:
        raised()
        clear_alarms([AlarmKind.LATE], at=timezone.now())
        deliver_events()
        raised()

        assert Case.objects.filter(type_code="log-alarm").count() == 2

    def test_says_in_the_case_that_the_alarm_has_ended(self, guard: Actor) -> None:
        alarm = raised()
        clear_alarms([AlarmKind.LATE], at=timezone.now())
        deliver_events()

        (entry,) = TimelineEntry.objects.filter(case__subject_id=alarm.pk, kind="commented")
        assert "自行解除" in entry.reason
        assert Case.objects.get(subject_id=alarm.pk).state == casework.OPEN

    def test_an_alarm_about_counts_ends_with_its_case(self, guard: Actor) -> None:
        alarm = raised(AlarmKind.DIFFERS)
        case = Case.objects.get(subject_id=alarm.pk)

        casework.complete_task(
            case_id=CaseId(case.pk),
            task="examine",
            outcome="explain",
            reason="补录完成",
            actor=guard,
            at=timezone.now(),
        )
        deliver_events()

        alarm.refresh_from_db()
        assert alarm.cleared_at is not None

    def test_waits_for_a_security_administrator(self, place: factories.City) -> None:
        raised()
        assert not Case.objects.filter(type_code="log-alarm").exists()


class TestWhoSeesIt:
    def test_the_security_administrator_finds_it_in_the_inbox(self, guard: Actor) -> None:
        alarm = raised()

        (task,) = casework.inbox(query=ListQuery(), actor=guard, at=timezone.now()).rows
        page = text_of(browser(guard).get("/cases/"))

        assert task.task == "examine"
        assert Case.objects.get(subject_id=alarm.pk).number in page
        assert "Find the cause" in text_of(browser(guard).get(f"/cases/{task.case_id}/"))

    def test_colleagues_supervisors_and_other_administrators_do_not(
        self, place: factories.City, guard: Actor
    ) -> None:
        raised()
        case = Case.objects.get(type_code="log-alarm")
        clerk = factories.colleague("clerk", Role.DATA_OFFICER, of=place.reviewer, at=NOW)
        head = factories.colleague("chief", Role.DEPARTMENT_HEAD, of=place.reviewer, at=NOW)
        audit = factories.colleague("audit", Role.AUDIT_ADMIN, of=place.reviewer, at=NOW)
        elsewhere = factories.colleague("other", Role.SECURITY_ADMIN, of=place.stranger, at=NOW)

        for actor in (clerk, head, audit, elsewhere, place.reviewer, place.provider):
            assert not Case.objects.visible_to(actor).filter(pk=case.pk).exists(), actor.name
            assert browser(actor).get(f"/cases/{case.pk}/").status_code in {403, 404}
            if actor.has(Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
                continue
            found = casework.supervised(query=ListQuery(text=case.number), actor=actor, at=timezone.now())
            assert found.rows == ()

    def test_he_sees_no_case_of_his_department(self, place: factories.City, guard: Actor) -> None:
        own = factories.colleague("own", Role.SECURITY_ADMIN, of=place.provider, at=NOW)
        factories.at_provider(place, at=NOW)

        assert casework.inbox(query=ListQuery(), actor=own, at=timezone.now()).rows == ()
        assert not Case.objects.visible_to(own).exists()
        assert Case.objects.visible_to(place.provider).exists()

    def test_he_designs_no_case_types_and_declares_no_deputy(self, guard: Actor) -> None:
        page = browser(guard)

        assert page.get("/cases/studio/").status_code == 403
        assert page.get("/cases/absences/").status_code == 403


class TestAlarmPage:
    def test_ends_the_case_beside_the_evidence(self, guard: Actor) -> None:
        alarm = raised(AlarmKind.DIFFERS)
        case, page = Case.objects.get(subject_id=alarm.pk), browser(guard)

        empty = page.post(case.subject_path, {"outcome": "explain", "reason": ""})
        shown = text_of(page.get(case.subject_path))
        page.post(case.subject_path, {"outcome": "explain", "reason": "补录完成"})

        assert empty.status_code == 200
        assert f"/trust/log/alarms/{alarm.pk}/" in shown
        case.refresh_from_db()
        assert case.state == "explained"

    def test_shows_evidence_and_what_to_do_to_the_security_administrator_only(
        self, place: factories.City, guard: Actor
    ) -> None:
        alarm = raised(AlarmKind.DIFFERS)
        path = f"/trust/log/alarms/{alarm.pk}/"

        page = text_of(browser(guard).get(path))

        assert "one line" in page
        assert "The alarm ends with its case" in page
        assert browser(place.reviewer).get(path).status_code == 403
        assert (
            browser(guard).get("/trust/log/alarms/00000000-0000-0000-0000-000000000000/").status_code == 404
        )
