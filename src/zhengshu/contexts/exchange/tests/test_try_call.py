"""The try-it button: a key for one call, gone afterwards."""

from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from zhengshu.client import CallRefused, Client, KeptCall
from zhengshu.client.calls import Records
from zhengshu.contexts.exchange import api
from zhengshu.contexts.exchange.application import try_call as module
from zhengshu.contexts.exchange.application.try_call import GatewayUnreachable, try_call
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import AT
from zhengshu.contexts.trust import api as trust

pytestmark = pytest.mark.django_db

NOTHING_KEPT = KeptCall(receipt="", request_digest=b"", answer_digest=None, promise="")
KEY = {"credit_code": "91110000100006485Y"}


def keys(place: factories.City) -> list[trust.KeyRecord]:
    return list(trust.keys_of(system_id=place.system.id))


def test_the_key_is_revoked_whatever_happens(tmp_path: Path, settings: Settings) -> None:
    place = factories.city(tmp_path)
    grant_id = factories.granted(place)
    settings.GATEWAY_URL = "http://127.0.0.1:9"

    with pytest.raises(GatewayUnreachable):
        try_call(grant_id=grant_id, key=KEY, case="", actor=place.officer, at=AT)

    (trial,) = keys(place)
    assert trial.active_to == AT
    assert trial.key_id.startswith("zst_")


def test_the_systems_own_keys_stay_as_they_are(tmp_path: Path, settings: Settings) -> None:
    place = factories.city(tmp_path)
    grant_id = factories.granted(place)
    own = trust.issue_key(system_id=place.system.id, algorithm="hmac-sha256", actor=place.officer, at=AT)
    settings.GATEWAY_URL = "http://127.0.0.1:9"

    with pytest.raises(GatewayUnreachable):
        try_call(grant_id=grant_id, key=KEY, case="", actor=place.officer, at=AT + timedelta(hours=1))

    kept = next(key for key in keys(place) if key.key_id == own.key_id)
    assert kept.active_to == own.active_to


def test_a_fresh_key_is_tried_again_until_the_gateway_has_heard_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = factories.city(tmp_path)
    grant_id = factories.granted(place)
    answers = iter(
        [CallRefused(status=401, document={"code": "exchange.signature-wrong"}, kept=NOTHING_KEPT), None]
    )

    def records(_: Client, resource: str, **asked: object) -> Records:
        if refusal := next(answers):
            raise refusal
        assert (resource, asked["key"], asked["purpose"]) == (place.resource.code, KEY, "tax_administration")
        return Records(rows=({"credit_code": "1"},), next="", receipt="r", kept=NOTHING_KEPT)

    monkeypatch.setattr(module, "SECONDS_BETWEEN", 0)
    monkeypatch.setattr(Client, "records", records)

    tried = try_call(grant_id=grant_id, key=KEY, case="", actor=place.officer, at=AT)

    assert (tried.status, tried.receipt) == (200, "r")
    assert '"credit_code": "1"' in tried.text


def test_only_the_consumer_tries_and_only_what_is_in_force(tmp_path: Path) -> None:
    place = factories.city(tmp_path)
    grant_id = factories.granted(place)

    with pytest.raises(api.NotYourStep):
        try_call(grant_id=grant_id, key=KEY, case="", actor=place.provider, at=AT)
    with pytest.raises(api.GrantNotFound):
        try_call(grant_id=grant_id, key=KEY, case="", actor=place.stranger, at=AT)
    api.revoke_grant(grant_id=grant_id, reason="需求终止", actor=place.officer, at=AT)
    with pytest.raises(api.GrantNotActive):
        try_call(grant_id=grant_id, key=KEY, case="", actor=place.officer, at=AT)
    assert keys(place) == []
