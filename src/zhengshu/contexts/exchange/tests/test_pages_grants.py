"""The pages of grants and calls."""

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from zhengshu.contexts.exchange import api
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import NOW, browser
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.tests.reading import text_of

pytestmark = pytest.mark.django_db


class TestGrants:
    @pytest.mark.article("809", 27)
    def test_a_provider_ends_a_use_with_consultation_and_filing_only(self, place: factories.City) -> None:
        grant_id = factories.granted(place, at=NOW)
        provider, url = browser(place.provider), f"/exchange/grants/{grant_id}/revoke/"

        provider.post(url, {"reason": "职能调整"})
        assert factories.grant_row(place).revoked_at is None
        provider.post(
            url,
            {"reason": "职能调整", "consultation": "11月20日与征管处电话商定", "filing": "数备〔2026〕7号"},
        )

        assert factories.grant_row(place).revoked_at is not None
        page = browser(place.officer).get(f"/exchange/grants/{grant_id}/").content.decode()
        assert "数备〔2026〕7号" in page

    def test_the_secret_is_shown_once(self, place: factories.City) -> None:
        grant_id = factories.granted(place, at=NOW)
        officer, base = browser(place.officer), f"/exchange/grants/{grant_id}/"

        page = officer.post(base + "key/", {"algorithm": "hmac-sm3", "overlap": "0"})

        secret = page.context["issued"].secret
        assert page.headers["Cache-Control"].startswith("max-age=0")
        assert page.content.decode().count(secret) >= 3
        later = officer.get(base + "developer/").content.decode()
        assert page.context["issued"].key_id in later
        assert secret not in later

    def test_a_public_key_that_is_none_shows_the_form_again(self, place: factories.City) -> None:
        grant_id = factories.granted(place, at=NOW)

        page = browser(place.officer).post(
            f"/exchange/grants/{grant_id}/key/",
            {"algorithm": "ed25519", "public_key": "nonsense", "overlap": "0"},
        )

        assert page.status_code == 422


@pytest.mark.article("809", 29)
class TestCalls:
    def test_both_sides_see_their_calls_and_a_third_none(self, place: factories.City) -> None:
        factories.granted(place, at=NOW)
        grant = factories.grant_row(place)
        factories.call(grant)
        factories.call(grant, verdict="exchange.purpose-not-granted", days_ago=3)

        totals = [
            browser(actor).get(f"/exchange/calls/?grant={grant.id}").context["page"].total
            for actor in (place.officer, place.provider, place.reviewer, place.stranger)
        ]

        assert totals == [2, 2, 2, 0]

    def test_filters_and_numbers(self, place: factories.City) -> None:
        factories.granted(place, at=NOW)
        grant = factories.grant_row(place)
        factories.call(grant)
        factories.call(grant, verdict="exchange.purpose-not-granted", days_ago=3)
        factories.call(grant, days_ago=40)
        officer = browser(place.officer)

        page = officer.get("/exchange/calls/?verdict=refused")
        assert page.context["page"].total == 1
        counts = api.call_counts(actor=place.officer, by="day", at=timezone.now())
        assert (len(counts), sum(day.answered for day in counts), sum(day.refused for day in counts)) == (
            30,
            1,
            1,
        )
        (use,) = api.call_counts(actor=place.officer, by="purpose", at=timezone.now())
        assert (use.key, use.answered, use.refused) == ("tax_administration", 1, 1)
        for broken in (
            "?grant=nonsense",
            "?from=yesterday",
            "?page=99999",
            "?to=0001-01-01",
            "?from=9999-12-31",
        ):
            assert officer.get(f"/exchange/calls/{broken}").status_code == 200, broken

    def test_the_export_carries_no_formula(self, place: factories.City) -> None:
        factories.granted(place, at=NOW)
        factories.call(factories.grant_row(place))

        text = text_of(browser(place.provider).get("/exchange/calls/export.csv"))

        assert "'=HYPERLINK(1)" in text
        assert text.startswith("\ufeff")


class TestBothSides:
    def test_nobody_makes_calls_of_the_platforms_own_system(
        self, place: factories.City, settings: Settings
    ) -> None:
        grant_id = factories.granted(place)
        officer, base = browser(place.officer), f"/exchange/grants/{grant_id}/"
        settings.FORMS_SYSTEM = place.system.name

        answers = [
            officer.get(base + "developer/"),
            officer.post(base + "try/", {"case": "BJ-1", "key_credit_code": "91110000100006485Y"}),
            officer.post(base + "key/", {"algorithm": "hmac-sha256", "overlap": "0"}),
        ]

        assert [one.status_code for one in answers] == [403, 403, 403]
        assert base + "developer/" not in officer.get(base).content.decode()
        assert list(trust.keys_of(system_id=place.system.id)) == []
        own = officer.get(f"/trust/systems/{place.system.id}/").content.decode()
        assert "/keys/" not in own

    def test_the_page_for_developers_says_when_the_grant_is_over(self, place: factories.City) -> None:
        grant_id = factories.granted(place, at=NOW)
        page = f"/exchange/grants/{grant_id}/developer/"
        officer = browser(place.officer)
        before = text_of(officer.get(page))

        api.revoke_grant(grant_id=grant_id, reason="不再需要", actor=place.officer, at=timezone.now())

        assert "This grant opens nothing now" not in before
        assert "This grant opens nothing now" in officer.get(page).content.decode()
        assert ">统一社会信用代码 (credit_code)</label>" in before

    def test_calls_name_the_resource(self, place: factories.City) -> None:
        factories.granted(place, at=NOW)
        factories.call(factories.grant_row(place))

        page = text_of(browser(place.officer).get("/exchange/calls/"))

        assert f">{factories.grant_row(place).resource_name}</a>" in page
