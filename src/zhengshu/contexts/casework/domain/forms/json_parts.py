"""Members of a JSON tree that somebody else wrote, each as what it should be or as nothing."""

from collections.abc import Mapping
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


def group(value: Json) -> Mapping[str, Json]:
    """Return an object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def items(tree: Mapping[str, Json], key: str) -> tuple[Json, ...]:
    """Return a list's members."""
    value = tree.get(key)
    return tuple(value) if isinstance(value, list) else ()


def text(tree: Mapping[str, Json], key: str) -> str:
    """Return a text without blanks around it."""
    value = tree.get(key)
    return value.strip() if isinstance(value, str) else ""


def number(tree: Mapping[str, Json], key: str) -> int | None:
    """Return a whole number; form-js writes some as texts."""
    value = tree.get(key)
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return int(value.strip()[:9])
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(tree: Mapping[str, Json], key: str, *, default: bool = False) -> bool:
    """Return yes or no."""
    value = tree.get(key)
    return value if isinstance(value, bool) else default
