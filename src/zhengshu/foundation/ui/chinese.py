"""Chinese words on English pages: each run of them stands in an element that says so.

What departments write, what people are called and what certificates say is Chinese also for whoever reads English. A
reading machine must be told where (WCAG 2.2, 3.1.2), wherever a page shows it; so it is told here, for every page.
"""

import re
from typing import Final, Protocol

from django.http import HttpRequest, HttpResponse
from django.utils import translation

LANGUAGE: Final = "zh-Hans"

_HAN: Final = "⺀-⿟々〆〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_BEFORE: Final = "《（「『【〔“‘"
_AFTER: Final = "》）」』】〕”’。！？；：，、"
_BETWEEN: Final = r"0-9A-Za-z·…—%.\-"
_RUN: Final = f"[{_BEFORE}]*[{_HAN}](?:[{_HAN}{_BEFORE}{_AFTER}{_BETWEEN}]*[{_HAN}{_AFTER}0-9A-Za-z])?"
_PIECE: Final = re.compile(
    rf"""
    <!--.*?-->
    | <(?P<raw>script|style|svg|textarea|title)\b.*?</(?P=raw)\s*>   # text that holds no elements
    | <option(?![^>]*\slang=)(?P<option>[^>]*>[^<]*[{_HAN}])   # an option holds none, but may say its language
    | <(?:[^'">]+|"[^"]*"|'[^']*')*+>
    | (?P<run>{_RUN})
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_IS_THERE: Final = re.compile(f"[{_HAN}]")


def mark(html: str) -> str:
    """Return a page with its Chinese words marked; attributes, titles and scripts stay as they are."""
    return _PIECE.sub(_marked, html) if _IS_THERE.search(html) else html


def _marked(found: re.Match[str]) -> str:
    if run := found["run"]:
        return f'<bdi lang="{LANGUAGE}">{run}</bdi>'
    if option := found["option"]:
        return f'<option lang="{LANGUAGE}"{option}'
    return found[0]


class _Next(Protocol):
    def __call__(self, request: HttpRequest, /) -> HttpResponse: ...


class ChineseMiddleware:
    """Mark what is Chinese on an English page."""

    def __init__(self, get_response: _Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, marked where that is a page for whoever reads English."""
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
        if is_page and translation.get_language() == "en":
            response.content = mark(response.content.decode(response.charset))
        return response
