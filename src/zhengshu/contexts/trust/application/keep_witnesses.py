"""Witnesses of the proof log: added and retired by the security administrator."""

from datetime import datetime
from typing import ClassVar
from urllib.parse import urlsplit
from uuid import UUID

from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.events import WitnessAdded, WitnessRetired
from zhengshu.contexts.trust.models import Department, Witness
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.tlog.cosignatures import cosignature_verifier
from zhengshu.foundation.tlog.notes import NoteWrong
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId


class WitnessKeyWrong(Refused):
    """The text is no verifier key of a witness; `zhengshu witness` prints it when it starts."""

    code: ClassVar[str] = "trust.witness-key-wrong"
    message: ClassVar[str] = (
        "This is no verifier key of a witness. It reads name+id+key; the witness prints it when it starts."
    )


class WitnessAddressWrong(Refused):
    """The address is none that can be asked over HTTP."""

    code: ClassVar[str] = "trust.witness-address-wrong"
    message: ClassVar[str] = "The address must begin with http:// or https:// and name a host."


class WitnessKnown(Refused):
    """A witness of that name is there already; retire it first if its key has changed."""

    code: ClassVar[str] = "trust.witness-known"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The witness %(name)s is known already. A new key needs a new name."


class WitnessNotFound(Refused):
    """There is no such witness at work."""

    code: ClassVar[str] = "trust.witness-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such witness, or it was retired."


@transaction
def add_witness(
    *, vkey: str, address: str, department_id: UUID | None, actor: Actor, at: datetime
) -> Witness:
    """Let somebody witness the log from now on.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        WitnessKeyWrong: the key is none of a witness.
        WitnessAddressWrong: it cannot be asked there.
        WitnessKnown: the name is taken, also by one that was retired.
    """
    require(actor, Role.SECURITY_ADMIN)
    try:
        name = cosignature_verifier(vkey).name
    except NoteWrong as fault:
        raise WitnessKeyWrong from fault
    place = urlsplit(address.strip())
    if place.scheme not in {"http", "https"} or not place.hostname:
        raise WitnessAddressWrong
    if Witness.objects.filter(name=name).exists():
        raise WitnessKnown(name=name)
    known = department_id is not None and Department.objects.filter(pk=department_id).exists()
    row = Witness.objects.create(
        name=name,
        vkey=vkey.strip(),
        address=address.strip().rstrip("/"),
        department_id=department_id if known else None,
        added_at=at,
    )
    publish(WitnessAdded(at=at, actor=actor, subject=_subject(row), department_id=_whose(row), vkey=row.vkey))
    return row


@transaction
def retire_witness(*, witness_id: UUID, actor: Actor, at: datetime) -> None:
    """Ask a witness no more; what he has cosigned stays.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        WitnessNotFound: there is none such, or it was retired before.
    """
    require(actor, Role.SECURITY_ADMIN)
    row = Witness.objects.select_for_update().filter(pk=witness_id, is_active=True).first()
    if row is None:
        raise WitnessNotFound
    row.is_active = False
    row.save(update_fields=["is_active"])
    publish(WitnessRetired(at=at, actor=actor, subject=_subject(row), department_id=_whose(row)))


def _subject(row: Witness) -> Subject:
    return Subject("witness", str(row.pk), row.name)


def _whose(row: Witness) -> DepartmentId | None:
    return DepartmentId(row.department_id) if row.department_id else None
