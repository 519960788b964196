"""What counts as the database being away, and how it is said; the real thing is in `tests/faults/test_outage.py`."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import DataError, OperationalError, ProgrammingError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from psycopg import errors

from zhengshu.foundation.http.outage import answer_fault, is_outage
from zhengshu.foundation.tests.reading import text_of


def told(fault: Exception, kind: type[Exception] = OperationalError) -> Exception:
    """Return a fault of the driver as Django tells it."""
    outer = kind(str(fault))
    outer.__cause__ = fault
    return outer


@contextmanager
def away() -> Iterator[None]:
    """Let every statement meet a server that has just gone."""

    def go(*_call: object) -> object:
        raise told(errors.AdminShutdown("terminating connection due to administrator command"))

    with connection.execute_wrapper(go):
        yield


class TestWhatCounts:
    @pytest.mark.parametrize(
        "fault",
        [
            errors.AdminShutdown("terminating connection due to administrator command"),
            errors.CrashShutdown("terminating connection because of crash of another server process"),
            errors.CannotConnectNow("the database system is starting up"),
            errors.ConnectionFailure("connection failure"),
            errors.TooManyConnections("sorry, too many clients already"),
        ],
        ids=lambda fault: type(fault).__name__,
    )
    def test_is_what_the_server_says_of_itself(self, fault: Exception) -> None:
        assert is_outage(told(fault))

    @pytest.mark.parametrize(
        "fault",
        [
            told(errors.QueryCanceled("canceling statement due to statement timeout")),
            told(errors.DiskFull("no space left on device")),
            told(errors.UndefinedTable("no such table"), ProgrammingError),
            told(errors.InvalidTextRepresentation("no number"), DataError),
            OperationalError("made by hand"),
            psycopg.OperationalError("not by Django: another server, such as a department's"),
            ValueError("x"),
        ],
        ids=lambda fault: f"{type(fault).__name__} {type(fault.__cause__).__name__}",
    )
    def test_is_no_fault_of_ours(self, fault: Exception) -> None:
        assert not is_outage(fault)

    @pytest.mark.django_db
    def test_is_not_a_connection_that_is_alive_but_misused(self) -> None:
        connection.ensure_connection()

        assert not is_outage(told(psycopg.OperationalError("another command is already in progress")))

    def test_is_found_below_the_fault_of_a_library(self) -> None:
        library = RuntimeError("the queue is not to be reached")
        library.__cause__ = told(errors.AdminShutdown("terminating connection"))

        assert is_outage(library)


@pytest.mark.django_db
class TestWhatIsSaid:
    @pytest.mark.parametrize(
        ("language", "title", "sentence"),
        [
            ("zh-hans", "暂时无法使用", "平台暂时无法连接数据库"),
            ("en", "Not available just now", "The platform cannot reach its database for the moment"),
        ],
    )
    def test_is_a_page_in_the_readers_language(self, language: str, title: str, sentence: str) -> None:
        client = Client(raise_request_exception=False)
        client.cookies["django_language"] = language
        client.cookies["theme"] = "dark"

        with away():
            answer = client.get("/services/?q=1")

        text = text_of(answer)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "10"
        assert answer.headers["Content-Language"] == language
        assert title in text
        assert sentence in text
        assert 'href="/services/?q=1"' in answer.content.decode()
        assert 'data-bs-theme="dark"' in answer.content.decode()

    def test_is_a_problem_document_for_programs(self) -> None:
        client = Client(raise_request_exception=False)
        client.cookies["sessionid"] = "a" * 32

        with away():
            answer = client.get("/api/trust/departments", headers={"Accept-Language": "en"})

        assert answer.status_code == 503
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Retry-After"] == "10"
        assert answer.json()["code"] == "foundation.database-not-reachable"
        assert answer.json()["title"].startswith("The platform cannot reach its database")

    def test_does_not_promise_that_what_was_sent_arrived(self) -> None:
        request = RequestFactory().post("/apply/x/", {"a": "b"})

        text = text_of(answered(request, told(errors.AdminShutdown("terminating connection"))))

        assert "不能确定是否已送达" in text
        assert "请稍后再试" not in text

    def test_keeps_the_page_of_our_own_faults_for_them(self) -> None:
        answer = answered(RequestFactory().get("/"), ValueError("x"))

        assert answer.status_code == 500
        assert "Retry-After" not in answer.headers
        assert "系统出现故障" in text_of(answer)


@pytest.mark.django_db
class TestHealth:
    def test_is_ready_while_the_database_answers(self, client: Client) -> None:
        assert client.get("/healthz").json() == {"status": "ready"}

    def test_is_not_ready_but_alive_while_it_is_away(self) -> None:
        client = Client(raise_request_exception=False)

        with away():
            is_ready, is_alive = client.get("/healthz"), client.get("/livez")

        assert (is_ready.status_code, is_ready.headers["Retry-After"]) == (503, "10")
        assert is_ready.json()["code"] == "foundation.database-not-reachable"
        assert (is_alive.status_code, is_alive.json()) == (200, {"status": "alive"})


def answered(request: object, fault: Exception) -> HttpResponse:
    try:
        raise fault  # noqa: TRY301 - what is being handled is what counts
    except Exception:  # noqa: BLE001 - the handler reads what is being handled, as Django calls it
        return answer_fault(request)  # type: ignore[arg-type]
