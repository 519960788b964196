"""What an event is called in the reader's language: the first line of its class, translated."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.trust.interfaces.labels import Text
from zhengshu.foundation import events

CONTEXTS: dict[str, Text] = {
    "trust": _("Accounts, keys and audit"),
    "casework": _("Cases"),
    "catalog": _("Catalogue"),
    "lake": _("Deliveries"),
    "quality": _("Data quality"),
    "exchange": _("Exchange"),
    "certificates": _("E-certificates"),
    "services": _("Services"),
    "portal": _("Portal"),
}


def name_of(wire_name: str) -> str:
    """Return the words for a wire name; an event of a part that is not installed keeps its wire name."""
    for known in events.known_types():
        if known.wire_name == wire_name:
            line = (known.__doc__ or wire_name).strip().splitlines()[0]
            return gettext(line).rstrip(".。")
    return wire_name


def name_choices() -> list[tuple[str, object]]:
    """Return the choices of the audit's filter: any, whole contexts, single events grouped by context."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for known in events.known_types():
        groups.setdefault(known.wire_name.split(".")[0], []).append(
            (known.wire_name, name_of(known.wire_name))
        )
    choices: list[tuple[str, object]] = [("", _("any"))]
    for context, entries in groups.items():
        label = CONTEXTS.get(context, context)
        choices.append((str(label), [(f"{context}.", _("All of: %(area)s") % {"area": label}), *entries]))
    return choices
