"""Where certificates stand and what was done with them, in words and colours."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.certificates.application.records import CertificateRecord
from zhengshu.contexts.certificates.domain.states import CHANGED, RENEWED, Ending, Standing
from zhengshu.contexts.certificates.models import UseKind
from zhengshu.foundation.ui.tags import day

Text = str | Promise

STANDINGS: Mapping[Standing, tuple[str, Text]] = {
    Standing.VALID: ("green", pgettext_lazy("certificate", "In force")),
    Standing.NOT_YET: ("blue", pgettext_lazy("certificate", "Not in force yet")),
    Standing.EXPIRED: ("yellow", pgettext_lazy("certificate", "Expired")),
    Standing.REPLACED: ("grey", pgettext_lazy("certificate", "Replaced by a later version")),
    Standing.ENDED: ("red", pgettext_lazy("certificate", "Ended")),
}

ENDINGS: Mapping[Ending, Text] = {
    Ending.REVOKED: pgettext_lazy("certificate", "Revoked"),
    Ending.CANCELLED: pgettext_lazy("certificate", "Cancelled"),
    Ending.VOID: pgettext_lazy("certificate", "Void"),
    Ending.TRANSFERRED: pgettext_lazy("certificate", "Transferred elsewhere"),
    Ending.WITHDRAWN: pgettext_lazy("certificate", "Withdrawn as a penalty"),
    Ending.OTHER: pgettext_lazy("certificate", "Ended for another reason"),
}

BECAUSE: Mapping[str, Text] = {
    CHANGED: pgettext_lazy("certificate", "its contents changed"),
    RENEWED: pgettext_lazy("certificate", "renewed for a further period"),
}
"""Reasons that the platform gives itself; what an official wrote stays as he wrote it."""

USES: Mapping[str, Text] = {
    UseKind.SHOWN: _("Shown by a code"),
    UseKind.SUPPLIED: _("Taken over into an application"),
    UseKind.CHECKED: _("Checked for an application, nothing shown"),
    UseKind.VERIFIED: _("Checked by its identifier"),
    UseKind.TAKEN: _("File downloaded"),
}


def badge(standing: Standing, ending: str) -> tuple[str, Text]:
    """Return colour and words of where a certificate stands."""
    if standing is Standing.ENDED and ending:
        return "red", ENDINGS[Ending(ending)]
    return STANDINGS[standing]


def badge_of(record: CertificateRecord) -> tuple[str, Text]:
    """Return colour and words of where a certificate stands."""
    return badge(record.standing, record.ending)


def why(reason: str) -> Text:
    """Return why a certificate ended, in the reader's language where the platform said it."""
    return BECAUSE.get(reason, reason)


def period_of(active_from: datetime, active_to: datetime | None) -> str:
    """Return the first and the last day of a period."""
    if active_to is None:
        return gettext("from %(day)s, without end") % {"day": day(active_from)}
    return f"{day(active_from)} – {day(active_to - timedelta(microseconds=1))}"
