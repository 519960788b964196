"""Secrets that a fresh installation makes for itself, readable by its own user only."""

import os
import secrets as random
from pathlib import Path


def django_key(folder: Path) -> str:
    """Return Django's signing key: from ``ZHENGSHU_SECRET_KEY``, else from a file made on first use."""
    return os.environ.get("ZHENGSHU_SECRET_KEY") or keep(folder / "keys" / "django.key").hex()


def keep(file: Path) -> bytes:
    """Return the 32 random bytes of a key file, written once with mode 0600."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(file.read_text())
    with os.fdopen(descriptor, "w") as out:
        key = random.token_bytes(32)
        out.write(key.hex())
    return key


def from_file(path: str) -> str:
    """Return the first line of a file that holds a password; empty where none is named."""
    return Path(path).read_text(encoding="utf-8").partition("\n")[0].strip() if path else ""
