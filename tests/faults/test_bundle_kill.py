"""One thing that is sent or carried on while its process is killed between any two words, or at once."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.utils import timezone

from tests.kit.killed import at_once, killed_everywhere
from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.casework.models import Case, Task
from zhengshu.contexts.services.application.answer_bundle import answer_bundle
from zhengshu.contexts.services.application.begin_bundle import begin_bundle
from zhengshu.contexts.services.application.carry_bundle import follow_part, send_bundle
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.contexts.services.models import Application
from zhengshu.contexts.services.models.bundles import BundlePart
from zhengshu.contexts.services.tests import intake_kit as kit
from zhengshu.contexts.services.tests.test_one_things import ANSWERS, PARTS, REGISTERED, Place, told
from zhengshu.foundation.models import OutboxMessage
from zhengshu.kernel.identity import CaseId

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults, pytest.mark.timeout(300)]


@dataclass(frozen=True, slots=True)
class Seen:
    """All that carrying a bundle on may change, as another process sees it."""

    parts: Counter[tuple[str, str]]
    applications: int
    cases: int
    to_dos: int
    announced: int

    @classmethod
    def now(cls) -> "Seen":
        return cls(
            parts=Counter(BundlePart.objects.values_list("item", "state")),
            applications=Application.objects.count(),
            cases=Case.objects.count(),
            to_dos=Task.objects.all().open().count(),
            announced=OutboxMessage.objects.count(),
        )


@pytest.fixture
def place() -> Place:
    hall = kit.hall()
    for code in PARTS:
        kit.offer(hall, code=code)
    return Place(hall, timezone.now())


def answered(place: Place) -> UUID:
    key = begin_bundle(code="newborn", left_in=PARTS[2:3], actor=place.mother, at=place.at)
    assert answer_bundle(bundle_id=key, answers=told(ANSWERS), actor=place.mother, at=place.at) == ()
    return key


def closed(place: Place, key: UUID, item: str, **answers: str) -> CaseClosed:
    """Let the official end a part, and return what is announced of it."""
    case_id = CaseId(Application.objects.get(bundle_id=key, item__code=item).case_id)
    actor, at = place.hall.approver, timezone.now()
    if not answers:
        case = casework.complete_task(case_id=case_id, task="review", outcome="issue", actor=actor, at=at)
        return kit.closed_event(case, actor=actor, at=at)
    task = casework.case(case_id=case_id, actor=actor, at=at).task("review")
    assert task is not None
    texts = {name: (text,) for name, text in answers.items()}
    case = casework.complete_by_form(task_id=task.id, outcome="issue", answers=texts, actor=actor, at=at)
    return kit.closed_event(case, actor=actor, at=at)


class TestKilled:
    def test_a_bundle_is_sent_whole_or_not_at_all(self, place: Place) -> None:
        key = answered(place)

        deaths = killed_everywhere(
            lambda: send_bundle(bundle_id=key, channel=Channel.WEB, actor=place.mother, at=place.at),
            see=Seen.now,
        )

        assert deaths > 0
        assert Seen.now().applications == 1

    def test_what_waited_begins_once_however_often_the_end_is_heard(self, place: Place) -> None:
        key = answered(place)
        send_bundle(bundle_id=key, channel=Channel.WEB, actor=place.mother, at=place.at)
        follow_part(closed(place, key, PARTS[0]))
        heard = closed(place, key, PARTS[1], **REGISTERED)

        killed_everywhere(lambda: follow_part(heard), see=Seen.now)

        assert Seen.now().parts == Counter([(PARTS[0], "done"), (PARTS[1], "done"), (PARTS[2], "open")])
        assert Seen.now().applications == len(PARTS) - 1


class TestAtOnce:
    def test_an_impatient_person_sends_it_once(self, place: Place) -> None:
        key = answered(place)

        at_once(
            lambda: send_bundle(bundle_id=key, channel=Channel.WEB, actor=place.mother, at=place.at),
            processes=4,
        )

        assert Seen.now().applications == 1
