"""Relying parties: registered, changed and closed by the security administrator; secrets are shown once."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.idp.oidc.models import Client

from zhengshu.contexts.trust.application.sign_on.ending import end_party
from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.domain.relying_parties import (
    MOST_ADDRESSES,
    RedirectUnfit,
    checked_address,
    checked_scopes,
)
from zhengshu.contexts.trust.models import Department, RelyingParty
from zhengshu.contexts.trust.sign_on_events import (
    RelyingPartyAdded,
    RelyingPartyChanged,
    RelyingPartyClosed,
    RelyingPartySecretRenewed,
)
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import require_assured
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId
from zhengshu.kernel.levels import Assurance

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


class PartyNotFound(Refused):
    """There is no such relying party at work."""

    code = "trust.party-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such relying party, or it was closed."


class PartyNameTaken(Refused):
    """People tell relying parties apart by their names; choose another."""

    code = "trust.party-name-taken"
    kind = Kind.CONFLICT
    message = (
        "A relying party of this name exists. People must be able to tell them apart: choose another name."
    )


class PartyHasNoSecret(Refused):
    """A kiosk or a program on people's machines cannot keep a secret, and has none."""

    code = "trust.party-has-no-secret"
    kind = Kind.CONFLICT
    message = "This relying party has no secret: it runs where one could be read."


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyValues:
    """What is registered of a relying party.

    Attributes:
        name: what people read when they are asked for their consent.
        redirect_uris: where users are sent back to, compared letter by letter.
        logout_uris: where users may be sent after signing out.
        backchannel_uri: where the party is told that a session has ended; empty where it cannot be.
        scopes: what it may ask for.
        least_level: how surely its users must have signed in.
        department_id: whose it is, where it is a department's of this platform.
    """

    name: str
    redirect_uris: tuple[str, ...] = ()
    logout_uris: tuple[str, ...] = ()
    backchannel_uri: str = ""
    scopes: tuple[str, ...] = ()
    least_level: Assurance = Assurance.ONE_FACTOR
    department_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedParty:
    """A relying party with its secret, which is shown this once; empty for one that cannot keep a secret."""

    client_id: str
    secret: str


@transaction
def add_party(
    *, values: PartyValues, keeps_secret: bool = True, is_kiosk: bool = False, actor: Actor, at: datetime
) -> IssuedParty:
    """Register a relying party.

    Args:
        values: what is registered.
        keeps_secret: whether it runs on a server where a secret is safe.
        is_kiosk: whether it lets people in by a code that they enter on their own device.
        actor: the security administrator.
        at: now.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        RedirectUnfit: an address is not complete, fixed and safe, or a site has none.
        ScopeUnknown: one that we do not have.
        PartyNameTaken: people could not tell it from another one.
        StepUpDue: the actor has not shown lately who he is.
    """
    require(actor, Role.SECURITY_ADMIN)
    require_assured(actor)
    if not is_kiosk and not values.redirect_uris:
        raise RedirectUnfit(address="")
    client = Client(id=secrets.token_hex(12), created_at=at)
    client.type = Client.Type.CONFIDENTIAL if keeps_secret and not is_kiosk else Client.Type.PUBLIC
    client.set_grant_types([DEVICE] if is_kiosk else [Client.GrantType.AUTHORIZATION_CODE.value])
    client.set_response_types(["code"])
    row = RelyingParty(client=client, created_at=at)
    _write(row, values)
    secret = _give_secret(row, at=at) if client.type == Client.Type.CONFIDENTIAL else _give_none(client)
    client.save(force_insert=True)
    row.client = client
    row.save(force_insert=True)
    publish(
        RelyingPartyAdded(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=owner_of(row),
            scopes=tuple(client.get_scopes()),
        )
    )
    return IssuedParty(client_id=client.id, secret=secret)


@transaction
def change_party(*, client_id: str, values: PartyValues, actor: Actor, at: datetime) -> None:
    """Change what is registered of a relying party.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        PartyNotFound: there is none such at work.
        RedirectUnfit: an address is not complete, fixed and safe.
        ScopeUnknown: one that we do not have.
        PartyNameTaken: people could not tell it from another one.
    """
    row = _locked(client_id, actor)
    before = values_of(row)
    _write(row, values)
    after = values_of(row)
    changed = tuple(name for name in PartyValues.__slots__ if getattr(before, name) != getattr(after, name))
    if not changed:
        return
    row.client.save()
    row.save()
    publish(
        RelyingPartyChanged(
            at=at, actor=actor, subject=subject_of(row), department_id=owner_of(row), changed=changed
        )
    )


@transaction
def renew_secret(*, client_id: str, actor: Actor, at: datetime) -> IssuedParty:
    """Give a relying party a new secret; the former one stops working at once.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        PartyNotFound: there is none such at work.
        PartyHasNoSecret: it runs where a secret could be read.
        StepUpDue: the actor has not shown lately who he is.
    """
    row = _locked(client_id, actor)
    require_assured(actor)
    if row.client.type != Client.Type.CONFIDENTIAL:
        raise PartyHasNoSecret
    secret = _give_secret(row, at=at)
    row.client.save(update_fields=["secret"])
    row.save(update_fields=["secret_at"])
    publish(
        RelyingPartySecretRenewed(at=at, actor=actor, subject=subject_of(row), department_id=owner_of(row))
    )
    return IssuedParty(client_id=client_id, secret=secret)


@transaction
def close_party(*, client_id: str, actor: Actor, at: datetime) -> None:
    """Let nobody sign in to a relying party any more; its tokens end at once.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        PartyNotFound: there is none such at work.
    """
    row = _locked(client_id, actor)
    row.is_active = False
    row.save(update_fields=["is_active"])
    end_party(row, at=at)
    publish(RelyingPartyClosed(at=at, actor=actor, subject=subject_of(row), department_id=owner_of(row)))


def values_of(row: RelyingParty) -> PartyValues:
    """Return what is registered."""
    return PartyValues(
        name=row.client.name,
        redirect_uris=tuple(row.client.get_redirect_uris()),
        logout_uris=tuple(row.client.get_post_logout_redirect_uris()),
        backchannel_uri=row.backchannel_logout_uri,
        scopes=tuple(row.client.get_scopes()),
        least_level=Assurance(row.least_level),
        department_id=row.department_id,
    )


def subject_of(row: RelyingParty) -> Subject:
    """Return a relying party as the subject of an event."""
    return Subject("relying_party", row.client_id, row.client.name)


def owner_of(row: RelyingParty) -> DepartmentId | None:
    """Return whose matter it is."""
    return DepartmentId(row.department_id) if row.department_id else None


def _write(row: RelyingParty, values: PartyValues) -> None:
    client = row.client
    client.name = values.name.strip()
    same = RelyingParty.objects.filter(client__name__iexact=client.name, is_active=True)
    if same.exclude(client_id=client.id).exists():
        raise PartyNameTaken
    client.set_scopes(list(checked_scopes(values.scopes)))
    client.set_redirect_uris(_checked(values.redirect_uris))
    client.set_post_logout_redirect_uris(_checked(values.logout_uris))
    row.backchannel_logout_uri = checked_address(values.backchannel_uri) if values.backchannel_uri else ""
    row.least_level = values.least_level.value
    known = values.department_id and Department.objects.filter(id=values.department_id).exists()
    row.department_id = values.department_id if known else None


def _checked(addresses: Iterable[str]) -> list[str]:
    found = [checked_address(address) for address in addresses if address.strip()]
    if len(found) > MOST_ADDRESSES:
        raise RedirectUnfit(address=found[MOST_ADDRESSES])
    return found


def _give_secret(row: RelyingParty, *, at: datetime) -> str:
    secret = secrets.token_hex(32)
    row.client.set_secret(secret)
    row.secret_at = at
    return secret


def _give_none(client: Client) -> str:
    client.set_secret(secrets.token_hex(32))
    return ""


def _locked(client_id: str, actor: Actor) -> RelyingParty:
    require(actor, Role.SECURITY_ADMIN)
    rows = RelyingParty.objects.select_for_update(of=("self",)).select_related("client")
    row = rows.filter(client_id=client_id, is_active=True).first()
    if row is None:
        raise PartyNotFound
    return row
