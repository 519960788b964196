"""The SCIM 2.0 endpoint: programs of other places keep their officials' accounts here."""

import json
import re
from collections.abc import Callable, Mapping
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from zhengshu.contexts.trust.application.add_account import UsernameTaken
from zhengshu.contexts.trust.application.queries import DepartmentNotFound
from zhengshu.contexts.trust.application.scim import (
    Person,
    SourcedPerson,
    add_person,
    change_person,
    people_of,
    person_of,
    remove_person,
    source_of_token,
)
from zhengshu.contexts.trust.models import AccountSource
from zhengshu.foundation.http.problems import STATUS
from zhengshu.foundation.http.rules import public
from zhengshu.kernel.errors import Kind, Refused

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
MOST = 200
BAD, UNKNOWN = 400, 401
MOST_BYTES = 64 * 1024
FILTER = re.compile(r'\s*(userName|externalId)\s+eq\s+"([^"]{1,255})"\s*', re.IGNORECASE)
PATHS = {
    "active": "is_active",
    "displayname": "name",
    "name.formatted": "name",
    "externalid": "external_id",
    f"{ENTERPRISE}:department".lower(): "department",
}


class _Wrong(Exception):
    """A request that the standard answers with an error; carries status, type and sentence."""

    def __init__(self, status: int, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail


def _endpoint(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let only a source with its token in, and answer every refusal as the standard writes it."""

    @wraps(view)
    def guarded(request: HttpRequest, **named: object) -> HttpResponse:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        source = source_of_token(token.strip(), at=timezone.now()) if scheme.lower() == "bearer" else None
        if source is None:
            return _answer({**_error(401, "", "A token of a source is needed.")}, 401)
        try:
            return view(request, source, **named)
        except _Wrong as fault:
            return _answer(_error(fault.status, fault.kind, fault.detail), fault.status)
        except UsernameTaken as refusal:
            return _answer(_error(409, "uniqueness", refusal.text()), 409)
        except Refused as refusal:
            is_value = isinstance(refusal, DepartmentNotFound) or refusal.kind is Kind.INVALID
            status = BAD if is_value else STATUS[refusal.kind]
            return _answer(_error(status, "invalidValue" if is_value else "", refusal.text()), status)

    return csrf_exempt(public(guarded))


@_endpoint
def users(request: HttpRequest, source: AccountSource) -> HttpResponse:
    """List the accounts that the source keeps, or add one."""
    if request.method == "POST":
        made = add_person(source, person=_written(_body(request)), at=timezone.now())
        response = _answer(_user(made), 201)
        response["Location"] = _place(made.id)
        return response
    if request.method != "GET":
        raise _Wrong(405, "", "GET or POST")
    first, most = _number(request, "startIndex", 1), min(_number(request, "count", MOST), MOST)
    total, found = people_of(source, wanted=_filter(request), first=max(1, first), most=max(0, most))
    told = {
        "schemas": [LIST],
        "totalResults": total,
        "startIndex": max(1, first),
        "itemsPerPage": len(found),
        "Resources": [_user(one) for one in found],
    }
    return _answer(told)


@_endpoint
def user(request: HttpRequest, source: AccountSource, account_id: UUID) -> HttpResponse:
    """Read, replace, change or remove one account that the source keeps."""
    at, known = timezone.now(), person_of(source, account_id=account_id)
    if request.method == "DELETE":
        remove_person(source, account_id=account_id, at=at)
        return HttpResponse(status=204)
    if request.method in {"PUT", "PATCH"}:
        body = _body(request)
        person = _written(body) if request.method == "PUT" else _patched(known.person, body)
        if person.username != known.person.username:
            raise _Wrong(400, "mutability", "userName cannot be changed.")
        known = change_person(source, account_id=account_id, person=person, at=at)
    elif request.method != "GET":
        raise _Wrong(405, "", "GET, PUT, PATCH or DELETE")
    return _answer(_user(known))


@_endpoint
def configuration(_request: HttpRequest, _source: AccountSource) -> HttpResponse:
    """Say what of the standard is there."""
    off = {"supported": False}
    return _answer(
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
            "patch": {"supported": True},
            "bulk": {**off, "maxOperations": 0, "maxPayloadSize": 0},
            "filter": {"supported": True, "maxResults": MOST},
            "changePassword": off,
            "sort": off,
            "etag": off,
            "authenticationSchemes": [
                {
                    "type": "oauthbearertoken",
                    "name": "Bearer token",
                    "description": "The token that the security administrator was shown once",
                }
            ],
            "meta": {"resourceType": "ServiceProviderConfig", "location": _root("configuration")},
        }
    )


@_endpoint
def resource_types(_request: HttpRequest, _source: AccountSource, name: str = "") -> HttpResponse:
    """Name the one sort of resource."""
    told: dict[str, object] = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "schema": USER,
        "schemaExtensions": [{"schema": ENTERPRISE, "required": True}],
        "meta": {"resourceType": "ResourceType", "location": _root("types") + "/User"},
    }
    if name:
        if name != "User":
            raise _Wrong(404, "", "There is no such resource type.")
        return _answer(told)
    return _answer(_list([told]))


@_endpoint
def schemas(_request: HttpRequest, _source: AccountSource, name: str = "") -> HttpResponse:
    """Describe the attributes that are kept."""
    told = [
        _schema(
            USER,
            "User",
            [
                _attribute("userName", required=True, mutability="immutable", uniqueness="server"),
                _attribute("displayName", required=True),
                _attribute("active", kind="boolean"),
            ],
        ),
        _schema(ENTERPRISE, "EnterpriseUser", [_attribute("department", required=True)]),
    ]
    if name:
        found = next((one for one in told if one["id"] == name), None)
        if found is None:
            raise _Wrong(404, "", "There is no such schema.")
        return _answer(found)
    return _answer(_list(told))


def _written(body: Mapping[str, object]) -> Person:
    """Return the official that a program has written."""
    is_active = body.get("active", True)
    if not isinstance(is_active, bool):
        raise _Wrong(400, "invalidValue", "active must be true or false.")
    name = body.get("displayName") or _part(body, "name").get("formatted")
    return Person(
        username=_text("userName", body.get("userName")).lower(),
        name=_text("displayName", name)[:60],
        department=_text("department", _part(body, ENTERPRISE).get("department")).upper(),
        is_active=is_active,
        external_id=str(body.get("externalId") or "")[:255],
    )


def _part(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = body.get(name)
    return part if isinstance(part, Mapping) else {}


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(400, "invalidValue", f"{name} must be a text that is not empty.")
    return value.strip()


def _patched(person: Person, body: Mapping[str, object]) -> Person:
    """Return an official after the operations of a PATCH, in their order."""
    operations = body.get("Operations")
    if not isinstance(operations, list) or not operations:
        raise _Wrong(400, "invalidSyntax", "Operations is missing.")
    changed = _user_body(person)
    for operation in operations:
        if not isinstance(operation, Mapping):
            raise _Wrong(400, "invalidSyntax", "An operation must be an object.")
        kind, path = str(operation.get("op", "")).lower(), str(operation.get("path") or "")
        value = operation.get("value")
        if kind not in {"add", "replace"}:
            raise _Wrong(400, "mutability", "Nothing that is kept can be removed; replace it.")
        pairs = {path: value} if path else value
        if not isinstance(pairs, Mapping):
            raise _Wrong(400, "invalidValue", "Without a path the value must be an object.")
        for name, one in pairs.items():
            _set(changed, name, one)
    return _written(changed)


def _set(changed: dict[str, object], path: str, value: object) -> None:
    if path == ENTERPRISE and isinstance(value, Mapping):
        for name, one in value.items():
            _set(changed, f"{ENTERPRISE}:{name}", one)
        return
    if path.lower() == "name" and isinstance(value, Mapping):
        path, value = "name.formatted", value.get("formatted")
    if isinstance(value, str) and path.lower() == "active":
        value = {"true": True, "false": False}.get(value.lower(), value)
    match PATHS.get(path.lower()):
        case "is_active":
            changed["active"] = value
        case "name":
            changed["displayName"] = value
        case "external_id":
            changed["externalId"] = value
        case "department":
            changed[ENTERPRISE] = {"department": value}
        case _ if path.lower() == "username":
            changed["userName"] = value
        case _:
            raise _Wrong(400, "invalidPath", f"{path} is not kept.")


def _user_body(person: Person) -> dict[str, object]:
    return {
        "userName": person.username,
        "displayName": person.name,
        "active": person.is_active,
        "externalId": person.external_id,
        ENTERPRISE: {"department": person.department},
    }


def _user(found: SourcedPerson) -> dict[str, object]:
    told = {"schemas": [USER, ENTERPRISE], "id": str(found.id), **_user_body(found.person)}
    if not found.person.external_id:
        del told["externalId"]
    told["meta"] = {
        "resourceType": "User",
        "created": found.created_at.isoformat(),
        "location": _place(found.id),
    }
    return told


def _filter(request: HttpRequest) -> dict[str, str]:
    text = request.GET.get("filter", "")
    if not text:
        return {}
    found = FILTER.fullmatch(text)
    if found is None:
        raise _Wrong(400, "invalidFilter", 'Only userName eq "…" and externalId eq "…" are understood.')
    return {"username" if found[1].lower() == "username" else "external_id": found[2]}


def _number(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else default


def _body(request: HttpRequest) -> dict[str, object]:
    try:
        told = json.loads(request.body) if len(request.body) <= MOST_BYTES else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise _Wrong(400, "invalidSyntax", "The body must be a JSON object.")
    return told


def _schema(key: str, name: str, attributes: list[dict[str, object]]) -> dict[str, object]:
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": key,
        "name": name,
        "attributes": attributes,
        "meta": {"resourceType": "Schema", "location": f"{_root('schemas')}/{key}"},
    }


def _attribute(
    name: str,
    *,
    kind: str = "string",
    required: bool = False,
    mutability: str = "readWrite",
    uniqueness: str = "none",
) -> dict[str, object]:
    return {
        "name": name,
        "type": kind,
        "multiValued": False,
        "required": required,
        "caseExact": False,
        "mutability": mutability,
        "returned": "default",
        "uniqueness": uniqueness,
    }


def _list(told: list[dict[str, object]]) -> dict[str, object]:
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


def _answer(told: Mapping[str, object], status: int = 200) -> HttpResponse:
    response = HttpResponse(
        json.dumps(told, ensure_ascii=False), status=status, content_type="application/scim+json"
    )
    response["Cache-Control"] = "no-store"
    if status == UNKNOWN:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _place(account_id: UUID) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("scim:user", args=[account_id])


def _root(route: str) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse(f"scim:{route}")
