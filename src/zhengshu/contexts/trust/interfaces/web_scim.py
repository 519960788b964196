"""The SCIM 2.0 endpoint: programs of other places keep their officials' accounts here."""

import json
import re
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.trust.application.scim import (
    Person,
    SourcedPerson,
    add_person,
    change_person,
    people_of,
    person_of,
    remove_person,
)
from zhengshu.contexts.trust.interfaces.scim_answers import (
    ENTERPRISE,
    LIST,
    MOST,
    USER,
    Wrong,
    answer,
    endpoint,
)
from zhengshu.contexts.trust.models import AccountSource

QUESTION = ("filter", "startIndex", "count", "attributes", "excludedAttributes")
ALWAYS = frozenset({"schemas", "id"})
"""Attributes that are told whatever was asked for."""

MOST_BYTES = 64 * 1024
FILTER = re.compile(r'\s*(userName|externalId)\s+eq\s+"([^"]{1,255})"\s*', re.IGNORECASE)
PATHS = {
    "active": "is_active",
    "displayname": "name",
    "name.formatted": "name",
    "externalid": "external_id",
    f"{ENTERPRISE}:department".lower(): "department",
}


@endpoint
def users(request: HttpRequest, source: AccountSource) -> HttpResponse:
    """List the accounts that the source keeps, or add one."""
    if request.method == "POST":
        made = add_person(source, person=_written(_body(request)), at=timezone.now())
        response = answer(_user(made), 201)
        response["Location"] = _place(made.id)
        return response
    if request.method != "GET":
        raise Wrong(405, "", "GET or POST")
    asked = {name: request.GET[name] for name in QUESTION if name in request.GET}
    return answer(_found(source, asked))


@endpoint
def search(request: HttpRequest, source: AccountSource) -> HttpResponse:
    """List accounts as `users` does, with the question in the body, where no log of addresses keeps it."""
    if request.method != "POST":
        raise Wrong(405, "", "POST")
    body = _body(request)
    asked = {
        name: ",".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in body.items()
        if name in QUESTION
    }
    return answer(_found(source, asked))


def _found(source: AccountSource, asked: Mapping[str, str]) -> dict[str, object]:
    first, most = max(1, _number(asked, "startIndex", 1)), min(_number(asked, "count", MOST), MOST)
    total, found = people_of(source, wanted=_filter(asked), first=first, most=max(0, most))
    return {
        "schemas": [LIST],
        "totalResults": total,
        "startIndex": first,
        "itemsPerPage": len(found),
        "Resources": [_told(_user(one), asked) for one in found],
    }


def _told(told: dict[str, object], asked: Mapping[str, str]) -> dict[str, object]:
    """Keep the attributes that were asked for, or leave out those that were not wanted (RFC 7644, 3.9)."""
    wanted, unwanted = (_names(asked.get(name, "")) for name in ("attributes", "excludedAttributes"))
    if wanted:
        return {name: value for name, value in told.items() if name in ALWAYS or _is_named(name, wanted)}
    return {name: value for name, value in told.items() if name in ALWAYS or not _is_named(name, unwanted)}


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in text.split(",") if name.strip())


def _is_named(name: str, names: frozenset[str]) -> bool:
    """Whether an attribute, or one within it, is among the names, with or without its schema before it."""
    known = {name.lower(), f"{USER}:{name}".lower()}
    return any(one in known or one.startswith(f"{name.lower()}:") for one in names)


@endpoint
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
            raise Wrong(400, "mutability", "userName cannot be changed.")
        known = change_person(source, account_id=account_id, person=person, at=at)
    elif request.method != "GET":
        raise Wrong(405, "", "GET, PUT, PATCH or DELETE")
    return answer(_told(_user(known), request.GET.dict()))


def _written(body: Mapping[str, object]) -> Person:
    """Return the official that a program has written."""
    is_active = body.get("active", True)
    if not isinstance(is_active, bool):
        raise Wrong(400, "invalidValue", "active must be true or false.")
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
        raise Wrong(400, "invalidValue", f"{name} must be a text that is not empty.")
    return value.strip()


def _patched(person: Person, body: Mapping[str, object]) -> Person:
    """Return an official after the operations of a PATCH, in their order."""
    operations = body.get("Operations")
    if not isinstance(operations, list) or not operations:
        raise Wrong(400, "invalidSyntax", "Operations is missing.")
    changed = _user_body(person)
    for operation in operations:
        if not isinstance(operation, Mapping):
            raise Wrong(400, "invalidSyntax", "An operation must be an object.")
        kind, path = str(operation.get("op", "")).lower(), str(operation.get("path") or "")
        value = operation.get("value")
        if kind == "remove" and PATHS.get(path.lower()) == "external_id":
            changed["externalId"] = ""
            continue
        if kind not in {"add", "replace"}:
            raise Wrong(400, "mutability", "Only externalId can be removed; replace the others.")
        pairs = {path: value} if path else value
        if not isinstance(pairs, Mapping):
            raise Wrong(400, "invalidValue", "Without a path the value must be an object.")
        for name, one in pairs.items():
            _set(changed, name, one)
    return _written(changed)


def _set(changed: dict[str, object], path: str, value: object) -> None:
    if path == ENTERPRISE and isinstance(value, Mapping):
        for name in (one for one in value if one != "schemas"):
            _set(changed, f"{ENTERPRISE}:{name}", value[name])
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
            raise Wrong(400, "invalidPath", f"{path} is not kept.")


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


def _filter(asked: Mapping[str, str]) -> dict[str, str]:
    text = asked.get("filter", "")
    if not text:
        return {}
    found = FILTER.fullmatch(text)
    if found is None:
        raise Wrong(400, "invalidFilter", 'Only userName eq "…" and externalId eq "…" are understood.')
    return {"username" if found[1].lower() == "username" else "external_id": found[2]}


def _number(asked: Mapping[str, str], name: str, default: int) -> int:
    text = asked.get(name, "")
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else default


def _body(request: HttpRequest) -> dict[str, object]:
    try:
        told = json.loads(request.body) if len(request.body) <= MOST_BYTES else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Wrong(400, "invalidSyntax", "The body must be a JSON object.")
    return told


def _place(account_id: UUID) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("scim:user", args=[account_id])
