"""The filters of the list of items."""

from collections.abc import Mapping
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.services.application.records import ThemeRecord
from zhengshu.contexts.services.application.search_items import ItemPage
from zhengshu.contexts.services.domain.vocabulary import Audience, CaseKind, ItemKind, ItemLevel, ThemeKind
from zhengshu.contexts.services.interfaces.labels import in_language, label
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import Facet, Option

_CODES: Mapping[str, tuple[Promise, type[Enum]]] = {
    "kind": (_("Kind of act"), ItemKind),
    "level": (_("Level"), ItemLevel),
    "case": (_("Decided"), CaseKind),
}
MOST_DEPARTMENTS = 400


def facets_of(page: ItemPage, query: ListQuery, themes: tuple[ThemeRecord, ...]) -> tuple[Facet, ...]:
    """Return the filters with how many items each choice leaves."""
    return (
        _themes(page, query, themes, ThemeKind.LIFE_EVENT, _("Life event")),
        _themes(page, query, themes, ThemeKind.TOPIC, _("Topic")),
        _departments(page, query),
        *(_codes(page, query, name, *about, is_single=True) for name, about in _CODES.items()),
        _codes(page, query, "audience", _("For whom"), Audience, is_single=False),
    )


def _codes(
    page: ItemPage, query: ListQuery, name: str, title: Promise, kind: type[Enum], *, is_single: bool
) -> Facet:
    counts, chosen = page.facets[name], query.filters.get(name, ())
    options = tuple(
        Option(value=str(one.value), label=label(one), count=counts.get(str(one.value), 0))
        for one in kind
        if counts.get(str(one.value)) or str(one.value) in chosen
    )
    return Facet(name=name, label=str(title), options=options, is_single=is_single)


def _themes(
    page: ItemPage, query: ListQuery, themes: tuple[ThemeRecord, ...], kind: ThemeKind, title: Promise
) -> Facet:
    counts, chosen = page.facets["theme"], query.filters.get("theme", ())
    options = tuple(
        Option(value=one.code, label=in_language(one.name, one.name_en), count=counts.get(one.code, 0))
        for one in themes
        if one.kind is kind and (counts.get(one.code) or one.code in chosen)
    )
    return Facet(name="theme", label=str(title), options=options, is_single=True)


def _departments(page: ItemPage, query: ListQuery) -> Facet:
    counts = page.facets["department"]
    most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_DEPARTMENTS]
    names = dict(most) | {name: counts.get(name, 0) for name in query.filters.get("department", ())}
    options = tuple(Option(value=name, label=name, count=count) for name, count in names.items())
    return Facet(name="department", label=gettext("Organ"), options=options, is_single=True)
