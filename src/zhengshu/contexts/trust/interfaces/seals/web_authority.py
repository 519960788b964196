"""The authority for seals as programs meet it: timestamps (RFC 3161), roots, lists of revoked certificates."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from zhengshu.contexts.trust.application.seals.authority import (
    current_list,
    root_certificate,
    timestamp_answer,
)
from zhengshu.foundation.crypto.signatures import Scheme
from zhengshu.foundation.http.rules import public
from zhengshu.foundation.seals.timestamps import ANSWER_TYPE, MOST_REQUEST_BYTES, REQUEST_TYPE

SCHEMES: Mapping[str, Scheme] = {"sm2": Scheme.SM2_SM3, "p256": Scheme.ECDSA_P256}
HOUR = "public, max-age=3600"


@csrf_exempt
@require_POST
@public
def timestamp(request: HttpRequest) -> HttpResponse:
    """Answer a timestamp request."""
    if request.content_type != REQUEST_TYPE:
        return HttpResponse(status=415)
    announced = request.headers.get("Content-Length", "")
    if not announced.isdecimal() or int(announced) > MOST_REQUEST_BYTES:
        return HttpResponse(status=413)
    return HttpResponse(
        timestamp_answer(request.body), content_type=ANSWER_TYPE, headers={"Cache-Control": "no-store"}
    )


@require_GET
@public
def root(_request: HttpRequest, scheme: str) -> HttpResponse:
    """Send the root certificate of our own authority, as PEM."""
    found = root_certificate(_scheme(scheme))
    return HttpResponse(found.pem, content_type="application/x-pem-file", headers={"Cache-Control": HOUR})


@require_GET
@public
def revoked(_request: HttpRequest, scheme: str) -> HttpResponse:
    """Send the list of certificates that our own authority has taken back."""
    content = current_list(_scheme(scheme), at=timezone.now())
    return HttpResponse(content, content_type="application/pkix-crl", headers={"Cache-Control": "no-cache"})


def _scheme(name: str) -> Scheme:
    found = SCHEMES.get(name)
    if found is None:
        raise Http404
    return found
