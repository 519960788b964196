"""Other providers: admitted, changed and closed by the security administrator."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.trust.application.keep_sessions import end_session_rows
from zhengshu.contexts.trust.application.providers.talk import read_metadata
from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.domain.relying_parties import checked_address
from zhengshu.contexts.trust.models import IdentityProvider, ProviderSession, SessionRecord
from zhengshu.contexts.trust.sign_on_events import ProviderAdded, ProviderChanged, ProviderClosed
from zhengshu.foundation.crypto.sealing import seal
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import require_assured
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import new_id


class ProviderNotFound(Refused):
    """There is no such provider at work."""

    code = "trust.provider-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such provider, or it was closed."


class ProviderKnown(Refused):
    """A provider of this issuer is admitted already."""

    code = "trust.provider-known"
    kind = Kind.CONFLICT
    message = "A provider of this address is admitted already."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderValues:
    """What is registered of another provider.

    Attributes:
        name: what stands on the button of the sign-in page.
        issuer: its address; its discovery document lies below it.
        client_id: what it calls us.
        secret: our secret there; empty keeps the present one, or has none.
        strong_acrs: what its `acr` says when somebody signed in with two factors.
    """

    name: str
    issuer: str
    client_id: str
    secret: str = ""
    strong_acrs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow:
    """A provider as pages show it."""

    id: UUID
    values: ProviderValues
    is_active: bool
    has_secret: bool
    people: int


@transaction
def add_provider(
    *, values: ProviderValues, provider_id: UUID | None = None, actor: Actor, at: datetime
) -> UUID:
    """Admit another provider to the sign-in; its discovery document is read at once.

    Args:
        values: what is registered.
        provider_id: its id here, where the other side had to know our addresses first.
        actor: the security administrator.
        at: now.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        RedirectUnfit: the address is not complete and safe.
        ProviderKnown: it is admitted already.
        ProviderUnreachable: it does not answer, or with something else.
        StepUpDue: the actor has not shown lately who he is.
    """
    require(actor, Role.SECURITY_ADMIN)
    require_assured(actor)
    row = IdentityProvider(id=provider_id or new_id(), created_at=at)
    _write(row, values, at=at)
    row.save(force_insert=True)
    publish(ProviderAdded(at=at, actor=actor, subject=subject_of(row), issuer=row.issuer))
    return row.id


@transaction
def change_provider(*, provider_id: UUID, values: ProviderValues, actor: Actor, at: datetime) -> None:
    """Change what is registered of another provider; its address stays, for it is who it is.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        ProviderNotFound: there is none such at work.
        ProviderUnreachable: it does not answer, or with something else.
        StepUpDue: the actor has not shown lately who he is.
    """
    row = _locked(provider_id, actor)
    require_assured(actor)
    before = _values(row)
    fixed = ProviderValues(
        name=values.name,
        issuer=row.issuer,
        client_id=values.client_id,
        secret=values.secret,
        strong_acrs=values.strong_acrs,
    )
    _write(row, fixed, at=at)
    row.save()
    names = ("name", "client_id", "strong_acrs")
    changed = [name for name in names if getattr(before, name) != getattr(_values(row), name)]
    if values.secret:
        changed.append("secret")
    if changed:
        publish(ProviderChanged(at=at, actor=actor, subject=subject_of(row), changed=tuple(changed)))


@transaction
def close_provider(*, provider_id: UUID, actor: Actor, at: datetime) -> None:
    """Let nobody sign in by a provider any more; the sessions that it opened end at once.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        ProviderNotFound: there is none such at work.
    """
    row = _locked(provider_id, actor)
    row.is_active = False
    row.save(update_fields=["is_active"])
    opened = ProviderSession.objects.filter(provider=row).values("session_id")
    end_session_rows(SessionRecord.objects.filter(id__in=opened), reason="provider_closed", by=actor, at=at)
    publish(ProviderClosed(at=at, actor=actor, subject=subject_of(row)))


def provider_rows(*, actor: Actor) -> tuple[ProviderRow, ...]:
    """Return all providers, those at work first.

    Raises:
        NotYourDuty: the actor is not the security administrator.
    """
    require(actor, Role.SECURITY_ADMIN)
    rows = IdentityProvider.objects.order_by("-is_active", "name").prefetch_related("links")
    return tuple(
        ProviderRow(
            id=row.id,
            values=_values(row),
            is_active=row.is_active,
            has_secret=row.sealed_secret is not None,
            people=len(row.links.all()),
        )
        for row in rows
    )


def provider_row(*, provider_id: UUID, actor: Actor) -> ProviderRow:
    """Return one provider.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        ProviderNotFound: there is none.
    """
    for row in provider_rows(actor=actor):
        if row.id == provider_id:
            return row
    raise ProviderNotFound


def providers_at_work() -> tuple[tuple[UUID, str], ...]:
    """Return id and name of the providers that the sign-in page offers."""
    rows = IdentityProvider.objects.filter(is_active=True).order_by("name")
    return tuple(rows.values_list("id", "name"))


def subject_of(row: IdentityProvider) -> Subject:
    """Return a provider as the subject of an event."""
    return Subject("identity_provider", str(row.id), row.name)


def _write(row: IdentityProvider, values: ProviderValues, *, at: datetime) -> None:
    row.name, row.client_id = values.name.strip(), values.client_id.strip()
    row.issuer = checked_address(values.issuer).rstrip("/")
    row.strong_acrs = " ".join(values.strong_acrs)
    if IdentityProvider.objects.filter(issuer=row.issuer, is_active=True).exclude(id=row.id).exists():
        raise ProviderKnown
    if values.secret:
        row.sealed_secret = seal(values.secret.encode(), context=b"trust.provider:" + row.id.bytes)
    read_metadata(row, at=at)


def _values(row: IdentityProvider) -> ProviderValues:
    return ProviderValues(
        name=row.name,
        issuer=row.issuer,
        client_id=row.client_id,
        strong_acrs=tuple(row.strong_acrs.split()),
    )


def _locked(provider_id: UUID, actor: Actor) -> IdentityProvider:
    require(actor, Role.SECURITY_ADMIN)
    row = IdentityProvider.objects.select_for_update().filter(id=provider_id, is_active=True).first()
    if row is None:
        raise ProviderNotFound
    return row
