"""Applications: one number over all channels, prefilled, checked by rules, taken in once."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.tests.messaging import deliver_events, told
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services import api
from zhengshu.contexts.services.application.application_queries import hands_free
from zhengshu.contexts.services.application.check_grant import CertificateIncomplete
from zhengshu.contexts.services.application.follow_applications import follow_end
from zhengshu.contexts.services.application.issue_certificate import issue_when_granted
from zhengshu.contexts.services.application.offering import offered
from zhengshu.contexts.services.application.open_figure import open_figure
from zhengshu.contexts.services.application.see_numbers import see_numbers
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.contexts.services.models import Application, ItemVersion, PreReviewCheck
from zhengshu.contexts.services.tests import intake_kit
from zhengshu.contexts.services.tests.intake_kit import ANNA, AT, BELA, INSURED, Hall, PlayedRegisters
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor, Role

pytestmark = pytest.mark.django_db
ITEM = "insured-certificate"
PURPOSE = {"purpose": ("落户",)}


@pytest.fixture
def played() -> Iterator[PlayedRegisters]:
    """Registers in which Anna is insured and Bela's insurance has ended."""
    ended = {**INSURED, "insurance-status": "终止参保"}
    with intake_kit.registers(**{f"id_{ANNA}": INSURED, f"id_{BELA}": ended}) as found:
        yield found


@pytest.fixture
def place(played: PlayedRegisters) -> Hall:
    """A department that offers the certificate of insurance."""
    made = intake_kit.hall()
    intake_kit.offer(made, code=ITEM)
    return made


def prepared(actor: Actor, *, applicant: Actor | None = None) -> UUID:
    wanted = casework.Applicant(account_id=applicant.id) if applicant else None
    return casework.prepare_form(case_type=ITEM, answers=PURPOSE, applicant=wanted, actor=actor, at=AT)


def submitted(
    actor: Actor, *, applicant: Actor | None = None, channel: Channel = Channel.MOBILE
) -> api.ApplicationRecord:
    key = prepared(actor, applicant=applicant)
    return api.submit_application(draft_id=key, channel=channel, actor=actor, at=AT)


class TestInstant:
    def test_is_decided_by_nobody_when_everything_passes(self, place: Hall) -> None:
        found = submitted(place.citizen)

        assert (found.state, found.verdict) == (api.ApplicationState.GRANTED, api.PreReview.PASS)
        assert (found.is_hands_free, found.decided_at) == (True, AT)
        assert [(one.code, one.verdict.value) for one in found.checks] == [
            ("identity", "pass"),
            ("insured", "pass"),
        ]
        case = casework.case(case_id=found.case_id, actor=place.citizen, at=AT)
        assert (case.number, case.state, case.open_tasks) == (found.number, "issued", ())

    def test_tells_whoever_sent_it_himself_how_it_ended(self, place: Hall) -> None:
        submitted(place.citizen)
        deliver_events()

        assert told(place.citizen) == ["已办结：已出具"]
        assert told(place.other) == []

    def test_asks_for_nothing_but_the_purpose(self, place: Hall) -> None:
        found = submitted(place.citizen)

        assert (found.typed, found.letters) == (1, 0)
        assert {one.element for one in found.sources} == {"citizen-id", "person-name", *INSURED}
        assert all(one.at == AT for one in found.sources)

    def test_goes_to_a_person_where_the_rules_do_not_pass(self, place: Hall) -> None:
        found = submitted(place.other)

        assert (found.state, found.verdict, found.is_hands_free) == (
            api.ApplicationState.OPEN,
            api.PreReview.FAIL,
            False,
        )
        (check,) = [one for one in found.checks if one.code == "insured"]
        assert check.words == "登记显示已经终止参保，不能证明正在参保。"
        assert check.basis == "《中华人民共和国社会保险法》第七十四条"
        case = casework.case(case_id=found.case_id, actor=place.approver, at=AT)
        assert [task.task for task in case.open_tasks] == ["review"]

    def test_a_silent_register_leaves_a_question_to_a_person(
        self, place: Hall, played: PlayedRegisters
    ) -> None:
        played.known.clear()

        found = submitted(place.citizen)

        assert found.verdict is api.PreReview.PERSON
        assert "请查明申请人是否参保" in found.checks[1].words


class TestPreReview:
    def test_is_told_before_sending_as_it_is_kept_afterwards(self, place: Hall) -> None:
        key = prepared(place.other)

        before = casework.foresee(draft_id=key, actor=place.other)
        found = api.submit_application(draft_id=key, channel=Channel.WEB, actor=place.other, at=AT)

        assert [(one.check, one.verdict.value, one.words.zh) for one in before] == [
            (one.code, one.verdict.value, one.words) for one in found.checks
        ]

    def test_is_kept_for_those_who_may_see_the_application_only(self, place: Hall) -> None:
        found = submitted(place.other)

        def seen(actor: Actor) -> int:
            return PreReviewCheck.objects.visible_to(actor).filter(application_id=found.id).count()

        assert [seen(one) for one in (place.other, place.approver, place.citizen, place.stranger)] == [
            2,
            2,
            0,
            0,
        ]

    def test_share_that_no_person_did_is_counted(self, place: Hall, played: PlayedRegisters) -> None:
        submitted(place.citizen)
        submitted(place.other)
        played.known.clear()
        submitted(place.citizen)

        counted = hands_free(actor=place.approver, item=ITEM)

        assert (counted.applications, counted.hands_free, counted.checks, counted.checks_by_rule) == (
            3,
            1,
            6,
            5,
        )
        assert hands_free(actor=place.stranger, item=ITEM).share is None


class TestOnce:
    def test_sending_twice_is_sending_once(self, place: Hall) -> None:
        key = prepared(place.citizen)

        first = api.submit_application(draft_id=key, channel=Channel.WEB, actor=place.citizen, at=AT)
        again = api.submit_application(
            draft_id=key, channel=Channel.WEB, actor=place.citizen, at=AT + timedelta(minutes=1)
        )

        assert (first.is_fresh, again.is_fresh) == (True, False)
        assert (again.number, again.checks) == (first.number, first.checks)
        assert Application.objects.filter(draft_id=key).count() == 1

    def test_end_that_is_told_twice_is_noted_once(self, place: Hall) -> None:
        found = submitted(place.other)
        case = casework.complete_task(
            case_id=found.case_id,
            task="review",
            outcome="refuse",
            reason="参保已经终止。",
            basis="《社会保险个人权益记录管理办法》",
            actor=place.approver,
            at=AT + timedelta(hours=1),
        )
        closed = intake_kit.closed_event(case, actor=place.approver, at=AT + timedelta(hours=1))

        follow_end(closed)
        follow_end(closed)

        now = api.application(number=found.number, actor=place.other)
        assert (now.state, now.decided_at) == (api.ApplicationState.REFUSED, AT + timedelta(hours=1))
        assert not now.is_hands_free


class TestCounted:
    """What an application adds to the figures for leaders."""

    def figures(self, reader: Actor, at: datetime) -> Mapping[str, int]:
        found = see_numbers(query=ListQuery(), by="month", actor=reader, at=at).figures
        return {code: one.value for code, one in found.items()}

    def test_checks_and_visits_from_the_moment_it_is_sent(self, place: Hall) -> None:
        submitted(place.citizen, channel=Channel.WEB)
        deliver_events()

        told = self.figures(place.head, AT)
        assert (told["applications"], told["granted"], told["instant"]) == (1, 1, 1)
        assert (told["checks"], told["visits"]) == (2, 1)

    def test_limits_are_passed_while_it_waits_and_stay_so_when_it_has_ended(self, place: Hall) -> None:
        sent = submitted(place.other)
        late = AT + timedelta(days=60)

        assert [self.figures(place.head, at)["kept"] for at in (AT, late)] == [1, 0]
        assert [self.figures(place.head, at)["late"] for at in (AT, late)] == [0, 1]
        opened = open_figure(figure="late", query=ListQuery(), actor=place.head, at=late)
        assert [row.number for row in opened.rows] == [sent.number]

        casework.complete_task(
            case_id=sent.case_id,
            task="review",
            outcome="refuse",
            reason="参保已经终止。",
            basis="《社会保险个人权益记录管理办法》",
            actor=place.approver,
            at=late,
        )
        deliver_events()

        assert (self.figures(place.head, late)["late"], self.figures(place.head, late)["kept"]) == (1, 0)
        opened = open_figure(figure="late", query=ListQuery(), actor=place.head, at=late)
        assert [row.number for row in opened.rows] == [sent.number]


class TestCertificate:
    @pytest.fixture
    def certified(self, place: Hall) -> Hall:
        """The same department, which now issues the certificate."""
        intake_kit.certified(ITEM)
        intake_kit.certify(place, ITEM)
        return place

    def sent(self, actor: Actor) -> api.ApplicationRecord:
        key = prepared(actor)
        return api.submit_application(draft_id=key, channel=Channel.MOBILE, actor=actor, at=timezone.now())

    def test_of_an_instant_item_is_issued_in_the_request_that_sends_it(self, certified: Hall) -> None:
        found = self.sent(certified.citizen)

        assert found.certificate_id is not None
        (held,) = certificates.own_certificates(actor=certified.citizen, at=timezone.now())
        assert (held.id, held.case_id, held.holder.number) == (found.certificate_id, found.case_id, ANNA)
        assert (held.values["status"], held.values["purpose"]) == ("参保缴费", "落户")
        assert certificates.own_certificates(actor=certified.other, at=timezone.now()) == ()

    def test_is_issued_once_however_often_the_end_is_heard_of(self, certified: Hall) -> None:
        found = self.sent(certified.citizen)
        case = casework.case(case_id=found.case_id, actor=certified.citizen, at=timezone.now())
        closed = intake_kit.closed_event(case, actor=certified.citizen, at=timezone.now())

        issue_when_granted(closed, at=closed.at)
        issue_when_granted(closed, at=closed.at)

        assert len(certificates.own_certificates(actor=certified.citizen, at=timezone.now())) == 1

    def test_is_not_issued_while_nobody_granted_anything(self, certified: Hall) -> None:
        found = self.sent(certified.other)

        assert found.certificate_id is None
        assert certificates.own_certificates(actor=certified.other, at=timezone.now()) == ()

    def test_nobody_grants_one_that_would_lack_what_nobody_knows(
        self, certified: Hall, played: PlayedRegisters, tmp_path: Path
    ) -> None:
        intake_kit.demanding(tmp_path, field="employer")
        del played.known[BELA]
        found = self.sent(certified.other)

        with pytest.raises(CertificateIncomplete) as refused:
            intake_kit.reviewed(found.case_id, by=certified.approver)

        assert refused.value.data["field"] == "现参保单位"
        assert refused.value.data["instead"] == "不予出具"
        assert casework.case(case_id=found.case_id, actor=certified.approver, at=AT).is_open
        case = casework.complete_task(
            case_id=found.case_id,
            task="review",
            outcome="refuse",
            reason="查无参保记录。",
            basis="《社会保险个人权益记录管理办法》",
            actor=certified.approver,
            at=timezone.now(),
        )
        assert case.state == "refused"

    def test_says_what_an_official_found_out(self, certified: Hall, played: PlayedRegisters) -> None:
        del played.known[BELA]
        found = self.sent(certified.other)

        intake_kit.reviewed(found.case_id, by=certified.approver)
        deliver_events()

        (held,) = certificates.own_certificates(actor=certified.other, at=timezone.now())
        told = {key: held.values.get(key) for key in ("insurances", "status", "purpose")}
        assert told == {"insurances": "工伤保险", "status": "参保缴费", "purpose": "落户"}

    def test_a_missing_seal_undoes_no_decision_and_is_made_up_for(self, place: Hall) -> None:
        intake_kit.certified(ITEM)

        found = self.sent(place.citizen)

        assert (found.state, found.certificate_id, found.has_certificate_fault) == (
            api.ApplicationState.GRANTED,
            None,
            True,
        )
        intake_kit.certify(place, ITEM)
        case = casework.case(case_id=found.case_id, actor=place.citizen, at=timezone.now())
        closed = intake_kit.closed_event(case, actor=place.citizen, at=timezone.now())
        issue_when_granted(closed, at=closed.at)
        now = api.application(number=found.number, actor=place.citizen)
        assert now.certificate_id is not None
        assert not now.has_certificate_fault


class TestOffered:
    @pytest.mark.parametrize(
        "day", [date(2025, 12, 31), date(2026, 1, 1), date(2026, 5, 31), date(2026, 6, 1)]
    )
    @pytest.mark.parametrize("is_retired", [False, True])
    def test_says_what_the_query_set_says(self, place: Hall, day: date, is_retired: bool) -> None:  # noqa: FBT001
        ItemVersion.objects.update(effective_to=date(2026, 6, 1))
        if is_retired:
            intake_kit.retire(ITEM)
        rows = ItemVersion.objects.in_force(day).filter(item__case_type=ITEM, item__state="published")

        found = offered(ITEM, on=day)

        assert ([found.pk] if found else []) == [row.pk for row in rows]
        if found is not None:
            assert (found.number, found.item.code, found.item.department_id, found.elements) == (
                1,
                ITEM,
                place.department,
                rows[0].elements,
            )


class TestWindow:
    def test_takes_in_for_whoever_is_there_with_a_number_of_the_same_series(self, place: Hall) -> None:
        own = submitted(place.citizen)
        taken = submitted(place.clerk, applicant=place.other, channel=Channel.WINDOW)

        assert int(taken.number[-5:]) == int(own.number[-5:]) + 1
        assert (taken.applicant_id, taken.channel) == (place.other.id, Channel.WINDOW)
        assert {"citizen-id", "person-name"} <= {one.element for one in taken.sources}
        assert api.application(number=taken.number, actor=place.other).id == taken.id


class TestAbuse:
    def test_somebody_elses_draft_is_not_found(self, place: Hall) -> None:
        key = prepared(place.citizen)

        with pytest.raises(casework.DraftNotFound):
            api.submit_application(draft_id=key, channel=Channel.WEB, actor=place.other, at=AT)
        with pytest.raises(casework.DraftNotFound):
            casework.foresee(draft_id=key, actor=place.other)

    def test_somebody_elses_number_is_not_found(self, place: Hall) -> None:
        found = submitted(place.citizen)

        for actor in (place.other, place.stranger):
            with pytest.raises(api.ApplicationNotFound):
                api.application(number=found.number, actor=actor)

    def test_registers_are_asked_for_the_draft_and_for_nothing_else(
        self, place: Hall, played: PlayedRegisters
    ) -> None:
        key = prepared(place.citizen)

        assert played.asked_for == [str(key)]

    def test_an_item_that_nobody_offers_any_more_takes_nothing_in(self, place: Hall) -> None:
        key = prepared(place.citizen)
        intake_kit.retire(ITEM)

        with pytest.raises(casework.ItemNotOffered):
            api.submit_application(draft_id=key, channel=Channel.WEB, actor=place.citizen, at=AT)

        assert not Application.objects.filter(draft_id=key).exists()

    def test_leaders_count_and_read_no_names(self, place: Hall) -> None:
        submitted(place.citizen)
        leader = intake_kit.leader(place)

        assert Application.objects.visible_to(leader).exists()
        names = {one.name for one in Application._meta.get_fields()}
        assert not any("name" in name for name in names)
        assert leader.has(Role.LEADER)
