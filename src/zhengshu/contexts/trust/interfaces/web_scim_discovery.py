"""What the SCIM 2.0 endpoint says of itself: configuration, resource types, schemas."""

from django.http import HttpRequest, HttpResponse

from zhengshu.contexts.trust.application.scim import department_codes
from zhengshu.contexts.trust.interfaces.scim_answers import (
    ENTERPRISE,
    MOST,
    USER,
    Wrong,
    answer,
    endpoint,
    list_of,
    root,
)
from zhengshu.contexts.trust.models import AccountSource

MOST_CODES = 1000
"""Codes of departments that the schema names; whoever has more knows them from the list of departments."""


@endpoint
def configuration(request: HttpRequest, _source: AccountSource) -> HttpResponse:
    """Say what of the standard is there."""
    _must_only_read(request)
    off = {"supported": False}
    return answer(
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
            "meta": {"resourceType": "ServiceProviderConfig", "location": root("configuration")},
        }
    )


@endpoint
def resource_types(request: HttpRequest, _source: AccountSource, name: str = "") -> HttpResponse:
    """Name the one sort of resource."""
    _must_only_read(request)
    told: dict[str, object] = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "schema": USER,
        "schemaExtensions": [{"schema": ENTERPRISE, "required": True}],
        "meta": {"resourceType": "ResourceType", "location": root("types") + "/User"},
    }
    if name:
        if name != "User":
            raise Wrong(404, "", "There is no such resource type.")
        return answer(told)
    return answer(list_of([told]))


@endpoint
def schemas(request: HttpRequest, _source: AccountSource, name: str = "") -> HttpResponse:
    """Describe the attributes that are kept; a department is named by its code."""
    _must_only_read(request)
    told = [
        _schema(
            USER,
            "User",
            [
                _attribute("userName", required=True, mutability="immutable", uniqueness="server"),
                _attribute("displayName", required=True),
                _attribute("active", kind="boolean", required=True),
            ],
        ),
        _schema(
            ENTERPRISE,
            "EnterpriseUser",
            [_attribute("department", required=True, values=department_codes(most=MOST_CODES))],
        ),
    ]
    if name:
        found = next((one for one in told if one["id"] == name), None)
        if found is None:
            raise Wrong(404, "", "There is no such schema.")
        return answer(found)
    return answer(list_of(told))


@endpoint
def nothing(_request: HttpRequest, _source: AccountSource, path: str) -> HttpResponse:
    """Say as the standard does that there is nothing at a place."""
    raise Wrong(404, "", f"There is nothing at {path[:100]}.")


def _must_only_read(request: HttpRequest) -> None:
    if request.method != "GET":
        raise Wrong(405, "", "GET")


def _schema(key: str, name: str, attributes: list[dict[str, object]]) -> dict[str, object]:
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": key,
        "name": name,
        "attributes": attributes,
        "meta": {"resourceType": "Schema", "location": f"{root('schemas')}/{key}"},
    }


def _attribute(
    name: str,
    *,
    kind: str = "string",
    required: bool = False,
    mutability: str = "readWrite",
    uniqueness: str = "none",
    values: tuple[str, ...] = (),
) -> dict[str, object]:
    return {
        **({"canonicalValues": list(values)} if values else {}),
        "name": name,
        "type": kind,
        "multiValued": False,
        "required": required,
        "caseExact": False,
        "mutability": mutability,
        "returned": "default",
        "uniqueness": uniqueness,
    }
