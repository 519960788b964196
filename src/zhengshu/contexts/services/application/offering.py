"""Which service item stands behind a case type, and who handles it."""

from datetime import date

import msgspec
from django.db import connection

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.models import ItemVersion, ServiceItem
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.statements import Statement
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import DepartmentId

_VERSION = ["id", "item_id", "number", "elements"]
_ITEM = ["id", "code", "name", "name_en", "department_id"]
_OFFERED = Statement(
    """
    SELECT version.id, version.item_id, version.number, version.elements,
        item.id, item.code, item.name, item.name_en, item.department_id
    FROM services_item_version version JOIN services_item item ON item.id = version.item_id
    WHERE item.case_type = %s AND item.state = 'published' AND item.department_id IS NOT NULL
        AND version.state = 'published' AND version.effective_from <= %s
        AND (version.effective_to IS NULL OR version.effective_to > %s)
    ORDER BY item.code, version.number DESC LIMIT 1
    """
)


def offered(case_type: str, *, on: date) -> ItemVersion | None:
    """Return the version in force of the item that a case type handles, with its item; None where there is none.

    It says what `in_force` says of items that are published by an organ on the platform, in SQL that is written once:
    each application asks it several times. Columns stand in the order of the models, for Django takes them by place;
    all others are loaded when they are read.
    """
    rows = _OFFERED.rows(case_type, on, on)
    if not rows:
        return None
    ((*declared, elements), item) = rows[0][:4], rows[0][4:]
    version = ItemVersion.from_db(connection.alias, _VERSION, [*declared, msgspec.json.decode(elements)])
    version.item = ServiceItem.from_db(connection.alias, _ITEM, item)
    return version


def handling(case_type: str, *, on: date) -> casework.Handling | None:
    """Return who handles the item behind a case type; bodies that are not on the platform are left out."""
    found = offered(case_type, on=on)
    if found is None or found.item.department_id is None:
        return None
    joint: list[DepartmentId] = []
    for body in found.elements.get("joint_bodies", []):
        try:
            joint.append(trust.department_by_code(code=body["code"]).id)
        except Refused:
            continue
    return casework.Handling(handler=DepartmentId(found.item.department_id), joint=tuple(joint))
