"""The official behind a call: one who reads one person again and again is found, whatever system he uses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.proofs.calling import called, only, watched
from zhengshu.contexts.exchange.application.watch_queries import effect
from zhengshu.contexts.exchange.domain.watching import RuleCode
from zhengshu.contexts.exchange.models import CallDay, CallRecord, Finding, Grant
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import browser
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.tests.reading import text_of
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import SystemId, new_id


class TestOneOfficialOneSubject:
    def test_is_found_over_several_systems_with_the_calls_of_that_official_only(
        self, grant: Grant, guard: Actor
    ) -> None:
        only(guard, RuleCode.OFFICIAL, calls=5, days=3)
        mine = called(grant, 3, official_ref="sw-1", resource_code="306001-00001")
        mine += called(grant, 2, official_ref="sw-1", resource_code="306001-00002", system_id=new_id())
        called(grant, 4, official_ref="sw-2")
        called(grant, 4)

        watched()

        (found,) = Finding.objects.all()
        assert (found.value, found.limit) == (5, 5)
        assert found.evidence["officials"] == ["sw-1"]
        assert set(found.calls) == {call.id for call in mine}

    def test_is_not_an_official_of_the_same_reference_elsewhere(self, grant: Grant, guard: Actor) -> None:
        only(guard, RuleCode.OFFICIAL, calls=5, days=3)
        called(grant, 3, official_ref="sw-1")
        called(grant, 3, official_ref="sw-1", consumer_department_id=new_id(), system_id=new_id())

        watched()

        assert not Finding.objects.exists()

    def test_is_raised_once_for_the_same_calls(self, grant: Grant, guard: Actor) -> None:
        only(guard, RuleCode.OFFICIAL, calls=5, days=3)
        called(grant, 5, official_ref="sw-1")
        watched()
        called(grant, 1, official_ref="sw-1", resource_code="306001-00009")
        watched()
        called(grant, 1, official_ref="sw-1", at=timezone.now() - timedelta(hours=1))
        watched()

        (found,) = Finding.objects.all()
        assert found.value == 6

    def test_shows_itself_before_numbers_hold(self, grant: Grant, guard: Actor) -> None:
        called(grant, 5, official_ref="sw-1")
        called(grant, 5, subjects=["b"], official_ref="")
        watched()

        found = effect(code=RuleCode.OFFICIAL, thresholds={"calls": 4, "days": 7}, at=timezone.now())
        nothing = effect(code=RuleCode.OFFICIAL, thresholds={"calls": 6, "days": 7}, at=timezone.now())

        assert (found.hits, nothing.hits) == (1, 0)
        assert found.shown[0].value == 5

    def test_stands_on_the_page_with_the_officials_reference(self, grant: Grant, guard: Actor) -> None:
        only(guard, RuleCode.OFFICIAL, calls=2, days=3)
        called(grant, 2, official_ref="sw-1")
        watched()

        shown = text_of(browser(guard).get(f"/exchange/watching/findings/{Finding.objects.get().id}/"))

        assert "One official, one subject" in shown
        assert "sw-1" in shown


class TestSubjects:
    def test_are_counted_once_however_many_officials_ask(self, grant: Grant, guard: Actor) -> None:
        only(guard, RuleCode.REPEAT, calls=1000)
        called(grant, 2, subjects=["a", "b"], official_ref="sw-1")
        watched()
        called(grant, 2, subjects=["a", "c"], official_ref="sw-2")
        called(grant, 1, subjects=["c"], official_ref="sw-3")
        watched()

        assert CallDay.objects.get().subjects == 3

    def test_are_repeated_by_all_officials_together(self, grant: Grant, guard: Actor) -> None:
        only(guard, RuleCode.REPEAT, calls=4)
        called(grant, 2, official_ref="sw-1")
        called(grant, 2, official_ref="sw-2")
        watched()

        assert Finding.objects.get().value == 4


class TestPolicy:
    def asked(self, grant: Grant, rule: trust.OfficialRule, *, by: Actor) -> None:
        trust.set_official_rule(system_id=grant.system_id, rule=rule, actor=by, at=timezone.now())

    def test_reports_calls_without_an_official(self, grant: Grant, guard: Actor) -> None:
        self.asked(grant, trust.OfficialRule.REPORTED, by=guard)
        only(guard, RuleCode.UNNAMED, calls=3)
        unnamed = called(grant, 3)
        called(grant, 5, official_ref="sw-1")
        watched()

        (found,) = Finding.objects.all()
        assert found.value == 3
        assert set(found.calls) == {call.id for call in unnamed}
        assert CallRecord.objects.count() == 8

    @pytest.mark.parametrize("rule", [trust.OfficialRule.OPTIONAL, trust.OfficialRule.REQUIRED])
    def test_reports_nothing_where_it_does_not_ask_or_refuses_itself(
        self, grant: Grant, guard: Actor, rule: trust.OfficialRule
    ) -> None:
        self.asked(grant, rule, by=guard)
        only(guard, RuleCode.UNNAMED, calls=3)
        called(grant, 3)
        watched()

        assert not Finding.objects.exists()

    def test_is_set_by_the_departments_keepers_and_the_security_administrator_only(
        self, place: factories.City, grant: Grant
    ) -> None:
        for actor in (place.provider, place.reviewer, place.head):
            with pytest.raises((trust.NotYourDuty, trust.SystemNotFound)):
                self.asked(grant, trust.OfficialRule.REQUIRED, by=actor)

        self.asked(grant, trust.OfficialRule.REQUIRED, by=place.officer)

        system = trust.systems_by_id(ids=[grant.system_id])[SystemId(grant.system_id)]
        assert system.official_rule is trust.OfficialRule.REQUIRED

    def test_has_a_page(self, place: factories.City, grant: Grant) -> None:
        page, path = browser(place.officer), f"/trust/systems/{grant.system_id}/officials/"

        answer = page.post(path, {"rule": "reported"})

        assert answer.status_code == 302
        assert "calls without are answered and counted" in text_of(
            page.get(f"/trust/systems/{grant.system_id}/")
        )
        assert browser(place.provider).post(path, {"rule": "optional"}).status_code == 404
