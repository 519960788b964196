"""The store of files: whole or not at all, once, and swept without losing what is wanted."""

import os
import resource
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import LazySettings

from zhengshu.foundation.files import keeping
from zhengshu.foundation.files.judging import FileContentOtherwise, FileEmpty
from zhengshu.foundation.files.keeping import (
    FileGone,
    FileTooLarge,
    drop_orphans,
    keep_file,
    keep_judged,
    open_kept,
)
from zhengshu.foundation.files.scanning import FileInfected, ScannerUnavailable
from zhengshu.foundation.files.tests import contents as made

pytestmark = pytest.mark.django_db

MOST = 1 << 20
LATER = datetime.now(UTC) + timedelta(days=2)


@pytest.fixture(autouse=True)
def store(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(keeping, "_users", {})
    return tmp_path


def files_in(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


def kept(content: bytes = made.PDF, *, name: str = "a.pdf") -> str:
    return keep_file(chunks=[content], name=name, most_bytes=MOST).digest


class TestKeepFile:
    def test_stores_a_content_once_under_its_digest(self, store: Path) -> None:
        first = keep_file(chunks=[made.PDF[:9], made.PDF[9:]], name="甲.pdf", most_bytes=MOST)
        second = keep_file(chunks=[made.PDF], name="乙.pdf", most_bytes=MOST)

        assert first.digest == second.digest == sha256(made.PDF).hexdigest()
        assert (first.name, second.name, first.size) == ("甲.pdf", "乙.pdf", len(made.PDF))
        assert [path.name for path in files_in(store)] == [first.digest]
        with open_kept(first.digest) as file:
            assert file.read() == made.PDF

    def test_knows_the_national_digest(self) -> None:
        known = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"  # GB/T 32905, example 1

        assert keep_file(chunks=[b"abc"], name="a.txt", most_bytes=MOST).sm3 == known

    def test_takes_over_what_was_judged_before(self, store: Path) -> None:
        assert keep_judged(made.PDF) == keep_judged(made.PDF) == kept()

        assert len(files_in(store)) == 1

    def test_leaves_nothing_of_what_is_refused(self, store: Path) -> None:
        for content, name, refusal in (
            (made.PROGRAM, "a.pdf", FileContentOtherwise),
            (b"", "a.pdf", FileEmpty),
            (made.PDF + bytes(MOST), "a.pdf", FileTooLarge),
        ):
            with pytest.raises(refusal):
                keep_file(chunks=[content], name=name, most_bytes=MOST)

        assert files_in(store) == []

    def test_leaves_nothing_of_an_upload_that_is_cut_off(self, store: Path) -> None:
        def cut_off() -> Iterator[bytes]:
            yield made.PDF
            raise ConnectionResetError

        with pytest.raises(ConnectionResetError):
            keep_file(chunks=cut_off(), name="a.pdf", most_bytes=MOST)

        assert files_in(store) == []

    def test_needs_no_memory_for_a_large_file(self) -> None:
        pieces, before = 400, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        chunks = (made.PNG if number == 0 else bytes(1 << 20) for number in range(pieces))

        large = keep_file(chunks=chunks, name="a.png", most_bytes=1 << 30)

        assert large.size > (pieces - 1) << 20
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10

    def test_refuses_a_name_that_is_no_digest(self) -> None:
        with pytest.raises(ValueError, match="SHA-256"):
            open_kept("../../etc/passwd")

    def test_says_that_a_file_is_gone(self) -> None:
        with pytest.raises(FileGone):
            open_kept("0" * 64)


class TestDropOrphans:
    def test_removes_what_nobody_refers_to(self, store: Path) -> None:
        wanted, useless = kept(), kept(made.PNG, name="a.png")
        (store / "arriving" / "left").write_bytes(b"half")
        keeping.refers(lambda digests: digests & {wanted})

        assert drop_orphans(at=LATER) == 2

        assert [path.name for path in files_in(store)] == [wanted]
        assert useless != wanted

    def test_spares_what_is_young(self, store: Path) -> None:
        digest = kept()

        assert drop_orphans(at=datetime.now(UTC)) == 0

        assert [path.name for path in files_in(store)] == [digest]

    def test_keeping_again_makes_young(self, store: Path) -> None:
        digest = kept()
        path = next(iter(files_in(store)))
        os.utime(path, (0, 0))
        kept()

        assert drop_orphans(at=datetime.now(UTC)) == 0

        assert path.name == digest


@pytest.fixture
def scanner(settings: LazySettings) -> Iterator[dict[str, bytes]]:
    """Run a scanner that speaks clamd's protocol; `answer` is what it says, `seen` what it got."""
    told = {"answer": b"stream: OK\0", "seen": b""}
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.FILES_SCANNER = f"tcp://127.0.0.1:{server.getsockname()[1]}"

        def serve() -> None:
            connection, _ = server.accept()
            with connection, connection.makefile("rb") as stream:
                told["command"] = stream.read(10)
                while size := int.from_bytes(stream.read(4), "big"):
                    told["seen"] += stream.read(size)
                connection.sendall(told["answer"])

        thread = threading.Thread(target=serve)
        thread.start()
        yield told
        thread.join(timeout=10)


class TestScan:
    def test_hands_over_the_whole_file(self, scanner: dict[str, bytes]) -> None:
        kept()

        assert scanner["command"] == b"zINSTREAM\0"
        assert scanner["seen"] == made.PDF

    @pytest.mark.parametrize(
        ("answer", "refusal"),
        [
            (b"stream: Eicar-Signature FOUND\0", FileInfected),
            (b"INSTREAM size limit exceeded. ERROR\0", ScannerUnavailable),
            (b"", ScannerUnavailable),
        ],
    )
    def test_takes_only_what_is_clean(
        self, scanner: dict[str, bytes], answer: bytes, refusal: type[Exception], store: Path
    ) -> None:
        scanner["answer"] = answer

        with pytest.raises(refusal):
            kept()

        assert files_in(store) == []

    def test_takes_nothing_while_the_scanner_is_away(self, settings: LazySettings, store: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            settings.FILES_SCANNER = f"tcp://127.0.0.1:{server.getsockname()[1]}"

        with pytest.raises(ScannerUnavailable):
            kept()

        assert files_in(store) == []
