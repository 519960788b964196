"""Keys of persons and enterprises as records of calls have them: a keyed digest that tells nobody whose key it is."""

import hmac
from collections.abc import Mapping
from hashlib import sha256

from zhengshu.kernel.citizen_id import CitizenId, CitizenIdInvalid

KEY_USE = b"exchange.subject"
"""The use for which the digest's key is derived from the root key; each deployment has its own."""


def subject_digest(keys: Mapping[str, str], *, key: bytes) -> bytes:
    """Return the digest of the key columns that were asked for and their values.

    Where one of several columns identifies a natural person, the others say nothing more: the digest is that of this
    column alone, so that the person is the same however he was asked for. Of two such columns the first by name counts.
    """
    if len(keys) > 1:
        keys = _identifying(keys) or keys
    text = "\n".join(f"{column}={keys[column].strip()}" for column in sorted(keys))
    return hmac.digest(key, text.encode(), sha256)


def _identifying(keys: Mapping[str, str]) -> Mapping[str, str]:
    for column in sorted(keys):
        try:
            CitizenId.parse(keys[column])
        except CitizenIdInvalid:
            continue
        return {column: keys[column]}
    return {}
