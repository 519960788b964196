"""Loading benefits from a pack; the same declaration changes nothing, another one is switched off."""

import hashlib
from datetime import datetime
from pathlib import Path

import msgspec

from zhengshu.contexts.services.application.benefit_case_type import warn_of_case_type
from zhengshu.contexts.services.domain.benefits import Definition
from zhengshu.contexts.services.models.benefits import Benefit
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction


def read_benefits(folder: Path) -> tuple[Definition, ...]:
    """Return the declarations of a folder.

    Raises:
        msgspec.ValidationError: a file does not have its form, with the place that failed.
    """
    return tuple(
        msgspec.yaml.decode(file.read_bytes(), type=Definition) for file in sorted(folder.glob("*.yaml"))
    )


@transaction
def load_benefits(*, folder: Path, at: datetime) -> tuple[str, ...]:
    """Load what is new or changed; return the codes. A benefit whose department is not here is left out."""
    loaded: list[str] = []
    for definition in read_benefits(folder):
        try:
            department = trust.department_by_code(code=definition.department)
        except trust.DepartmentNotFound:
            continue
        written = msgspec.to_builtins(definition, str_keys=True)
        digest = hashlib.sha256(msgspec.json.encode(written, order="sorted")).hexdigest()
        known = Benefit.objects.select_for_update().filter(code=definition.code).first()
        if known is not None and known.digest == digest:
            continue
        Benefit.objects.update_or_create(
            code=definition.code,
            defaults={
                "department_id": department.id,
                "definition": written,
                "digest": digest,
                "is_on": False,
                "loaded_at": at,
            },
        )
        loaded.append(definition.code)
        warn_of_case_type(definition)
    return tuple(loaded)
