"""What the adapter of forms refuses before it calls; tests/e2e has the call itself through the real gateway."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django.fixtures import Settings

from zhengshu.client import Client, KeptCall
from zhengshu.client.calls import Records
from zhengshu.contexts.casework.api import FormMatter
from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange.application.supply_forms import ExchangeForForms
from zhengshu.contexts.exchange.models import Grant
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import AT, City
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.tests import factories as trusts
from zhengshu.kernel.identity import new_id

pytestmark = pytest.mark.django_db

ELEMENT = "enterprise-name"
KEPT = KeptCall(receipt="R1", request_digest=b"", answer_digest=None, promise="")


@pytest.fixture
def place(tmp_path: Path, settings: Settings) -> City:
    items = tuple(
        replace(item, element_code=ELEMENT) if item.column == "enterprise_name" else item
        for item in factories.ITEMS
    )
    made = factories.city(tmp_path, items=items)
    catalog.name_authoritative_source(
        element_code=ELEMENT, resource_code=made.resource.code, actor=made.reviewer, at=AT
    )
    settings.FORMS_SYSTEM = made.system.name
    settings.GATEWAY_URL = "http://127.0.0.1:9"
    return made


def asked(
    place: City, *, person: UUID | None = None, number: str = "91110000100006485Y", **changes: object
) -> str:
    """Return why nothing was supplied, or the value."""
    assert place.officer.department_id is not None
    matter = FormMatter(
        case="BJ-1",
        purposes=("tax_administration",),
        departments=(place.officer.department_id,),
        person_id=person,
    )
    known = {"credit-code": number} if number else {}
    said = ExchangeForForms().supply(
        elements=[ELEMENT],
        known=known,
        matter=replace(matter, **changes),  # type: ignore[arg-type]  # the test names the fields
        at=AT,
    )[ELEMENT]
    assert bool(said.refusal) != bool(said.value)
    return said.refusal or said.value


class TestBeforeACall:
    def test_without_a_grant_nothing_is_asked(self, place: City) -> None:
        assert asked(place) == "no-grant"

    def test_grant_of_another_department_or_system_opens_nothing(
        self, place: City, settings: Settings
    ) -> None:
        factories.granted(place)

        assert asked(place, departments=()) == "no-grant"
        settings.FORMS_SYSTEM = "别的系统"
        assert asked(place) == "no-grant"

    def test_grants_are_those_that_the_query_set_finds(self, place: City) -> None:
        factories.granted(place)
        row = factories.grant_row(place)
        code, days = row.resource_code, (timedelta(days=-1), timedelta(0), timedelta(days=400))

        def found(at: datetime, *systems: UUID) -> list[Grant]:
            listed = Grant.objects.active(at=at).filter(resource_code=code, system_id__in=systems)
            grants = Grant.objects.for_forms(resource_code=code, systems=systems, at=at)
            assert [vars(one) | {"_state": 0} for one in grants] == [
                vars(one) | {"_state": 0} for one in listed
            ]
            return grants

        assert [len(found(row.active_from + more, row.system_id, new_id())) for more in days] == [0, 1, 0]
        assert found(row.active_from, new_id()) == []
        Grant.objects.filter(pk=row.pk).update(revoked_at=AT)
        assert found(row.active_from, row.system_id) == []

    @pytest.mark.article("809", 25)
    def test_grant_for_another_purpose_opens_nothing(self, place: City) -> None:
        factories.granted(place)

        assert asked(place, purposes=("public_service",)) == "no-purpose"
        assert asked(place, purposes=()) == "no-purpose"

    def test_without_the_number_nobody_is_looked_for(self, place: City) -> None:
        factories.granted(place)

        assert asked(place, number="") == "key-missing"

    def test_private_person_cannot_ask_for_somebody_elses_enterprise(self, place: City) -> None:
        factories.granted(place)
        own = trust.add_enterprise(code=trusts.credit_code(77), name="本人企业", actor=trusts.PLATFORM, at=AT)

        assert asked(place, person=new_id()) == "not-own"
        assert asked(place, person=new_id(), enterprise_ids=frozenset({own})) == "not-own"

    def test_silent_gateway_is_said(self, place: City) -> None:
        factories.granted(place)

        assert asked(place) == "unreachable"


class TestCall:
    def test_names_purpose_case_and_only_the_column_that_is_wanted(
        self, place: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        factories.granted(place)
        calls: list[dict[str, object]] = []

        def records(_: Client, resource: str, **more: object) -> Records:
            calls.append({"resource": resource, **more})
            return Records(
                rows=({"enterprise_name": "云州第一商贸有限公司"},), next="", receipt="R1", kept=KEPT
            )

        monkeypatch.setattr(Client, "records", records)

        assert asked(place) == "云州第一商贸有限公司"
        (call,) = calls
        assert (call["purpose"], call["case"], call["fields"]) == (
            "tax_administration",
            "BJ-1",
            ["enterprise_name"],
        )

    def test_two_different_answers_are_no_answer(self, place: City, monkeypatch: pytest.MonkeyPatch) -> None:
        factories.granted(place)
        rows = ({"enterprise_name": "甲"}, {"enterprise_name": "乙"})
        monkeypatch.setattr(
            Client, "records", lambda *_args, **_more: Records(rows=rows, next="", receipt="R", kept=KEPT)
        )

        assert asked(place) == "several"
        monkeypatch.setattr(
            Client, "records", lambda *_args, **_more: Records(rows=(), next="", receipt="R", kept=KEPT)
        )
        assert asked(place) == "not-found"
