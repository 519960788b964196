"""Who stands behind the ports of forms; contexts above register themselves when the platform starts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework.domain.forms.ports import (
    Asked,
    Certificates,
    CodeTables,
    Exchange,
    Handling,
    Intake,
    Matter,
    Shown,
    Source,
    Sources,
    Supplied,
    Use,
    Whole,
)
from zhengshu.contexts.casework.domain.forms.schema import Option
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId


@dataclass(slots=True)
class _Registered:
    tables: CodeTables | None = None
    sources: Sources | None = None
    exchange: Exchange | None = None
    intake: Intake | None = None
    certificates: Certificates | None = None


_registered = _Registered()


def use_code_tables(tables: CodeTables) -> None:
    """Let forms choose from these code tables."""
    _registered.tables = tables


def use_sources(sources: Sources) -> None:
    """Let the checker of forms ask who supplies a data element."""
    _registered.sources = sources


def use_exchange(exchange: Exchange | None) -> Exchange | None:
    """Let forms be filled through this exchange; return the one that did so before."""
    former, _registered.exchange = _registered.exchange, exchange
    return former


def use_certificates(certificates: Certificates | None) -> Certificates | None:
    """Let forms be filled from certificates that people hold; return who did so before."""
    former, _registered.certificates = _registered.certificates, certificates
    return former


def use_intake(intake: Intake) -> None:
    """Let applications for service items be taken in here."""
    _registered.intake = intake


def intake_of(case_type: str) -> Intake | None:
    """Return who takes in what is sent for a case type; None where no service item stands behind it."""
    found = _registered.intake
    return found if found is not None and found.handling(case_type) is not None else None


def handling(case_type: str) -> Handling | None:
    """Return who handles the service item behind a case type."""
    return _registered.intake.handling(case_type) if _registered.intake else None


def wholes(draft_ids: Iterable[UUID]) -> Mapping[UUID, Whole]:
    """Return what those of the drafts are parts of that are parts of something."""
    wanted = tuple(draft_ids)
    return _registered.intake.wholes(wanted) if _registered.intake and wanted else {}


def check_end(*, case_id: CaseId, end: str, instead: tuple[str, ...], at: datetime) -> None:
    """Look whether what a case gives by an end can be given.

    Raises:
        Refused: something is missing for it.
    """
    if _registered.intake:
        _registered.intake.check_end(case_id=case_id, end=end, instead=instead, at=at)


def entries(codes: Iterable[str]) -> Mapping[str, tuple[Option, ...]]:
    """Return the entries of those code tables that exist."""
    wanted = tuple(codes)
    return _registered.tables.entries(wanted) if _registered.tables and wanted else {}


def sources_of(asked: Iterable[Asked]) -> Mapping[Asked, Source]:
    """Return the authoritative sources of those questions that have one."""
    return _registered.sources.sources_of(tuple(asked)) if _registered.sources else {}


def supply(
    *, elements: Iterable[str], known: Mapping[str, str], matter: Matter, at: datetime
) -> Mapping[str, Supplied]:
    """Return the values of those data elements for a matter, or why there is none."""
    wanted = tuple(elements)
    if not _registered.exchange or not wanted:
        return {}
    return _registered.exchange.supply(elements=wanted, known=known, matter=matter, at=at)


def knows_certificate(certificate: str) -> bool:
    """Whether there is a type of certificate with such a field."""
    return bool(_registered.certificates and _registered.certificates.knows(certificate))


def supply_from_certificates(
    *, wanted: Iterable[Shown], own: Mapping[str, str], matter: Matter, actor: Actor, at: datetime
) -> Mapping[str, Supplied]:
    """Return what valid certificates of whoever asks say, or that he holds none."""
    asked = tuple(wanted)
    if not _registered.certificates or not asked:
        return {}
    return _registered.certificates.supply(wanted=asked, own=own, matter=matter, actor=actor, at=at)


def valid_certificates(ids: Iterable[str], *, at: datetime) -> frozenset[str]:
    """Return those of the certificates that are in force."""
    known = frozenset(ids)
    return _registered.certificates.still_valid(known, at=at) if _registered.certificates and known else known


def take_over_certificates(
    fields: Mapping[str, tuple[str, ...]], *, use: Use, actor: Actor, at: datetime
) -> None:
    """Count that a case took over what certificates say.

    Raises:
        Refused: one of them is not in force any more.
    """
    if _registered.certificates and fields:
        _registered.certificates.take_over(fields, use=use, actor=actor, at=at)
