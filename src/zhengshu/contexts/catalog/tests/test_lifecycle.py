"""A resource's way through its life."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog import api
from zhengshu.contexts.catalog.application.follow_case import follow_case
from zhengshu.contexts.catalog.application.revision_limit import revision_limit
from zhengshu.contexts.catalog.domain.sources import SourceAlreadyNamed
from zhengshu.contexts.catalog.models import ResourceItem, ResourceVersion
from zhengshu.contexts.catalog.tests.factories import (
    AT,
    City,
    approve,
    draft,
    packs,
    publish,
    published,
)
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId

pytestmark = pytest.mark.django_db


class TestPublication:
    @pytest.mark.article("809", 12)
    @pytest.mark.article("809", 16)
    def test_goes_from_draft_to_published(self, town: City) -> None:
        code = api.draft_resource(draft=draft(), actor=town.officer, at=AT).code
        assert api.submit_resource(code=code, actor=town.officer, at=AT).state is api.State.SUBMITTED
        assert approve(town, code).state is api.State.APPROVED

        done = api.publish_resource(code=code, actor=town.reviewer, at=AT)

        assert (done.state, done.version, done.official_code) == (api.State.PUBLISHED, 1, "306001/00001")
        assert api.published_by_code(code="306001/1").items == draft().items

    @pytest.mark.article("809", 13)
    def test_the_head_declares_both_assessments(self, town: City) -> None:
        code = api.draft_resource(draft=draft(), actor=town.officer, at=AT).code
        api.submit_resource(code=code, actor=town.officer, at=AT)

        with pytest.raises(api.AssessmentMissing):
            api.approve_resource(
                code=code,
                assessments=api.Assessments(secrecy_risk=True, personal_information=False),
                actor=town.head,
                at=AT,
            )

    @pytest.mark.article("809", 17)
    def test_the_limit_of_the_review_is_the_case_types(self, town: City) -> None:
        code = api.draft_resource(draft=draft(), actor=town.officer, at=AT).code
        api.submit_resource(code=code, actor=town.officer, at=AT)
        approve(town, code)

        case = casework.case(case_id=case_of(code, town), actor=town.reviewer, at=AT)

        assert [(clock.value, clock.unit) for clock in case.clocks] == [(2, "working_days")]

    def test_returned_with_a_reason_it_goes_on_in_the_same_case(self, town: City) -> None:
        code = api.draft_resource(draft=draft(), actor=town.officer, at=AT).code
        api.submit_resource(code=code, actor=town.officer, at=AT)
        with pytest.raises(api.ReasonMissing):
            api.return_resource(code=code, reason=" ", actor=town.head, at=AT)
        api.return_resource(code=code, reason="摘要过于简略", actor=town.head, at=AT)
        first = case_of(code, town)

        done = publish(town, code)

        assert done.state is api.State.PUBLISHED
        assert case_of(code, town) == first

    def test_each_step_belongs_to_somebody(self, town: City) -> None:
        code = api.draft_resource(draft=draft(), actor=town.officer, at=AT).code
        api.submit_resource(code=code, actor=town.officer, at=AT)

        with pytest.raises(api.StepNotYours):
            api.approve_resource(
                code=code,
                assessments=api.Assessments(secrecy_risk=True, personal_information=True),
                actor=town.officer,
                at=AT,
            )
        approve(town, code)
        with pytest.raises(api.StepNotYours):
            api.publish_resource(code=code, actor=town.head, at=AT)

    def test_a_declaration_with_faults_is_not_kept(self, town: City) -> None:
        wrong = draft(sharing_class=api.SharingClass.WITHHELD, withheld_reason="理由")

        with pytest.raises(api.DraftNotAcceptable) as refused:
            api.draft_resource(draft=wrong, actor=town.officer, at=AT)

        assert [fault.field for fault in refused.value.faults] == ["sharing_basis"]
        assert api.search(query=everything(), actor=town.officer).total == 0


class TestTwoOfficers:
    def test_the_second_to_save_is_told(self, town: City) -> None:
        code = api.draft_resource(draft=draft(), actor=town.officer, at=AT).code
        api.change_draft(
            code=code, draft=draft(summary="甲"), expected_revision=1, actor=town.second_officer, at=AT
        )

        with pytest.raises(api.ChangedMeanwhile) as told:
            api.change_draft(
                code=code, draft=draft(summary="乙"), expected_revision=1, actor=town.officer, at=AT
            )

        assert told.value.data["name"] == town.second_officer.name
        assert api.resource(code=code, actor=town.officer).summary == "甲"

    def test_a_submitted_version_is_not_changed(self, town: City) -> None:
        code = api.draft_resource(draft=draft(), actor=town.officer, at=AT).code
        api.submit_resource(code=code, actor=town.officer, at=AT)

        with pytest.raises(api.StepNotPossible):
            api.change_draft(code=code, draft=draft(), expected_revision=1, actor=town.officer, at=AT)


class TestVersions:
    @pytest.mark.article("809", 17)
    def test_a_revision_is_a_new_version_and_the_old_one_stays(self, town: City) -> None:
        made = published(town)
        api.revise_resource(
            code=made.code, draft=draft(name="新名称"), cause="机构改革", actor=town.officer, at=AT
        )
        assert api.resource(code=made.code, actor=town.stranger).name == made.name

        publish(town, made.code)

        assert api.resource(code=made.code, actor=town.stranger).name == "新名称"
        former = api.resource_version(code=made.code, number=1, actor=town.stranger)
        assert (former.name, former.state) == (made.name, api.State.SUPERSEDED)

    def test_only_one_revision_at_a_time(self, town: City) -> None:
        made = published(town)
        api.revise_resource(code=made.code, actor=town.officer, at=AT)

        with pytest.raises(api.RevisionUnderWay):
            api.revise_resource(code=made.code, actor=town.officer, at=AT)

    def test_an_abandoned_revision_leaves_the_published_version(self, town: City) -> None:
        made = published(town)
        api.revise_resource(code=made.code, draft=draft(name="别的"), actor=town.officer, at=AT)

        api.abandon_draft(code=made.code, reason="不再需要", actor=town.officer, at=AT)

        assert api.published_by_code(code=made.code).name == made.name
        assert api.revise_resource(code=made.code, actor=town.officer, at=AT).version == 3

    def test_another_department_does_not_see_the_version_on_its_way(self, town: City) -> None:
        made = published(town)
        api.revise_resource(code=made.code, actor=town.officer, at=AT)

        with pytest.raises(api.VersionNotFound):
            api.resource_version(code=made.code, number=2, actor=town.stranger)
        assert len(api.versions_of(code=made.code, actor=town.stranger)) == 1

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE catalog_resource_version SET name = 'x'",
            "UPDATE catalog_resource_version SET state = 'draft'",
            "DELETE FROM catalog_resource_item",
            "UPDATE catalog_resource_item SET name = 'x'",
        ],
    )
    def test_the_database_keeps_what_was_published(self, town: City, change: str) -> None:
        published(town)

        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

        assert ResourceVersion.objects.get().name == draft().name
        assert ResourceItem.objects.count() == len(draft().items)

    def test_a_retired_resource_is_no_longer_found_but_readable(self, town: City) -> None:
        made = published(town)

        api.retire_resource(code=made.code, reason="职能取消", actor=town.head, at=AT)

        assert api.search(query=everything(), actor=town.stranger).total == 0
        assert api.resource(code=made.code, actor=town.stranger).is_retired
        with pytest.raises(api.NotPublished):
            api.published_by_code(code=made.code)


class TestRevisionLimit:
    @pytest.mark.article("809", 17)
    def test_ten_working_days_and_five_more_with_consent(self) -> None:
        limit = revision_limit(cause_on=date(2026, 3, 2))

        assert (limit.value, limit.due_on) == (10, date(2026, 3, 16))
        assert (limit.extended_value, limit.extended_on) == (5, date(2026, 3, 23))
        assert "第十七条" in limit.basis


class TestInbox:
    def test_what_the_head_does_in_the_inbox_moves_the_version(self, town: City) -> None:
        code = api.draft_resource(draft=draft(), actor=town.officer, at=AT).code
        api.submit_resource(code=code, actor=town.officer, at=AT)
        case_id = case_of(code, town)
        casework.complete_task(
            case_id=case_id, task="head_approval", outcome="approve", actor=town.head, at=AT
        )

        assert follow_case(case_id=case_id, actor=town.head, at=AT)

        found = api.versions_of(code=code, actor=town.officer)[0]
        assert (found.state, found.approved_by) == (api.State.APPROVED, town.head.name)
        assert not follow_case(case_id=case_id, actor=town.head, at=AT)

    def test_publication_in_the_inbox_is_publication(self, town: City) -> None:
        code = api.draft_resource(draft=draft(), actor=town.officer, at=AT).code
        api.submit_resource(code=code, actor=town.officer, at=AT)
        approve(town, code)
        case_id = case_of(code, town)
        casework.complete_task(
            case_id=case_id, task="authority_review", outcome="publish", actor=town.reviewer, at=AT
        )

        follow_case(case_id=case_id, actor=town.reviewer, at=AT)

        assert api.published_by_code(code=code).version == 1


class TestOneSource:
    @pytest.mark.article("809", 19)
    def test_a_second_source_is_refused_with_the_name_of_the_first(self, town: City) -> None:
        first, second = published(town), published(town, draft(name="第二个资源"))
        api.name_authoritative_source(
            element_code="credit-code", resource_code=first.code, actor=town.reviewer, at=AT
        )

        with pytest.raises(SourceAlreadyNamed) as refused:
            api.name_authoritative_source(
                element_code="credit-code", resource_code=second.code, actor=town.reviewer, at=AT
            )

        assert refused.value.data["department"] == "市市场监督管理局"
        assert refused.value.data["resource"] == first.name

    def test_only_the_data_authority_names_sources(self, town: City) -> None:
        made = published(town)

        with pytest.raises(api.NotTheDataAuthority):
            api.name_authoritative_source(
                element_code="credit-code", resource_code=made.code, actor=town.officer, at=AT
            )

    def test_a_source_is_not_retired_and_may_move(self, town: City) -> None:
        made = published(town)
        api.name_authoritative_source(
            element_code="credit-code", resource_code=made.code, actor=town.reviewer, at=AT
        )
        with pytest.raises(api.StillTheSource):
            api.retire_resource(code=made.code, reason="x", actor=town.head, at=AT)

        api.withdraw_authoritative_source(
            element_code="credit-code", reason="职能划转", actor=town.reviewer, at=timezone.now()
        )

        assert api.sources_of_elements(codes=["credit-code"]) == {}

    def test_a_resource_without_the_element_is_no_source(self, town: City) -> None:
        made = published(town)

        with pytest.raises(api.ElementNotInResource):
            api.name_authoritative_source(
                element_code="citizen-id", resource_code=made.code, actor=town.reviewer, at=AT
            )


class TestStandards:
    def test_the_pack_loads_once(self, town: City) -> None:
        first = api.load_standards(folder=packs() / "catalog", at=AT)

        again = api.load_standards(folder=packs() / "catalog", at=AT)

        assert first.elements >= 60
        assert (again.nodes, again.code_tables, again.elements) == (0, 0, 0)
        assert len(api.code_table(code="ethnic-group").entries) == 58

    def test_a_department_declares_none(self, town: City) -> None:
        with pytest.raises(api.NotTheDataAuthority):
            api.declare_element(element=api.element(code="credit-code"), actor=town.officer, at=AT)


class TestPublic:
    @pytest.mark.parametrize("actor", [Actor.anonymous()])
    def test_the_public_sees_nothing_yet(self, town: City, actor: Actor) -> None:
        made = published(town)

        assert api.search(query=everything(), actor=actor).total == 0
        with pytest.raises(Refused):
            api.resource(code=made.code, actor=actor)


def case_of(code: str, town: City) -> CaseId:
    found = api.versions_of(code=code, actor=town.officer)[0].case_id
    assert found is not None
    return CaseId(found)


def everything() -> ListQuery:
    return ListQuery()
