"""How the SCIM 2.0 endpoint lets programs in and answers them (RFC 7644)."""

import json
from collections.abc import Callable, Mapping
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from zhengshu.contexts.trust.application.add_account import UsernameTaken
from zhengshu.contexts.trust.application.queries import DepartmentNotFound
from zhengshu.contexts.trust.application.scim import source_of_token
from zhengshu.foundation.http.problems import STATUS
from zhengshu.foundation.http.rules import public
from zhengshu.kernel.errors import Kind, Refused

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
MOST = 200
BAD, UNKNOWN = 400, 401


class Wrong(Exception):
    """A request that the standard answers with an error; carries status, type and sentence."""

    def __init__(self, status: int, kind: str, detail: str) -> None:
        """Keep what the answer says."""
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail


def endpoint(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let only a source with its token in, and answer every refusal as the standard writes it."""

    @wraps(view)
    def guarded(request: HttpRequest, **named: object) -> HttpResponse:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        source = source_of_token(token.strip(), at=timezone.now()) if scheme.lower() == "bearer" else None
        if source is None:
            return answer({**_error(401, "", "A token of a source is needed.")}, 401)
        try:
            return view(request, source, **named)
        except Wrong as fault:
            return answer(_error(fault.status, fault.kind, fault.detail), fault.status)
        except UsernameTaken as refusal:
            return answer(_error(409, "uniqueness", refusal.text()), 409)
        except Refused as refusal:
            is_value = isinstance(refusal, DepartmentNotFound) or refusal.kind is Kind.INVALID
            status = BAD if is_value else STATUS[refusal.kind]
            return answer(_error(status, "invalidValue" if is_value else "", refusal.text()), status)

    return csrf_exempt(public(guarded))


def list_of(told: list[dict[str, object]]) -> dict[str, object]:
    """Return a whole list as the standard writes it."""
    return {
        "schemas": [LIST],
        "totalResults": len(told),
        "startIndex": 1,
        "itemsPerPage": len(told),
        "Resources": told,
    }


def _error(status: int, kind: str, detail: str) -> dict[str, object]:
    told: dict[str, object] = {"schemas": [ERROR], "status": str(status), "detail": detail}
    return {**told, "scimType": kind} if kind else told


def answer(told: Mapping[str, object], status: int = 200) -> HttpResponse:
    """Return what is told as JSON of the standard."""
    response = HttpResponse(
        json.dumps(told, ensure_ascii=False), status=status, content_type="application/scim+json"
    )
    response["Cache-Control"] = "no-store"
    if status == UNKNOWN:
        response["WWW-Authenticate"] = "Bearer"
    return response


def root(route: str) -> str:
    """Return the public address of a route."""
    return settings.PUBLIC_URL.rstrip("/") + reverse(f"scim:{route}")
