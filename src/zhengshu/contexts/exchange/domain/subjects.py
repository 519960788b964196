"""Keys of persons and enterprises as records of calls have them: a keyed digest that tells nobody whose key it is."""

import hmac
from collections.abc import Mapping
from hashlib import sha256

KEY_USE = b"exchange.subject"
"""The use for which the digest's key is derived from the root key; each deployment has its own."""


def subject_digest(keys: Mapping[str, str], *, key: bytes) -> bytes:
    """Return the digest of the key columns that were asked for and their values."""
    text = "\n".join(f"{column}={keys[column].strip()}" for column in sorted(keys))
    return hmac.digest(key, text.encode(), sha256)
