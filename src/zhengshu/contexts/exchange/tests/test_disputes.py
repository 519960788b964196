"""Disputes: negotiation, data authority, common superior, people's government (article 28)."""

from datetime import timedelta

import pytest

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange import api
from zhengshu.contexts.exchange.models import Dispute
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import AT, step
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.tests import factories as trusts
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

pytestmark = pytest.mark.django_db
KIND = api.MatterKind.DISPUTE
BASIS = "《政务数据共享条例》第二十八条"


def raised(place: factories.City, actor: Actor | None = None) -> object:
    request_id = api.requests(query=ListQuery(), actor=place.officer, at=AT).rows[0].id
    return api.raise_dispute(
        about=api.DisputeAbout.REQUEST,
        about_id=request_id,
        claim="提供部门以自定条件拒绝共享",
        wanted="按目录载明的条件答复",
        actor=actor or place.officer,
        at=AT,
    )


def refused(place: factories.City) -> None:
    request_id = factories.at_provider(place)
    no = api.Answer(
        kind=api.AnswerKind.REFUSE,
        ground=api.RefusalGround.CONDITIONS_NOT_MET,
        reason="须先签订协议",
        basis="本局内部规定",
    )
    api.answer_request(request_id=request_id, answer=no, actor=place.provider, at=AT)


def row() -> Dispute:
    return Dispute.objects.get()


def governed() -> tuple[factories.City, Actor]:
    """Return a city with a refused request, and a leader of its data authority."""
    place = factories.city()
    refused(place)
    return place, factories.colleague("leader", Role.LEADER, of=place.reviewer)


class TestWholeWay:
    @pytest.mark.article("809", 28)
    def test_negotiation_comes_first(self) -> None:
        place, _ = governed()
        raised(place)

        step(KIND, row().id, "respond", "propose", reason="撤销自定条件", actor=place.provider, at=AT)
        ended = step(KIND, row().id, "answer_proposal", "accept", actor=place.officer, at=AT)

        assert ended == "settled"

    @pytest.mark.article("809", 28)
    def test_then_the_data_authority_mediates_between_both(self) -> None:
        place, _ = governed()
        raised(place)
        step(KIND, row().id, "respond", "reject", reason="条件是必要的", actor=place.provider, at=AT)
        step(KIND, row().id, "mediate", "propose", reason="以承诺书代替协议", actor=place.reviewer, at=AT)
        step(KIND, row().id, "respondent_reply", "accept", actor=place.provider, at=AT)

        assert step(KIND, row().id, "claimant_reply", "accept", actor=place.officer, at=AT) == "mediated"

    @pytest.mark.article("809", 28)
    def test_at_last_the_government_decides_with_reason_and_basis(self) -> None:
        place, leader = governed()
        raised(place)
        step(KIND, row().id, "respond", "propose", reason="先签协议", actor=place.provider, at=AT)
        step(KIND, row().id, "answer_proposal", "decline", reason="与法不符", actor=place.officer, at=AT)
        step(KIND, row().id, "mediate", "propose", reason="以承诺书代替协议", actor=place.reviewer, at=AT)
        step(KIND, row().id, "claimant_reply", "accept", actor=place.officer, at=AT)
        after = step(
            KIND,
            row().id,
            "respondent_reply",
            "decline",
            reason="不足以防范风险",
            actor=place.provider,
            at=AT,
        )
        assert after == "decide"

        with pytest.raises(casework.BasisMissing):
            step(KIND, row().id, "decide", "uphold", reason="不得自行增加条件", actor=leader, at=AT)
        with pytest.raises(casework.NotYourTask):
            step(KIND, row().id, "decide", "uphold", reason="同意", basis=BASIS, actor=place.reviewer, at=AT)
        ended = step(
            KIND, row().id, "decide", "uphold", reason="不得自行增加条件", basis=BASIS, actor=leader, at=AT
        )

        assert ended == "upheld"

    @pytest.mark.article("809", 28)
    def test_across_regions_the_common_superior_mediates(self) -> None:
        place = factories.city()
        province = factories.department(
            "省数据局", region="470000", level=trust.Level.PROVINCE, is_data_authority=True
        )
        far = factories.department("邻市税务局", region="470400")
        officer = trusts.actor(Role.DATA_OFFICER, department_id=far.id)
        correction = api.request_correction(
            resource_code=place.resource.code, claim=factories.claim(), actor=officer, at=AT
        )

        api.raise_dispute(
            about=api.DisputeAbout.CORRECTION,
            about_id=correction,
            claim="逾期不核实",
            wanted="限期核实",
            actor=officer,
            at=AT,
        )

        assert row().authority_department_id == province.id
        assert row().respondent_department_id == place.provider.department_id

    def test_a_data_authority_does_not_mediate_its_own_dispute(self) -> None:
        place, _ = governed()

        own = place.reviewer.department_id
        sides = [own, place.officer.department_id]
        with pytest.raises(trust.DataAuthorityUnknown):
            trust.common_data_authority(department_ids=sides, other_than=sides)  # type: ignore[arg-type]
        province = factories.department(
            "省数据局", region="470000", level=trust.Level.PROVINCE, is_data_authority=True
        )
        found = trust.common_data_authority(department_ids=sides, other_than=sides)  # type: ignore[arg-type]
        assert found.id == province.id


class TestGovernment:
    def test_is_the_superior_of_the_data_authority_where_one_is_recorded(self) -> None:
        office = trusts.department(name="市人民政府办公室")
        authority = trusts.department(is_data_authority=True, parent_id=office.id)

        assert trust.government_for(authority_id=authority.id).id == office.id

    def test_else_where_the_leaders_of_the_region_work_else_itself(self) -> None:
        authority = trusts.department(is_data_authority=True)
        assert trust.government_for(authority_id=authority.id).id == authority.id
        office = trusts.department(name="市人民政府办公室")
        trusts.account(Role.LEADER, department_id=office.id)

        assert trust.government_for(authority_id=authority.id).id == office.id


class TestWhoMay:
    def test_only_the_two_sides_raise_one_and_once_at_a_time(self) -> None:
        place, _ = governed()
        with pytest.raises(api.RequestNotFound):
            raised(place, actor=place.stranger)
        with pytest.raises(api.NotASide):
            raised(place, actor=place.reviewer)
        raised(place)

        with pytest.raises(api.DisputeUnderWay):
            raised(place)

    def test_either_side_may(self) -> None:
        place, _ = governed()

        raised(place, actor=place.provider)

        assert row().respondent_department_id == place.officer.department_id

    def test_a_third_department_does_not_find_it(self) -> None:
        place, _ = governed()
        raised(place)

        for actor in (place.stranger, Actor.anonymous()):
            with pytest.raises(api.MatterNotFound):
                api.matter(kind=KIND, matter_id=row().id, actor=actor)
        with pytest.raises(api.MatterNotFound):
            step(KIND, new_id(), "respond", "reject", reason="x", actor=place.provider, at=AT)

    def test_no_side_answers_for_the_other(self) -> None:
        place, _ = governed()
        raised(place)

        with pytest.raises(casework.NotYourTask):
            step(KIND, row().id, "respond", "propose", reason="我方替对方答复", actor=place.officer, at=AT)

    def test_statements_are_needed(self) -> None:
        place, _ = governed()
        request_id = api.requests(query=ListQuery(), actor=place.officer, at=AT).rows[0].id

        for claim, wanted in ((" ", "x"), ("x", " ")):
            with pytest.raises(api.StatementMissing):
                api.raise_dispute(
                    about=api.DisputeAbout.REQUEST,
                    about_id=request_id,
                    claim=claim,
                    wanted=wanted,
                    actor=place.officer,
                    at=AT + timedelta(minutes=1),
                )
