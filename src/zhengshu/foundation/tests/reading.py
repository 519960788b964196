"""Pages as people read them."""

import re

from django.http import HttpResponseBase


def text_of(response: HttpResponseBase) -> str:
    """Return the body of an answer, without the marks of Chinese words on English pages."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return re.sub("</?bdi[^>]*>", "", body.decode())
