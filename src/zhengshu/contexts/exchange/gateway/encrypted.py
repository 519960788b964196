"""Columns of serving tables that are stored encrypted: found by their blind index, decrypted here.

A view says of each such column its type and grade. A value is read only under a key of the department that provides it;
what was moved here from another row, column or department makes the table unready, and the log names the column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import structlog

from zhengshu.contexts.exchange.domain.refusals import ResourceNotReady
from zhengshu.contexts.exchange.domain.terms import Terms
from zhengshu.contexts.exchange.domain.values import ColumnType, Value, read_value
from zhengshu.contexts.exchange.gateway.database import Pool, Row, fetch
from zhengshu.foundation.crypto.data_keys import (
    OpenedKey,
    Scope,
    ValueUnreadable,
    blind_index,
    lookup_column,
    number_of,
    opened_key,
    served_place,
)

log = structlog.get_logger(__name__)

FOUND_BY = frozenset({ColumnType.TEXT, ColumnType.INTEGER, ColumnType.DATE})
"""Types of which one value has one text, so that its blind index finds it."""
_KEYS = (
    "SELECT id, department_id, grade, version, wrapped FROM gateway.data_keys WHERE id = ANY($1::integer[])"
)
Read = tuple[Value | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The columns of a serving view.

    Attributes:
        types: of the values, decrypted where they are encrypted.
        grades: of the encrypted columns.
    """

    types: Mapping[str, ColumnType]
    grades: Mapping[str, int] = field(default_factory=dict)


class Decrypter:
    """Decrypts rows with the keys that it has read; a key never changes, so it is kept."""

    def __init__(self, pool: Pool) -> None:
        """Read keys through a pool."""
        self._pool = pool
        self._keys: dict[int, OpenedKey] = {}

    def lookup(self, terms: Terms, column: str, value: Value, *, shape: Shape) -> tuple[str, bytes | Value]:
        """Return by which column a row is found, and the value there.

        Raises:
            ResourceNotReady: rows cannot be found by such an encrypted column.
        """
        if column not in shape.grades:
            return column, value
        if shape.types[column] not in FOUND_BY or isinstance(value, datetime):
            raise ResourceNotReady(missing=column)
        text = value.isoformat() if isinstance(value, date) else str(value)
        return lookup_column(column), blind_index(f"serving.{terms.view_name}.{column}")(text)

    async def rows(
        self, terms: Terms, rows: Sequence[Row], *, columns: Sequence[str], shape: Shape
    ) -> tuple[Read, ...]:
        """Return rows decrypted; the last value of each is its random id and is left out.

        Raises:
            ResourceNotReady: a value was changed, moved, or encrypted by a key that is not the provider's.
        """
        hidden = [place for place, column in enumerate(columns) if column in shape.grades]
        await self._load({bytes(row[place]) for row in rows for place in hidden if row[place] is not None})
        return tuple(self._row(terms, row, columns=columns, shape=shape) for row in rows)

    def _row(self, terms: Terms, row: Row, *, columns: Sequence[str], shape: Shape) -> Read:
        return tuple(
            self._value(terms, column, row[place], row_id=bytes(row[len(columns)] or b""), shape=shape)
            if column in shape.grades and row[place] is not None
            else row[place]
            for place, column in enumerate(columns)
        )

    def _value(self, terms: Terms, column: str, stored: bytes, *, row_id: bytes, shape: Shape) -> Value:
        try:
            key = self._keys.get(number_of(stored))
            if key is None or key.scope != Scope(terms.provider_department_id, shape.grades[column]):
                raise ValueUnreadable("the value was encrypted for another department or grade")  # noqa: TRY301 - one way out
            text = key.decrypt(stored, place=served_place(terms.view_name, column, row_id)).decode()
        except ValueUnreadable as fault:
            log.warning("gateway.value_unreadable", view=terms.view_name, column=column, fault=str(fault))
            raise ResourceNotReady(missing=column) from None
        kind = shape.types[column]
        return text if kind is ColumnType.TEXT else read_value(text, column_type=kind, column=column)

    async def _load(self, stored: set[bytes]) -> None:
        """Read the keys that are not known yet."""
        wanted = {int.from_bytes(one[1:5]) for one in stored} - self._keys.keys()
        if not wanted:
            return
        for row in await fetch(self._pool, _KEYS, sorted(one for one in wanted if one < 2**31)):
            number, department_id, grade, version, wrapped = row
            scope = Scope(UUID(str(department_id)) if department_id else None, grade)
            try:
                self._keys[number] = opened_key(number, scope, version=version, wrapped=bytes(wrapped))
            except ValueUnreadable as fault:
                log.warning("gateway.data_key_unusable", number=number, fault=str(fault))
