"""The platform's own systems of departments, which forms and benefits ask for at every call."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings

from zhengshu.foundation.statements import Statement
from zhengshu.kernel.identity import SystemId

_SYSTEMS = Statement(
    "SELECT id FROM trust_consuming_system WHERE name = %s AND department_id = ANY (%s::uuid[]) AND is_active"
)


def is_platforms_own(name: str) -> bool:
    """Whether a system of that name is the platform's own: it alone signs its calls, each for a form or a run."""
    return bool(name == settings.FORMS_SYSTEM)


def systems_named(*, name: str, departments: Iterable[UUID]) -> frozenset[SystemId]:
    """Return the active consuming systems of some departments that bear a name; each has one at most."""
    return frozenset(SystemId(row[0]) for row in _SYSTEMS.rows(name, list(departments)))
