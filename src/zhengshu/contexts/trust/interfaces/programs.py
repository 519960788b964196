"""What a browser calls itself, as people call it: its name and the system that it runs on."""

import re

from django.utils.translation import gettext as _

BROWSERS = (
    ("WeChat", r"MicroMessenger/"),
    ("DingTalk", r"DingTalk/"),
    ("Edge", r"Edg(?:A|iOS)?/(\d+)"),
    ("Opera", r"OPR/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:HeadlessChrome|Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+)[\d.]* (?:Mobile/\S+ )?Safari/"),
)
"""In this order, for each of the later ones is also named by some of the earlier."""

SYSTEMS = (
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("Linux", r"Linux"),
)


def program_of(agent: str) -> str:
    """Return what to call a program; its own words, shortened, where it is none that we know."""
    browser = next(
        (f"{name} {found[1]}" if found.lastindex else name)
        for name, pattern in (*BROWSERS, ("", ""))
        if (found := re.search(pattern, agent))
    )
    system = next((name for name, pattern in SYSTEMS if re.search(pattern, agent)), "")
    if not browser:
        return agent[:60]
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser
