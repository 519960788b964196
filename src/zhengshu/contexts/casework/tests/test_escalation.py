"""Slow handling reaches people: the head of the department first, then the data authority, each exactly once."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.domain.definitions import Recipient, read_definition
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT, City
from zhengshu.contexts.casework.tests.messaging import deliver_events, told
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId

pytestmark = pytest.mark.django_db

PACKS = ("share-request", "data-correction", "grant-misuse", "data-demand", "catalog-publication")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A case that somebody has to answer, who supervises it, and somebody whom it does not concern."""

    case: api.CaseRecord
    head: Actor
    reviewer: Actor
    stranger: Actor

    def slow(self, person: Actor) -> int:
        return sum(title.startswith("时限提醒") for title in told(person))

    def counts(self, *, at: datetime) -> tuple[int, int, int]:
        """Let the clocks be watched twice, and return how often head, reviewer and stranger were told."""
        for _ in range(2):
            api.watch_clocks(at=at)
            deliver_events()
        return self.slow(self.head), self.slow(self.reviewer), self.slow(self.stranger)


def watched(place: City, case: api.CaseRecord, *, slow: DepartmentId) -> Watched:
    return Watched(
        case=case,
        head=trust.actor(Role.DEPARTMENT_HEAD, department_id=slow),
        reviewer=trust.actor(Role.REVIEWER, department_id=place.authority),
        stranger=trust.actor(Role.DEPARTMENT_HEAD, department_id=place.stranger.department_id),
    )


def at_review(place: City) -> api.CaseRecord:
    """Open the publication of an entry that the provider's head has approved."""
    case = api.open_case(
        case_type="catalog-publication",
        subject=factories.subject(),
        parties={"provider": place.provider, "authority": place.authority},
        data={"version": 1},
        actor=place.provider_officer,
        at=AT,
    )
    return api.complete_task(
        case_id=case.id, task="head_approval", outcome="approve", actor=place.provider_head, at=AT
    )


class TestPublication:
    @pytest.mark.article("809", 17)
    @pytest.mark.article("809", 38)
    def test_a_slow_review_is_told_to_the_head_and_then_to_the_reviewers(self) -> None:
        place = factories.city()
        seen = watched(place, at_review(place), slow=place.authority)

        assert seen.counts(at=datetime(2026, 3, 2, 2, tzinfo=UTC)) == (0, 0, 0)
        assert seen.counts(at=datetime(2026, 3, 4, 2, tzinfo=UTC)) == (1, 0, 0)
        assert seen.counts(at=datetime(2026, 3, 5, 2, tzinfo=UTC)) == (2, 1, 0)
        assert seen.counts(at=datetime(2026, 4, 5, 2, tzinfo=UTC)) == (2, 1, 0)

        after = api.case(case_id=seen.case.id, actor=place.reviewer, at=AT)
        assert [step.kind for step in after.timeline].count(api.StepKind.ESCALATED) == 2

    @pytest.mark.article("809", 17)
    def test_an_answer_in_time_is_told_to_nobody(self) -> None:
        place = factories.city()
        seen = watched(place, at_review(place), slow=place.authority)
        api.complete_task(
            case_id=seen.case.id, task="authority_review", outcome="publish", actor=place.reviewer, at=AT
        )

        assert seen.counts(at=datetime(2026, 4, 5, 2, tzinfo=UTC)) == (0, 0, 0)


class TestShareRequests:
    @pytest.mark.article("809", 38)
    def test_a_late_answer_is_told_to_the_providers_head_and_then_to_the_authority(self) -> None:
        place = factories.city()
        seen = watched(place, factories.at_provider(place), slow=place.provider)

        assert seen.counts(at=datetime(2026, 3, 6, 2, tzinfo=UTC)) == (0, 0, 0)
        assert seen.counts(at=datetime(2026, 3, 12, 2, tzinfo=UTC)) == (1, 0, 0)
        assert seen.counts(at=datetime(2026, 3, 17, 2, tzinfo=UTC)) == (2, 1, 0)


class TestPacks:
    @pytest.mark.article("809", 38)
    @pytest.mark.parametrize("pack", PACKS)
    def test_tell_the_head_first_and_then_the_data_authority(self, pack: str) -> None:
        definition = read_definition((factories.PACKS / pack / "type.yaml").read_text(encoding="utf-8"))

        steps = [(step.at, set(step.to)) for step in definition.escalation]

        assert steps == [
            ("yellow", {Recipient.HANDLER_HEAD}),
            ("red", {Recipient.HANDLER_HEAD, Recipient.DATA_AUTHORITY}),
        ]
