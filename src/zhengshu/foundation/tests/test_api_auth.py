"""Who may call the management API: no page of another site in a browser's name."""

import pytest
from django.conf import settings
from django.test import RequestFactory

from zhengshu.foundation.http.api_auth import SentByAnotherSite, SignInNeeded, is_from_another_site, official
from zhengshu.kernel.actors import Actor

HOST = "testserver"


class TestAnotherSite:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.test"},
            {"Origin": "https://news.city.test", "Sec-Fetch-Site": "same-site"},
            {"Origin": f"http://{HOST}:8443", "Sec-Fetch-Site": "same-site"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ],
    )
    def test_changes_nothing(self, headers: dict[str, str]) -> None:
        request = RequestFactory().post("/api/x", SERVER_NAME=HOST, headers=headers)
        request.actor = Actor.platform("test")  # type: ignore[attr-defined]  # the middleware sets it

        with pytest.raises(SentByAnotherSite):
            official()(request)

    @pytest.mark.parametrize(
        "headers",
        [{}, {"Origin": f"http://{HOST}"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
    )
    def test_is_not_who_comes_from_here_or_is_no_browser(self, headers: dict[str, str]) -> None:
        request = RequestFactory().post("/api/x", SERVER_NAME=HOST, headers=headers)

        assert not is_from_another_site(request)

    def test_may_be_behind_the_address_by_which_people_know_the_platform(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(settings, "CSRF_TRUSTED_ORIGINS", ["https://city.test"])
        request = RequestFactory().post("/api/x", SERVER_NAME=HOST, headers={"Origin": "https://city.test"})

        assert not is_from_another_site(request)

    def test_may_lead_here(self) -> None:
        request = RequestFactory().get("/api/x", headers={"Sec-Fetch-Site": "cross-site"})

        assert not is_from_another_site(request)

    def test_learns_nothing_without_a_session(self) -> None:
        with pytest.raises(SignInNeeded):
            official()(RequestFactory().post("/api/x", headers={"Origin": "https://evil.test"}))
