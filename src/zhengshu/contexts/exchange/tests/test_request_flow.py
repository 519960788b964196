"""The whole way of a share request through its case."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange import api
from zhengshu.contexts.exchange.domain.answers import (
    ReasonMissing,
)
from zhengshu.contexts.exchange.domain.requests import (
    LegalBasisMissing,
    OwnResource,
    PurposeUnknown,
    QuotaWrong,
    RequestState,
    SystemNotYours,
)
from zhengshu.contexts.exchange.domain.requests_scope import Condition, FieldUnknown, Operator
from zhengshu.contexts.exchange.models import Grant, ShareRequest
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import AT
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.identity import RequestId, SystemId
from zhengshu.kernel.masks import Mask

pytestmark = pytest.mark.django_db

YES = api.Answer(kind=api.AnswerKind.AGREE)
NO = api.Answer(
    kind=api.AnswerKind.REFUSE,
    ground=api.RefusalGround.CONDITIONS_NOT_MET,
    reason="用途不在共享条件列明的范围内",
    basis="《政务数据共享条例》第十五条",
)
NOTICE = api.Answer(kind=api.AnswerKind.ASK_COMPLETION, reason="请补充使用岗位")
SENSITIVE = ("credit_code", "legal_person_id")


def state(place: factories.City, request_id: RequestId) -> RequestState:
    return api.request(request_id=request_id, actor=place.officer).state


def case_of(place: factories.City, request_id: RequestId) -> casework.CaseRecord:
    case_id = api.request(request_id=request_id, actor=place.officer).case_id
    assert case_id is not None
    return casework.case(case_id=case_id, actor=place.officer, at=AT)


class TestWholeWay:
    @pytest.mark.article("809", 22)
    def test_a_yes_becomes_a_grant(self, tmp_path: Path) -> None:
        place = factories.city(tmp_path)

        grant_id = factories.granted(place)

        grant = api.grant(grant_id=grant_id, actor=place.officer, at=AT)
        assert (grant.state, grant.system_name, grant.purposes) == (
            "active",
            "金税核验系统",
            ("tax_administration",),
        )
        assert [(item.column, item.mask) for item in grant.fields] == [
            ("credit_code", Mask.NONE),
            ("enterprise_name", Mask.NONE),
            ("founded_on", Mask.NONE),
        ]
        assert grant.key_columns == ("credit_code",)
        assert grant.request_id is not None
        assert state(place, grant.request_id) is RequestState.DELIVERED

    def test_every_step_is_in_the_audit(self, tmp_path: Path) -> None:
        place = factories.city(tmp_path)

        factories.granted(place)

        names = (
            apps.get_model("trust", "AuditEvent")
            .objects.filter(name__startswith="exchange.", at=AT)
            .order_by("id")
            .values_list("name", flat=True)
        )
        assert list(names) == [
            "exchange.share-request.drafted.v1",
            "exchange.share-request.submitted.v1",
            "exchange.share-request.approved.v1",
            "exchange.share-request.answered.v1",
            "exchange.grant.issued.v1",
        ]

    def test_the_provider_narrows_fields_rows_quota_and_masks(self, tmp_path: Path) -> None:
        place = factories.city(tmp_path)
        request_id = factories.at_provider(place, columns=SENSITIVE)
        only_old = Condition(column="founded_on", operator=Operator.AT_MOST, values=("2015-01-01",))
        answer = api.Answer(
            kind=api.AnswerKind.AGREE,
            columns=("legal_person_id",),
            conditions=(only_old,),
            masks={"legal_person_id": Mask.FULL},
            per_day=10,
        )

        api.answer_request(request_id=request_id, answer=answer, actor=place.provider, at=AT)
        api.review_request(request_id=request_id, is_confirmed=True, actor=place.reviewer, at=AT)
        grant_id = api.deliver_request(request_id=request_id, actor=place.provider, at=AT)

        row = Grant.objects.get(id=grant_id)
        assert row.fields == [
            {"name": "法定代表人身份证号", "column": "legal_person_id", "grade": 3, "mask": "full"}
        ]
        assert row.row_filter == [{"column": "founded_on", "operator": "le", "values": ["2015-01-01"]}]
        assert row.quota_per_day == 10

    def test_a_resource_without_data_cannot_be_delivered(self) -> None:
        place = factories.city()
        request_id = factories.agreed(place)

        with pytest.raises(api.ResourceNotServed):
            api.deliver_request(request_id=request_id, actor=place.provider, at=AT)
        assert state(place, request_id) is RequestState.DELIVERY

    def test_what_has_run_out_is_not_delivered(self, tmp_path: Path) -> None:
        place = factories.city(tmp_path)
        request_id = factories.agreed(place)

        with pytest.raises(api.UseOver):
            api.deliver_request(request_id=request_id, actor=place.provider, at=AT + timedelta(days=201))


class TestDraft:
    @pytest.mark.article("809", 20)
    def test_an_incomplete_draft_is_kept_but_not_submitted(self) -> None:
        place = factories.city()
        request_id = factories.draft(place, legal_basis="")

        with pytest.raises(LegalBasisMissing):
            api.submit_request(request_id=request_id, actor=place.officer, at=AT)
        assert state(place, request_id) is RequestState.DRAFT

    def test_submitting_twice_opens_one_case(self) -> None:
        place = factories.city()
        request_id = factories.draft(place)

        first = api.submit_request(request_id=request_id, actor=place.officer, at=AT)
        second = api.submit_request(request_id=request_id, actor=place.officer, at=AT)

        assert first == second
        assert casework.started(actor=place.officer, query=ListQuery(), at=AT).total == 1

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"columns": ("password",)}, FieldUnknown),
            ({"purpose": "curiosity"}, PurposeUnknown),
            ({"per_day": 10**12}, QuotaWrong),
        ],
    )
    def test_tampered_fields_are_refused(self, changes: dict[str, object], error: type[Exception]) -> None:
        place = factories.city()

        with pytest.raises(error):
            factories.draft(place, at=AT, **changes)
        assert ShareRequest.objects.count() == 0

    def test_another_departments_system_is_refused(self) -> None:
        place = factories.city()
        assert place.stranger.department_id is not None
        foreign = trust.register_consuming_system(
            name="水务系统", department_id=place.stranger.department_id, actor=place.stranger, at=AT
        )
        request_id = factories.draft(place, system_id=SystemId(foreign.id))

        with pytest.raises(SystemNotYours):
            api.submit_request(request_id=request_id, actor=place.officer, at=AT)

    @pytest.mark.article("809", 15)
    def test_a_withheld_resource_cannot_be_requested_and_the_basis_is_said(self) -> None:
        from zhengshu.contexts.catalog.api import SharingClass

        place = factories.city(
            sharing_class=SharingClass.WITHHELD,
            sharing_scope="",
            sharing_purposes="",
            withheld_reason="涉及商业秘密",
            sharing_basis="《中华人民共和国反不正当竞争法》第九条",
        )

        with pytest.raises(api.ResourceWithheld, match="反不正当竞争法"):
            factories.draft(place)

    def test_ones_own_resource_needs_no_request(self) -> None:
        place = factories.city()

        with pytest.raises(OwnResource):
            api.draft_request(
                resource_code=place.resource.code,
                statement=factories.statement(place),
                actor=place.provider,
                at=AT,
            )

    def test_the_draft_of_another_department_is_not_found(self) -> None:
        place = factories.city()
        request_id = factories.draft(place)

        with pytest.raises(api.RequestNotFound):
            api.draft_request(
                resource_code=place.resource.code,
                statement=factories.statement(place),
                actor=place.stranger,
                at=AT,
                request_id=request_id,
            )
        with pytest.raises(api.RequestNotFound):
            api.request(request_id=request_id, actor=place.provider)


class TestWhoActs:
    def test_only_the_requesters_head_signs(self) -> None:
        place = factories.city()
        request_id = factories.submitted(place)

        for actor in (place.officer, place.provider_head):
            with pytest.raises((api.NotYourStep, api.RequestNotFound)):
                api.approve_request(request_id=request_id, is_approved=True, actor=actor, at=AT)
        with pytest.raises(api.RequestNotFound):
            api.approve_request(request_id=request_id, is_approved=True, actor=place.stranger, at=AT)

    def test_the_requester_does_not_answer_its_own_request(self) -> None:
        place = factories.city()
        request_id = factories.at_provider(place)

        for actor in (place.officer, place.head, place.reviewer):
            with pytest.raises(api.NotYourStep):
                api.answer_request(request_id=request_id, answer=YES, actor=actor, at=AT)

    def test_nobody_signs_what_they_drafted_themselves(self) -> None:
        from zhengshu.contexts.catalog.tests import factories as catalogs
        from zhengshu.kernel.actors import Role

        place = factories.city()
        both_id = trust.add_official(
            username="both",
            name="兼任",
            department_id=place.officer.department_id,  # type: ignore[arg-type]
            roles=(Role.DATA_OFFICER, Role.DEPARTMENT_HEAD),
            password=catalogs.PASSWORD,
            must_change_password=False,
            actor=factories.PLATFORM,
            at=AT,
        )
        both = trust.actor_of(official_id=both_id)
        request_id = api.draft_request(
            resource_code=place.resource.code, statement=factories.statement(place), actor=both, at=AT
        )
        api.submit_request(request_id=request_id, actor=both, at=AT)

        with pytest.raises(casework.OwnMatter):
            api.approve_request(request_id=request_id, is_approved=True, actor=both, at=AT)

    def test_an_answer_is_given_once(self) -> None:
        place = factories.city()
        request_id = factories.agreed(place)

        with pytest.raises(api.StepNotOpen):
            api.answer_request(request_id=request_id, answer=NO, actor=place.provider_head, at=AT)

    def test_the_heads_return_says_why_and_comes_back_to_the_head(self) -> None:
        place = factories.city()
        request_id = factories.submitted(place)

        with pytest.raises(ReasonMissing):
            api.approve_request(request_id=request_id, is_approved=False, actor=place.head, at=AT)
        api.approve_request(
            request_id=request_id, is_approved=False, reason="写明岗位", actor=place.head, at=AT
        )
        assert state(place, request_id) is RequestState.COMPLETION

        after = api.complete_request(
            request_id=request_id,
            statement=factories.statement(place),
            reply="已写明",
            actor=place.officer,
            at=AT,
        )
        assert after is RequestState.HEAD_APPROVAL


class TestWithdraw:
    def test_a_draft_disappears(self) -> None:
        place = factories.city()
        request_id = factories.draft(place)

        api.withdraw_request(request_id=request_id, reason="", actor=place.officer, at=AT)

        assert ShareRequest.objects.count() == 0

    def test_a_submitted_request_stays_in_the_records(self) -> None:
        place = factories.city()
        request_id = factories.at_provider(place)

        with pytest.raises(api.NotYourStep):
            api.withdraw_request(request_id=request_id, reason="不给了", actor=place.provider, at=AT)
        api.withdraw_request(request_id=request_id, reason="业务调整", actor=place.officer, at=AT)

        assert state(place, request_id) is RequestState.WITHDRAWN
        assert not case_of(place, request_id).is_open


class TestFollowingTheCase:
    def test_what_was_decided_on_the_cases_own_page_reaches_the_request(self, tmp_path: Path) -> None:
        from zhengshu.foundation.outbox import deliver_due

        place = factories.city(tmp_path)
        request_id = factories.at_provider(place)
        casework.complete_task(
            case_id=case_of(place, request_id).id,
            task="provider_answer",
            outcome="agree",
            actor=place.provider,
            at=AT,
        )

        deliver_due(at=AT)

        record = api.request(request_id=request_id, actor=place.officer)
        assert record.state is RequestState.DELIVERY
        assert record.terms is not None
        grant_id = api.deliver_request(request_id=request_id, actor=place.provider, at=AT)
        assert api.grant(grant_id=grant_id, actor=place.officer, at=AT).per_day == 1000

    def test_a_refusal_on_the_cases_own_page_brings_its_reason(self) -> None:
        from zhengshu.foundation.outbox import deliver_due

        place = factories.city()
        request_id = factories.agreed(place, columns=SENSITIVE)
        casework.complete_task(
            case_id=case_of(place, request_id).id,
            task="authority_review",
            outcome="refuse",
            reason="非必要",
            basis="《个人信息保护法》第六条",
            actor=place.reviewer,
            at=AT,
        )

        deliver_due(at=AT)

        record = api.request(request_id=request_id, actor=place.officer)
        assert (record.state, record.answer_reason) == (RequestState.REFUSED, "非必要")
