"""Rating once, having it mended, and never telling who rated."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.casework.tests import licences
from zhengshu.contexts.services.application import rating_queries as queries
from zhengshu.contexts.services.application.give_rating import (
    NothingToRate,
    RatedAlready,
    RatingTooLate,
    rate_case,
)
from zhengshu.contexts.services.application.invite_rating import (
    PLATFORM,
    invite_after_case,
)
from zhengshu.contexts.services.application.open_rectifications import (
    follow_rectification,
    open_rectifications,
)
from zhengshu.contexts.services.application.read_rater import RaterNotFound, RatingSettled, read_rater
from zhengshu.contexts.services.events import RaterRead
from zhengshu.contexts.services.models import Rater, Rating, RatingInvitation, ServiceItem
from zhengshu.contexts.services.tests.rating_cast import BAD, GOOD, ITEM, NAME, draft, invited, office, rated
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.foundation.events import Subject
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import CaseId, new_id

pytestmark = pytest.mark.django_db

WORDS = "我是欧阳静好，电话138-0000-1234，办件XK202603020001，排队两小时"


def closed(case: casework.CaseRecord, end: str = "granted") -> CaseClosed:
    return CaseClosed(
        at=AT, actor=PLATFORM, subject=Subject("case", str(case.id), case.number), case_id=case.id,
        case_type=case.type, about_kind="x", about_id=case.subject.id, end=end,
    )  # fmt: skip


class TestInviting:
    def test_the_applicant_is_invited_once_however_often_the_end_is_told(self) -> None:
        place = office()
        case = licences.applied(place)

        for _ in range(2):
            invite_after_case(closed(case))

        assert RatingInvitation.objects.filter(case_id=case.id).count() == 1
        assert [one.case_number for one in queries.due(actor=place.citizen, at=AT)] == [case.number]
        assert queries.due(actor=place.other_citizen, at=AT) == ()

    def test_nobody_rates_what_he_withdrew(self) -> None:
        place = office()
        case = licences.applied(place)

        invite_after_case(closed(case, end="withdrawn"))

        assert queries.due(actor=place.citizen, at=AT) == ()

    def test_cases_that_are_no_service_are_not_rated(self) -> None:
        place = office()
        ServiceItem.objects.filter(code=ITEM).update(case_type="")
        case = licences.applied(place)

        invite_after_case(closed(case))

        assert not RatingInvitation.objects.filter(case_id=case.id).exists()

    def test_an_enterprise_is_invited_and_every_delegate_may_rate(self) -> None:
        place = office()
        applicant = casework.Applicant(account_id=place.delegate.id, enterprise_id=place.enterprise_id)
        case = licences.applied(place, actor=place.delegate, applicant=applicant)

        invite_after_case(closed(case))

        assert len(queries.due(actor=place.delegate, at=AT)) == 1


class TestRating:
    def test_counts_once_however_often_it_is_sent(self) -> None:
        place = office()
        key = invited(place)
        rate_case(invitation_id=key, draft=draft(), actor=place.citizen, at=AT)

        with pytest.raises(RatedAlready):
            rate_case(invitation_id=key, draft=draft(BAD), actor=place.citizen, at=AT)

        assert list(Rating.objects.filter(cell__department_id=place.id).values_list("level", "stars")) == [
            ("1", 5)
        ]

    def test_somebody_elses_link_is_nothing(self) -> None:
        place = office()
        key = invited(place)

        for actor in (place.other_citizen, place.delegate, place.clerk, Actor.anonymous()):
            with pytest.raises(NothingToRate):
                rate_case(invitation_id=key, draft=draft(), actor=actor, at=AT)

    def test_a_guessed_link_is_nothing(self, client: Client) -> None:
        place = office()
        client.force_login(factories.account_of(place.citizen))

        assert client.get(reverse("services:rate", args=[new_id()])).status_code == 404
        assert client.get(reverse("services:rate-visit", args=["abcdefghjkmn"])).status_code == 404

    def test_is_refused_when_the_time_is_over(self) -> None:
        place = office()
        key = invited(place)

        with pytest.raises(RatingTooLate):
            rate_case(invitation_id=key, draft=draft(), actor=place.citizen, at=AT + timedelta(days=30))

    def test_a_double_click_thanks_and_keeps_the_first(self, client: Client) -> None:
        place = office()
        key = invited(place)
        client.force_login(factories.account_of(place.citizen))
        RatingInvitation.objects.filter(pk=key).update(expires_at="2126-01-01T00:00Z")
        path = reverse("services:rate", args=[key])

        client.post(path, {"level": "1", "efficiency": "2", "words": "很快"})
        second = client.post(path, {"level": "5"})

        (row,) = Rating.objects.filter(cell__department_id=place.id)
        assert (row.level, row.indicators, row.words) == ("1", {"efficiency": "2"}, "很快")
        assert "已收到" in second.content.decode()


class TestRectification:
    def test_a_good_rating_opens_none(self) -> None:
        place = office()

        assert rated(place, GOOD).rectification_id is None

    @pytest.mark.parametrize("level", ["4", "5"])
    def test_a_bad_one_opens_one_with_its_limits(self, level: str) -> None:
        place = office()

        row = rated(place, type(BAD)(level))

        assert row.rectification_id is not None
        case = casework.case(case_id=CaseId(row.rectification_id), actor=place.reviewer, at=AT)
        assert {(one.clock, one.value, one.unit) for one in case.clocks} == {
            ("contact", 1, "working_days"),
            ("rectification", 15, "working_days"),
        }
        assert [task.task for task in case.open_tasks] == ["contact"]

    def test_ends_with_the_call_back_and_tells_the_rater(self) -> None:
        place = office()
        row = rated(place)
        assert row.rectification_id is not None
        key = CaseId(row.rectification_id)
        casework.complete_task(case_id=key, task="contact", outcome="reached", actor=place.reviewer, at=AT)
        casework.complete_task(
            case_id=key, task="mend", outcome="mended", reason="加开窗口", actor=place.head, at=AT
        )
        case = casework.complete_task(
            case_id=key, task="call_back", outcome="content", actor=place.reviewer, at=AT
        )

        for _ in range(2):
            follow_rectification(closed(case, end=case.state))

        assert [one.end for one in queries.given(actor=place.citizen)] == ["mended"]
        with pytest.raises(RatingSettled):
            read_rater(rating_id=row.id, actor=place.reviewer, at=AT)

    def test_the_rated_do_not_call_back(self) -> None:
        place = office()
        row = rated(place)
        assert row.rectification_id is not None

        with pytest.raises(casework.NotYourTask):
            casework.complete_task(
                case_id=CaseId(row.rectification_id),
                task="contact",
                outcome="reached",
                actor=place.head,
                at=AT,
            )


class TestWhoRated:
    """The rated department must not learn who rated, by no door."""

    def test_the_call_back_desk_reads_it_and_the_audit_notes_each_look(
        self, django_capture_on_commit_callbacks: object, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        place = office()
        row = rated(place, words=WORDS, contact="138-0000-1234")
        seen: list[object] = []
        monkeypatch.setattr("zhengshu.contexts.services.application.read_rater.publish", seen.append)

        found = read_rater(rating_id=row.id, actor=place.reviewer, at=AT)

        assert (found.name, found.words, found.contact, found.case_number) == (
            NAME, WORDS, "138-0000-1234", "XK202603020001",
        )  # fmt: skip
        assert [type(one) for one in seen] == [RaterRead]

    def test_nobody_else_reads_it(self) -> None:
        place = office()
        row = rated(place)
        leader = factories.actor(Role.LEADER, department_id=place.authority)
        auditor = factories.actor(Role.AUDIT_ADMIN, department_id=place.authority)

        for actor in (
            place.clerk, place.head, place.approver, place.stranger, leader, auditor, place.citizen,
            Actor.anonymous(),
        ):  # fmt: skip
            with pytest.raises(RaterNotFound):
                read_rater(rating_id=row.id, actor=actor, at=AT)

    def test_a_good_rating_is_read_by_nobody(self) -> None:
        place = office()
        row = rated(place, GOOD)

        with pytest.raises(RaterNotFound):
            read_rater(rating_id=row.id, actor=place.reviewer, at=AT)

    def test_an_authority_that_was_rated_itself_is_not_its_own_desk(self) -> None:
        place = office()
        key = invited(place)
        RatingInvitation.objects.filter(pk=key).update(department_id=place.authority)
        rate_case(invitation_id=key, draft=draft(BAD), actor=place.citizen, at=AT)
        open_rectifications(at=AT + timedelta(days=1))
        row = Rating.objects.get(cell__department_id=place.authority)

        with pytest.raises(RaterNotFound):
            read_rater(rating_id=row.id, actor=place.reviewer, at=AT)

    def test_pages_searches_and_lists_of_the_rated_do_not_tell(self, client: Client) -> None:
        place = office()
        row = rated(place, words=WORDS, contact="138-0000-1234")
        assert row.rectification_id is not None
        case = casework.complete_task(
            case_id=CaseId(row.rectification_id),
            task="contact",
            outcome="reached",
            actor=place.reviewer,
            at=AT,
        )
        for actor in (place.head, place.clerk):
            client.force_login(factories.account_of(actor))
            paths = [
                reverse("services:bad-ratings"),
                reverse("services:bad-rating", args=[row.id]),
                reverse("casework:case-detail", args=[case.id]),
                reverse("casework:inbox"),
                "/messages/",
                reverse("services:ratings"),
            ]
            for path in paths:
                shown = client.get(path).content.decode()
                for secret in (NAME, "138-0000-1234", "XK202603020001", str(place.citizen.id)):
                    assert secret not in shown, (path, secret)
            for secret in (NAME, "138-0000-1234", "XK202603020001"):
                assert "没有找到" in client.get("/search/", {"q": secret}).content.decode()
        assert "排队两小时" in client.get(reverse("services:bad-rating", args=[row.id])).content.decode()

    def test_the_rated_cannot_post_for_it(self, client: Client) -> None:
        place = office()
        row = rated(place)
        client.force_login(factories.account_of(place.clerk))

        assert client.post(reverse("services:rating-rater", args=[row.id])).status_code == 404

    def test_the_case_says_nothing_of_the_person(self) -> None:
        place = office()
        row = rated(place, words=WORDS)
        assert row.rectification_id is not None

        case = casework.case(case_id=CaseId(row.rectification_id), actor=place.head, at=AT)

        assert case.applicant is None
        assert not {NAME, str(place.citizen.id), "XK202603020001"} & set(str(case).split("'"))
        assert NAME not in str(case)

    def test_the_event_names_nobody(self) -> None:
        from zhengshu.contexts.services.events import RatingGiven

        place = office()
        row = rated(place)

        event = RatingGiven(
            at=AT, actor=PLATFORM, subject=Subject("rating", str(row.id), row.cell.item_name), is_bad=True
        )
        assert event.actor.is_platform
        assert Rater.objects.get(rating=row).person_id == place.citizen.id

    def test_single_good_ratings_are_seen_by_nobody(self) -> None:
        place = office()
        row = rated(place, GOOD)

        for actor in (place.head, place.reviewer):
            with pytest.raises(queries.RatingNotFound):
                queries.bad_rating(rating_id=row.id, actor=actor)
            assert queries.bad_ratings(query=ListQuery(), actor=actor).total == 0

    def test_another_department_sees_no_bad_rating(self) -> None:
        place = office()
        row = rated(place)

        with pytest.raises(queries.RatingNotFound):
            queries.bad_rating(rating_id=row.id, actor=place.stranger)


class TestResults:
    def test_are_not_published_before_the_batch_is_whole(self, client: Client) -> None:
        place = office()
        for _ in range(4):
            rated(place, GOOD)
        before = queries.results(by="item", department_id=place.id)

        rated(place, GOOD)
        (after,) = queries.results(by="item", department_id=place.id)
        rated(place, BAD)
        (later,) = queries.results(by="item", department_id=place.id)

        assert before == ()
        assert (after.tally.total, after.tally.stars, after.tally.satisfied) == (5, 5.0, 1.0)
        assert later == after
        assert "食品摊点登记" in client.get(reverse("services:ratings")).content.decode()
        export = b"".join(client.get(reverse("services:rating-export")).streaming_content).decode()  # type: ignore[attr-defined]
        assert "食品摊点登记,许可局,5,5.00,100.0%,5,0,0,0,0" in export
