"""Files that people handed in, sent back: always as a download, never shown or run by the browser."""

from typing import BinaryIO

from django.http import FileResponse

SANDBOX = "sandbox; default-src 'none'"
"""Even if a browser were made to show a file, nothing in it runs or loads."""


def download(content: BinaryIO, *, name: str, media_type: str) -> FileResponse:
    """Return an answer that sends a file piece by piece and is kept by nobody on the way."""
    response = FileResponse(content, as_attachment=True, filename=name, content_type=media_type)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
