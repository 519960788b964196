"""Who stands behind the ports of forms; contexts above register themselves when the platform starts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from zhengshu.contexts.casework.domain.forms.ports import (
    Asked,
    CodeTables,
    Exchange,
    Handling,
    Intake,
    Matter,
    Source,
    Sources,
    Supplied,
)
from zhengshu.contexts.casework.domain.forms.schema import Option


@dataclass(slots=True)
class _Registered:
    tables: CodeTables | None = None
    sources: Sources | None = None
    exchange: Exchange | None = None
    intake: Intake | None = None


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
