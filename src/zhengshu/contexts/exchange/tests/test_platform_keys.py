import os
from datetime import timedelta

import pytest

from zhengshu.contexts.exchange.application.platform_keys import PlatformKeys
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db


class TestClientOf:
    def test_is_one_for_as_long_as_its_key_is_valid(self) -> None:
        keys, system = PlatformKeys(Actor.platform("tests")), factories.system()

        client = keys.client_of(system.id, at=AT)

        assert keys.client_of(system.id, at=AT + timedelta(seconds=1)) is client
        assert keys.client_of(system.id, at=AT + timedelta(days=1)) is not client
        assert keys.client_of(factories.system().id, at=AT) is not client

    def test_is_not_inherited_with_its_connections_by_a_process_that_is_forked(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keys, system = PlatformKeys(Actor.platform("tests")), factories.system()
        client = keys.client_of(system.id, at=AT)

        monkeypatch.setattr(os, "getpid", lambda: -1)

        assert keys.client_of(system.id, at=AT) is not client
