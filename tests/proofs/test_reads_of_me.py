"""Who read my record: the person himself, everything the law lets him know, nothing of anybody else."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from zhengshu.contexts.exchange.application import reads_of_me as reads
from zhengshu.contexts.exchange.application.reads_of_me import ReadingRules, ReadOfMe, Telling, reads_of_me
from zhengshu.contexts.exchange.application.watch_calls import watch_calls
from zhengshu.contexts.exchange.domain.subjects import KEY_USE, subject_digest
from zhengshu.contexts.exchange.models import CallRecord, Grant
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import NOW, browser
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.models import AuditEvent
from zhengshu.contexts.trust.tests import factories as trusts
from zhengshu.foundation.crypto.sealing import derived_key
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.tests.reading import text_of
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import new_id

pytestmark = pytest.mark.django_db

MINE, OTHERS = "36042619910101008X", "360426199101010071"
LONG_AGO = timedelta(days=400)


@pytest.fixture
def place(tmp_path: Path) -> factories.City:
    cache.clear()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE exchange_call_record DISABLE TRIGGER ALL")
        cursor.execute("DELETE FROM exchange_call_record")
        cursor.execute("ALTER TABLE exchange_call_record ENABLE TRIGGER ALL")
    return factories.city(tmp_path, at=NOW)


@pytest.fixture
def grant(place: factories.City) -> Grant:
    factories.granted(place, at=NOW)
    row = factories.grant_row(place)
    row.key_columns = ["legal_person_id"]
    row.save(update_fields=["key_columns"])
    return row


def citizen(number: str) -> Actor:
    account = trust.add_citizen(
        username=f"c{number[-4:]}", name="张三", citizen_id=number, password=trusts.PASSWORD,
        actor=trusts.PLATFORM, at=trusts.AT,
    )  # fmt: skip
    return trust.actor_of(official_id=account)


def called(grant: Grant, about: str, *, ago: timedelta = timedelta(days=3), **changes: object) -> CallRecord:
    digest = subject_digest({"legal_person_id": about}, key=derived_key(KEY_USE))
    return CallRecord.objects.create(
        **{
            "id": new_id(),
            "at": timezone.now() - ago,
            "gateway": "test",
            "key_id": "k",
            "nonce": str(uuid4()),
            "system_id": grant.system_id,
            "consumer_department_id": grant.consumer_department_id,
            "provider_department_id": grant.provider_department_id,
            "grant_id": grant.id,
            "resource_code": grant.resource_code,
            "operation": "records",
            "purpose": "tax_administration",
            "case_ref": "税〔2026〕7号",
            "verdict": "ok",
            "fields": ["enterprise_name"],
            "row_count": 1,
            "request_digest": b"1",
            "subject_digest": digest,
            **changes,
        }
    )


def seen(actor: Actor, **filters: str) -> tuple[ReadOfMe, ...]:
    now: datetime = timezone.now()
    watch_calls(at=now)
    query = ListQuery(filters={name: (value,) for name, value in filters.items()})
    return reads_of_me(query=query, actor=actor, at=now).rows


class TestWhatIsShown:
    def test_says_who_when_for_what_and_which_fields(self, place: factories.City, grant: Grant) -> None:
        call = called(grant, MINE)

        (row,) = seen(citizen(MINE))

        assert (row.receipt, row.at, row.case_ref) == (call.id, call.at, "税〔2026〕7号")
        assert (row.system, row.fields) == ("金税核验系统", ("企业名称",))
        assert row.department
        assert row.resource == grant.resource_name

    def test_nothing_of_anybody_else(self, grant: Grant) -> None:
        called(grant, OTHERS)

        assert seen(citizen(MINE)) == ()

    def test_a_call_that_asked_by_further_columns_is_about_the_person_too(self, grant: Grant) -> None:
        key = derived_key(KEY_USE)
        keys = [{"legal_person_id": MINE, "name": "张三"}, {"name": "张三", "code": "1"}]
        mine, _other = (called(grant, MINE, subject_digest=subject_digest(one, key=key)) for one in keys)

        (row,) = seen(citizen(MINE))

        assert row.receipt == mine.id

    def test_a_small_x_is_the_same_person(self, grant: Grant) -> None:
        called(grant, MINE.lower())

        assert len(seen(citizen(MINE))) == 1

    @pytest.mark.parametrize(
        ("changes", "count"),
        [
            ({"verdict": "exchange.grant-expired", "row_count": 0}, 0),
            ({"row_count": 0}, 0),
            ({"operation": "verify", "row_count": 0}, 1),
        ],
    )
    def test_what_gave_nothing_is_no_read(self, grant: Grant, changes: dict[str, object], count: int) -> None:
        called(grant, MINE, ago=timedelta(days=3), **changes)

        assert len(seen(citizen(MINE))) == count

    def test_officials_and_strangers_have_no_such_list(self, place: factories.City, grant: Grant) -> None:
        called(grant, MINE)

        assert seen(place.reviewer) == ()
        assert seen(Actor.platform("x")) == ()
        assert seen(Actor.anonymous()) == ()
        assert browser(place.reviewer).get("/exchange/my-reads/").status_code == 403

    def test_is_narrowed_by_department_purpose_and_day(self, grant: Grant) -> None:
        called(grant, MINE)
        me = citizen(MINE)
        today = f"{timezone.localdate()}"

        assert len(seen(me, department=str(grant.consumer_department_id))) == 1
        assert len(seen(me, purpose="tax_administration")) == 1
        assert seen(me, department=str(uuid4())) == ()
        assert seen(me, purpose="statistics") == ()
        assert seen(me, **{"from": today}) == ()
        assert len(seen(me, to=today)) == 1


class TestDelay:
    def test_a_read_is_told_after_a_day(self, grant: Grant) -> None:
        called(grant, MINE, ago=timedelta(hours=23))
        me = citizen(MINE)
        assert seen(me) == ()

        called(grant, MINE, ago=timedelta(hours=25))

        assert len(seen(me)) == 1

    def test_an_investigation_is_told_when_it_cannot_be_hindered_any_more(self, grant: Grant) -> None:
        called(grant, MINE, ago=timedelta(days=179), purpose="administrative_penalty")
        me = citizen(MINE)
        assert seen(me) == ()

        called(grant, MINE, ago=timedelta(days=181), purpose="administrative_penalty")

        assert len(seen(me)) == 1

    def test_what_a_law_withholds_leaves_no_trace(
        self, grant: Grant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rules = ReadingRules(
            usual=Telling(after_days=0, basis="b"),
            purposes={"administrative_penalty": Telling(after_days=None, basis="b")},
        )
        monkeypatch.setattr(reads, "reading_rules", lambda: rules)
        called(grant, MINE, ago=LONG_AGO, purpose="administrative_penalty")
        me = citizen(MINE)

        assert seen(me) == ()
        assert reads.readers_of_me(actor=me, at=timezone.now()) == ()


class TestPage:
    def test_shows_the_list_and_when_one_is_told(self, grant: Grant) -> None:
        me = citizen(MINE)
        empty = text_of(browser(me).get("/exchange/my-reads/"))
        called(grant, MINE)
        watch_calls(at=timezone.now())

        page = text_of(browser(me).get("/exchange/my-reads/"))

        assert "Nobody is on this list" in empty
        assert "金税核验系统" in page
        assert "Investigation for administrative penalties" in page
        assert MINE not in page

    def test_is_exported_and_the_export_noted(self, grant: Grant) -> None:
        called(grant, MINE)
        watch_calls(at=timezone.now())
        me = citizen(MINE)

        text = text_of(browser(me).get("/exchange/my-reads/export.csv"))

        assert "金税核验系统" in text
        assert AuditEvent.objects.filter(name="exchange.own-reads.exported.v1", actor_id=me.id).exists()

    def test_is_in_the_menu_of_citizens(self, place: factories.City) -> None:
        assert "/exchange/my-reads/" in text_of(browser(citizen(MINE)).get("/exchange/my-reads/"))
        assert "/exchange/my-reads/" not in text_of(browser(place.officer).get("/exchange/requests/"))
        assert Role.CITIZEN in citizen(OTHERS).roles
