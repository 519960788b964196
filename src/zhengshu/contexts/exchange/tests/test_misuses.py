"""Misuse of a grant: suspended at once, corrected within a limit, resumed or ended (articles 25 and 27)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange import api
from zhengshu.contexts.exchange.models import GrantMeasure, Misuse
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import AT, misuse, step
from zhengshu.kernel.actors import Role
from zhengshu.kernel.identity import GrantId, new_id

pytestmark = pytest.mark.django_db
KIND = api.MatterKind.MISUSE
BASIS = "《政务数据共享条例》第二十七条"


def granted(tmp_path: Path) -> factories.City:
    place = factories.city(tmp_path)
    factories.granted(place)
    return place


def state_of(place: factories.City) -> str:
    grant_id = GrantId(factories.grant_row(place).id)
    return api.grant(grant_id=grant_id, actor=place.officer, at=AT).state


class TestWholeWay:
    @pytest.mark.article("809", 27)
    def test_suspends_at_once_and_resumes_what_was_corrected(self, tmp_path: Path) -> None:
        place = granted(tmp_path)

        misuse_id = misuse(place)
        assert state_of(place) == "suspended"
        step(KIND, misuse_id, "rectify", "submit", reason="已停止并删除", actor=place.officer, at=AT)
        assert state_of(place) == "suspended"
        ended = step(KIND, misuse_id, "verify", "resume", actor=place.provider, at=AT)

        assert (ended, state_of(place)) == ("resumed", "active")

    @pytest.mark.article("809", 27)
    def test_the_order_sets_the_limit(self, tmp_path: Path) -> None:
        place = granted(tmp_path)

        misuse(place, rectify_within=3)

        due_at = Misuse.objects.get().due_at
        assert due_at is not None
        assert f"{timezone.localtime(due_at):%Y-%m-%d}" == "2026-03-05"

    @pytest.mark.article("809", 27)
    def test_ends_what_was_not_corrected_and_has_the_data_disposed_of(self, tmp_path: Path) -> None:
        place = granted(tmp_path)
        misuse_id = misuse(place)
        step(KIND, misuse_id, "rectify", "submit", reason="正在整改", actor=place.officer, at=AT)
        step(KIND, misuse_id, "verify", "insufficient", reason="仍在查询", actor=place.provider, at=AT)
        step(KIND, misuse_id, "rectify", "give_up", actor=place.officer, at=AT)

        after = step(
            KIND,
            misuse_id,
            "decide",
            "terminate",
            reason="拒不整改",
            basis=BASIS,
            actor=place.provider_head,
            at=AT,
        )

        assert (after, state_of(place)) == ("dispose", "revoked")
        step(KIND, misuse_id, "dispose", "disposed", reason="已销毁，见销毁清单", actor=place.officer, at=AT)
        assert step(KIND, misuse_id, "accept_disposal", "accept", actor=place.provider, at=AT) == "terminated"
        last = GrantMeasure.objects.order_by("taken_at", "id").last()
        assert last is not None
        assert (last.kind, last.filing) == ("revoke", Misuse.objects.get().number)
        with pytest.raises(api.GrantNotActive):
            misuse(place)

    @pytest.mark.article("809", 27)
    def test_a_correction_that_was_not_shown_in_time_is_taken_as_refused(self, tmp_path: Path) -> None:
        place = granted(tmp_path)
        misuse_id = misuse(place)
        in_time, late = AT + timedelta(days=1), AT + timedelta(days=30)

        with pytest.raises(api.NotOverdue):
            api.declare_overdue(misuse_id=misuse_id, actor=place.provider, at=in_time)
        with pytest.raises(api.NotYourStep):
            api.declare_overdue(misuse_id=misuse_id, actor=place.officer, at=late)
        assert api.declare_overdue(misuse_id=misuse_id, actor=place.provider, at=late) == "decide"

    def test_who_found_it_does_not_decide_on_ending_the_use(self, tmp_path: Path) -> None:
        place = granted(tmp_path)
        misuse_id = misuse(place, actor=place.provider_head)
        step(KIND, misuse_id, "rectify", "give_up", actor=place.officer, at=AT)

        with pytest.raises(casework.OwnMatter):
            step(
                KIND,
                misuse_id,
                "decide",
                "terminate",
                reason="拒不整改",
                basis=BASIS,
                actor=place.provider_head,
                at=AT,
            )
        assert state_of(place) == "suspended"

    def test_what_was_no_misuse_is_taken_back(self, tmp_path: Path) -> None:
        place = granted(tmp_path)
        misuse_id = misuse(place)

        with pytest.raises(casework.NotYourTask):
            api.withdraw_matter(kind=KIND, matter_id=misuse_id, reason="没有违规", actor=place.officer, at=AT)
        api.withdraw_matter(
            kind=KIND, matter_id=misuse_id, reason="系统时钟误差", actor=place.provider, at=AT
        )

        assert (Misuse.objects.get().state, state_of(place)) == ("unfounded", "active")

    def test_what_was_ended_is_not_taken_back(self, tmp_path: Path) -> None:
        place = granted(tmp_path)
        misuse_id = misuse(place)
        step(KIND, misuse_id, "rectify", "give_up", actor=place.officer, at=AT)
        step(
            KIND,
            misuse_id,
            "decide",
            "terminate",
            reason="拒不整改",
            basis=BASIS,
            actor=place.provider_head,
            at=AT,
        )

        with pytest.raises(api.StepNotOpen):
            api.withdraw_matter(kind=KIND, matter_id=misuse_id, reason="后悔", actor=place.provider, at=AT)
        assert state_of(place) == "revoked"

    def test_the_data_authority_finds_misuse_too(self, tmp_path: Path) -> None:
        place = granted(tmp_path)

        misuse_id = misuse(place, actor=place.reviewer)
        step(KIND, misuse_id, "rectify", "submit", reason="已整改", actor=place.officer, at=AT)

        with pytest.raises(casework.NotYourTask):
            step(KIND, misuse_id, "verify", "resume", actor=place.provider, at=AT)
        step(KIND, misuse_id, "verify", "resume", actor=place.reviewer, at=AT)
        assert state_of(place) == "active"


class TestWhoMay:
    @pytest.mark.article("809", 25)
    def test_neither_the_consumer_nor_a_third_suspends(self, tmp_path: Path) -> None:
        place = granted(tmp_path)

        with pytest.raises(api.MeasureNotYours):
            misuse(place, actor=place.officer)
        with pytest.raises(api.GrantNotFound):
            misuse(place, actor=place.stranger)
        operator = factories.colleague("operator", Role.OPERATOR, of=place.provider)
        with pytest.raises(api.MeasureNotYours):
            misuse(place, actor=operator)
        assert state_of(place) == "active"

    def test_a_third_does_not_find_it(self, tmp_path: Path) -> None:
        place = granted(tmp_path)
        misuse_id = misuse(place)

        with pytest.raises(api.MatterNotFound):
            api.matter(kind=KIND, matter_id=misuse_id, actor=place.stranger)
        with pytest.raises(api.MatterNotFound):
            step(KIND, misuse_id, "rectify", "submit", reason="x", actor=place.stranger, at=AT)

    def test_one_misuse_at_a_time(self, tmp_path: Path) -> None:
        place = granted(tmp_path)
        misuse(place)

        with pytest.raises(api.MisuseUnderWay):
            misuse(place)

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"finding": " "}, api.StatementMissing),
            ({"order": ""}, api.StatementMissing),
            ({"rectify_within": 0}, api.RectifyLimitUnfit),
            ({"rectify_within": 31}, api.RectifyLimitUnfit),
            ({"calls": (new_id(),)}, api.CallNotOfMatter),
        ],
    )
    def test_an_order_says_what_and_until_when(
        self, tmp_path: Path, changes: dict[str, object], error: type[Exception]
    ) -> None:
        place = granted(tmp_path)

        with pytest.raises(error):
            misuse(place, **changes)  # type: ignore[arg-type]  # the test names the fields
        assert state_of(place) == "active"

    def test_calls_with_the_grant_are_evidence(self, place: factories.City) -> None:
        factories.granted(place, at=factories.NOW)
        call = factories.call(factories.grant_row(place))

        misuse(place, calls=(call.id,), at=factories.NOW)

        assert Misuse.objects.get().calls == [call.id]
