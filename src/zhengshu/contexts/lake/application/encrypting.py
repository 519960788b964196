"""Columns of serving tables that are stored encrypted, because the policy says so of their grade.

Such a table has a random id a row; each value is bound to view, column and row. A key column has a blind index beside
it, by which the gateway finds rows. A table without such columns is filled as ever.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc

from zhengshu.contexts.lake.domain.columns import Column
from zhengshu.foundation.crypto.data_keys import (
    ROW,
    OpenedKey,
    Scope,
    blind_index,
    lookup_column,
    served_place,
)
from zhengshu.foundation.vault.keys import active_key
from zhengshu.kernel.errors import Kind, Refused

ROW_BYTES = 16


class EncryptionChanged(Refused):
    """What is served was stored before the policy changed; rows of both kinds cannot stand in one table."""

    code = "lake.encryption-changed"
    kind = Kind.CONFLICT
    message = (
        "Since the last delivery it was changed which columns are stored encrypted (%(columns)s). "
        "Deliver the whole resource once, replacing what is served."
    )


@dataclass(frozen=True, slots=True)
class Encryption:
    """How the rows of one resource are encrypted.

    Attributes:
        keys: of each encrypted column.
        lookups: the encrypted columns that rows are found by.
    """

    view: str
    keys: Mapping[str, OpenedKey]
    lookups: frozenset[str]

    def batches(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield batches as they are stored: bytes in PostgreSQL's hexadecimal form."""
        for batch in batches:
            yield self._batch(batch)

    def _batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        rows = [os.urandom(ROW_BYTES) for _ in range(batch.num_rows)]
        names = [ROW]
        arrays: list[object] = [_bytea(rows)]
        for name, array in zip(batch.schema.names, batch.columns, strict=True):
            key = self.keys.get(name)
            names.append(name)
            if key is None:
                arrays.append(array)
                continue
            texts = pc.cast(array, pa.string()).to_pylist()
            arrays.append(_bytea(self._values(name, key, rows, texts)))
            if name in self.lookups:
                of = blind_index(f"serving.{self.view}.{name}")
                names.append(lookup_column(name))
                arrays.append(_bytea([None if text is None else of(text) for text in texts]))
        return pa.record_batch(arrays, names=names)

    def _values(
        self, name: str, key: OpenedKey, rows: Sequence[bytes], texts: Sequence[str | None]
    ) -> list[bytes | None]:
        return [
            None if text is None else key.encrypt(text.encode(), place=served_place(self.view, name, row))
            for row, text in zip(rows, texts, strict=True)
        ]


def encryption_of(columns: Sequence[Column], *, view: str, department_id: UUID) -> Encryption | None:
    """Return how a resource's rows are encrypted; None where no column is."""
    keys = {
        one.column: active_key(Scope(department_id, one.encrypted_grade))
        for one in columns
        if one.encrypted_grade
    }
    if not keys:
        return None
    return Encryption(
        view, keys, frozenset(one.column for one in columns if one.is_key and one.column in keys)
    )


def stored_names(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the columns of the serving table in order, those beside encrypted ones included."""
    beside = [lookup_column(one.column) for one in columns if one.encrypted_grade and one.is_key]
    row = [ROW] if any(one.encrypted_grade for one in columns) else []
    return (*row, *(one.column for one in columns), *beside)


def compared_by(columns: Sequence[Column], keys: Sequence[str]) -> tuple[str, ...]:
    """Return the columns by which rows of the same key are told: the blind indexes of encrypted keys."""
    encrypted = {one.column for one in columns if one.encrypted_grade}
    return tuple(lookup_column(key) if key in encrypted else key for key in keys)


def require_same(former: Iterable[Mapping[str, str]], fresh: Iterable[Mapping[str, str]]) -> None:
    """Refuse to add rows to others that are encrypted otherwise.

    Raises:
        EncryptionChanged: a column of both is encrypted in one of them only, or by another grade.
    """
    known = {one["column"]: one.get("encrypted", "") for one in former}
    now = {one["column"]: one.get("encrypted", "") for one in fresh}
    changed = [column for column in now if column in known and known[column] != now[column]]
    if changed:
        raise EncryptionChanged(columns=", ".join(changed))


def _bytea(values: Sequence[bytes | None]) -> pa.StringArray:
    return pa.array([None if value is None else "\\x" + value.hex() for value in values], pa.string())
