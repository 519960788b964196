"""What a relying party may be told, and where its users may be sent back to."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from zhengshu.kernel.errors import Refused

OPENID = "openid"
SCOPES = (OPENID, "profile", "department", "enterprise")
"""All that may be asked for: who it is by an opaque name; the person's name; office; enterprises acted for."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LONGEST_ADDRESS = 500
MOST_ADDRESSES = 20


class RedirectUnfit(Refused):
    """An address to send users back to is complete, fixed, and safe against listeners; correct it."""

    code = "trust.redirect-unfit"
    message = (
        "“%(address)s” cannot be used: give the complete address, with https (http only for this very machine),"
        " without wildcards, user name or “#”."
    )


class ScopeUnknown(Refused):
    """There is no such scope."""

    code = "trust.scope-unknown"
    message = "There is no scope “%(scope)s”."


def checked_address(address: str) -> str:
    """Return an address of a relying party as it is compared: letter by letter.

    Raises:
        RedirectUnfit: it is not complete, not safe or not fixed.
    """
    text = address.strip()
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError as fault:
        raise RedirectUnfit(address=text) from fault
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    is_plain = not parts.username and not parts.password and "#" not in text and "*" not in text
    is_written_once = text.isascii() and text.isprintable() and " " not in text and "\\" not in text
    if not (host and is_safe and is_plain and is_written_once) or len(text) > LONGEST_ADDRESS:
        raise RedirectUnfit(address=text[:LONGEST_ADDRESS])
    return text


def checked_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    """Return the scopes that a relying party may ask for, `openid` always among them.

    Raises:
        ScopeUnknown: one that we do not have.
    """
    wanted = set(scopes) | {OPENID}
    for scope in sorted(wanted.difference(SCOPES)):
        raise ScopeUnknown(scope=scope)
    return tuple(scope for scope in SCOPES if scope in wanted)
