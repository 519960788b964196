"""Answering a share request and reviewing it."""

from datetime import timedelta
from pathlib import Path

import pytest

from zhengshu.contexts.exchange import api
from zhengshu.contexts.exchange.domain.answers import (
    CompletionAskedBefore,
    FieldNotRequested,
    MissingMaterialIsNoGround,
    ReasonMissing,
    UnconditionalMayNotBeRefused,
)
from zhengshu.contexts.exchange.domain.requests import RequestState
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import AT
from zhengshu.kernel.identity import RequestId

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


@pytest.mark.article("809", 21)
class TestAnswer:
    def test_a_refusal_ends_the_request_with_reason_and_basis(self) -> None:
        place = factories.city()
        request_id = factories.at_provider(place)

        api.answer_request(request_id=request_id, answer=NO, actor=place.provider, at=AT)

        record = api.request(request_id=request_id, actor=place.officer)
        assert record.state is RequestState.REFUSED
        assert (record.answer_reason, record.answer_basis) == (NO.reason, NO.basis)

    def test_an_unconditional_resource_is_due_in_one_working_day_and_hardly_refused(self) -> None:
        from zhengshu.contexts.catalog.api import SharingClass

        place = factories.city(
            sharing_class=SharingClass.UNCONDITIONAL, sharing_scope="", sharing_purposes=""
        )
        request_id = factories.at_provider(place)

        with pytest.raises(UnconditionalMayNotBeRefused):
            api.answer_request(request_id=request_id, answer=NO, actor=place.provider, at=AT)
        due = api.request(request_id=request_id, actor=place.officer).due_at
        assert due is not None
        assert timedelta(days=1) < due - AT < timedelta(days=2)

    def test_a_conditional_resource_is_due_in_ten_working_days(self) -> None:
        place = factories.city()
        request_id = factories.at_provider(place)

        due = api.request(request_id=request_id, actor=place.officer).due_at

        assert due is not None
        assert timedelta(days=14) < due - AT < timedelta(days=15)

    def test_completion_is_asked_once_and_stops_the_clock(self) -> None:
        place = factories.city()
        request_id = factories.at_provider(place)

        with pytest.raises(MissingMaterialIsNoGround):
            api.answer_request(
                request_id=request_id,
                answer=api.Answer(
                    kind=api.AnswerKind.REFUSE,
                    ground=api.RefusalGround.NOT_COMPLETED,
                    reason="材料不全",
                    basis="无",
                ),
                actor=place.provider,
                at=AT,
            )
        api.answer_request(request_id=request_id, answer=NOTICE, actor=place.provider, at=AT)
        record = api.request(request_id=request_id, actor=place.officer)
        assert (record.state, record.completion_notice) == (RequestState.COMPLETION, NOTICE.reason)
        assert record.due_at is None

        api.complete_request(
            request_id=request_id,
            statement=factories.statement(place, scenario="窗口岗位核验"),
            reply="已补充",
            actor=place.officer,
            at=AT,
        )
        assert state(place, request_id) is RequestState.PROVIDER_ANSWER
        with pytest.raises(CompletionAskedBefore):
            api.answer_request(request_id=request_id, answer=NOTICE, actor=place.provider, at=AT)

    def test_what_was_not_requested_cannot_be_granted(self) -> None:
        place = factories.city()
        request_id = factories.at_provider(place)
        wider = api.Answer(kind=api.AnswerKind.AGREE, columns=SENSITIVE)

        with pytest.raises(FieldNotRequested):
            api.answer_request(request_id=request_id, answer=wider, actor=place.provider, at=AT)

    def test_more_time_needs_the_authoritys_consent(self) -> None:
        place = factories.city()
        request_id = factories.at_provider(place)
        before = api.request(request_id=request_id, actor=place.officer).due_at
        assert before is not None

        api.ask_extension(request_id=request_id, reason="字段来自三个系统", actor=place.provider, at=AT)
        with pytest.raises(api.NotYourStep):
            api.decide_extension(request_id=request_id, is_consented=True, actor=place.provider, at=AT)
        due = api.decide_extension(request_id=request_id, is_consented=True, actor=place.reviewer, at=AT)

        record = api.request(request_id=request_id, actor=place.officer)
        assert due is not None
        assert due - before == timedelta(days=14)
        assert (record.due_at, record.extension_reason) == (due, "字段来自三个系统")
        assert record.extended_at == AT

    def test_the_authority_can_decline_more_time(self) -> None:
        place = factories.city()
        request_id = factories.at_provider(place)
        api.ask_extension(request_id=request_id, reason="人手不足", actor=place.provider, at=AT)
        before = api.request(request_id=request_id, actor=place.officer).due_at

        api.decide_extension(
            request_id=request_id, is_consented=False, reason="理由不充分", actor=place.reviewer, at=AT
        )

        record = api.request(request_id=request_id, actor=place.officer)
        assert (record.due_at, record.extended_at) == (before, None)


class TestReview:
    def test_sensitive_fields_of_a_conditional_resource_go_to_the_data_authority(
        self, tmp_path: Path
    ) -> None:
        place = factories.city(tmp_path)
        request_id = factories.agreed(place, columns=SENSITIVE)

        assert state(place, request_id) is RequestState.AUTHORITY_REVIEW
        with pytest.raises(api.StepNotOpen):
            api.deliver_request(request_id=request_id, actor=place.provider, at=AT)
        api.review_request(request_id=request_id, is_confirmed=True, actor=place.reviewer, at=AT)
        assert state(place, request_id) is RequestState.DELIVERY

    def test_the_authority_refuses_with_reason_and_basis_only(self) -> None:
        place = factories.city()
        request_id = factories.agreed(place, columns=SENSITIVE)

        with pytest.raises(ReasonMissing):
            api.review_request(request_id=request_id, is_confirmed=False, actor=place.reviewer, at=AT)
        api.review_request(
            request_id=request_id,
            is_confirmed=False,
            reason="身份证号非必要",
            basis="《个人信息保护法》第六条",
            actor=place.reviewer,
            at=AT,
        )
        assert state(place, request_id) is RequestState.REFUSED

    def test_widening_a_returned_request_brings_the_authority_in(self) -> None:
        place = factories.city()
        request_id = factories.submitted(place)
        api.approve_request(
            request_id=request_id, is_approved=False, reason="补字段", actor=place.head, at=AT
        )

        api.complete_request(
            request_id=request_id,
            statement=factories.statement(place, columns=SENSITIVE),
            reply="已补",
            actor=place.officer,
            at=AT,
        )
        api.approve_request(request_id=request_id, is_approved=True, actor=place.head, at=AT)
        api.answer_request(request_id=request_id, answer=YES, actor=place.provider, at=AT)

        assert state(place, request_id) is RequestState.AUTHORITY_REVIEW
