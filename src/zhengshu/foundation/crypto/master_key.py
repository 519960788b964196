"""The master key, from which every other key of the installation is derived or under which it is wrapped.

It lies in a file, wrapped by the root key; by two of them while the root is changed. An installation that is older
than the master key takes the bytes of its root key file for it, so that what it sealed stays readable.
"""

import json
import os
import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from zhengshu.foundation.crypto.ciphers import NotOpened
from zhengshu.foundation.crypto.root_key import (
    FILE,
    KEY_BYTES,
    TEXT,
    TOKEN,
    PlainRootKey,
    RootKey,
    RootKeyWrong,
    is_from_before_master_keys,
    master_key_file,
    replace,
    root_key,
    write_once,
)
from zhengshu.kernel.errors import Kind, Refused


class MasterKeyUnreadable(Refused):
    """The file of the wrapped master key is damaged; restore it from a backup."""

    code = "crypto.master-key-unreadable"
    kind = Kind.CONFLICT
    message = "The file %(file)s does not hold a wrapped master key. Restore it from a backup."


class MasterKeyStrange(Refused):
    """The database was written under another master key; restore the key files that belong to it."""

    code = "crypto.master-key-strange"
    kind = Kind.CONFLICT
    message = (
        "The keys in the database were wrapped under another master key than the one here. Restore the key files "
        "that belong to this database; with others nothing that is encrypted in it can be read."
    )


def master_key() -> bytes:
    """Return the master key of this process's settings; a fresh installation makes its own.

    Raises:
        RootKeyUnfit: what the settings name as the root key is none.
        RootKeyWrong: the root key is another one than that under which the master key lies.
        MasterKeyUnreadable: the file of the master key is damaged.
        TokenUnavailable: the token or its key cannot be used.
    """
    environment = os.environ
    return _kept(
        tuple(
            environment.get(name) for name in (FILE, TEXT, TOKEN, "ZHENGSHU_MASTER_KEY_FILE", "ZHENGSHU_DATA")
        )
    )


def change_root(*, new: RootKey, environment: Mapping[str, str]) -> None:
    """Wrap the master key under another root key as well, beside the present one.

    Processes that run go on; each that starts finds the master key with whichever of the two it is given.

    Raises:
        RootKeyWrong: the present root key does not open it.
    """
    file = master_key_file(environment)
    master = read_master(root_key(environment), file)
    wrapped = _wrapped(file)
    replace(file, _text({**wrapped, new.name: new.wrap(master).hex()}))


def forget_former_roots(*, environment: Mapping[str, str]) -> int:
    """Keep the master key under the present root key alone, and return how many others were forgotten.

    Raises:
        RootKeyWrong: the present root key does not open it.
    """
    file, present = master_key_file(environment), root_key(environment)
    read_master(present, file)
    wrapped = _wrapped(file)
    replace(file, _text({present.name: wrapped[present.name]}))
    return len(wrapped) - 1


def roots_of(*, environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the root keys that open the master key."""
    return tuple(_wrapped(master_key_file(environment)))


def read_master(root: RootKey, file: Path) -> bytes:
    """Return the master key in a file.

    Raises:
        RootKeyWrong: the root key does not open it.
        MasterKeyUnreadable: the file is damaged.
    """
    wrapped = _wrapped(file).get(root.name)
    if wrapped is None:
        raise RootKeyWrong(where=root.where, file=str(file))
    try:
        return root.unwrap(bytes.fromhex(wrapped))
    except NotOpened:
        raise MasterKeyUnreadable(file=str(file)) from None


@lru_cache(maxsize=8)
def _kept(names: tuple[str | None, ...]) -> bytes:  # noqa: ARG001 - what it depends on
    environment = os.environ
    file, root = master_key_file(environment), root_key(environment)
    if not file.exists():
        is_older = is_from_before_master_keys(environment)
        master = (
            root.secret if is_older and isinstance(root, PlainRootKey) else secrets.token_bytes(KEY_BYTES)
        )
        write_once(file, _text({root.name: root.wrap(master).hex()}))
    return read_master(root, file)


def _wrapped(file: Path) -> dict[str, str]:
    try:
        wrapped = json.loads(file.read_text())["wrapped"]
        return {str(name): str(text) for name, text in wrapped.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise MasterKeyUnreadable(file=str(file)) from None


def _text(wrapped: Mapping[str, str]) -> str:
    return json.dumps({"format": 1, "wrapped": dict(wrapped)}, indent=1) + "\n"
