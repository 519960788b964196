"""Coming in by another provider, step by step."""

from uuid import UUID

from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.trust.application.providers.keep_providers import (
    ProviderValues,
    add_provider,
)
from zhengshu.contexts.trust.models import (
    Account,
    LinkedIdentity,
)
from zhengshu.contexts.trust.tests.factories import AT, PLATFORM
from zhengshu.contexts.trust.tests.lying_provider import LyingProvider


def admitted(province: LyingProvider, **more: object) -> UUID:
    values = ProviderValues(name="省统一身份认证", issuer=province.issuer, client_id="us", secret="s", **more)  # type: ignore[arg-type]
    return add_provider(values=values, actor=PLATFORM, at=timezone.now())


def begin(client: Client, provider_id: UUID, province: LyingProvider, target: str = "") -> dict[str, str]:
    query = {"next": target} if target else {}
    response = client.get(reverse("providers:start", args=[provider_id]), query)
    return province.heard(response.headers["Location"])


def come_back(client: Client, provider_id: UUID, province: LyingProvider, **changes: str) -> HttpResponseBase:
    sent = {"code": "c-1", "state": changes.pop("state", ""), "iss": province.issuer, **changes}
    answer = {name: value for name, value in sent.items() if value}
    return client.get(reverse("providers:answer", args=[provider_id]), answer)


def whole(client: Client, provider_id: UUID, province: LyingProvider, target: str = "") -> HttpResponseBase:
    asked = begin(client, provider_id, province, target)
    return come_back(client, provider_id, province, state=asked["state"])


def link(official: Account, provider_id: UUID, subject: str = "p-1") -> None:
    LinkedIdentity.objects.create(provider_id=provider_id, subject=subject, account=official, linked_at=AT)
