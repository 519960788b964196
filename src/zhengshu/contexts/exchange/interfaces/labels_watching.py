"""Words for the rules that watch calls."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.exchange.domain.watching import RuleCode

Text = str | Promise

RULES: Mapping[RuleCode, Text] = {
    RuleCode.VOLUME: _("More calls than usual"),
    RuleCode.ENUMERATION: _("Keys are tried out"),
    RuleCode.NIGHT: _("Calls at night"),
    RuleCode.REFUSALS: _("Many refusals"),
    RuleCode.CASELESS: _("Calls without a case"),
    RuleCode.REPEAT: _("One subject again and again"),
    RuleCode.OFFICIAL: _("One official, one subject"),
    RuleCode.UNNAMED: _("Calls without an official"),
}
WHAT: Mapping[RuleCode, Text] = {
    RuleCode.VOLUME: _("A system makes many times the calls of its former days with one grant."),
    RuleCode.ENUMERATION: _(
        "A system asks for many different keys in a day, and a large share of them finds nothing."
    ),
    RuleCode.NIGHT: _("A system calls while nobody works."),
    RuleCode.REFUSALS: _(
        "A large share of a system’s calls is refused: it asks for what it was not granted."
    ),
    RuleCode.CASELESS: _("A system calls for a purpose that serves cases, and names none."),
    RuleCode.REPEAT: _("A system reads the same person or enterprise many times within some days."),
    RuleCode.OFFICIAL: _(
        "One official reads the same person or enterprise many times within some days, by whatever system."
    ),
    RuleCode.UNNAMED: _("A system that should name the official who asks calls without naming one."),
}
MEASURED: Mapping[RuleCode, Text] = {
    RuleCode.VOLUME: _("Calls on the day"),
    RuleCode.ENUMERATION: _("Different keys on the day"),
    RuleCode.NIGHT: _("Calls at night"),
    RuleCode.REFUSALS: _("Refused calls on the day"),
    RuleCode.CASELESS: _("Calls without a case on the day"),
    RuleCode.REPEAT: _("Calls about one subject"),
    RuleCode.OFFICIAL: _("Calls of one official about one subject"),
    RuleCode.UNNAMED: _("Calls without an official on the day"),
}
THRESHOLDS: Mapping[tuple[RuleCode, str], Text] = {
    (RuleCode.VOLUME, "calls"): _("Calls a day, at least"),
    (RuleCode.VOLUME, "times"): _("Times the mean of former days"),
    (RuleCode.VOLUME, "days"): _("Former days that count"),
    (RuleCode.ENUMERATION, "subjects"): _("Different keys a day, at least"),
    (RuleCode.ENUMERATION, "percent"): _("Percent of answers without a row, at least"),
    (RuleCode.NIGHT, "calls"): _("Calls at night, at least"),
    (RuleCode.NIGHT, "from_hour"): _("Night begins at (hour)"),
    (RuleCode.NIGHT, "to_hour"): _("Night ends at (hour)"),
    (RuleCode.REFUSALS, "calls"): _("Refused calls a day, at least"),
    (RuleCode.REFUSALS, "percent"): _("Percent of calls refused, at least"),
    (RuleCode.CASELESS, "calls"): _("Calls without a case a day, at least"),
    (RuleCode.REPEAT, "calls"): _("Calls about one subject, at least"),
    (RuleCode.REPEAT, "days"): _("Within days"),
    (RuleCode.OFFICIAL, "calls"): _("Calls of one official about one subject, at least"),
    (RuleCode.OFFICIAL, "days"): _("Within days"),
    (RuleCode.UNNAMED, "calls"): _("Calls without an official a day, at least"),
}
VERDICTS: Mapping[str, Text] = {
    "open": _("under examination"),
    "confirmed": _("true alarm"),
    "dismissed": _("false alarm"),
}
EVIDENCE: Mapping[str, Text] = {
    "calls": _("Calls of the day when it was found"),
    "refused": _("Refused calls"),
    "empty": _("Answers without a row"),
    "subjects": _("Different keys"),
    "habit": _("Calls of former days"),
    "repeated": _("Subjects read so often"),
    "keys": _("Their digests begin with"),
    "officials": _("Officials, by their department’s references"),
}
