"""Time-ordered identifiers, and the types of the identifiers that cross doors."""

import os
import time
from typing import NewType
from uuid import UUID

DepartmentId = NewType("DepartmentId", UUID)
OfficialId = NewType("OfficialId", UUID)
SystemId = NewType("SystemId", UUID)
ResourceId = NewType("ResourceId", UUID)
BatchId = NewType("BatchId", UUID)
CaseId = NewType("CaseId", UUID)
TaskId = NewType("TaskId", UUID)
RequestId = NewType("RequestId", UUID)
GrantId = NewType("GrantId", UUID)

_VERSION = 7 << 76
_VARIANT = 2 << 62


def new_id() -> UUID:
    """Return a fresh UUID of version 7 (RFC 9562, section 5.7): unguessable, yet ordered by time.

    The twelve bits after the millisecond are its fraction (section 6.2, method 3), a quarter of a microsecond
    each, so that what one process makes in one millisecond is in order too.
    """
    milliseconds, fraction = divmod(time.time_ns(), 1_000_000)
    order = (fraction << 12) // 1_000_000
    noise = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=(milliseconds & ((1 << 48) - 1)) << 80 | _VERSION | order << 64 | _VARIANT | noise)
