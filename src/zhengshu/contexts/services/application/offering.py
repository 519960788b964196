"""Which service item stands behind a case type, and who handles it."""

from datetime import date

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.domain.vocabulary import ItemState
from zhengshu.contexts.services.models import ItemVersion
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import DepartmentId


def offered(case_type: str, *, on: date) -> ItemVersion | None:
    """Return the version in force of the item that a case type handles, with its item; None where there is none."""
    rows = ItemVersion.objects.in_force(on).filter(
        item__case_type=case_type, item__state=ItemState.PUBLISHED.value, item__department_id__isnull=False
    )
    return (
        rows.select_related("item")
        .defer("item__all_words", "item__meaning")
        .order_by("item__code", "-number")
        .first()
    )


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
