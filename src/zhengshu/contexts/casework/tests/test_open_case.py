from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.kernel.errors import Refused


@pytest.mark.django_db
class TestRefusals:
    def test_unknown_type(self) -> None:
        place = factories.city()

        with pytest.raises(api.CaseTypeNotFound):
            api.open_case(
                case_type="unknown",
                subject=factories.subject(),
                parties={},
                data={},
                actor=place.officer,
                at=AT,
            )

    def test_parties_must_be_exactly_those_of_the_type(self) -> None:
        place = factories.city()
        parties = {name: key for name, key in place.parties.items() if name != "authority"}

        with pytest.raises(api.PartiesWrong):
            api.open_case(
                case_type="share-request",
                subject=factories.subject(),
                parties=parties,
                data={"sharing_class": "conditional"},
                actor=place.officer,
                at=AT,
            )

    def test_data_without_default_must_be_given(self) -> None:
        place = factories.city()

        with pytest.raises(api.DataMissing):
            api.open_case(
                case_type="share-request",
                subject=factories.subject(),
                parties=place.parties,
                data={},
                actor=place.officer,
                at=AT,
            )

    def test_only_the_lane_that_opens_may(self) -> None:
        place = factories.city()

        for actor in (place.head, place.provider_officer, place.reviewer, place.stranger):
            with pytest.raises(api.NotYourTask):
                api.open_case(
                    case_type="share-request",
                    subject=factories.subject(),
                    parties=place.parties,
                    data={"sharing_class": "conditional"},
                    actor=actor,
                    at=AT,
                )


@pytest.mark.django_db
class TestNumbers:
    def test_count_within_the_local_day(self) -> None:
        place = factories.city()
        evening = datetime(2026, 3, 2, 15, 59, tzinfo=UTC)
        midnight = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)

        numbers = [factories.share_request(place, at=at).number for at in (AT, evening, midnight)]

        assert numbers == ["GX202603020001", "GX202603020002", "GX202603030001"]

    def test_have_no_gap_after_a_refusal(self) -> None:
        place = factories.city()
        factories.share_request(place)

        with pytest.raises(Refused), transaction.atomic():
            factories.share_request(place)
            raise api.TaskNotOpen

        assert factories.share_request(place).number == "GX202603020002"


@pytest.mark.django_db(transaction=True)
def test_numbers_are_neither_doubled_nor_skipped_by_many_at_once() -> None:
    place = factories.city()

    def one(_: int) -> str:
        try:
            return factories.share_request(place).number
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        numbers = sorted(pool.map(one, range(12)))

    assert numbers == [f"GX20260302{number:04d}" for number in range(1, 13)]
