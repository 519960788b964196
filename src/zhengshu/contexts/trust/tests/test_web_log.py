"""What strangers get of the proof log: its files, its page, and a check of receipts in plain words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from zhengshu.contexts.trust.application.publish_log import log_folder
from zhengshu.foundation.tlog import notes
from zhengshu.foundation.tlog.entries import LogRecord, entry_of
from zhengshu.foundation.tlog.keys import log_signers
from zhengshu.foundation.tlog.notes import Checkpoint
from zhengshu.foundation.tlog.receipts import receipt_of
from zhengshu.foundation.tlog.tiles import TileWriter

pytestmark = pytest.mark.django_db
SALT = bytes(16)
RECORD = LogRecord(
    kind="call",
    at=datetime(2026, 3, 2, 1, 30, tzinfo=UTC),
    facts={"resource": "306001-00012", "purpose": "social_assistance", "rows": 1, "fields": ["name"]},
    sealed=bytes(64),
)


@pytest.fixture
def receipt(settings: Settings, tmp_path: Path) -> str:
    """A published log of three entries, and the receipt of the second."""
    settings.PROOF_LOG_FOLDER = tmp_path / "log"
    folder, writer, entry = log_folder(), TileWriter(), entry_of(RECORD, salt=SALT)
    folder.write(writer.append([b"before", entry, b"after"]))
    text = Checkpoint(origin=settings.PROOF_LOG_ORIGIN, size=3, root=writer.root()).text
    folder.publish(notes.signed(text, signers=log_signers(settings.PROOF_LOG_ORIGIN)))
    found = receipt_of(index=1, entry=entry, salt=SALT, folder=folder)
    assert found is not None
    return found.text


class TestFiles:
    def test_are_served_as_the_specification_says(self, client: Client, receipt: str) -> None:
        checkpoint, tile = client.get("/trust/log/checkpoint"), client.get("/trust/log/tile/0/000.p/3")

        assert checkpoint["Content-Type"] == "text/plain; charset=utf-8"
        assert checkpoint.content.decode() in receipt
        assert tile["Content-Type"] == "application/octet-stream"
        assert len(tile.content) == 3 * 32
        assert "immutable" in tile["Cache-Control"]

    @pytest.mark.parametrize(
        "path",
        [
            "tile/0/000",
            "tile/0/000.p/4",
            "tile/entries/001",
            "tile/0/x000/000",
            "tile/../checkpoint",
            "tile/0/%2e%2e/x",
        ],
    )
    def test_what_is_no_tile_is_not_found(self, client: Client, receipt: str, path: str) -> None:
        assert client.get(f"/trust/log/{path}").status_code == 404

    def test_there_is_no_checkpoint_before_the_first(
        self, client: Client, settings: Settings, tmp_path: Path
    ) -> None:
        settings.PROOF_LOG_FOLDER = tmp_path / "empty"

        assert client.get("/trust/log/checkpoint").status_code == 404
        assert "尚无存证记录" in client.get("/trust/log/").content.decode()


class TestPage:
    def test_gives_strangers_the_keys(self, client: Client, receipt: str, settings: Settings) -> None:
        page = client.get("/trust/log/").content.decode()

        assert page.count(f"{settings.PROOF_LOG_ORIGIN}+") == 2
        assert f"{settings.PROOF_LOG_ORIGIN}/promises+" in page


class TestVerification:
    def test_of_a_file_says_what_was_logged(self, client: Client, receipt: str) -> None:
        file = SimpleUploadedFile("r.tlog-proof", receipt.encode())

        page = client.post("/trust/log/verify/", {"file": file}).content.decode()

        assert "真实有效" in page
        assert "306001-00012" in page
        assert "第 2 条，共 3 条" in page

    def test_of_pasted_text_heeds_what_browsers_do_to_line_ends(self, client: Client, receipt: str) -> None:
        page = client.post("/trust/log/verify/", {"text": receipt.replace("\n", "\r\n")}).content.decode()

        assert "真实有效" in page

    @pytest.mark.parametrize("junk", [b"\xff\xfe", b"<script>alert(1)</script>", b"c2sp.org/tlog-proof@v1\n"])
    def test_of_anything_else_says_that_it_proves_nothing(
        self, client: Client, receipt: str, junk: bytes
    ) -> None:
        page = client.post("/trust/log/verify/", {"file": SimpleUploadedFile("r", junk)}).content.decode()

        assert "不能证明任何事项" in page
        assert "<script>alert" not in page

    def test_of_a_changed_receipt_says_so(self, client: Client, receipt: str) -> None:
        page = client.post(
            "/trust/log/verify/", {"text": receipt.replace("index 1", "index 2")}
        ).content.decode()

        assert "不能证明任何事项" in page

    def test_asks_for_a_receipt_when_none_is_given(self, client: Client, receipt: str) -> None:
        assert "请选择回执文件" in client.post("/trust/log/verify/", {}).content.decode()

    def test_refuses_what_is_too_large_to_be_one(self, client: Client, receipt: str) -> None:
        file = SimpleUploadedFile("r", bytes(300 * 1024))

        assert "文件过大" in client.post("/trust/log/verify/", {"file": file}).content.decode()
