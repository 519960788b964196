"""The management API: one OpenAPI document, one router per context."""

from importlib import import_module

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from zhengshu.foundation.http.problems import respond
from zhengshu.kernel.errors import Refused

api = NinjaAPI(
    title="Zhengshu",
    version="1",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
    description="The management API of the platform. The data plane is the gateway; see docs/protocol.md.",
)


@api.exception_handler(Refused)
def refuse(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Answer every refusal with its problem document."""
    return respond(request, refusal)


for context in settings.CONTEXTS:
    api.add_router(f"/{context}", import_module(f"zhengshu.contexts.{context}.interfaces.http").router)
