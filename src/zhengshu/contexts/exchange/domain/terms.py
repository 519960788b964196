"""The terms of a grant as the data plane applies them, and the judgement whether a call keeps to them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from zhengshu.contexts.exchange.domain.refusals import (
    CallRefused,
    CaseMissing,
    FieldNotGranted,
    GrantExpired,
    GrantNotActiveYet,
    GrantRevoked,
    KeyMissing,
    KeyUnknown,
    OperationNotGranted,
    PurposeNotGranted,
    ResourceNotGranted,
)
from zhengshu.contexts.exchange.domain.requests_scope import Condition
from zhengshu.kernel.masks import Mask

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}")


class Operation(StrEnum):
    """What a call asks for."""

    RECORDS = "records"
    VERIFY = "verify"
    RECEIPT = "receipt"
    PING = "ping"
    REPORT = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedField:
    """One field of a grant: its Chinese name, its column, the grade of the item and how it is masked."""

    name: str
    column: str
    grade: int
    mask: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A grant as the gateway applies it.

    Attributes:
        view_name: the view in the schema `serving`.
        key_columns: columns by which rows are asked for.
        fields: granted fields by column, in the order of the resource.
        conditions: all must hold for a row to be shown.
        purposes: codes of purposes.
    """

    id: UUID
    system_id: UUID
    consumer_department_id: UUID
    provider_department_id: UUID
    resource_code: str
    view_name: str
    key_columns: tuple[str, ...]
    fields: Mapping[str, GrantedField]
    conditions: tuple[Condition, ...]
    purposes: frozenset[str]
    operations: frozenset[str]
    needs_case: bool
    active_from: datetime
    active_to: datetime
    revoked_at: datetime | None

    def __post_init__(self) -> None:
        """Refuse names that could be anything but names."""
        columns = (*self.fields, *self.key_columns, *(condition.column for condition in self.conditions))
        for name in (self.view_name, *columns):
            if not _IDENTIFIER.fullmatch(name):
                message = f"{name!r} is no name of a column or view"
                raise ValueError(message)
        object.__setattr__(self, "fields", MappingProxyType(dict(self.fields)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a call asks for.

    Attributes:
        columns: the fields asked for; empty for all that are granted.
        keys: the columns by which rows are asked for.
        has_case: whether the call names a case.
    """

    operation: Operation
    purpose: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    has_case: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What follows for a call: the grant that it came closest to, and why it is refused, if it is."""

    terms: Terms | None
    refusal: CallRefused | None


def judge(grants: Sequence[Terms], *, ask: Ask, at: datetime) -> Judgement:
    """Return whether one of a system's grants for a resource allows the call.

    Where none does, the refusal is that of the grant that came closest, so that the caller learns what is
    missing.
    """
    closest = Judgement(terms=None, refusal=ResourceNotGranted())
    furthest = -1
    for terms in grants:
        step, refusal = _objection(terms, ask=ask, at=at)
        if refusal is None:
            return Judgement(terms=terms, refusal=None)
        if step > furthest:
            furthest, closest = step, Judgement(terms=terms, refusal=refusal)
    return closest


def _objection(terms: Terms, *, ask: Ask, at: datetime) -> tuple[int, CallRefused | None]:
    """Return the first objection in the order of the checks, with its place in that order."""
    if ended := _objection_to_time(terms, at=at):
        return ended
    if ask.operation not in terms.operations:
        return 3, OperationNotGranted(operation=ask.operation, granted=", ".join(sorted(terms.operations)))
    if ask.purpose not in terms.purposes:
        return 4, PurposeNotGranted(purpose=ask.purpose)
    if terms.needs_case and not ask.has_case:
        return 5, CaseMissing()
    return 6, _objection_to_columns(terms, ask=ask)


def _objection_to_time(terms: Terms, *, at: datetime) -> tuple[int, CallRefused] | None:
    if terms.revoked_at is not None:
        return 1, GrantRevoked()
    if at >= terms.active_to:
        return 0, GrantExpired()
    if at < terms.active_from:
        return 2, GrantNotActiveYet()
    return None


def _objection_to_columns(terms: Terms, *, ask: Ask) -> CallRefused | None:
    keys = ", ".join(terms.key_columns)
    if not ask.keys:
        return KeyMissing(columns=keys)
    for column in ask.keys:
        if column not in terms.key_columns:
            return KeyUnknown(column=column, columns=keys)
    for column in ask.columns:
        if column not in terms.fields:
            return FieldNotGranted(field=column)
    return None
