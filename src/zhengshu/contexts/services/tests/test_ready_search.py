"""A process gets ready for questions once, where it serves people, as soon as it shows the field."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.services.application.ready_search import Readiness


class TestReadiness:
    def test_is_begun_once_by_many_pages_at_once(self) -> None:
        loaded, loads = Event(), list[int]()

        def load() -> None:
            loads.append(1)
            loaded.set()

        readiness = Readiness(load)
        readiness.want()

        with ThreadPoolExecutor(8) as pages:
            begun = list(pages.map(lambda _page: readiness.begin(), range(40)))

        assert loaded.wait(5)
        assert (begun.count(True), len(loads)) == (1, 1)

    def test_does_nothing_where_nobody_asks(self) -> None:
        assert not Readiness(pytest.fail).begin()

    def test_fails_no_page_where_no_thread_can_begin(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_thread: object) -> None:
            raise RuntimeError

        monkeypatch.setattr("threading.Thread.start", refuse)
        readiness = Readiness(pytest.fail)
        readiness.want()

        assert not readiness.begin()


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["portal:home", "services:item-list"])
def test_pages_with_the_field_begin_it(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = Event()
    readiness = Readiness(begun.set)
    readiness.want()
    monkeypatch.setattr("zhengshu.contexts.services.templatetags.services.SEARCH", readiness)

    assert Client().get(reverse(page)).status_code == 200

    assert begun.wait(5)
