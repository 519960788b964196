"""Encrypted columns of models: read and set in clear as an attribute, kept encrypted, bound to table, column and row.

```python
class Person(models.Model):
    sealed_phone = models.BinaryField(null=True)
    phone = encrypted_text("sealed_phone", grade=4)
```

Nothing is decrypted until the attribute is read, so that lists which do not show it pay nothing.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Generic, Protocol, TypeVar, overload
from uuid import UUID

import msgspec
from django.db.models import Model

from zhengshu.foundation.crypto.data_keys import Scope, ValueUnreadable, number_of
from zhengshu.foundation.crypto.sealing import VERSION as FORMER
from zhengshu.foundation.crypto.sealing import NotUnsealed, unseal
from zhengshu.foundation.vault import keys

Value = TypeVar("Value")
PERSONAL = 4
"""The grade under which `trust` and `casework` encrypt what identifies persons (GB/T 43697: general data 4)."""


class Encrypted(Generic[Value]):
    """An attribute of a model that is kept encrypted.

    Args:
        stored: the attribute of the `BinaryField` that keeps it.
        grade: of the data.
        department: the attribute, also of a related row (``case.department_id``), that says whose a row's data are;
            empty for what belongs to no department.
        former: what stood before the row's id in the context under which its value was sealed before the vault.
        empty: what an empty column reads as.
        encode, decode: between value and bytes.
    """

    def __init__(
        self,
        stored: str,
        *,
        grade: int,
        department: str,
        former: bytes,
        empty: Callable[[], Value],
        encode: Callable[[Value], bytes],
        decode: Callable[[bytes], Value],
    ) -> None:
        """Remember how; `__set_name__` learns the model."""
        self.stored, self.grade, self._former, self._empty = stored, grade, former, empty
        self._department, self.needs = department, department.rpartition(".")[0].replace(".", "__")
        self._encode, self._decode = encode, decode
        self.model: type[Model] = Model

    def __set_name__(self, owner: type[Model], name: str) -> None:
        self.model = owner
        COLUMNS.append(self)

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.model._meta.db_table}.{self.stored}"  # noqa: SLF001 - Django's own name for it

    @overload
    def __get__(self, row: None, owner: type[Model]) -> "Encrypted[Value]": ...

    @overload
    def __get__(self, row: Model, owner: type[Model]) -> Value: ...

    def __get__(self, row: Model | None, owner: type[Model]) -> "Encrypted[Value] | Value":
        """Decrypt.

        Raises:
            ValueUnreadable: the value was changed, or stood in another row, column or department.
        """
        if row is None:
            return self
        stored = getattr(row, self.stored)
        return self._empty() if stored is None else self._decode(self._opened(row, bytes(stored)))

    def __set__(self, row: Model, value: Value) -> None:
        """Encrypt; an empty value is kept as NULL."""
        empty = value is None or value == self._empty()
        setattr(row, self.stored, None if empty else self._sealed(row, self._encode(value)))

    def renewed(self, row: Model) -> bytes | None:
        """Return the row's value under the newest key of its scope; None where it is that already.

        Raises:
            ValueUnreadable: as when it is read.
        """
        stored = bytes(getattr(row, self.stored))
        newest = keys.active_key(self._scope(row))
        if stored[:1] != FORMER and number_of(stored) == newest.number:
            return None
        return newest.encrypt(self._opened(row, stored), place=self._place(row))

    def _sealed(self, row: Model, plain: bytes) -> bytes:
        return keys.active_key(self._scope(row)).encrypt(plain, place=self._place(row))

    def _opened(self, row: Model, stored: bytes) -> bytes:
        if stored[:1] == FORMER and self._former:
            try:
                return unseal(stored, context=self._former + row.pk.bytes)
            except NotUnsealed:
                raise ValueUnreadable("the value was changed, or moved here from another place") from None
        key = keys.key_of(stored)
        if key.scope != self._scope(row):
            raise ValueUnreadable("the value was encrypted for another department or grade")
        return key.decrypt(stored, place=self._place(row))

    def _scope(self, row: Model) -> Scope:
        return Scope(attrgetter(self._department)(row) if self._department else None, self.grade)

    def _place(self, row: Model) -> bytes:
        key: UUID = row.pk
        return f"{self.name}:".encode() + key.bytes


class Column(Protocol):
    """An encrypted column, as the job that encrypts it anew sees it."""

    stored: str
    needs: str
    model: type[Model]

    @property
    def name(self) -> str:
        """Table and column."""
        ...

    def renewed(self, row: Model) -> object | None:
        """Return the row's value under the newest key of its scope; None where it is that already."""
        ...


COLUMNS: list[Column] = []
"""Every encrypted column of the loaded models."""


def encrypted_text(
    stored: str,
    *,
    grade: int = PERSONAL,
    department: str = "",
    former: bytes = b"",
) -> Encrypted[str]:
    """Return an attribute of text; empty text is kept as NULL."""
    return Encrypted(
        stored,
        grade=grade,
        department=department,
        former=former,
        empty=str,
        encode=str.encode,
        decode=bytes.decode,
    )


def encrypted_json(
    stored: str,
    kind: type[Value],
    *,
    empty: Callable[[], Value],
    grade: int = PERSONAL,
    department: str = "",
    former: bytes = b"",
) -> Encrypted[Value]:
    """Return an attribute of a type that msgspec reads from JSON; an empty one is kept as NULL."""
    return Encrypted(
        stored,
        grade=grade,
        department=department,
        former=former,
        empty=empty,
        encode=msgspec.json.encode,
        decode=msgspec.json.Decoder(kind).decode,
    )
