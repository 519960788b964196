"""Tells the holders of certificates by which item theirs is renewed."""

from datetime import date

from django.urls import reverse

from zhengshu.contexts.certificates.api import use_renewing_matters
from zhengshu.contexts.services.application.renewing_items import renewing_item


class RenewingItems:
    """The items as certificates see them."""

    def address(self, type_code: str, *, on: date) -> str:
        """Return the address of the guide of the item that renews certificates of a type."""
        code = renewing_item(type_code, on=on)
        return reverse("services:item-guide", args=[code]) if code else ""


use_renewing_matters(RenewingItems())
