"""The closed set of what a rule can ask. Each kind is a frozen type whose fields are written in the pack."""

from enum import StrEnum

import msgspec


class Scheme(StrEnum):
    """Check characters."""

    CITIZEN_ID = "citizen_id"
    """GB 11643: form, day of birth and ISO 7064 MOD 11-2."""
    CREDIT_CODE = "credit_code"
    """GB 32100: form and MOD 31-3."""
    CITIZEN_ID_OR_CREDIT_CODE = "citizen_id_or_credit_code"
    """A party that is a person or an organization."""
    MOD_11_2 = "mod_11_2"
    """ISO 7064 over digits, the last may be X."""
    MOD_37_36 = "mod_37_36"
    """ISO 7064 over digits and capitals; certificate identifiers (GB/T 36904)."""
    MOD_97_10 = "mod_97_10"
    """ISO 7064 over digits with two check digits."""
    LUHN = "luhn"
    """Bank cards (ISO/IEC 7812-1)."""


class ValueType(StrEnum):
    """What a text must be readable as."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    """``2024-03-05``, as GB/T 7408 extends it."""
    COMPACT_DATE = "compact_date"
    """``20240305``."""
    DATETIME = "datetime"
    BOOLEAN = "boolean"


class CodesBy(StrEnum):
    """By which side of a code table values are judged."""

    CODE = "code"
    NAME = "name"
    EITHER = "either"


class _Check(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """What all kinds share: how they are written."""


class Complete(_Check, frozen=True, kw_only=True, tag="complete"):
    """Every row holds a value."""


class CompleteWhen(_Check, frozen=True, kw_only=True, tag="complete_when"):
    """Rows for which a condition holds have a value."""

    when: str


class HasType(_Check, frozen=True, kw_only=True, tag="type"):
    """A value is written as its type demands."""

    type: ValueType


class HasLength(_Check, frozen=True, kw_only=True, tag="length"):
    """A value has from `least` to `most` characters."""

    least: int = 0
    most: int | None = None


class Matches(_Check, frozen=True, kw_only=True, tag="pattern"):
    """The whole value is of a pattern; see `patterns`. With `forbids`, it is of none such."""

    pattern: str
    forbids: bool = False


class Listed(_Check, frozen=True, kw_only=True, tag="code_table"):
    """A value is in a code table of the catalogue, or one of `values`."""

    table: str = ""
    values: tuple[str, ...] = ()
    by: CodesBy = CodesBy.CODE


class InRange(_Check, frozen=True, kw_only=True, tag="range"):
    """A number, or a day where the limits are days, lies between limits that are allowed themselves.

    A value that cannot be read is not asked; its type is another rule's business.
    """

    least: str = ""
    most: str = ""


class CheckDigit(_Check, frozen=True, kw_only=True, tag="check_digit"):
    """The check character of a value fits; with `places`, that of a number within it (from … to, counted from 1)."""

    scheme: Scheme
    places: tuple[int, int] | None = None


class DateOrder(_Check, frozen=True, kw_only=True, tag="date_order"):
    """The day of this column is not after the day of another, or not after today."""

    not_after: str


class Holds(_Check, frozen=True, kw_only=True, tag="expression"):
    """An expression over the fields of the row holds; see `language`."""

    holds: str


class Unique(_Check, frozen=True, kw_only=True, tag="unique"):
    """No two rows have the same values in these columns; every row but the first of each is blamed."""

    columns: tuple[str, ...] = ()


class Refers(_Check, frozen=True, kw_only=True, tag="reference"):
    """The values of these columns exist in a row of another table, or with `absent` in none.

    `when` says which rows are asked, `where` which rows of the other table count.
    """

    table: str
    their_columns: tuple[str, ...]
    columns: tuple[str, ...] = ()
    when: str = ""
    where: str = ""
    absent: bool = False


class Agrees(_Check, frozen=True, kw_only=True, tag="agreement"):
    """The number in this column equals the count, or the sum of a column, of another table's rows with the same key."""

    table: str
    key: str
    their_key: str
    sum_of: str = ""


class Alike(_Check, frozen=True, kw_only=True, tag="duplicates"):
    """No two values are the same but for width, case, blanks and punctuation; rows behind the first are blamed."""


class Fresh(_Check, frozen=True, kw_only=True, tag="freshness"):
    """The newest day of this column is at most so many days before today."""

    within_days: int


class Habitual(_Check, frozen=True, kw_only=True, tag="volume"):
    """The table has as many rows as it is used to have: within limits, and near the former run where there is one."""

    least: int = 1
    most: int | None = None
    change: float | None = None


class Drifts(_Check, frozen=True, kw_only=True, tag="drift"):
    """The shares of this column's values have not moved since the former run (population stability index)."""

    most: float = 0.2


class OwnSql(_Check, frozen=True, kw_only=True, tag="sql"):
    """A SELECT of one column, `place`, names the rows that it blames: from `rows` and the tables that it names.

    Written by the data authority alone, and asked in a sandbox that reaches nothing else.
    """

    select: str
    tables: tuple[str, ...] = ()


RowCheck = (
    Complete
    | CompleteWhen
    | HasType
    | HasLength
    | Matches
    | Listed
    | InRange
    | CheckDigit
    | DateOrder
    | Holds
)
"""Kinds that one row answers."""

TableCheck = Unique | Refers | Agrees | Alike | Fresh | Habitual | Drifts | OwnSql
"""Kinds that all rows answer together."""

Check = RowCheck | TableCheck

NEEDS_COLUMN = (
    Complete,
    CompleteWhen,
    HasType,
    HasLength,
    Matches,
    Listed,
    InRange,
    CheckDigit,
    DateOrder,
    Agrees,
    Alike,
    Fresh,
    Drifts,
)
"""Kinds that speak of one column."""

ELEMENT_KINDS = (Complete, HasType, HasLength, Matches, Listed, InRange, CheckDigit, Unique, Alike)
"""Kinds that can be written for a data element, whatever the table: they name no other column.

A reference to `today` is the one exception among date orders.
"""


def kind_of(check: Check) -> str:
    """Return the kind as it is written in packs."""
    return str(check.__struct_config__.tag)
