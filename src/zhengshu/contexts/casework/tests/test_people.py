"""Who does a to-do: claims, hand-overs, deputies, many at once; and abuse of each."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.api import CaseRecord, StepKind
from zhengshu.contexts.casework.models import TimelineEntry
from zhengshu.contexts.casework.tests import licences
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import TaskId, new_id

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=1)


def inbox(actor: Actor, whose: str = "", *, at: object = AT) -> list[str]:
    query = ListQuery(size=200, filters={"whose": (whose,)} if whose else {})
    assert at is AT or at is LATER
    page = api.inbox(actor=actor, query=query, at=AT if at is AT else LATER)
    return sorted(row.case_number for row in page.rows)


def claimed(place: licences.Office, case: CaseRecord) -> CaseRecord:
    return api.claim_task(case_id=case.id, task="accept", actor=place.clerk, at=AT)


def accept(case: CaseRecord, actor: Actor) -> CaseRecord:
    return api.complete_task(case_id=case.id, task="accept", outcome="accept", actor=actor, at=AT)


class TestClaims:
    def test_keep_colleagues_out_until_they_are_released(self) -> None:
        place = licences.office()
        case = claimed(place, licences.applied(place))

        assert case.open_tasks[0].is_claimed_by_me
        assert inbox(place.colleague) == []
        assert inbox(place.clerk, "mine") == inbox(place.colleague, "department") == [case.number]
        with pytest.raises(api.HeldByColleague):
            api.claim_task(case_id=case.id, task="accept", actor=place.colleague, at=AT)
        with pytest.raises(api.HeldByColleague):
            accept(case, place.colleague)

        api.release_task(case_id=case.id, task="accept", actor=place.clerk, at=AT)
        assert inbox(place.colleague, "role") == [case.number]
        assert accept(case, place.colleague).timeline

    def test_twice_change_nothing(self) -> None:
        place = licences.office()
        case = claimed(place, licences.applied(place))

        again = claimed(place, case)

        kinds = [step.kind for step in again.timeline]
        assert kinds.count(StepKind.TASK_CLAIMED) == 1

    def test_are_not_for_others(self) -> None:
        place = licences.office()
        case = licences.applied(place)

        for actor, refusal in (
            (place.approver, api.NotYourTask),
            (place.stranger, api.CaseNotFound),
            (place.reviewer, api.NotYourTask),
            (place.citizen, api.NotYourTask),
        ):
            with pytest.raises(refusal):
                api.claim_task(case_id=case.id, task="accept", actor=actor, at=AT)

    def test_may_be_released_by_the_head_with_a_reason(self) -> None:
        place = licences.office()
        case = claimed(place, licences.applied(place))

        with pytest.raises(api.NotYourTask):
            api.release_task(case_id=case.id, task="accept", reason="我来", actor=place.colleague, at=AT)
        with pytest.raises(api.ReasonMissing):
            api.release_task(case_id=case.id, task="accept", actor=place.head, at=AT)
        freed = api.release_task(case_id=case.id, task="accept", reason="调岗", actor=place.head, at=AT)

        assert freed.open_tasks[0].claimed_by_name == ""


class TestHandOver:
    def test_gives_it_to_the_colleague_who_may_return_it_with_a_reason(self) -> None:
        place = licences.office()
        case = claimed(place, licences.applied(place))

        handed = api.hand_over_task(
            case_id=case.id, task="accept", to_id=place.colleague.id, reason="请假", actor=place.clerk, at=AT
        )
        assert handed.open_tasks[0].claimed_by_name == place.colleague.name
        assert (inbox(place.clerk), inbox(place.colleague, "mine")) == ([], [case.number])

        with pytest.raises(api.ReasonMissing):
            api.release_task(case_id=case.id, task="accept", actor=place.colleague, at=AT)
        back = api.release_task(
            case_id=case.id, task="accept", reason="材料不齐", actor=place.colleague, at=AT
        )
        assert back.open_tasks[0].claimed_by_name == place.clerk.name
        assert (back.timeline[-1].kind, back.timeline[-1].reason) == (StepKind.TASK_RELEASED, "材料不齐")

    def test_to_whoever_may_not_do_it_is_refused(self) -> None:
        place = licences.office()
        case = licences.applied(place)

        for to in (place.stranger.id, place.approver.id, place.citizen.id, new_id()):
            with pytest.raises(api.ColleagueUnfit):
                api.hand_over_task(case_id=case.id, task="accept", to_id=to, actor=place.clerk, at=AT)

    def test_of_what_is_not_ones_own_is_refused(self) -> None:
        place = licences.office()
        case = claimed(place, licences.applied(place))

        with pytest.raises(api.HeldByColleague):
            api.hand_over_task(
                case_id=case.id, task="accept", to_id=place.colleague.id, actor=place.colleague, at=AT
            )
        with pytest.raises(api.NotYourTask):
            api.hand_over_task(
                case_id=case.id, task="accept", to_id=place.colleague.id, actor=place.approver, at=AT
            )
        with pytest.raises(api.CaseNotFound):
            api.hand_over_task(
                case_id=case.id, task="accept", to_id=place.colleague.id, actor=place.stranger, at=AT
            )

    def test_by_the_head_moves_what_somebody_holds(self) -> None:
        place = licences.office()
        case = claimed(place, licences.applied(place))

        handed = api.hand_over_task(
            case_id=case.id, task="accept", to_id=place.colleague.id, actor=place.head, at=AT
        )

        assert handed.open_tasks[0].handed_by_name == place.head.name

    def test_does_not_get_round_four_eyes(self) -> None:
        place = licences.office()
        both = trust.actor(Role.WINDOW_CLERK, Role.APPROVER, department_id=place.id)
        case = accept(licences.applied(place), both)

        with pytest.raises(api.ColleagueUnfit):
            api.hand_over_task(case_id=case.id, task="decide", to_id=both.id, actor=place.approver, at=AT)


class TestDeputies:
    def absent(self, place: licences.Office, **options: tuple[str, ...]) -> api.AbsenceRecord:
        return api.declare_absence(
            deputy_id=place.approver.id,
            active_from=AT,
            active_to=AT + timedelta(hours=8),
            case_types=options.get("case_types", ()),
            actor=place.clerk,
            at=AT,
        )

    def test_see_and_do_the_to_dos_for_the_absent(self) -> None:
        place = licences.office()
        case = claimed(place, licences.applied(place))
        self.absent(place)

        (task,) = api.inbox(actor=place.approver, query=ListQuery(), at=AT).rows
        assert (task.case_id, task.for_name, task.is_mine) == (case.id, place.clerk.name, True)
        done = accept(case, place.approver)

        step = next(one for one in done.timeline if one.kind == StepKind.TASK_COMPLETED)
        assert (step.actor_name, step.for_name) == (place.approver.name, place.clerk.name)

    def test_cannot_do_after_the_absence_what_they_could_in_it(self) -> None:
        place = licences.office()
        case = claimed(place, licences.applied(place))
        self.absent(place)

        assert inbox(place.approver, at=LATER) == []
        with pytest.raises(api.NotYourTask):
            api.complete_task(
                case_id=case.id, task="accept", outcome="accept", actor=place.approver, at=LATER
            )

    def test_cannot_do_it_once_the_absence_was_ended(self) -> None:
        place = licences.office()
        case = claimed(place, licences.applied(place))
        absence = self.absent(place)

        api.end_absence(absence_id=absence.id, actor=place.clerk, at=AT)

        with pytest.raises(api.NotYourTask):
            accept(case, place.approver)

    def test_do_nothing_in_other_types_of_cases(self) -> None:
        place = licences.office()
        api.load_case_types(folder=licences.CASE_TYPES, at=AT)
        case = licences.applied(place)
        self.absent(place, case_types=("share-request",))

        assert inbox(place.approver) == []
        with pytest.raises(api.NotYourTask):
            accept(case, place.approver)

    def test_do_not_get_round_four_eyes_in_either_direction(self) -> None:
        place = licences.office()
        case = accept(licences.applied(place), place.clerk)
        api.declare_absence(
            deputy_id=place.clerk.id,
            active_from=AT,
            active_to=LATER,
            actor=place.approver,
            at=AT,
        )

        assert inbox(place.clerk) == []
        with pytest.raises(api.FourEyes):
            api.complete_task(case_id=case.id, task="decide", outcome="grant", actor=place.clerk, at=AT)

    def test_count_as_having_done_what_the_absent_did_through_them(self) -> None:
        place = licences.office()
        case = licences.applied(place)
        self.absent(place)

        done = accept(case, place.approver)

        with pytest.raises(api.FourEyes):
            api.complete_task(case_id=done.id, task="decide", outcome="grant", actor=place.approver, at=AT)

    def test_lose_their_power_with_the_department(self) -> None:
        place = licences.office()
        case = licences.applied(place)
        self.absent(place)
        moved = Actor(
            id=place.approver.id,
            name=place.approver.name,
            department_id=place.stranger.department_id,
            roles=place.approver.roles,
        )

        with pytest.raises(api.CaseNotFound):
            accept(case, moved)
        assert inbox(moved) == []


class TestAbsences:
    def test_are_refused_where_they_make_no_sense(self) -> None:
        place = licences.office()
        good = {"active_from": AT, "active_to": LATER}

        def declare(**changes: object) -> Callable[[], object]:
            options = {"deputy_id": place.colleague.id, "actor": place.clerk, "at": AT, **good, **changes}
            return lambda: api.declare_absence(**options)  # type: ignore[arg-type]  # a table of faults

        operator = trust.actor(Role.OPERATOR, department_id=place.id)
        refusals = [
            (declare(active_to=AT), api.AbsenceUnfit),
            (declare(active_to=AT + timedelta(days=400)), api.AbsenceUnfit),
            (declare(active_from=AT - timedelta(days=2), active_to=AT), api.AbsenceUnfit),
            (declare(deputy_id=place.clerk.id), api.DeputyUnfit),
            (declare(deputy_id=place.stranger.id), api.DeputyUnfit),
            (declare(deputy_id=place.citizen.id), api.DeputyUnfit),
            (declare(deputy_id=operator.id), api.DeputyUnfit),
            (declare(person_id=place.approver.id), api.NotYourAbsence),
            (declare(actor=place.citizen), api.NotYourAbsence),
            (declare(case_types=("nothing",)), api.CaseTypeUnknown),
        ]

        for call, refusal in refusals:
            with pytest.raises(refusal):
                call()
        assert api.absences(actor=place.head, at=AT) == ()

    def test_of_the_department_are_declared_and_seen_by_its_head(self) -> None:
        place = licences.office()

        absence = api.declare_absence(
            person_id=place.clerk.id,
            deputy_id=place.colleague.id,
            active_from=AT,
            active_to=LATER,
            actor=place.head,
            at=AT,
        )

        for reader in (place.head, place.clerk, place.colleague):
            assert [one.id for one in api.absences(actor=reader, at=AT)] == [absence.id]
        for stranger in (place.approver, place.stranger, place.citizen, Actor.anonymous()):
            assert api.absences(actor=stranger, at=AT) == ()
            with pytest.raises(api.AbsenceNotFound):
                api.end_absence(absence_id=absence.id, actor=stranger, at=AT)
        with pytest.raises(api.AbsenceNotFound):
            api.end_absence(absence_id=absence.id, actor=place.colleague, at=AT)


class TestManyAtOnce:
    def test_each_gets_its_verdict_and_none_undoes_another(self) -> None:
        place = licences.office()
        mine, held, foreign, done = (licences.applied(place) for _ in range(4))
        api.claim_task(case_id=held.id, task="accept", actor=place.colleague, at=AT)
        accept(done, place.colleague)
        unknown = TaskId(new_id())
        hidden = licences.applied(place, office=place.stranger.department_id).open_tasks[0].id
        ids = [mine.open_tasks[0].id, held.open_tasks[0].id, unknown, hidden, done.open_tasks[0].id]

        verdicts = api.complete_many(task_ids=[*ids, ids[0]], outcome="accept", actor=place.clerk, at=AT)

        assert [(one.task_id, one.is_done) for one in verdicts] == [(key, key == ids[0]) for key in ids]
        assert [type(one.refusal) for one in verdicts[1:]] == [
            api.HeldByColleague,
            api.CaseNotFound,
            api.CaseNotFound,
            api.TaskAlreadyDone,
        ]
        assert [one.number for one in verdicts[2:4]] == ["", ""]
        assert api.case(case_id=mine.id, actor=place.clerk, at=AT).open_tasks[0].task == "decide"
        assert api.case(case_id=foreign.id, actor=place.clerk, at=AT).open_tasks[0].task == "accept"

    def test_refuses_a_reasonless_refusal_of_each(self) -> None:
        place = licences.office()
        cases = [licences.applied(place) for _ in range(2)]

        verdicts = api.complete_many(
            task_ids=[case.open_tasks[0].id for case in cases], outcome="reject", actor=place.clerk, at=AT
        )

        assert [type(one.refusal) for one in verdicts] == [api.ReasonMissing] * 2
        assert not TimelineEntry.objects.filter(kind=StepKind.TASK_COMPLETED.value).exists()

    def test_with_a_key_happens_once(self) -> None:
        place = licences.office()
        case = licences.applied(place)
        ids = [case.open_tasks[0].id]

        for _ in range(2):
            verdicts = api.complete_many(
                task_ids=ids, outcome="accept", actor=place.clerk, at=AT, idempotency_key="k"
            )
            assert [one.is_done for one in verdicts] == [True]

        kinds = [step.kind for step in api.case(case_id=case.id, actor=place.clerk, at=AT).timeline]
        assert kinds.count(StepKind.TASK_COMPLETED) == 1

    def test_more_than_a_page_is_refused(self) -> None:
        place = licences.office()

        with pytest.raises(api.TooMany):
            api.complete_many(
                task_ids=[TaskId(new_id()) for _ in range(201)], outcome="accept", actor=place.clerk, at=AT
            )


class TestNumberOfQueries:
    def test_of_every_tab_is_the_same_at_any_length(self) -> None:
        place = licences.office()
        api.declare_absence(
            deputy_id=place.approver.id, active_from=AT, active_to=LATER, actor=place.clerk, at=AT
        )
        counts = []
        for _ in range(2):
            for number in range(4):
                case = licences.applied(place)
                if number % 2:
                    claimed(place, case)
            for whose in ("", "mine", "role", "department"):
                with CaptureQueriesContext(connection) as captured:
                    inbox(place.approver, whose)
                counts.append(len(captured))

        assert counts[:4] == counts[4:]


def test_the_applicant_is_not_told_who_did_what_inside_the_office() -> None:
    place = licences.office()
    case = claimed(place, licences.applied(place))

    own = api.case(case_id=case.id, actor=place.citizen, at=AT)

    assert StepKind.TASK_CLAIMED not in {step.kind for step in own.timeline}
    assert StepKind.TASK_CLAIMED in {step.kind for step in case.timeline}
