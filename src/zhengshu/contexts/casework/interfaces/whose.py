"""The tabs within the inbox: whose to-dos are shown."""

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengshu.foundation.lists import ListQuery


def whose_tabs(query: ListQuery) -> list[dict[str, object]]:
    """Return the tabs: what I may do, what I hold, what waits in my roles, what is my department's."""
    path, current = reverse("casework:inbox"), query.one("whose")
    labels = {
        "": _("All that I may do"),
        "mine": _("Mine"),
        "role": _("Waiting in my roles"),
        "department": _("My department's"),
    }
    return [
        {
            "label": label,
            "url": path + (ListQuery(filters={"whose": (code,)}).link() if code else ""),
            "is_current": current == code,
        }
        for code, label in labels.items()
    ]
