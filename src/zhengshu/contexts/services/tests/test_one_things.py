"""One thing: asked once, sent once, handled in its order, one result; what fails does not take the rest with it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services.application.answer_bundle import SentAlready, answer_bundle
from zhengshu.contexts.services.application.application_queries import ApplicationNotFound
from zhengshu.contexts.services.application.begin_bundle import NotForYou, begin_bundle, questions_of
from zhengshu.contexts.services.application.bundle_queries import my_bundle, my_bundles, part_alone
from zhengshu.contexts.services.application.carry_bundle import (
    AnswersMissing,
    follow_part,
    send_bundle,
    withdraw_bundle,
)
from zhengshu.contexts.services.application.discard_bundle import discard_bundle
from zhengshu.contexts.services.application.issue_results import issue_result
from zhengshu.contexts.services.application.one_thing_pack import OneThingNotFound
from zhengshu.contexts.services.application.withdraw_application import withdraw_application
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.contexts.services.models import Application, BundlePart
from zhengshu.contexts.services.tests import intake_kit as kit
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId

pytestmark = pytest.mark.django_db

PARTS = ("birth-certificate", "household-registration", "newborn-social-card", "newborn-medical-insurance")
CERTIFICATES = ("birth-certificate", "household-page", "social-card", "medical-insurance")
CHILD = "470302202601010020"
REGISTERED = {
    "child_citizen_id": CHILD,
    "registered_address": "澄川市文澜区书院路1号",
    "registered_on": "2026-01-05",
}
ANSWERS = {
    "child_name": "许晨曦",
    "child_gender": "女",
    "born_on": "2026-01-01",
    "hospital": "澄川市妇幼保健院",
    "relation": "女",
    "bank": "工商银行",
}


@dataclass(frozen=True)
class Place:
    """The hall that handles everything, and the mother."""

    hall: kit.Hall
    at: datetime

    @property
    def mother(self) -> Actor:
        return self.hall.citizen


@pytest.fixture
def place() -> Place:
    hall = kit.hall()
    for code in PARTS:
        kit.offer(hall, code=code)
    return Place(hall, timezone.now())


def begun(place: Place, *, left_in: tuple[str, ...] = PARTS[2:]) -> UUID:
    return begin_bundle(code="newborn", left_in=left_in, actor=place.mother, at=place.at)


def told(answers: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: (text,) for name, text in answers.items()}


def sent(place: Place, **options: tuple[str, ...]) -> UUID:
    key = begun(place, **options)
    asked = {one.name for one in questions_of(bundle_id=key, actor=place.mother)}
    given = {name: text for name, text in ANSWERS.items() if name in asked}
    assert answer_bundle(bundle_id=key, answers=told(given), actor=place.mother, at=place.at) == ()
    send_bundle(bundle_id=key, channel=Channel.MOBILE, actor=place.mother, at=place.at)
    return key


def states(place: Place, key: UUID) -> dict[str, str]:
    return {part.item: part.state for part in my_bundle(bundle_id=key, actor=place.mother, at=place.at).parts}


def case_of(place: Place, key: UUID, item: str) -> CaseId:
    found = next(
        part.case_id
        for part in my_bundle(bundle_id=key, actor=place.mother, at=place.at).parts
        if part.item == item
    )
    assert found is not None
    return CaseId(found)


def draft_of(key: UUID, item: str) -> UUID:
    return BundlePart.objects.get(bundle_id=key, item=item).draft_id


def decide(place: Place, key: UUID, item: str, *, outcome: str = "issue", **answers: str) -> None:
    """Let the official end a part, and what listens hear of it, twice."""
    case_id = case_of(place, key, item)
    if answers:
        task = casework.case(case_id=case_id, actor=place.hall.approver, at=timezone.now()).task("review")
        assert task is not None
        case = casework.complete_by_form(
            task_id=task.id,
            outcome=outcome,
            answers={name: (text,) for name, text in answers.items()},
            reason="" if outcome == "issue" else "材料不符",
            basis="" if outcome == "issue" else "有关规定",
            actor=place.hall.approver,
            at=timezone.now(),
        )
    else:
        case = casework.complete_task(
            case_id=case_id,
            task="review",
            outcome=outcome,
            reason="" if outcome == "issue" else "材料不符",
            basis="" if outcome == "issue" else "有关规定",
            actor=place.hall.approver,
            at=timezone.now(),
        )
    for _ in range(2):
        event = kit.closed_event(case, actor=place.hall.approver, at=timezone.now())
        follow_part(event)
        issue_result(event, at=event.at)


class TestAsking:
    def test_asks_each_question_once_and_what_is_known_not_at_all(self, place: Place) -> None:
        asked = questions_of(bundle_id=begun(place), actor=place.mother)

        assert [one.name for one in asked if one.question.is_typed] == list(ANSWERS)
        known = {one.question.value for one in asked if not one.question.is_typed}
        assert known - {""} == {place.mother.name, kit.ANNA}
        several = {one.name: {place.item for place in one.asked} for one in asked}
        assert several["child_name"] == set(PARTS)

    def test_asks_only_what_the_chosen_items_need(self, place: Place) -> None:
        asked = {one.name for one in questions_of(bundle_id=begun(place, left_in=()), actor=place.mother)}

        assert "bank" not in asked

    def test_a_mother_types_at_most_twelve_characters(self, place: Place) -> None:
        typed = {
            one.name
            for one in questions_of(bundle_id=begun(place), actor=place.mother)
            if one.question.is_typed and not one.question.options
        }

        assert typed == {"child_name", "born_on"}
        assert len(ANSWERS["child_name"]) + len(ANSWERS["born_on"].replace("-", "")) <= 12

    def test_says_what_is_missing_and_sends_nothing(self, place: Place) -> None:
        key = begun(place)

        faulty = answer_bundle(
            bundle_id=key, answers={"child_name": ("许晨曦",)}, actor=place.mother, at=place.at
        )

        assert "hospital" in {one.name for one in faulty}
        with pytest.raises(AnswersMissing):
            send_bundle(bundle_id=key, channel=Channel.MOBILE, actor=place.mother, at=place.at)
        assert not Application.objects.filter(bundle_id=key).exists()

    def test_takes_no_answer_that_is_not_asked(self, place: Place) -> None:
        key = begun(place)

        answer_bundle(
            bundle_id=key,
            answers={"child_citizen_id": (CHILD,), "mother_name": ("别人",)},
            actor=place.mother,
            at=place.at,
        )

        known = {one.name: one.question.value for one in questions_of(bundle_id=key, actor=place.mother)}
        assert "child_citizen_id" not in known
        assert known["person-name"] == place.mother.name


class TestNewborn:
    def test_ends_in_four_certificates(self, place: Place) -> None:
        for code in CERTIFICATES:
            kit.certify(place.hall, code)
        key = sent(place)
        assert states(place, key) == dict(zip(PARTS, ("open", "waiting", "waiting", "waiting"), strict=True))

        decide(place, key, PARTS[0])
        assert states(place, key) == dict(zip(PARTS, ("done", "open", "waiting", "waiting"), strict=True))
        decide(place, key, PARTS[1], **REGISTERED)
        assert states(place, key) == dict(zip(PARTS, ("done", "done", "open", "open"), strict=True))
        decide(place, key, PARTS[2], card_number="A12345678")
        decide(place, key, PARTS[3])

        record = my_bundle(bundle_id=key, actor=place.mother, at=place.at)
        assert (record.state, record.certificates) == ("done", 4)
        held = {
            one.type_code: one for one in certificates.own_certificates(actor=place.mother, at=timezone.now())
        }
        assert set(held) == set(CERTIFICATES)
        assert {one.holder.name for one in held.values()} == {"许晨曦"}
        assert held["social-card"].holder.number == CHILD

    def test_sent_twice_is_sent_once(self, place: Place) -> None:
        key = sent(place)

        send_bundle(bundle_id=key, channel=Channel.MOBILE, actor=place.mother, at=place.at)

        assert Application.objects.filter(bundle_id=key).count() == 1
        with pytest.raises(SentAlready):
            answer_bundle(bundle_id=key, answers=told(ANSWERS), actor=place.mother, at=place.at)

    def test_a_refused_part_leaves_what_was_done_and_drops_what_needs_it(self, place: Place) -> None:
        kit.certify(place.hall, CERTIFICATES[0])
        key = sent(place)
        decide(place, key, PARTS[0])

        decide(place, key, PARTS[1], outcome="refuse", **REGISTERED)

        assert states(place, key) == dict(zip(PARTS, ("done", "failed", "dropped", "dropped"), strict=True))
        record = my_bundle(bundle_id=key, actor=place.mother, at=place.at)
        assert (record.state, record.certificates) == ("partly", 1)

    def test_taken_back_it_ends(self, place: Place) -> None:
        key = sent(place)

        for _ in range(2):
            withdraw_bundle(bundle_id=key, reason="不办了", actor=place.mother, at=place.at)

        assert set(states(place, key).values()) == {"withdrawn"}
        assert my_bundle(bundle_id=key, actor=place.mother, at=place.at).state == "withdrawn"


class TestOnePartTakenBack:
    def test_what_waits_for_it_is_not_begun(self, place: Place) -> None:
        key = sent(place)
        draft_id = draft_of(key, PARTS[0])
        about = part_alone(draft_id=draft_id, actor=place.mother)
        assert about is not None
        assert (len(about.lost), about.others_go_on) == (3, False)

        for _ in range(2):
            withdraw_application(draft_id=draft_id, reason="不办了", actor=place.mother, at=place.at)

        assert states(place, key) == dict(zip(PARTS, ("withdrawn", *["dropped"] * 3), strict=True))
        assert my_bundle(bundle_id=key, actor=place.mother, at=place.at).state == "withdrawn"

    def test_everything_else_goes_on(self, place: Place) -> None:
        for code in CERTIFICATES:
            kit.certify(place.hall, code)
        key = sent(place)
        decide(place, key, PARTS[0])
        decide(place, key, PARTS[1], **REGISTERED)
        about = part_alone(draft_id=draft_of(key, PARTS[2]), actor=place.mother)
        assert about is not None
        assert (about.lost, about.others_go_on) == ((), True)

        withdraw_application(
            draft_id=draft_of(key, PARTS[2]), reason="不需要卡", actor=place.mother, at=place.at
        )
        decide(place, key, PARTS[3])

        assert states(place, key) == dict(zip(PARTS, ("done", "done", "withdrawn", "done"), strict=True))
        assert my_bundle(bundle_id=key, actor=place.mother, at=place.at).state == "partly"

    def test_not_by_others_nor_what_is_done_or_waits(self, place: Place) -> None:
        kit.certify(place.hall, CERTIFICATES[0])
        key = sent(place)
        decide(place, key, PARTS[0])

        for item, actor, refused in (
            (PARTS[0], place.mother, casework.CaseClosedAlready),
            (PARTS[1], place.hall.other, ApplicationNotFound),
            (PARTS[1], place.hall.approver, OneThingNotFound),
            (PARTS[2], place.mother, ApplicationNotFound),
        ):
            with pytest.raises(refused):
                withdraw_application(draft_id=draft_of(key, item), reason="不办了", actor=actor, at=place.at)
        assert states(place, key) == dict(zip(PARTS, ("done", "open", "waiting", "waiting"), strict=True))


class TestDiscarding:
    def test_throws_away_every_form_of_it(self, place: Place) -> None:
        key = begun(place)
        drafts = [part.draft_id for part in BundlePart.objects.filter(bundle_id=key)]

        discard_bundle(bundle_id=key, actor=place.mother)

        assert my_bundles(actor=place.mother) == ()
        for draft_id in drafts:
            with pytest.raises(casework.DraftNotFound):
                casework.form_questions(draft_id=draft_id, actor=place.mother)
        with pytest.raises(OneThingNotFound):
            discard_bundle(bundle_id=key, actor=place.mother)

    def test_what_was_sent_stays(self, place: Place) -> None:
        key = sent(place)

        with pytest.raises(SentAlready):
            discard_bundle(bundle_id=key, actor=place.mother)

        assert states(place, key)[PARTS[0]] == "open"


class TestOthers:
    def test_somebody_elses_is_not_found(self, place: Place) -> None:
        key, thief = sent(place), place.hall.other

        assert my_bundles(actor=thief) == ()
        with pytest.raises(OneThingNotFound):
            questions_of(bundle_id=key, actor=thief)
        with pytest.raises(OneThingNotFound):
            my_bundle(bundle_id=key, actor=thief, at=place.at)
        with pytest.raises(OneThingNotFound):
            answer_bundle(bundle_id=key, answers=told(ANSWERS), actor=thief, at=place.at)
        with pytest.raises(OneThingNotFound):
            send_bundle(bundle_id=key, channel=Channel.WEB, actor=thief, at=place.at)
        with pytest.raises(OneThingNotFound):
            withdraw_bundle(bundle_id=key, reason="不办了", actor=thief, at=place.at)
        with pytest.raises(OneThingNotFound):
            discard_bundle(bundle_id=begun(place), actor=thief)

    def test_officials_do_not_begin_it(self, place: Place) -> None:
        with pytest.raises(NotForYou):
            begin_bundle(code="newborn", left_in=(), actor=place.hall.approver, at=place.at)
