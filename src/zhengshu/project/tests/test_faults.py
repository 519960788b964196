"""A page that fails leaves a trace for the operator, without the data that it had in hand."""

import io
import logging

import pytest
import structlog
from django.test import Client

from zhengshu.foundation.faults import named
from zhengshu.kernel.errors import Refused

SECRET = "470302199003071234"


class TestFaults:
    @pytest.mark.django_db
    def test_are_logged_with_their_place_and_without_values(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_args: object, **_more: object) -> None:
            try:
                int(f"{SECRET}x")
            except ValueError as fault:
                raise RuntimeError(SECRET) from fault

        monkeypatch.setattr("zhengshu.contexts.portal.interfaces.web_desk.render", fail)
        handler = logging.getLogger("django.request").handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        written = io.StringIO()
        # Not `setStream`: it flushes the stream before, which may be that of a test that has ended.
        monkeypatch.setattr(handler, "stream", written)

        answer = Client(raise_request_exception=False).get("/")

        assert answer.status_code == 500
        entry = written.getvalue()
        assert "Internal Server Error: /" in entry
        assert "builtins.RuntimeError" in entry
        assert "builtins.ValueError" in entry
        assert "web_desk.py" in entry
        assert SECRET not in entry

    def test_of_background_work_are_logged_in_the_same_way(self, capsys: pytest.CaptureFixture[str]) -> None:
        def fail(number: str) -> None:
            raise ValueError(number)

        try:
            fail(SECRET)
        except ValueError:
            structlog.get_logger("tests").exception("tests.failed", handler="one")

        entry = capsys.readouterr().out
        assert "tests.failed" in entry
        assert "builtins.ValueError" in entry
        assert "test_faults.py" in entry
        assert SECRET not in entry

    def test_keep_the_sentences_that_we_wrote_and_no_others(self) -> None:
        class Lost(Refused):
            code = "tests.lost"
            message = "It is lost."

        assert named(Lost()).endswith("Lost: It is lost.")
        assert named(ValueError(SECRET)) == "ValueError"
