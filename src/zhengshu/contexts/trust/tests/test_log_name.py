"""The name of the proof log: recorded once, never another."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, transaction
from pytest_django import Settings

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.interfaces.commands import sequencer
from zhengshu.contexts.trust.models import LogName
from zhengshu.foundation.tlog.keys import LogRenamed, log_signers
from zhengshu.foundation.tlog.merkle import EMPTY_ROOT
from zhengshu.foundation.tlog.notes import Checkpoint, signed
from zhengshu.foundation.tlog.store import LogFolder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> LogFolder:
    settings.PROOF_LOG_FOLDER = tmp_path / "log"
    settings.PROOF_LOG_ORIGIN = "data.city/trust/log"
    return LogFolder(tmp_path / "log")


class TestNameOfTheLog:
    def test_is_recorded_at_the_first_start_and_kept_at_the_second(self) -> None:
        api.keep_log_name()
        api.keep_log_name()

        assert LogName.objects.get().origin == "data.city/trust/log"

    def test_another_one_is_refused_with_the_way_out(self, settings: Settings) -> None:
        api.keep_log_name()
        settings.PROOF_LOG_ORIGIN = "new.city/trust/log"

        with pytest.raises(LogRenamed) as refused:
            api.keep_log_name()
        ended = CliRunner().invoke(sequencer, ["--once"])

        assert "Set ZHENGSHU_PROOF_LOG_ORIGIN=data.city/trust/log" in refused.value.text()
        assert ended.exit_code == 1
        assert "Set ZHENGSHU_PROOF_LOG_ORIGIN=data.city/trust/log" in ended.output

    def test_a_log_that_was_published_before_keeps_its_name(self, folder: LogFolder) -> None:
        text = Checkpoint(origin="127.0.0.1:8000/trust/log", size=0, root=EMPTY_ROOT).text
        folder.publish(signed(text, signers=log_signers("127.0.0.1:8000/trust/log")))

        with pytest.raises(LogRenamed) as refused:
            api.keep_log_name()

        assert refused.value.data["recorded"] == "127.0.0.1:8000/trust/log"

    @pytest.mark.parametrize("change", ["delete", "update", "truncate"])
    def test_nobody_changes_it_in_the_database(self, change: str) -> None:
        api.keep_log_name()
        rows = LogName.objects.all()

        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            if change == "delete":
                rows.delete()
            elif change == "update":
                rows.update(origin="other")
            else:
                with transaction.get_connection().cursor() as cursor:
                    cursor.execute("TRUNCATE trust_log_name")
