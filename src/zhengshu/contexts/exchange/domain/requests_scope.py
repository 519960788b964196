"""The scope of a share request: which fields, and which rows by structured conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from zhengshu.kernel.errors import Kind, Refused

MOST_CONDITIONS = 10
MOST_VALUES = 200
MOST_LETTERS_IN_A_VALUE = 200


class FieldUnknown(Refused):
    """A form field was tampered with or the resource changed; reload the page and choose again."""

    code = "exchange.field-unknown"
    kind = Kind.INVALID
    message = "The resource has no field %(column)s. Choose from the fields that are offered."


class NoFieldChosen(Refused):
    """A request for nothing; choose at least one field."""

    code = "exchange.no-field-chosen"
    kind = Kind.INVALID
    message = "Choose at least one field."


class ConditionOperatorUnknown(Refused):
    """A condition uses an operator that does not exist or does not fit the type of the column."""

    code = "exchange.condition-operator-unknown"
    kind = Kind.INVALID
    message = "The condition on %(column)s cannot use “%(operator)s”. Choose one of the offered comparisons."


class ConditionValueWrong(Refused):
    """A condition's value is not of the column's type."""

    code = "exchange.condition-value-wrong"
    kind = Kind.INVALID
    message = "The value in the condition on %(column)s must be of type %(data_type)s."


class TooManyConditions(Refused):
    """More conditions or values than a gateway will check at every call."""

    code = "exchange.too-many-conditions"
    kind = Kind.INVALID
    message = "At most %(most)s conditions and %(most_values)s values in each are possible."


class Operator(StrEnum):
    """How a condition compares a column with its value; all conditions of a filter must hold."""

    EQUALS = "eq"
    ONE_OF = "in"
    AT_LEAST = "ge"
    AT_MOST = "le"
    STARTS_WITH = "prefix"


ORDERED_TYPES = frozenset({"integer", "decimal", "date", "datetime"})

BOOLEANS: Mapping[str, str] = {
    "true": "true",
    "1": "true",
    "是": "true",
    "false": "false",
    "0": "false",
    "否": "false",
}
"""What people write for yes and no, and the spelling of the data plane."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of a row filter.

    Attributes:
        column: a column of the resource.
        operator: how it is compared.
        values: one value, or several for `Operator.ONE_OF`; canonical text of the column's type.
    """

    column: str
    operator: Operator
    values: tuple[str, ...]

    @property
    def value(self) -> str:
        """The values as a person types them."""
        return ", ".join(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedField:
    """One item of the published resource, as far as a request needs it.

    Attributes:
        name: the Chinese name of the item.
        column: its name in the serving table.
        data_type: text, integer, decimal, date, datetime or boolean.
        grade: 1 to 4 general, 5 important, 6 core.
        is_key: whether records are found by it.
    """

    name: str
    column: str
    data_type: str
    grade: int
    is_key: bool = False


def choose_fields(columns: Sequence[str], *, offered: Sequence[OfferedField]) -> tuple[OfferedField, ...]:
    """Return the chosen fields in the resource's own order, each once.

    Raises:
        NoFieldChosen: nothing was chosen.
        FieldUnknown: a column that the resource does not have.
    """
    known = {item.column for item in offered}
    for column in columns:
        if column not in known:
            raise FieldUnknown(column=column[:63])
    if not columns:
        raise NoFieldChosen
    chosen = set(columns)
    return tuple(item for item in offered if item.column in chosen)


def read_conditions(
    raw: Sequence[tuple[str, str, str]], *, offered: Sequence[OfferedField]
) -> tuple[Condition, ...]:
    """Return checked conditions of (column, operator, text) triples; rows without a column are skipped.

    Raises:
        TooManyConditions: more than a gateway checks at each call.
        FieldUnknown: a column that the resource does not have.
        ConditionOperatorUnknown: an operator that does not exist or does not fit the column.
        ConditionValueWrong: a value that is not of the column's type.
    """
    asked = [triple for triple in raw if triple[0].strip()]
    if len(asked) > MOST_CONDITIONS:
        raise TooManyConditions(most=MOST_CONDITIONS, most_values=MOST_VALUES)
    fields = {item.column: item for item in offered}
    return tuple(_condition(triple, fields=fields) for triple in asked)


def check_conditions(
    conditions: Sequence[Condition], *, offered: Sequence[OfferedField]
) -> tuple[Condition, ...]:
    """Return the conditions with canonical values, checked against the resource's columns and types.

    Raises:
        TooManyConditions: more conditions or values than a gateway checks at each call.
        FieldUnknown: a column that the resource does not have.
        ConditionOperatorUnknown: an operator that does not fit the column.
        ConditionValueWrong: a value that is not of the column's type.
    """
    if len(conditions) > MOST_CONDITIONS:
        raise TooManyConditions(most=MOST_CONDITIONS, most_values=MOST_VALUES)
    fields = {item.column: item for item in offered}
    return tuple(_checked(item.column, item.operator, item.values, fields=fields) for item in conditions)


def operators_for(data_type: str) -> tuple[Operator, ...]:
    """Return the comparisons that make sense for a type."""
    if data_type in ORDERED_TYPES:
        return (Operator.EQUALS, Operator.ONE_OF, Operator.AT_LEAST, Operator.AT_MOST)
    if data_type == "boolean":
        return (Operator.EQUALS,)
    return (Operator.EQUALS, Operator.ONE_OF, Operator.STARTS_WITH)


def _condition(triple: tuple[str, str, str], *, fields: Mapping[str, OfferedField]) -> Condition:
    column, operator, text = (part.strip() for part in triple)
    try:
        chosen = Operator(operator)
    except ValueError as fault:
        raise ConditionOperatorUnknown(column=column[:63], operator=operator[:20]) from fault
    parts = text.replace("，", ",").split(",") if chosen is Operator.ONE_OF else [text]
    return _checked(column, chosen, tuple(part.strip() for part in parts if part.strip()), fields=fields)


def _checked(
    column: str, operator: Operator, values: tuple[str, ...], *, fields: Mapping[str, OfferedField]
) -> Condition:
    field = fields.get(column)
    if field is None:
        raise FieldUnknown(column=column[:63])
    if operator not in operators_for(field.data_type):
        raise ConditionOperatorUnknown(column=column, operator=operator.value)
    if len(values) > MOST_VALUES:
        raise TooManyConditions(most=MOST_CONDITIONS, most_values=MOST_VALUES)
    if not values or (operator is not Operator.ONE_OF and len(values) != 1):
        raise ConditionValueWrong(column=column, data_type=field.data_type)
    return Condition(
        column=column, operator=operator, values=tuple(_canonical(value, field) for value in values)
    )


def _canonical(text: str, field: OfferedField) -> str:
    """Return the value in the one spelling that the gateway compares with."""
    wrong = ConditionValueWrong(column=field.column, data_type=field.data_type)
    if len(text) > MOST_LETTERS_IN_A_VALUE:
        raise wrong
    try:
        return _spelled(text, data_type=field.data_type)
    except (ValueError, InvalidOperation, KeyError) as fault:
        raise wrong from fault


def _spelled(text: str, *, data_type: str) -> str:
    if data_type == "integer":
        return str(int(text))
    if data_type == "decimal":
        number = Decimal(text)
        if not number.is_finite():
            raise InvalidOperation
        return format(number, "f")
    if data_type == "date":
        return date.fromisoformat(text).isoformat()
    if data_type == "datetime":
        return datetime.fromisoformat(text).isoformat()
    if data_type == "boolean":
        return BOOLEANS[text.lower()]
    return text
