"""A foreign verifier accepts our log, and refuses it with one bit flipped anywhere."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhengshu.foundation.crypto.sm2 import Sm2PrivateKey
from zhengshu.foundation.tlog import notes
from zhengshu.foundation.tlog.cosignatures import cosigner_vkey
from zhengshu.foundation.tlog.entries import LogRecord, entry_of
from zhengshu.foundation.tlog.handover import KEYS, KIND, followed
from zhengshu.foundation.tlog.notes import Checkpoint, NoteSigner, NoteWrong
from zhengshu.foundation.tlog.receipts import receipt_of
from zhengshu.foundation.tlog.store import LogFolder
from zhengshu.foundation.tlog.tiles import TileWriter
from zhengshu.foundation.tlog.witness import Submission, Witness

ORIGIN = "city.example/log"
SEED = bytes(range(32))
SIGNERS = (
    notes.ed25519_signer(ORIGIN, SEED),
    notes.sm2_signer(ORIGIN, Sm2PrivateKey.from_scalar(bytes(range(1, 33)))),
)
SIZES = (3, 256, 70_000)

Verify = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def verify(tmp_path_factory: pytest.TempPathFactory) -> Verify:
    """Return the Go program that checks a log; built from `tlog/main.go` with Debian's packages alone."""
    place = tmp_path_factory.mktemp("go")
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": "/usr/share/gocode",
        "GOCACHE": str(place / "cache"),
        "GOFLAGS": "",
    }
    source, program = Path(__file__).with_name("tlog") / "main.go", place / "tlog"
    subprocess.run(["go", "build", "-o", str(program), str(source)], env=environment, check=True)

    def run(
        folder: Path, *receipts: Path, witness: str = "", key: str = ""
    ) -> subprocess.CompletedProcess[str]:
        key = key or notes.ed25519_vkey(ORIGIN, SEED)
        command = [str(program), str(folder), key, *map(str, receipts)]
        if witness:
            command = [str(program), "cosigned", str(folder), key, witness]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


def publish(
    folder: Path, size: int, *, signers: Sequence[NoteSigner] = SIGNERS, last: bytes = b""
) -> LogFolder:
    store, writer = LogFolder(folder), TileWriter()
    entries = [f"entry {number}".encode() for number in range(size)]
    store.write(writer.append([*entries[:-1], last or entries[-1]]))
    text = Checkpoint(origin=ORIGIN, size=size, root=writer.root()).text
    store.publish(notes.signed(text, signers=signers))
    return store


class TestForeignVerifier:
    @pytest.mark.parametrize("size", SIZES)
    def test_accepts_a_log_of_any_shape(self, verify: Verify, tmp_path: Path, size: int) -> None:
        publish(tmp_path, size)

        answer = verify(tmp_path)

        assert answer.stdout == f"accepted: {size} entries, 0 receipts\n", answer.stderr

    def test_accepts_cosignatures_and_refuses_them_changed(self, verify: Verify, tmp_path: Path) -> None:
        store, name, seed = publish(tmp_path / "log", 300), "audit.example/witness", bytes(range(64, 96))
        (tmp_path / "witness").mkdir()
        key = notes.verifier(notes.ed25519_vkey(ORIGIN, SEED))
        witness = Witness(name=name, seed=seed, logs=[key], folder=tmp_path / "witness")
        note = store.checkpoint()
        answer = witness.add_checkpoint(Submission(old=0, proof=(), note=note).body, at=datetime.now(tz=UTC))
        file, vkey = tmp_path / "cosigned", cosigner_vkey(name, seed)
        file.write_text(note + answer.text, encoding="utf-8")

        assert verify(file, witness=vkey).stdout == f"cosigned by {name}\n"
        file.write_text(note, encoding="utf-8")
        assert "signed by 1 of both" in verify(file, witness=vkey).stderr
        file.write_text(note.replace("300", "301") + answer.text, encoding="utf-8")
        assert "refused" in verify(file, witness=vkey).stderr

    def test_follows_from_former_keys_to_new_ones(self, verify: Verify, tmp_path: Path) -> None:
        seed = bytes(range(100, 132))
        new, signer = notes.ed25519_vkey(ORIGIN, seed), notes.ed25519_signer(ORIGIN, seed)
        entry = entry_of(
            LogRecord(kind=KIND, at=datetime.now(tz=UTC), facts={KEYS: [new]}, sealed=b""), salt=b""
        )
        both = publish(tmp_path / "both", 300, signers=[*SIGNERS, signer], last=entry)
        after = publish(tmp_path / "after", 300, signers=[signer], last=entry)
        handover, later = (
            receipt_of(index=299, entry=entry, salt=b"", folder=store) for store in (both, after)
        )
        assert handover is not None
        assert later is not None
        file = tmp_path / "handover"
        file.write_text(handover.text, encoding="utf-8")

        assert verify(tmp_path / "both", file).stdout == "accepted: 300 entries, 1 receipts\n"
        assert verify(tmp_path / "after", file, key=new).stdout == "accepted: 300 entries, 1 receipts\n"
        assert "refused" in verify(tmp_path / "after").stderr
        assert followed([handover.text], vkeys=[notes.ed25519_vkey(ORIGIN, SEED)])[-1] == new
        with pytest.raises(NoteWrong):
            followed([later.text], vkeys=[notes.ed25519_vkey(ORIGIN, SEED)])

    def test_accepts_receipts_and_refuses_them_changed(self, verify: Verify, tmp_path: Path) -> None:
        store = publish(tmp_path / "log", 1_000)
        files = []
        for index in (0, 255, 256, 700, 999):
            receipt = receipt_of(index=index, entry=f"entry {index}".encode(), salt=b"", folder=store)
            assert receipt is not None
            files.append(tmp_path / f"{index}.tlog-proof")
            files[-1].write_text(receipt.text, encoding="utf-8")

        assert verify(tmp_path / "log", *files).stdout == "accepted: 1000 entries, 5 receipts\n"
        for file in files:
            file.write_text(file.read_text(encoding="utf-8").replace("index ", "index 1"), encoding="utf-8")
            assert "refused" in verify(tmp_path / "log", file).stderr

    def test_refuses_one_flipped_bit_in_any_file(self, verify: Verify, tmp_path: Path) -> None:
        publish(tmp_path / "log", 600)
        for file in sorted((tmp_path / "log").rglob("*")):
            if not file.is_file():
                continue
            broken = tmp_path / "broken"
            shutil.copytree(tmp_path / "log", broken)
            spoilt = broken / file.relative_to(tmp_path / "log")
            content = bytearray(spoilt.read_bytes())
            last = content.index(b"\n\n") if file.name == "checkpoint" else len(content)
            place = len(file.name) * 7919 % last
            content[place] ^= 1 << place % 7
            spoilt.write_bytes(content)

            answer = verify(broken)

            assert answer.returncode == 1, file
            assert "refused" in answer.stderr
            shutil.rmtree(broken)
