"""How allauth's provider asks us: our issuer, our keys, opaque names, and no claim beyond what was consented to."""

from collections.abc import Iterable
from typing import Literal

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.internal.private_keys import filter_keys
from allauth.idp.oidc.models import Client, PrivateKey
from django.conf import settings
from django.utils import timezone

from zhengshu.contexts.trust.application.queries import enterprises_of
from zhengshu.contexts.trust.application.sign_on.consents import account_of_name, opaque_name
from zhengshu.contexts.trust.application.sign_on.keys import signing_keys
from zhengshu.contexts.trust.models import Account


class OpenIdAdapter(DefaultOIDCAdapter):  # type: ignore[misc]  # allauth is untyped
    """The provider of this platform."""

    def get_issuer(self) -> str:
        """The platform's public address; never what a request says its host is."""
        return settings.PUBLIC_URL.rstrip("/")

    def list_private_keys(
        self, *, did_activate: Literal[True] | None = None, is_active: Literal[True] | None = None
    ) -> list[PrivateKey]:
        """Return the sealed keys of the database, opened."""
        keys = [
            PrivateKey(
                pem=key.pem, issued_at=key.issued_at, not_before=key.not_before, expires_at=key.expires_at
            )
            for key in signing_keys(at=timezone.now())
        ]
        return list(filter_keys(keys, did_activate=did_activate, is_active=is_active))

    def get_user_sub(self, client: Client, user: Account) -> str:
        """Return the opaque name by which this relying party alone knows the person."""
        return opaque_name(client_id=client.id, account_id=user.id)

    def get_user_by_sub(self, client: Client, sub: str) -> Account | None:
        """Return the person of an opaque name."""
        return account_of_name(client_id=client.id, subject=sub)

    def get_claims(
        self,
        purpose: Literal["id_token", "userinfo"],
        user: Account,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,  # noqa: ARG002 - allauth's signature
        **_more: object,
    ) -> dict[str, object]:
        """Return the opaque name; of the person what the scopes say, at the userinfo endpoint only."""
        claims: dict[str, object] = {"sub": self.get_user_sub(client, user)}
        if purpose == "id_token":
            return claims
        asked = set(scopes)
        if "profile" in asked:
            claims["name"] = user.name
        if "department" in asked and user.department is not None:
            claims["department"] = {"code": user.department.code, "name": user.department.name}
        if "enterprise" in asked:
            claims["enterprises"] = enterprises_of(account_id=user.id, site=client.id, at=timezone.now())
        return claims
