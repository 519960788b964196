"""How figures are called and what they mean: what is counted, and of what."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.services.domain.applications import ApplicationState

LABELS: Final[Mapping[str, Promise]] = {
    "applications": _("Applications"),
    "open": _("Under way"),
    "granted": _("Granted"),
    "refused": _("Not granted"),
    "withdrawn": _("Withdrawn"),
    "kept": _("Limits kept"),
    "late": _("Limits passed"),
    "instant": _("Decided at once"),
    "checks": _("Checks without a person"),
    "days": _("Days saved"),
    "visits": _("Visits saved"),
    "materials": _("Materials not asked for"),
    "mended": _("Bad ratings mended"),
    "month": _("Month"),
    "item": _("Service item"),
    "department": _("Department"),
}

DEFINITIONS: Final[Mapping[str, tuple[Promise, Promise | str]]] = {
    "applications": (_("applications sent, over all channels, by the month in which they were sent"), ""),
    "open": (_("applications that are not decided"), ""),
    "granted": (_("applications that were granted"), ""),
    "refused": (_("applications that were refused or not accepted"), ""),
    "withdrawn": (_("applications that their applicant withdrew"), ""),
    "kept": (
        _("applications whose case passed the end of none of its clocks so far"),
        _("applications whose case has or had a clock"),
    ),
    "late": (
        _("applications whose case passed the end of at least one of its clocks"),
        _("applications whose case has or had a clock"),
    ),
    "instant": (_("applications decided in the request that sent them, by nobody"), _("all applications")),
    "checks": (
        _("checks of the pre-review that a rule answered without a question to a person"),
        _("all checks of the pre-review"),
    ),
    "days": (
        _(
            "for each granted application: the item's statutory limit in calendar days, less the whole days it took"
        ),
        "",
    ),
    "visits": (
        _("one for each application sent from home, one for each granted result that is an e-certificate"),
        "",
    ),
    "materials": (
        _("for each application: the materials of its item that a certificate or a register supplies"),
        "",
    ),
    "mended": (_("bad ratings whose rectification has ended"), _("bad ratings")),
}
"""What is summed, and of which whole it is a share (empty: of none)."""

STATES: Final[Mapping[ApplicationState, Promise]] = {
    ApplicationState.OPEN: _("Under way"),
    ApplicationState.GRANTED: _("Granted"),
    ApplicationState.REFUSED: _("Not granted"),
    ApplicationState.WITHDRAWN: _("Withdrawn"),
    ApplicationState.ENDED: _("Ended"),
}
