"""A refusal as its caller gets it: a problem document (RFC 9457) in the caller's language."""

from collections.abc import Mapping
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

import msgspec

from zhengshu.contexts.exchange.domain.refusals import (
    CallRefused,
    MethodNotAllowed,
    QuotaPerSecondUsedUp,
    TooManyFailures,
)
from zhengshu.contexts.exchange.gateway.calls import Answer

_LOCALE = Path(__file__).parent.parent / "locale"
_DEFAULT_LANGUAGE: Final = "zh_Hans"
_RETRY_SECONDS: Final[Mapping[type[CallRefused], int]] = {QuotaPerSecondUsedUp: 1, TooManyFailures: 60}
_UNAVAILABLE = 503
_UNAUTHORIZED = 401


def problem(refusal: CallRefused, *, accept_language: str = "") -> Answer:
    """Return the answer to a refused call."""
    translated = _translations(_language(accept_language)).gettext
    data = {
        name: translated(value) if isinstance(value, str) and value else value
        for name, value in refusal.data.items()
    }
    title = translated(refusal.message)
    document = {
        "type": f"/docs/errors#{refusal.code}",
        "title": title % data if data else title,
        "status": refusal.status,
        "code": refusal.code,
        **{name: str(value) for name, value in refusal.data.items()},
    }
    return Answer(
        status=refusal.status,
        body=msgspec.json.encode(document),
        headers=_headers(refusal),
        media_type=b"application/problem+json",
    )


def _headers(refusal: CallRefused) -> tuple[tuple[bytes, bytes], ...]:
    if isinstance(refusal, MethodNotAllowed):
        return ((b"allow", str(refusal.data.get("method", "")).encode()),)
    if refusal.status == _UNAUTHORIZED:
        return ((b"www-authenticate", b'Signature realm="zhengshu", headers="@method @path @query"'),)
    seconds = _RETRY_SECONDS.get(type(refusal), 1 if refusal.status == _UNAVAILABLE else 0)
    return ((b"retry-after", str(seconds).encode()),) if seconds else ()


def _language(accept_language: str) -> str:
    """Return English where it is asked for first, else the platform's own language."""
    return "en" if accept_language.strip().lower().startswith("en") else _DEFAULT_LANGUAGE


@lru_cache(maxsize=4)
def _translations(language: str) -> NullTranslations:
    file = _LOCALE / language / "LC_MESSAGES" / "django.mo"
    if language == "en" or not file.exists():
        return NullTranslations()
    with file.open("rb") as catalogue:
        return GNUTranslations(catalogue)
