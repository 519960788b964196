"""Data keys of this process: unwrapped, kept for a short while, made when a scope needs its first one."""

import time
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from zhengshu.foundation.crypto.data_keys import (
    OpenedKey,
    Scope,
    ValueUnreadable,
    fresh_key,
    number_of,
    opened_key,
)
from zhengshu.foundation.vault.models import DataKey

SECONDS_KEPT = 60.0
"""After which a process looks again whether a key was rotated."""
_ROW = "SELECT id, department_id, grade, version, wrapped FROM foundation_data_key"

SECONDS_UNSETTLED = 300.0
"""For which a rotation that this process began may still be undone; its key is not kept meanwhile."""

_active: dict[Scope, tuple[OpenedKey, float]] = {}
_numbered: dict[int, tuple[OpenedKey, float]] = {}
_unsettled: dict[Scope, float] = {}


def active_key(scope: Scope) -> OpenedKey:
    """Return the key that encrypts what is new in a scope."""
    kept = _active.get(scope)
    if kept is not None and kept[1] > time.monotonic():
        return kept[0]
    key = _newest(scope) or _made(scope)
    if _unsettled.get(scope, 0.0) <= time.monotonic():
        _active[scope] = (key, time.monotonic() + SECONDS_KEPT)
    return key


def key_of(stored: bytes) -> OpenedKey:
    """Return the key that encrypted a value.

    Raises:
        ValueUnreadable: it is no encrypted value, or its key is not one of this installation.
    """
    number = number_of(stored)
    kept = _numbered.get(number)
    if kept is not None and kept[1] > time.monotonic():
        return kept[0]
    load([number])
    if number not in _numbered:
        raise ValueUnreadable("the key that encrypted the value is not one of this installation")
    return _numbered[number][0]


def load(numbers: Iterable[int]) -> None:
    """Have the keys of many values at hand, in one statement at most."""
    now = time.monotonic()
    wanted = [one for one in set(numbers) if one not in _numbered or _numbered[one][1] <= now]
    if not wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"{_ROW} WHERE id = ANY(%s)", [wanted])
        for row in cursor.fetchall():
            _numbered[row[0]] = (_opened(row), now + SECONDS_KEPT)


def rotate(scope: Scope, *, at: datetime) -> int:
    """Retire a scope's key and make the next version, and return it; others use it within `SECONDS_KEPT`."""
    _unsettled[scope] = time.monotonic() + SECONDS_UNSETTLED
    transaction.on_commit(lambda: _settle(scope))
    last = DataKey.objects.filter(department_id=scope.department_id, grade=scope.grade, retired_at=None)
    version = last.select_for_update().values_list("version", flat=True).first() or 0
    last.update(retired_at=at)
    number, wrapped = fresh_key(scope, version=version + 1)
    with connection.cursor() as cursor:
        _insert(cursor, number, scope, version=version + 1, wrapped=wrapped, at=at)
    return version + 1


def scopes() -> tuple[Scope, ...]:
    """Return the scopes that have a key."""
    rows = DataKey.objects.filter(retired_at=None).order_by("department_id", "grade")
    return tuple(Scope(*row) for row in rows.values_list("department_id", "grade"))


def forget() -> None:
    """Forget every unwrapped key, as after `SECONDS_KEPT`."""
    _active.clear()
    _numbered.clear()
    _unsettled.clear()


def require_keys() -> None:
    """Refuse to start where the master key is another one than that under which the data keys lie.

    Raises:
        Refused: the root key, the master key or the data keys do not belong together; the sentence says what to do.
    """
    from zhengshu.foundation.crypto.master_key import MasterKeyStrange, master_key

    master_key()
    with connection.cursor() as cursor:
        cursor.execute(f"{_ROW} ORDER BY created_at DESC LIMIT 1")
        row = cursor.fetchone()
    try:
        if row is not None:
            _opened(row)
    except ValueUnreadable:
        raise MasterKeyStrange from None


def _settle(scope: Scope) -> None:
    _unsettled.pop(scope, None)
    _active.pop(scope, None)


def _newest(scope: Scope) -> OpenedKey | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_ROW} WHERE department_id IS NOT DISTINCT FROM %s AND grade = %s AND retired_at IS NULL",
            [scope.department_id, scope.grade],
        )
        row = cursor.fetchone()
    return None if row is None else _opened(row)


def _made(scope: Scope) -> OpenedKey:
    """Return the first key of a scope, committed by itself.

    The caller's transaction may yet be undone, while the key is kept in memory and encrypts what others commit.
    """
    number, wrapped = fresh_key(scope, version=1)
    apart = connection.copy()
    try:
        with apart.cursor() as cursor:
            _insert(cursor, number, scope, version=1, wrapped=wrapped, at=timezone.now())
    except IntegrityError:
        pass
    finally:
        apart.close()
    key = _newest(scope)
    if key is None:
        raise ValueUnreadable("the first key of a department and grade could not be kept")
    return key


def _insert(
    cursor: CursorWrapper, number: int, scope: Scope, *, version: int, wrapped: bytes, at: datetime
) -> None:
    cursor.execute(
        "INSERT INTO foundation_data_key (id, department_id, grade, version, wrapped, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [number, scope.department_id, scope.grade, version, wrapped, at],
    )


def _opened(row: tuple[int, UUID | None, int, int, bytes]) -> OpenedKey:
    number, department_id, grade, version, wrapped = row
    return opened_key(number, Scope(department_id, grade), version=version, wrapped=bytes(wrapped))
