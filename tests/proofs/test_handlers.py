"""Handlers act for an enterprise within the scope of their power; what they do says so everywhere."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.api import Applicant, CaseRecord
from zhengshu.contexts.casework.application.forms.start_draft import may_open
from zhengshu.contexts.casework.application.naming import loaded
from zhengshu.contexts.casework.models import Case, Task
from zhengshu.contexts.casework.tests import licences
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.casework.tests.licences import Office
from zhengshu.contexts.trust import api as trust_api
from zhengshu.contexts.trust.application.change_policy import change_policy
from zhengshu.contexts.trust.application.log_sources import read_acts, sealed_act
from zhengshu.contexts.trust.application.scopes import offered
from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.domain.policies import PolicyValues
from zhengshu.contexts.trust.models import AuditEvent, Delegation, LogQueueItem
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.tlog.entries import entry_of
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.mandates import Power

pytestmark = pytest.mark.django_db

HANDLER = "47030219900404456X"
EVERYTHING = ListQuery(size=200)


def handler(place: Office, *scope: str, active_to_days: int | None = None) -> Actor:
    """Return a handler of the office's enterprise."""
    until = None if active_to_days is None else timezone.now() + timedelta(days=active_to_days)
    return trust.handler("dai", HANDLER, enterprise_id=place.enterprise_id, scope=scope, active_to=until)


def applied(place: Office, actor: Actor) -> CaseRecord:
    """Apply in the name of the office's enterprise."""
    wanted = Applicant(account_id=actor.id, enterprise_id=place.enterprise_id)
    return licences.applied(place, actor=actor, applicant=wanted)


def supplemented(place: Office) -> CaseRecord:
    """Return a case of the enterprise that waits for it."""
    case = licences.applied(place, actor=place.delegate)
    return api.complete_task(
        case_id=case.id,
        task="accept",
        outcome="ask_supplement",
        reason="缺场地证明",
        actor=place.clerk,
        at=AT,
    )


class TestWithinTheScope:
    def test_applies_reads_and_answers_in_matters_of_that_kind(self) -> None:
        place = licences.office()
        actor = handler(place, "matters:licence")
        own = applied(place, actor)
        asked = supplemented(place)

        assert own.applicant is not None
        assert own.applicant.enterprise_id == place.enterprise_id
        assert {row.id for row in api.started(actor=actor, query=EVERYTHING, at=AT).rows} == {
            own.id,
            asked.id,
        }
        assert {row.case_id for row in api.inbox(actor=actor, query=EVERYTHING, at=AT).rows} == {asked.id}
        done = api.complete_task(case_id=asked.id, task="supplement", outcome="submit", actor=actor, at=AT)
        assert [task.task for task in done.open_tasks] == ["accept"]

    def test_of_all_matters_includes_this_one(self) -> None:
        place = licences.office()

        assert applied(place, handler(place, "matters")).number

    def test_is_offered_by_the_names_of_case_types_in_which_enterprises_may_ask(self) -> None:
        licences.office()
        assert offered(Power.MATTERS) == {"licence": "食品经营许可"}


class TestOutsideOfTheScope:
    @pytest.mark.parametrize("scope", [("matters:another-type",), ("sites",), ("data",), ("sites:x", "data")])
    def test_sees_nothing_and_does_nothing(self, scope: tuple[str, ...]) -> None:
        place = licences.office()
        case = supplemented(place)
        actor = handler(place, *scope)
        definition = loaded(Case.objects.get(pk=case.id).version_id).definition
        stranger = Actor(id=actor.id, name=actor.name, roles=actor.roles, mandates=actor.mandates)

        with pytest.raises(api.NotForOthers):
            applied(place, actor)
        with pytest.raises(api.CaseNotFound):
            api.complete_task(case_id=case.id, task="supplement", outcome="submit", actor=actor, at=AT)
        assert not Case.objects.visible_to(actor).exists()
        assert not Task.objects.doable_by(actor).exists()
        assert not api.started(actor=actor, query=EVERYTHING, at=AT).total
        assert not may_open(definition, stranger)

    def test_a_to_do_refuses_whoever_is_shown_the_case_by_another_power(self) -> None:
        place = licences.office()
        case = supplemented(place)
        task = Task.objects.get(case_id=case.id, code="supplement")

        assert not task.holder.admits(handler(place, "matters:another-type"))
        assert task.holder.admits(place.delegate)

    def test_ends_with_the_day(self) -> None:
        place = licences.office()
        case = supplemented(place)
        actor = handler(place, "matters:licence", active_to_days=1)
        assert Case.objects.visible_to(actor).exists()

        Delegation.objects.filter(account_id=actor.id, enterprise_id=place.enterprise_id).update(
            active_to=timezone.now()
        )
        late = trust_api.actor_of(official_id=actor.id)

        assert not Case.objects.visible_to(late).exists()
        with pytest.raises(api.NotForOthers):
            applied(place, late)
        with pytest.raises(api.CaseNotFound):
            api.complete_task(case_id=case.id, task="supplement", outcome="submit", actor=late, at=AT)

    def test_the_window_serves_only_whose_power_covers_the_matter(self) -> None:
        place = licences.office()
        actor = handler(place, "matters:another-type")
        wanted = Applicant(account_id=actor.id, enterprise_id=place.enterprise_id)

        with pytest.raises(api.NotForOthers):
            licences.applied(place, actor=place.clerk, applicant=wanted)

    def test_data_of_an_enterprise_are_a_power_of_their_own(self) -> None:
        place = licences.office()
        without = handler(place, "matters")

        assert place.enterprise_id in without.enterprises_in("licence")
        assert place.enterprise_id not in without.enterprises_with_data
        assert place.enterprise_id in place.delegate.enterprises_with_data


class TestOnBehalf:
    def test_the_timeline_the_audit_and_the_log_say_it(self) -> None:
        place = licences.office()
        actor = handler(place, "matters:licence")
        delegation = Delegation.objects.get(account_id=actor.id, enterprise_id=place.enterprise_id)
        queued = LogQueueItem.objects.count()

        case = applied(place, actor)

        (opened,) = [
            step for step in api.case(case_id=case.id, actor=actor, at=AT).timeline if step.kind == "opened"
        ]
        row = AuditEvent.objects.get(name="casework.case.opened.v1", subject_id=str(case.id))
        assert (opened.actor_name, opened.behalf_of) == ("dai", "云岭食品有限公司")
        assert row.data["on_behalf"]["delegation"] == str(delegation.id)
        assert row.data["on_behalf"]["enterprise_code"] == trust.credit_code(900_001)
        assert LogQueueItem.objects.count() > queued
        record = read_acts([row.pk])[row.pk]
        entry = entry_of(record, salt=b"\0" * 16).decode()
        assert record.facts["on_behalf"] is True
        for hidden in ("云岭", "dai", str(delegation.id), trust.credit_code(900_001)):
            assert hidden not in entry

    def test_the_commitment_is_to_the_delegation(self) -> None:
        place = licences.office()
        case = applied(place, handler(place, "matters:licence"))
        row = AuditEvent.objects.get(name="casework.case.opened.v1", subject_id=str(case.id))
        told = read_acts([row.pk])[row.pk].sealed

        row.data["on_behalf"]["delegation"] = str(UUID(int=1))

        assert sealed_act(row) != told

    def test_a_citizen_and_an_official_act_for_themselves(self) -> None:
        place = licences.office()
        case = licences.accepted(place)

        rows = AuditEvent.objects.filter(subject_id=str(case.id))
        assert rows.count() > 1
        assert not any("on_behalf" in row.data for row in rows)
        assert not any(
            step.behalf_of for step in api.case(case_id=case.id, actor=place.clerk, at=AT).timeline
        )

    def test_the_auditor_reads_in_whose_name(self) -> None:
        place = licences.office()
        case = applied(place, handler(place, "matters:licence"))
        row = AuditEvent.objects.get(name="casework.case.opened.v1", subject_id=str(case.id))
        client = Client()
        client.force_login(trust.account(Role.AUDIT_ADMIN))
        change_policy(values=PolicyValues(second_factor=SecondFactorRule.NONE), actor=trust.PLATFORM, at=AT)

        page = client.get(reverse("trust:audit-detail", args=[row.pk])).content.decode()

        assert f"云岭食品有限公司 ({trust.credit_code(900_001)})" in page
        assert "委托方" in page

    def test_officials_read_it_on_the_page(self) -> None:
        place = licences.office()
        case = applied(place, handler(place, "matters:licence"))
        client = Client()
        client.force_login(trust.account_of(place.clerk))

        page = client.get(f"/cases/{case.id}/").content.decode()

        assert "受云岭食品有限公司委托" in page
