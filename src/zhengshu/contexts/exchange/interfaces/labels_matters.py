"""What people read for matters: their kinds, their parts, what they are about."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.catalog.api import UpdateCycle
from zhengshu.contexts.exchange.domain.corrections import FaultKind
from zhengshu.contexts.exchange.domain.demands import ListKind
from zhengshu.contexts.exchange.domain.disputes import DisputeAbout
from zhengshu.contexts.exchange.domain.matters import MatterKind
from zhengshu.contexts.exchange.interfaces.labels import Labels

KINDS: Labels = {
    MatterKind.CORRECTION: _("Corrections"),
    MatterKind.MISUSE: _("Misuse"),
    MatterKind.DISPUTE: _("Disputes"),
    MatterKind.DEMAND: _("Supply and demand"),
}
LEADS: Labels = {
    MatterKind.CORRECTION: _(
        "Shared data that is wrong or incomplete: the provider verifies, corrects and answers within ten working "
        "days (Decree 809, article 26)."
    ),
    MatterKind.MISUSE: _(
        "Use beyond scope or purpose: suspended at once, corrected within a limit, resumed or ended (Decree 809, "
        "article 27)."
    ),
    MatterKind.DISPUTE: _(
        "Departments that do not agree negotiate first; then the data authority mediates; then the government "
        "decides (Decree 809, article 28)."
    ),
    MatterKind.DEMAND: _(
        "Data that no resource offers yet: what is demanded, who is responsible until when, and what a law withholds."
    ),
}
PARTIES: Labels = {
    "requester": _("Asked by"),
    "provider": _("Provider"),
    "source": _("Source department"),
    "finder": _("Found by the department"),
    "consumer": _("Consumer"),
    "claimant": _("Claimant"),
    "respondent": _("Respondent"),
    "government": _("People's government"),
    "responsible": _("Responsible department"),
}
FAULTS: Labels = {FaultKind.WRONG: _("wrong"), FaultKind.INCOMPLETE: _("missing or incomplete")}
ABOUT: Labels = {
    DisputeAbout.REQUEST: _("Share request"),
    DisputeAbout.GRANT: _("Grant"),
    DisputeAbout.CORRECTION: _("Correction"),
}
LISTS: Labels = {
    ListKind.DEMANDS: _("Demand list"),
    ListKind.RESPONSIBILITIES: _("Responsibility list"),
    ListKind.NEGATIVE: _("Negative list"),
}
CYCLES: Labels = {
    UpdateCycle.REALTIME: _("real time"),
    UpdateCycle.DAILY: _("daily"),
    UpdateCycle.WEEKLY: _("weekly"),
    UpdateCycle.TEN_DAYS: _("every ten days"),
    UpdateCycle.MONTHLY: _("monthly"),
    UpdateCycle.QUARTERLY: _("quarterly"),
    UpdateCycle.HALF_YEARLY: _("half-yearly"),
    UpdateCycle.YEARLY: _("yearly"),
    UpdateCycle.IRREGULAR: _("irregularly"),
}
RESULTS: Labels = {"corrected": _("corrected"), "not_wrong": _("not wrong")}
SIDES: Labels = {"ours": _("Ours"), "asked": _("Asked of us")}
PROGRESS: Labels = {"open": _("Under way"), "ended": _("Ended")}
TIMES: Labels = {"late": _("Late"), "soon": _("Due within three days")}
TIMELY: Mapping[bool | None, object] = {True: _("in time"), False: _("late"), None: ""}
ENDS: Mapping[str, str] = {
    "corrected": "green",
    "resumed": "green",
    "fulfilled": "green",
    "offered": "green",
    "settled": "green",
    "mediated": "green",
    "upheld": "green",
    "partly_upheld": "green",
    "terminated": "red",
    "withheld": "red",
    "declined": "red",
    "dismissed": "red",
    "not_wrong": "grey",
    "unfounded": "grey",
    "withdrawn": "grey",
}
"""Colours of ends; what is open is blue."""
