"""The shell of every page: menu by role, the person, search, preferences."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from zhengshu.contexts.portal.interfaces.menu import FOOTER, PERSONAL, SECTIONS, Target
from zhengshu.contexts.portal.interfaces.persons import Person, person_of
from zhengshu.contexts.services.api import KIOSK_IDLE, KioskRecord
from zhengshu.foundation.http.rules import Rule, rule_of
from zhengshu.kernel.actors import APPLICANTS, Actor

MOST_SHOWN = 99
THEME_COOKIE = "theme"
THEMES = ("light", "dark")
READING_COOKIE, LARGE = "reading", "large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A link of the menu as the template draws it."""

    label: str
    url: str
    icon: str
    note: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled group of links."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The person at the right of the header."""

    name: str
    department: str
    roles: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell:
    """The person's messages: how many are new, where they are, and where a page asks whether that changed."""

    count: int
    url: str
    live_url: str

    @property
    def shown(self) -> str:
        """The number as it fits beside the bell."""
        return f"{MOST_SHOWN}+" if self.count > MOST_SHOWN else str(self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A machine in a hall: its name, where its buttons lead, how long it waits for somebody.

    Attributes:
        quiet_seconds: after so long the page asks whether somebody is there.
        limit_seconds: after so long the server ends the session.
    """

    name: str
    start_url: str
    help_url: str
    end_url: str
    alive_url: str
    limit_seconds: int
    quiet_seconds: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """All that `ui/page.html` shows around the content.

    Attributes:
        home: what the reader calls the first page.
        search_url: where the field of the header asks: people look for service items, officials for what is kept.
        search_hint: what may be asked there.
    """

    sections: tuple[Section, ...]
    home: str
    trail: tuple[Entry, ...]
    person: Signed | None
    theme: str
    is_large: bool
    search_url: str
    search_hint: str
    search_text: str
    sign_in_url: str
    sign_out_url: str
    footer: tuple[Entry, ...]
    bell: Bell | None
    kiosk: Standing | None = None


def navigation(request: HttpRequest) -> Mapping[str, object]:
    """Give every template its shell, made only when a template asks for it."""
    return {"navigation": SimpleLazyObject(lambda: shell_of(request))}


def shell_of(request: HttpRequest) -> Shell:
    """Return the shell for a request; on an error page there may be no actor yet."""
    actor = getattr(request, "actor", None) or Actor.anonymous()
    kiosk = _standing(request)
    sections = () if kiosk else _sections(actor, request.path)
    theme = request.COOKIES.get(THEME_COOKIE, "")
    search_url, search_hint = _search(actor)
    return Shell(
        sections=sections,
        home=_home(actor).label,
        trail=_trail(sections, request.path),
        person=_signed(person_of(actor), actor) if actor.is_signed_in else None,
        theme=theme if theme in THEMES else "",
        is_large=request.COOKIES.get(READING_COOKIE) == LARGE,
        search_url=search_url,
        search_hint=search_hint,
        search_text=request.GET.get("q", "") if request.path == search_url else "",
        sign_in_url=reverse("account_login"),
        sign_out_url=reverse("account_logout"),
        footer=entries(FOOTER, actor),
        bell=_bell(actor) if actor.is_signed_in and kiosk is None else None,
        kiosk=kiosk,
    )


def _home(actor: Actor) -> Entry:
    if not actor.is_signed_in:
        label = gettext("Home")
    else:
        label = gettext("My space") if actor.has(*APPLICANTS) else gettext("My desk")
    return Entry(label=label, url=reverse("portal:home"), icon="layout-dashboard")


def _search(actor: Actor) -> tuple[str, str]:
    if actor.has(*APPLICANTS):
        return reverse("services:item-list"), gettext("Search service items")
    return reverse("portal:search"), gettext("Search data resources and departments")


def _standing(request: HttpRequest) -> Standing | None:
    found = getattr(request, "kiosk", None)
    if not isinstance(found, KioskRecord):
        return None
    return Standing(
        name=f"{found.name} · {found.place}",
        start_url=reverse("kiosk:start"),
        help_url=reverse("kiosk:help"),
        end_url=reverse("kiosk:end"),
        alive_url=reverse("kiosk:alive"),
        limit_seconds=int(KIOSK_IDLE.total_seconds()),
    )


def _bell(actor: Actor) -> Bell:
    from zhengshu.contexts.casework import api as casework

    return Bell(
        count=casework.unread_messages(actor=actor),
        url=reverse("messages:list"),
        live_url=reverse("messages:live"),
    )


def _signed(person: Person, actor: Actor) -> Signed:
    return Signed(
        name=person.name, department=person.department, roles=person.roles, entries=entries(PERSONAL, actor)
    )


def _sections(actor: Actor, path: str) -> tuple[Section, ...]:
    if not actor.is_signed_in:
        return ()
    first, *others = ((section.label, entries(section.targets, actor)) for section in SECTIONS)
    drawn = [(first[0], (_home(actor), *first[1])), *others]
    best = max((len(e.url) for _, group in drawn for e in group if _leads_to(e.url, path)), default=-1)
    return tuple(
        Section(label=str(label), entries=tuple(_marked(entry, path, best) for entry in group))
        for label, group in drawn
        if group
    )


def entries(targets: tuple[Target, ...], actor: Actor) -> tuple[Entry, ...]:
    """Return the links that belong to the actor's work and that the routes' own rules open."""
    return tuple(
        Entry(label=str(target.label), url=route.url, icon=target.icon, note=str(target.note))
        for target in targets
        if target.admits(actor) and (route := _route(target.view)) and route.rule.admits(actor)
    )


@dataclass(frozen=True, slots=True)
class _Route:
    url: str
    rule: Rule


@cache
def _route(view: str) -> _Route | None:
    try:
        url = reverse(view)
    except NoReverseMatch:
        return None
    rule = rule_of(resolve(url).func)
    return _Route(url, rule) if rule is not None else None


def _leads_to(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def _marked(entry: Entry, path: str, best: int) -> Entry:
    is_current = len(entry.url) == best and _leads_to(entry.url, path)
    return Entry(label=entry.label, url=entry.url, icon=entry.icon, is_current=is_current)


def _trail(sections: tuple[Section, ...], path: str) -> tuple[Entry, ...]:
    """Return the way from the desk to the section; the page itself adds its own title."""
    current = next((e for section in sections for e in section.entries if e.is_current), None)
    home = next((e for section in sections for e in section.entries if e.url == "/"), None)
    if current is None or home is None or path == "/":
        return ()
    return (home,) if current.url == path else (home, current)
