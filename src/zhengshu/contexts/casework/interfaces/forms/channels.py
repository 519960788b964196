"""By which way somebody came who fills in a form; the codes are those of GB/T 39046-2020, table A.5."""

from typing import Final

from zhengshu.contexts.casework.domain.forms.ports import KIOSK_MARK
from zhengshu.foundation.http.requests import ActorRequest

WINDOW: Final = "1"
WEB: Final = "2"
MOBILE: Final = "3"
KIOSK: Final = "9"


def channel_of(request: ActorRequest) -> str:
    """Return the channel of a request: an official sits at the window, a kiosk says so, a phone's browser too."""
    if request.actor.department_id is not None:
        return WINDOW
    if request.session.get(KIOSK_MARK):
        return KIOSK
    is_mobile = request.headers.get("Sec-CH-UA-Mobile") == "?1" or "Mobi" in request.headers.get(
        "User-Agent", ""
    )
    return MOBILE if is_mobile else WEB
