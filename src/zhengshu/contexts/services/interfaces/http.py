"""Management API of `services`: items as they are in force."""

import msgspec
from django.utils import timezone
from ninja import Router, Schema

from zhengshu.contexts.services import api
from zhengshu.contexts.services.interfaces import http_numbers
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest

router = Router(tags=["services"])
router.add_router("", http_numbers.router)


class ItemOut(Schema):
    """A service item as it is in force, with all declared elements by the codes of GB/T 39046-2020."""

    code: str
    version: int
    department: str
    effective_from: str
    facts: dict[str, object]


@router.get("/items/{code}", auth=official(), response=ItemOut, summary="Read a service item in force")
def item(request: ActorRequest, code: str) -> ItemOut:
    """Return the version that is in force today."""
    found = api.item(code=code, actor=request.actor, on=timezone.localdate())
    return ItemOut(
        code=found.code,
        version=found.version,
        department=found.summary.department_name,
        effective_from=found.effective_from.isoformat(),
        facts=msgspec.to_builtins(found.facts),
    )
