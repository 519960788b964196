"""Headers that every answer carries."""

from typing import Protocol

from django.http import HttpRequest, HttpResponse


class _Next(Protocol):
    def __call__(self, request: HttpRequest, /) -> HttpResponse: ...


DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
"""No inline script. Inline style is needed by ECharts, which sets positions in the style attribute."""


class SecurityHeadersMiddleware:
    """Add the content security policy and forbid what no page of ours uses."""

    def __init__(self, get_response: _Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response
        self.policy = "; ".join(DIRECTIVES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response
