"""What a request for the correction of shared data states, and who may see the values in it (article 26)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from zhengshu.contexts.exchange.domain.answers_masks import own_mask
from zhengshu.contexts.exchange.domain.matters import stated
from zhengshu.contexts.exchange.domain.requests_scope import OfferedField
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.masks import apply

MOST_VALUE_LETTERS = 500


class OwnDataWrong(Refused):
    """A department corrects its own data by delivering them; it asks nobody."""

    code = "exchange.own-data-wrong"
    kind = Kind.INVALID
    message = "“%(resource)s” is your own department's. Deliver the corrected rows; nobody needs to be asked."


class ClaimedFieldUnknown(Refused):
    """A claim names fields of the resource; reload the form, its fields may have changed."""

    code = "exchange.claimed-field-unknown"
    kind = Kind.INVALID
    message = "The resource has no field “%(column)s”. Choose from the fields on its page."


class NothingClaimed(Refused):
    """At least one field must be said to be wrong or missing."""

    code = "exchange.nothing-claimed"
    kind = Kind.INVALID
    message = "Choose at least one field that is wrong or missing."


class RowNotNamed(Refused):
    """The provider must be able to find the row: by its key or by the receipt of a call."""

    code = "exchange.row-not-named"
    kind = Kind.INVALID
    message = "Say which row it is: give its key (%(keys)s), or the receipt of the call that returned it."


class ClaimTooLong(Refused):
    """Values are single values of a field, not documents."""

    code = "exchange.claim-too-long"
    kind = Kind.INVALID
    message = "The value of “%(field)s” is longer than %(most)s characters."


class FaultKind(StrEnum):
    """What is the matter with the data."""

    WRONG = "wrong"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is said to be wrong, and what is right. All values may be personal data.

    Attributes:
        columns: the fields concerned.
        key: key column → value of the row; may be empty where a receipt names it.
        right: column → the value that is believed right; empty where only the fault is known.
        evidence: on what this rests: a document that was seen, a statement of the person.
    """

    fault: FaultKind
    columns: tuple[str, ...]
    key: Mapping[str, str] = field(default_factory=dict)
    right: Mapping[str, str] = field(default_factory=dict)
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedValue:
    """One value of a claim as a reader sees it."""

    name: str
    column: str
    grade: int
    value: str
    is_masked: bool


class SealedClaim(msgspec.Struct, frozen=True):
    """The part of a claim that is stored encrypted."""

    key: dict[str, str] = {}
    right: dict[str, str] = {}
    evidence: str = ""


def check_claim(claim: Claim, *, offered: Sequence[OfferedField], has_receipt: bool) -> Claim:
    """Return a claim that the provider can verify, with its texts trimmed.

    Basis: Decree 809, article 26.

    Raises:
        NothingClaimed: no field is named.
        ClaimedFieldUnknown: a field that the resource does not have.
        RowNotNamed: neither the whole key nor a receipt says which row it is.
        ClaimTooLong: a value is longer than a field can be.
        StatementMissing: no evidence is stated.
    """
    names = {item.column: item.name for item in offered}
    keys = {item.column: item.name for item in offered if item.is_key}
    if not claim.columns:
        raise NothingClaimed
    for column in (*claim.columns, *claim.key, *claim.right):
        if column not in names:
            raise ClaimedFieldUnknown(column=column)
    key = _trimmed(claim.key, names=names)
    if not has_receipt and (not keys or key.keys() != keys.keys()):
        raise RowNotNamed(keys="、".join(keys.values()) or "-")
    right = {
        column: value
        for column, value in _trimmed(claim.right, names=names).items()
        if column in claim.columns
    }
    return Claim(
        fault=claim.fault,
        columns=tuple(item.column for item in offered if item.column in set(claim.columns)),
        key=key,
        right=right,
        evidence=stated(claim.evidence, what="evidence"),
    )


def shown(
    values: Mapping[str, str], *, offered: Sequence[OfferedField], is_open: bool
) -> tuple[ClaimedValue, ...]:
    """Return values as a reader sees them: whole, or masked as their grade provides."""
    return tuple(
        ClaimedValue(
            name=item.name,
            column=item.column,
            grade=item.grade,
            value=values[item.column] if is_open else apply(own_mask(item), values[item.column]),
            is_masked=not is_open and apply(own_mask(item), values[item.column]) != values[item.column],
        )
        for item in offered
        if item.column in values
    )


def _trimmed(values: Mapping[str, str], *, names: Mapping[str, str]) -> dict[str, str]:
    for column, value in values.items():
        if len(value) > MOST_VALUE_LETTERS:
            raise ClaimTooLong(field=names[column], most=MOST_VALUE_LETTERS)
    return {column: value.strip() for column, value in values.items() if value.strip()}
