"""Types of values: those of FEEL, those that a file defines, and whether a value is of one."""

from collections.abc import Mapping
from datetime import date

from zhengshu.contexts.casework.domain.decisions.evaluating import Evaluation
from zhengshu.contexts.casework.domain.decisions.model import ItemType
from zhengshu.contexts.casework.domain.decisions.values import Feel, kind_of

BASE: Mapping[str, str] = {
    "": "", "Any": "", "<Undefined>": "", "Undefined": "",
    "number": "number", "integer": "number", "long": "number", "double": "number",
    "string": "string", "boolean": "boolean", "date": "date", "context": "context",
    "days and time duration": "days and time duration", "dayTimeDuration": "days and time duration",
    "years and months duration": "years and months duration",
    "yearMonthDuration": "years and months duration",
}  # fmt: skip
"""The names of types that we have → the names that values say they have; empty for any value."""
WHOLE = frozenset({"integer", "long"})
MISSING = frozenset({"time", "date and time", "dateTime", "date time"})
"""Types of FEEL that we do not have."""
_DEEPEST = 20


def plain_type(text: str) -> str:
    """Return the name of a type without the prefix of its namespace."""
    name = text.strip()
    return name.rpartition(":")[2] if name.partition(":")[0] in {"feel", "xsd", "xs"} else name


def conformed(value: Feel, name: str, types: Mapping[str, ItemType], *, depth: int = 0) -> Feel:
    """Return a value as one of a type: a list of one element may be the element; null where it does not fit."""
    if value is None or depth > _DEEPEST:
        return None
    if name in types:
        return _of_item(value, types[name], types, depth=depth)
    base = BASE.get(name, "")
    if not base or kind_of(value) == base:
        return value
    if isinstance(value, tuple) and len(value) == 1 and kind_of(value[0]) == base:
        return value[0]
    return None


def _of_item(value: Feel, item: ItemType, types: Mapping[str, ItemType], *, depth: int) -> Feel:
    if not item.is_list:
        return _single(value, item, types, depth=depth)
    parts = value if isinstance(value, tuple) else (value,)
    found = tuple(_single(part, item, types, depth=depth) for part in parts)
    return (
        None
        if any(one is None and part is not None for one, part in zip(found, parts, strict=True))
        else found
    )


def _single(value: Feel, item: ItemType, types: Mapping[str, ItemType], *, depth: int) -> Feel:
    if item.components:
        found = _with_components(value, item, types, depth=depth)
    else:
        found = conformed(value, item.base, types, depth=depth + 1)
    if item.allowed is not None and found is not None:
        parts = found if isinstance(found, tuple) else (found,)
        run = Evaluation({})
        if any(run.holds(item.allowed, part) is not True for part in parts):
            return None
    return found


def _with_components(value: Feel, item: ItemType, types: Mapping[str, ItemType], *, depth: int) -> Feel:
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    if not isinstance(value, Mapping):
        return None
    found = dict(value)
    for name, part in item.components.items():
        if name not in value:
            return None
        found[name] = _of_item(value[name], part, types, depth=depth + 1)
        if found[name] is None and value[name] is not None:
            return None
    return found


def of_case(value: str | int | bool, name: str) -> Feel:  # noqa: FBT001 - one of the values of a case
    """Return a value of a case's data in FEEL; a text is a day where a day is expected."""
    from decimal import Decimal

    from zhengshu.contexts.casework.domain.decisions.durations import read_day

    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if name == "date":
        return read_day(value)
    return value


def to_case(value: Feel) -> str | int | bool | None:
    """Return a value of FEEL as a case's data have it; None where they cannot hold it."""
    from decimal import Decimal

    match value:
        case bool() | str():
            return value
        case Decimal() if value == value.to_integral_value():
            return int(value)
        case date():
            return value.isoformat()
        case tuple():
            parts = [to_case(one) for one in value]
            return ",".join(str(one) for one in parts) if all(isinstance(one, str) for one in parts) else None
    return None
