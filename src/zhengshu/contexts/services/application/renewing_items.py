"""Which item renews certificates of a type."""

from datetime import date

from zhengshu.contexts.services.application.issue_certificate import certificate_type, renewing_field
from zhengshu.contexts.services.domain.vocabulary import ItemState
from zhengshu.contexts.services.models import ItemVersion


def renewing_item(type_code: str, *, on: date) -> str:
    """Return the code of the published item by which certificates of a type are renewed; empty where there is none."""
    rows = ItemVersion.objects.in_force(on).filter(
        item__state=ItemState.PUBLISHED.value,
        elements__outcomes__contains=[{"certificate_type": type_code}],
    )
    found = rows.select_related("item").only("elements", "item__code").order_by("item__code", "-number")
    fitting = (row for row in found if renewing_field(row) and certificate_type(row) == type_code)
    return next((row.item.code for row in fitting), "")
