"""What a process knows of meanings: one question tells whether it changed, and rows are read only then."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from threadpoolctl import ThreadpoolController, threadpool_limits

from zhengshu.contexts.services.application import index, meaning
from zhengshu.contexts.services.application.index import OVERLAP, Index
from zhengshu.contexts.services.models import ServiceItem
from zhengshu.contexts.services.tests.factories import AT, draft, published

pytestmark = pytest.mark.django_db


def direction(number: int) -> meaning.Vectors:
    """Return a meaning that is like no other's."""
    vector = np.zeros(meaning.WIDTH, dtype=np.float32)
    vector[number] = 1.0
    return vector


def learned(code: str, number: int, *, at: datetime = AT) -> UUID:
    """Publish an item, and store its meaning as another process would."""
    item = published(code, draft(name=f"第{number}类路灯登记"))
    means(item.id, number, at=at)
    return item.id


def means(item_id: UUID, number: int, *, at: datetime) -> None:
    ServiceItem.objects.filter(id=item_id).update(
        meaning=meaning.packed(direction(number)[None, :]), meaning_digest=f"digest-{number}", meaning_at=at
    )


def asked(known: Index, number: int) -> tuple[UUID | None, list[str]]:
    """Return the item that means this, if any does, and what the server was asked for it."""
    with CaptureQueriesContext(connection) as queries:
        now = known.current()
    close = now.closeness(direction(number)[None, :])
    best = next((now.ids[place] for place in range(len(now.ids)) if close[place] > 0.9), None)
    return best, [str(query["sql"]) for query in queries.captured_queries]


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return a way to say how long the index trusts what it knows; at first not at all."""

    def trusts(seconds: float) -> None:
        monkeypatch.setattr(index, "SECONDS", seconds)

    trusts(0.0)
    return trusts


@pytest.mark.usefixtures("soon")
class TestChanges:
    def test_without_a_change_one_sum_is_asked_and_no_row_is_read(self) -> None:
        for number in range(5):
            learned(f"x-{number}", number)
        known = Index()
        asked(known, 0)
        asked(known, 0)  # the sum is now over what may have changed since

        best, queries = asked(known, 3)

        assert best is not None
        assert len(queries) == 1
        assert "hashtextextended" in queries[0]

    def test_of_many_only_the_changed_one_is_read(self) -> None:
        items = [learned(f"x-{number}", number) for number in range(5)]
        known = Index()
        asked(known, 0)
        means(items[2], 300, at=AT + timedelta(minutes=1))

        best, queries = asked(known, 300)

        assert best == items[2]
        assert asked(known, 2)[0] is None
        (reading,) = [one for one in queries if '"services_item"."meaning"' in one]
        assert items[2].hex in reading
        assert items[1].hex not in reading

    def test_an_item_that_another_process_retires_or_adds_is_seen(self) -> None:
        first = learned("x-0", 0)
        known = Index()
        assert asked(known, 0)[0] == first

        ServiceItem.objects.filter(id=first).update(
            state="retired", retired_at=AT, retired_reason="x", meaning_at=AT + timedelta(minutes=1)
        )
        second = learned("x-1", 1, at=AT + timedelta(minutes=2))

        assert asked(known, 0)[0] is None
        assert asked(known, 1)[0] == second

    def test_what_was_committed_later_than_its_time_says_is_seen(self) -> None:
        learned("x-0", 0)
        known = Index()
        asked(known, 0)

        late = learned("x-1", 1, at=AT - OVERLAP + timedelta(seconds=1))

        assert asked(known, 1)[0] == late

    def test_two_changes_do_not_hide_each_other(self) -> None:
        items = [learned(f"x-{number}", number) for number in range(2)]
        known = Index()
        asked(known, 0)

        for item_id, number in ((items[0], 1), (items[1], 0)):
            means(item_id, number, at=AT)

        assert (asked(known, 0)[0], asked(known, 1)[0]) == (items[1], items[0])


class TestTrust:
    def test_within_its_seconds_nothing_is_asked(self, soon: Callable[[float], None]) -> None:
        learned("x-0", 0)
        known = Index()
        asked(known, 0)
        soon(60.0)

        assert asked(known, 0)[1] == []

    def test_a_fresh_process_and_one_that_forgot_know_the_same(self, soon: Callable[[float], None]) -> None:
        first = learned("x-0", 0)
        known = Index()
        asked(known, 0)
        soon(60.0)

        known.forget()

        assert asked(known, 0)[0] == asked(Index(), 0)[0] == first


class TestThreads:
    def test_questions_are_answered_by_one_thread(self) -> None:
        learned("lamp", 1)
        with threadpool_limits(limits=2, user_api="blas"):
            meaning.use_one_thread.cache_clear()
            Index().current().closeness(direction(1)[None, :])
            blas = ThreadpoolController().select(user_api="blas").info()
            assert {one["num_threads"] for one in blas} == {1}


class TestTelling:
    def test_leaves_out_what_most_names_have(self) -> None:
        for number in range(6):
            learned(f"lamp-{number}", number)
        means(published("tree", draft(name="树木登记")).id, 9, at=AT)
        known = Index().current()
        assert known.telling(["登记", "树木", "桥梁"], most=3) == ("桥梁", "树木")
        assert known.telling(["登记"], most=3) == ("登记",)
        assert known.telling(["登记", "树木"], most=8) == ("树木", "登记")
