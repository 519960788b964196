"""Rules over calls: each finds what it looks for, once; the security administrator judges, and the rate is shown."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.proofs.calling import NOON, called, judged, only, watched
from zhengshu.contexts.casework.models import Case
from zhengshu.contexts.casework.tests.messaging import deliver_events
from zhengshu.contexts.exchange.application.watch_calls import _watch_batch, watch_calls
from zhengshu.contexts.exchange.application.watch_queries import FindingNotFound, effect, finding, standings
from zhengshu.contexts.exchange.application.watch_rules import NotYourRule, change_rule, watch_rules
from zhengshu.contexts.exchange.domain.watching import (
    DayFacts,
    Measured,
    RuleCode,
    ThresholdUnfit,
    judge_day,
)
from zhengshu.contexts.exchange.models import CallDay, Finding, Grant
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import NOW, browser
from zhengshu.foundation.tests.reading import text_of
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

VOLUME = {"calls": 100, "times": 5, "days": 7}
KEYS = {"subjects": 90, "percent": 50}
NIGHT = {"calls": 3, "from_hour": 22, "to_hour": 6}


class TestJudging:
    @pytest.mark.parametrize(
        ("code", "facts", "thresholds", "expected"),
        [
            (RuleCode.VOLUME, DayFacts(calls=99), VOLUME, None),
            (RuleCode.VOLUME, DayFacts(calls=100), VOLUME, (100, 100)),
            (RuleCode.VOLUME, DayFacts(calls=199, habit=(40, 40)), VOLUME, None),
            (RuleCode.VOLUME, DayFacts(calls=200, habit=(40, 40)), VOLUME, (200, 200)),
            (RuleCode.ENUMERATION, DayFacts(calls=100, empty=50, subjects=90), KEYS, (90, 90)),
            (RuleCode.ENUMERATION, DayFacts(calls=100, empty=49, subjects=90), KEYS, None),
            (RuleCode.ENUMERATION, DayFacts(calls=100, refused=100, subjects=90), KEYS, None),
            (RuleCode.NIGHT, DayFacts(calls=9, by_hour=(2, *[0] * 21, 1, 0)), NIGHT, (3, 3)),
            (RuleCode.NIGHT, DayFacts(calls=9, by_hour=(*[0] * 12, 9, *[0] * 11)), NIGHT, None),
            (RuleCode.REFUSALS, DayFacts(calls=10, refused=3), {"calls": 3, "percent": 30}, (3, 3)),
            (RuleCode.REFUSALS, DayFacts(calls=11, refused=3), {"calls": 3, "percent": 30}, None),
            (RuleCode.CASELESS, DayFacts(calls=9, caseless=4), {"calls": 4}, (4, 4)),
            (RuleCode.REPEAT, DayFacts(calls=9, most_of_one=8), {"calls": 8, "days": 7}, (8, 8)),
            (RuleCode.REPEAT, DayFacts(calls=9, most_of_one=7), {"calls": 8, "days": 7}, None),
        ],
    )
    def test_finds_what_reaches_its_numbers_and_nothing_below(
        self, code: RuleCode, facts: DayFacts, thresholds: dict[str, int], expected: tuple[int, int] | None
    ) -> None:
        found = judge_day(code, facts, thresholds)

        assert found == (None if expected is None else Measured(value=expected[0], limit=expected[1]))

    @pytest.mark.parametrize("change", [{"calls": 0}, {"calls": 10**9}, {"unknown": 5}])
    def test_a_number_stays_within_its_bounds(self, change: dict[str, int]) -> None:
        with pytest.raises(ThresholdUnfit):
            watch_rules()[RuleCode.CASELESS].checked(change)


class TestRuns:
    def test_counts_each_call_once_however_often_it_runs(self, grant: Grant) -> None:
        called(grant, 5, subjects=["a", "b"])
        called(grant, 2, verdict="exchange.grant-revoked", row_count=0)

        first, second = watched(), watched()

        (day,) = CallDay.objects.all()
        assert (first.calls, second.calls) == (7, 0)
        assert (day.calls, day.refused, day.subjects, day.by_hour[12]) == (7, 2, 2, 7)

    def test_adds_what_comes_later_to_the_same_day(self, grant: Grant) -> None:
        called(grant, 2, subjects=["a"])
        watched()
        called(grant, 3, subjects=["a", "b"], row_count=0)
        watched()

        (day,) = CallDay.objects.all()
        assert (day.calls, day.subjects, day.empty) == (5, 2, 3)

    def test_leaves_calls_alone_that_another_may_still_precede(self, grant: Grant) -> None:
        called(grant, 1, at=timezone.now())

        assert watched().calls == 0

    def test_is_not_held_back_by_a_gateway_whose_clock_is_ahead(self, grant: Grant) -> None:
        now = timezone.now()
        called(grant, 1, at=now + timedelta(days=1))
        called(grant, 2)
        minutes = [now + timedelta(minutes=number) for number in range(3)]

        assert [watch_calls(at=at).calls for at in minutes] == [0, 3, 0]

        called(grant, 1, at=now + timedelta(days=1))
        assert watch_calls(at=minutes[2] + timedelta(seconds=59)).calls == 0

    def test_goes_on_in_batches(self, grant: Grant) -> None:
        called(grant, 7)

        done = watch_calls(batches=10, most=2, at=timezone.now())

        assert CallDay.objects.get().calls == 7
        assert done.calls == 7

    def test_costs_the_same_statements_however_much_is_found(self, grant: Grant, guard: Actor) -> None:
        only(guard, RuleCode.NIGHT, calls=1)
        change_rule(
            code=RuleCode.CASELESS, is_on=True, thresholds={"calls": 1}, actor=guard, at=timezone.now()
        )
        watched()
        counted = []
        for groups in (2, 40):
            for _number in range(groups):
                called(grant, 1, at=NOON.replace(hour=23), system_id=new_id(), purpose="public_service")
            with CaptureQueriesContext(connection) as asked:
                _watch_batch(most=1000, at=timezone.now())
            counted.append(len(asked))

        assert Finding.objects.count() == 2 * 42
        assert counted[0] == counted[1]
        assert all(len(row.calls) == 1 for row in Finding.objects.all())


class TestFinding:
    def test_each_rule_finds_its_calls_and_names_them(self, grant: Grant, guard: Actor) -> None:
        night = NOON.replace(hour=23)
        cases = {
            RuleCode.VOLUME: ({"calls": 10, "times": 2, "days": 3}, called(grant, 10)),
            RuleCode.ENUMERATION: (
                {"subjects": 5, "percent": 50},
                called(grant, 6, at=NOON - timedelta(days=1), subjects=list("uvwxyz"), row_count=0),
            ),
            RuleCode.NIGHT: ({"calls": 4}, called(grant, 4, at=night - timedelta(days=2))),
            RuleCode.REFUSALS: (
                {"calls": 3}, called(grant, 3, at=NOON - timedelta(days=3), verdict="exchange.grant-expired"),
            ),
            RuleCode.CASELESS: (
                {"calls": 3}, called(grant, 3, at=NOON - timedelta(days=4), purpose="public_service"),
            ),
            RuleCode.REPEAT: ({"calls": 10}, called(grant, 10, at=NOON - timedelta(days=8), subjects=["z"])),
        }  # fmt: skip
        for code, (thresholds, _calls) in cases.items():
            change_rule(code=code, is_on=True, thresholds=thresholds, actor=guard, at=timezone.now())

        watched()

        for code, (_thresholds, calls) in cases.items():
            rows = Finding.objects.filter(rule=code.value, day=timezone.localdate(calls[0].at))
            assert rows.count() == 1, code
            assert set(rows[0].calls) == {call.id for call in calls}, code
            assert rows[0].number.startswith("XS")

    def test_keeps_no_key_in_clear(self, grant: Grant, guard: Actor) -> None:
        only(guard, RuleCode.REPEAT, calls=3)
        called(grant, 3, subjects=["citizen_id=360101199001010007"])

        watched()

        (row,) = Finding.objects.all()
        assert row.evidence["keys"] == [sha256(b"citizen_id=360101199001010007").hexdigest()[:16]]
        assert (
            "360101199001010007" not in str(row.evidence) + Case.objects.get(subject_id=row.id).subject_title
        )

    def test_a_day_is_found_once_and_grows_while_it_is_open(self, grant: Grant, guard: Actor) -> None:
        only(guard, RuleCode.CASELESS, calls=3)
        called(grant, 3, purpose="public_service")
        watched()
        called(grant, 2, purpose="public_service")
        watched()

        (row,) = Finding.objects.all()
        assert row.value == 5
        assert Case.objects.filter(type_code="security-finding").count() == 1

    def test_what_was_judged_is_not_raised_again_for_the_same_calls(self, grant: Grant, guard: Actor) -> None:
        only(guard, RuleCode.REPEAT, calls=5, days=7)
        called(grant, 5, at=NOON - timedelta(days=1))
        watched()
        judged(Finding.objects.get(), "dismiss", by=guard)
        called(grant, 4)
        watched()
        assert Finding.objects.count() == 1

        called(grant, 1)
        watched()

        assert Finding.objects.count() == 2

    def test_a_group_without_a_past_is_not_a_habit(self, grant: Grant, guard: Actor) -> None:
        only(guard, RuleCode.VOLUME, calls=10, times=3, days=14)
        for days in (3, 2, 1):
            called(grant, 8, at=NOON - timedelta(days=days))
        called(grant, 23)
        watched()
        assert not Finding.objects.exists()

        called(grant, 1)
        watched()

        assert (Finding.objects.get().value, Finding.objects.get().limit) == (24, 24)

    def test_a_rule_that_is_off_finds_nothing(self, grant: Grant, guard: Actor) -> None:
        only(guard, RuleCode.CASELESS, calls=1)
        change_rule(
            code=RuleCode.CASELESS, is_on=False, thresholds={"calls": 1}, actor=guard, at=timezone.now()
        )
        called(grant, 5, purpose="public_service")

        assert watched().findings == 0

    def test_waits_for_a_security_administrator(self, place: factories.City, grant: Grant) -> None:
        called(grant, 10, purpose="public_service")
        watched()
        assert Finding.objects.get(rule="caseless").case_id is None

        factories.colleague("late", Role.SECURITY_ADMIN, of=place.reviewer, at=NOW)
        watched()

        assert Finding.objects.get(rule="caseless").case_id is not None


class TestVerdicts:
    def test_false_alarms_are_counted_for_the_rule(self, grant: Grant, guard: Actor) -> None:
        only(guard, RuleCode.CASELESS, calls=3)
        for days, outcome in ((1, "confirm"), (2, "dismiss"), (3, "dismiss"), (4, "")):
            called(grant, 3, at=NOON - timedelta(days=days), purpose="public_service")
            watched()
            row = Finding.objects.order_by("-raised_at", "-id")[0]
            if outcome:
                judged(row, outcome, by=guard)

        (standing,) = (one for one in standings() if one.in_force.rule.code is RuleCode.CASELESS)

        assert (standing.open, standing.confirmed, standing.dismissed) == (1, 1, 2)
        assert standing.false_alarm_rate == pytest.approx(2 / 3)

    def test_a_provider_sees_confirmed_findings_on_its_data_only(
        self, place: factories.City, grant: Grant, guard: Actor
    ) -> None:
        only(guard, RuleCode.CASELESS, calls=3)
        called(grant, 3, purpose="public_service")
        watched()
        row = Finding.objects.get()
        with pytest.raises(FindingNotFound):
            finding(finding_id=row.id, actor=place.provider)
        judged(row, "confirm", by=guard)

        assert finding(finding_id=row.id, actor=place.provider).verdict == "confirmed"
        page = text_of(browser(place.provider).get(f"/exchange/watching/findings/{row.id}/"))
        assert "Report a misuse" in page
        for actor in (place.officer, place.stranger, place.reviewer):
            with pytest.raises(FindingNotFound):
                finding(finding_id=row.id, actor=actor)


class TestEffect:
    @pytest.mark.parametrize(
        ("code", "low", "high"),
        [
            (RuleCode.CASELESS, {"calls": 3}, {"calls": 4}),
            (RuleCode.REPEAT, {"calls": 3}, {"calls": 4}),
            (RuleCode.VOLUME, {"calls": 10}, {"calls": 11}),
        ],
    )
    def test_shows_what_other_numbers_would_have_found(
        self, grant: Grant, code: RuleCode, low: dict[str, int], high: dict[str, int]
    ) -> None:
        called(grant, 10, subjects=["a", "b", "c", "a"], purpose="statistics")
        called(grant, 3, at=NOON - timedelta(days=20), purpose="public_service", subjects=["q"])
        watched()

        assert effect(code=code, thresholds=low, at=timezone.now()).hits == (
            2 if code is RuleCode.REPEAT else 1
        )
        found = effect(code=code, thresholds=high, at=timezone.now())
        assert found.hits == (1 if code is RuleCode.REPEAT and high["calls"] == 4 else 0)


class TestPages:
    def test_numbers_hold_after_their_effect_was_shown(self, grant: Grant, guard: Actor) -> None:
        called(grant, 4, purpose="public_service")
        watched()
        page, path = browser(guard), "/exchange/watching/rules/caseless/"
        entered = {"is_on": "on", "calls": "4"}

        shown = text_of(page.post(path, {**entered, "step": "preview"}))
        before = {one.in_force.rule.code: one.in_force.thresholds for one in standings()}
        answer = page.post(path, {**entered, "step": "apply"})
        after = {one.in_force.rule.code: one.in_force.thresholds for one in standings()}

        assert "findings with the new ones" in shown
        assert before[RuleCode.CASELESS] == {"calls": 10}
        assert answer.status_code == 302
        assert after[RuleCode.CASELESS] == {"calls": 4}

    def test_show_rules_findings_and_evidence(self, grant: Grant, guard: Actor) -> None:
        empty = text_of(browser(guard).get("/exchange/watching/findings/"))
        only(guard, RuleCode.REPEAT, calls=3)
        called(grant, 3)
        watched()
        row, page = Finding.objects.get(), browser(guard)

        assert "No findings here" in empty
        assert "One subject again and again" in text_of(page.get("/exchange/watching/"))
        assert row.number in text_of(page.get("/exchange/watching/findings/?rule=repeat&verdict=open"))
        detail = text_of(page.get(Case.objects.get(subject_id=row.id).subject_path))
        assert str(row.calls[0]) in detail
        page.post(f"/exchange/watching/findings/{row.id}/", {"outcome": "confirm", "reason": "已核实"})
        deliver_events()
        row.refresh_from_db()
        assert row.verdict == "confirmed"

    @pytest.mark.parametrize("path", ["", "rules/repeat/"])
    def test_are_the_security_administrators(self, place: factories.City, path: str) -> None:
        for actor in (place.reviewer, place.officer, place.head):
            assert browser(actor).get(f"/exchange/watching/{path}").status_code == 403
        with pytest.raises(NotYourRule):
            change_rule(
                code=RuleCode.REPEAT, is_on=False, thresholds={}, actor=place.reviewer, at=timezone.now()
            )
