"""The icons of the platform: symbols of one SVG file, written into the page so that they print and take its colour."""

import re
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

FILE = Path(__file__).with_name("icons.svg")
_SYMBOL = re.compile(r'<symbol id="(?P<name>[a-z0-9-]+)" viewBox="0 0 24 24">(?P<shapes>.*?)</symbol>')


@cache
def shapes() -> dict[str, str]:
    """Return the drawing of each icon by its name."""
    return {match["name"]: match["shapes"] for match in _SYMBOL.finditer(FILE.read_text(encoding="utf-8"))}


def icon(name: str, *, css: str = "") -> SafeString:
    """Return an icon as inline SVG; it says nothing to a screen reader, so put words beside it.

    Raises:
        KeyError: no such icon; add its symbol to `icons.svg`.
    """
    return format_html(
        '<svg class="ui-icon {}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        css,
        mark_safe(shapes()[name]),  # noqa: S308 - our own file
    )
