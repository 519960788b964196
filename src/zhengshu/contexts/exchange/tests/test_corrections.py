"""Corrections of shared data, from the report to the corrected rows (article 26)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.catalog.tests import factories as catalogs
from zhengshu.contexts.exchange import api
from zhengshu.contexts.exchange.models import CorrectionRequest
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import AT, correction, step
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import BatchId, new_id

pytestmark = pytest.mark.django_db
KIND = api.MatterKind.CORRECTION
LATER = AT + timedelta(days=2)
RIGHT_ROWS = (
    ("91110000100006485Y", "云州第一商贸股份有限公司", "2014-05-06", "36042619910101008X"),
    factories.ROWS[1],
)


def row_of() -> CorrectionRequest:
    return CorrectionRequest.objects.get()


def record(place: factories.City, actor: Actor | None = None) -> api.CorrectionRecord:
    found = api.matter(kind=KIND, matter_id=row_of().id, actor=actor or place.officer)
    assert isinstance(found, api.CorrectionRecord)
    return found


class TestWholeWay:
    @pytest.mark.article("809", 26)
    def test_is_verified_corrected_and_answered_within_ten_working_days(self, tmp_path: Path) -> None:
        place = factories.city(tmp_path)
        correction_id = correction(place)
        due_at = row_of().due_at
        assert due_at is not None
        assert f"{timezone.localtime(due_at):%Y-%m-%d}" == "2026-03-16"

        after = step(KIND, correction_id, "verify", "wrong", actor=place.provider, at=AT)
        batch = factories.collect(place.resource, tmp_path, rows=RIGHT_ROWS, at=LATER)
        ended = step(
            KIND, correction_id, "correct", "corrected", batch_id=batch.id, actor=place.provider, at=LATER
        )

        assert (after, ended) == ("correct", "corrected")
        found = record(place)
        assert (found.batch_id, found.summary.in_time) == (batch.id, True)
        case = casework.case(case_id=found.summary.case_id, actor=place.officer, at=LATER)
        assert (case.type, case.state, case.closed_at) == ("data-correction", "corrected", LATER)

    @pytest.mark.article("809", 26)
    def test_what_is_not_wrong_is_answered_with_the_reason(self) -> None:
        place = factories.city()
        correction_id = correction(place)

        with pytest.raises(casework.ReasonMissing):
            step(KIND, correction_id, "verify", "not_wrong", actor=place.provider, at=AT)
        step(
            KIND,
            correction_id,
            "verify",
            "not_wrong",
            reason="登记机关核准的名称如此",
            actor=place.provider,
            at=AT,
        )

        case = casework.case(case_id=record(place).summary.case_id, actor=place.officer, at=AT)
        assert "登记机关核准的名称如此" in {entry.reason for entry in case.timeline}

    def test_the_source_verifies_what_is_passed_on(self) -> None:
        place = factories.city()
        correction_id = correction(place)
        source = place.stranger.department_id

        step(
            KIND,
            correction_id,
            "verify",
            "pass_on",
            reason="来自水务局",
            department_id=source,
            actor=place.provider,
            at=AT,
        )
        assert record(place, place.stranger).summary.state == "source_verify"
        after = step(
            KIND, correction_id, "source_verify", "wrong", reason="名称已变更", actor=place.stranger, at=AT
        )

        assert after == "correct"

    @pytest.mark.parametrize("which", ["none", "requester", "provider"])
    def test_it_is_passed_on_to_a_third_department_only(self, which: str) -> None:
        place = factories.city()
        correction_id = correction(place)
        chosen = {
            "none": None,
            "requester": place.officer.department_id,
            "provider": place.provider.department_id,
        }

        with pytest.raises(api.SourceMissing):
            step(
                KIND,
                correction_id,
                "verify",
                "pass_on",
                reason="转",
                department_id=chosen[which],
                actor=place.provider,
                at=AT,
            )

    def test_corrected_is_only_what_was_delivered_afterwards(self, tmp_path: Path) -> None:
        place = factories.city(tmp_path, at=AT - timedelta(days=1))
        correction_id = correction(place)
        step(KIND, correction_id, "verify", "wrong", actor=place.provider, at=AT)
        former = api_batch(place)

        for batch_id in (None, former):
            with pytest.raises(api.BatchUnfit):
                step(
                    KIND,
                    correction_id,
                    "correct",
                    "corrected",
                    batch_id=batch_id,
                    actor=place.provider,
                    at=AT,
                )
        with pytest.raises(Refused, match=r"(?i)no such|not"):
            step(KIND, correction_id, "correct", "corrected", batch_id=new_id(), actor=place.provider, at=AT)
        assert row_of().state == "correct"

    def test_every_step_is_in_the_audit_without_a_value(self) -> None:
        place = factories.city()
        correction_id = correction(place)
        step(KIND, correction_id, "verify", "not_wrong", reason="无误", actor=place.provider, at=AT)

        events = apps.get_model("trust", "AuditEvent").objects.filter(name__startswith="exchange.correction.")

        assert sorted(events.values_list("name", flat=True)) == [
            "exchange.correction.requested.v1",
            "exchange.correction.step-taken.v1",
        ]
        assert "36042619910101008X" not in str(list(events.values()))

    def test_withdrawn_by_who_asked(self) -> None:
        place = factories.city()
        correction_id = correction(place)

        with pytest.raises(casework.NotYourTask):
            api.withdraw_matter(
                kind=KIND, matter_id=correction_id, reason="不查了", actor=place.provider, at=AT
            )
        api.withdraw_matter(kind=KIND, matter_id=correction_id, reason="误报", actor=place.officer, at=AT)

        assert row_of().state == "withdrawn"

    def test_follows_its_case_when_others_move_it(self) -> None:
        from zhengshu.foundation.outbox import deliver_due

        place = factories.city()
        correction(place)
        casework.complete_task(
            case_id=record(place).summary.case_id, task="verify", outcome="wrong", actor=place.provider, at=AT
        )

        deliver_due(at=AT)

        assert row_of().state == "correct"


class TestClaim:
    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"columns": ()}, api.NothingClaimed),
            ({"columns": ("password",)}, api.ClaimedFieldUnknown),
            ({"right": {"password": "x"}}, api.ClaimedFieldUnknown),
            ({"key": {}}, api.RowNotNamed),
            ({"key": {"credit_code": "  "}}, api.RowNotNamed),
            ({"evidence": " "}, api.StatementMissing),
            ({"right": {"enterprise_name": "长" * 501}}, Refused),
        ],
    )
    def test_what_cannot_be_verified_is_refused(
        self, changes: dict[str, object], error: type[Exception]
    ) -> None:
        place = factories.city()

        with pytest.raises(error):
            correction(place, **changes)  # type: ignore[arg-type]  # the test names the fields
        assert not CorrectionRequest.objects.exists()

    def test_ones_own_data_are_delivered_not_asked_for(self) -> None:
        place = factories.city()

        with pytest.raises(api.OwnDataWrong):
            api.request_correction(
                resource_code=place.resource.code, claim=factories.claim(), actor=place.provider, at=AT
            )

    def test_a_receipt_names_the_row_if_it_is_a_call_of_ones_own(self, place: factories.City) -> None:
        factories.granted(place, at=factories.NOW)
        call = factories.call(factories.grant_row(place))
        refused = factories.call(factories.grant_row(place), verdict="exchange.quota-used-up")

        def ask(actor: Actor, call_id: object) -> object:
            return api.request_correction(
                resource_code=place.resource.code,
                claim=factories.claim(key={}),
                call_id=call_id,  # type: ignore[arg-type]  # ids of any kind are tried
                actor=actor,
                at=factories.NOW,
            )

        for actor, call_id in (
            (place.stranger, call.id),
            (place.officer, new_id()),
            (place.officer, refused.id),
        ):
            with pytest.raises(api.CallNotOfMatter):
                ask(actor, call_id)
        ask(place.officer, call.id)
        assert row_of().call_id == call.id

    def test_a_resource_that_nobody_may_see_is_not_found(self) -> None:
        place = factories.city()
        draft = catalog.draft_resource(draft=catalogs.draft(name="未发布的名册"), actor=place.provider, at=AT)

        with pytest.raises(catalog.ResourceNotFound):
            api.request_correction(
                resource_code=draft.code, claim=factories.claim(), actor=place.officer, at=AT
            )


class TestValues:
    def test_lie_sealed_in_the_table(self) -> None:
        place = factories.city()
        correction(place)

        with connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(c)::text FROM exchange_correction_request c")
            (stored,) = cursor.fetchone() or ("",)

        assert "36042619910101008X" not in stored
        assert "营业执照正本" not in stored

    def test_are_masked_by_grade_until_somebody_who_verifies_asks(self) -> None:
        place = factories.city()
        correction_id = correction(place)

        masked = record(place, place.provider)
        assert [value.value for value in masked.right] == ["云州第一商贸股份有限公司", "360426********008X"]
        assert (masked.evidence, masked.has_hidden) == ("", True)
        opened = api.show_values(correction_id=correction_id, actor=place.provider, at=AT)

        assert opened.right[1].value == "36042619910101008X"
        assert opened.evidence.startswith("营业执照")
        shown = apps.get_model("trust", "AuditEvent").objects.get(name="exchange.correction.values-shown.v1")
        assert shown.actor_id == place.provider.id

    def test_are_not_shown_to_who_only_supervises(self) -> None:
        place = factories.city()
        correction_id = correction(place)

        assert record(place, place.reviewer).may_open is False
        with pytest.raises(api.NotYourStep):
            api.show_values(correction_id=correction_id, actor=place.reviewer, at=AT)

    def test_and_the_request_itself_are_not_found_by_others(self) -> None:
        place = factories.city()
        correction_id = correction(place)
        clerk = factories.colleague("clerk", Role.SECURITY_ADMIN, of=place.officer)

        for actor in (place.stranger, clerk, Actor.anonymous()):
            with pytest.raises(api.MatterNotFound):
                api.matter(kind=KIND, matter_id=correction_id, actor=actor)
            with pytest.raises(api.MatterNotFound):
                api.show_values(correction_id=correction_id, actor=actor, at=AT)
            with pytest.raises(api.MatterNotFound):
                step(KIND, correction_id, "verify", "wrong", actor=actor, at=AT)
            assert api.matters(kind=KIND, query=ListQuery(), actor=actor, at=AT).total == 0


class TestAtTheResource:
    def test_open_ones_results_and_the_rate_are_counted(self) -> None:
        place = factories.city()
        late = AT + timedelta(days=40)
        first, second = correction(place), correction(place)
        correction(place)
        step(KIND, first, "verify", "not_wrong", reason="无误", actor=place.provider, at=AT)
        step(KIND, second, "verify", "not_wrong", reason="无误", actor=place.provider, at=late)

        found = api.corrections_of(resource_id=place.resource.id)

        assert (found.open, found.ended, found.rate) == (1, 2, 0.5)
        assert [result.in_time for result in found.last] == [False, True]


def api_batch(place: factories.City) -> BatchId:
    """Return the batch that was published before the request."""
    from zhengshu.contexts.lake import api as lake

    serving = lake.serving(resource_id=place.resource.id)
    assert serving is not None
    return serving.batch_id
