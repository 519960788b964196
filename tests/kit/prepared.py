"""What a platform of the tests finds in its folder: all that `zhengshu prepare` makes there, made once and copied."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("src", "packs")
"""What decides about tables, static files and content; a change of any file makes all of it anew."""


def lay(folder: Path, environment: Mapping[str, str]) -> None:
    """Put into an empty folder what the first start of a platform would."""
    kept = Path(os.environ["ZHENGSHU_TESTS_DATA"]).resolve() / "prepared-platform"
    kept.mkdir(parents=True, exist_ok=True)
    made = kept / _digest()
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for outdated in kept.iterdir():
                if outdated.is_dir():
                    shutil.rmtree(outdated)
            _prepare(kept / "draft", environment)
            _write_without_waiting_for_the_disk(kept / "draft" / "postgres")
            (kept / "draft").rename(made)
        # Keeps whose the files are: the database's belong to the user as whom it runs under root.
        subprocess.run(["cp", "-a", f"{made}/.", str(folder)], check=True)


def _prepare(folder: Path, environment: Mapping[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-m", "zhengshu.project.cli", "prepare", "--no-city"],
        cwd=ROOT,
        env={**environment, "ZHENGSHU_DATA": str(folder)},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _write_without_waiting_for_the_disk(server: Path) -> None:
    """Let the system write the database's files when it likes: processes are killed here, never the machine."""
    with (server / "postgresql.auto.conf").open("a") as settings:
        settings.write("fsync = off\nfull_page_writes = off\n")


def _digest() -> str:
    digest = hashlib.sha256()
    for file in _files():
        stat = file.stat()
        digest.update(f"{file} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _files() -> Iterator[Path]:
    for source in SOURCES:
        for folder, below, names in os.walk(ROOT / source):
            below[:] = sorted(name for name in below if name not in {"tests", "__pycache__"})
            yield from (Path(folder) / name for name in sorted(names))
