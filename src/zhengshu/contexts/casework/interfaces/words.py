"""Words of lights and units."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengshu.kernel.clocks import Light
from zhengshu.kernel.limits import LimitUnit

LIGHTS: Mapping[str, str | Promise] = {
    Light.GREEN.value: _("In time"),
    Light.YELLOW.value: _("Due soon"),
    Light.RED.value: _("Overdue"),
    Light.GREY.value: _("No clock runs"),
}

UNITS: Mapping[str, str | Promise] = {
    LimitUnit.WORKING_DAYS.value: _("working days"),
    LimitUnit.DAYS.value: _("days"),
    LimitUnit.WORKING_HOURS.value: _("working hours"),
    LimitUnit.HOURS.value: _("hours"),
}


def light(name: str) -> str:
    """Say what a light means."""
    return str(LIGHTS[name])


def unit(name: str) -> str:
    """Say the unit of a limit."""
    return str(UNITS[name])
