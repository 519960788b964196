"""The filters of the resource list, with the number of rows that each choice leaves."""

from collections.abc import Mapping
from enum import Enum
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.catalog.application.search_resources import ResourcePage
from zhengshu.contexts.catalog.domain.vocabulary import (
    Category,
    FormatCategory,
    Grade,
    OpeningClass,
    SharingClass,
    State,
    UpdateCycle,
)
from zhengshu.contexts.catalog.interfaces.labels import label
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.kernel.identity import DepartmentId

_CHIPS: Mapping[str, tuple[Promise, type[Enum]]] = {
    "sharing": (_("Sharing class"), SharingClass),
    "grade": (_("Grade"), Grade),
    "state": (_("State"), State),
}
_LISTS: Mapping[str, tuple[Promise, type[Enum]]] = {
    "category": (_("Category"), Category),
    "opening": (_("Opening class"), OpeningClass),
    "cycle": (_("Update cycle"), UpdateCycle),
    "format": (_("Format category"), FormatCategory),
}


def facets_of(page: ResourcePage, query: ListQuery) -> tuple[Facet, ...]:
    """Return the facets: the department and three lists as drop-downs, the classes as chips."""
    return (
        _departments(page),
        *(_facet(page, query, name, *about, is_single=True) for name, about in _LISTS.items()),
        *(_facet(page, query, name, *about, is_single=False) for name, about in _CHIPS.items()),
    )


def _facet(
    page: ResourcePage, query: ListQuery, name: str, title: Promise, kind: type[Enum], *, is_single: bool
) -> Facet:
    counts = page.facets[name]
    chosen = query.filters.get(name, ())
    options = tuple(
        Option(value=str(value.value), label=label(value), count=counts.get(str(value.value), 0))
        for value in kind
        if counts.get(str(value.value)) or str(value.value) in chosen
    )
    return Facet(name=name, label=str(title), options=options, is_single=is_single)


def _departments(page: ResourcePage) -> Facet:
    counts = page.facets["department"]
    found = trust.departments(ids={DepartmentId(UUID(key)) for key in counts})
    named = sorted(
        ((found[key].name, str(key)) for key in found), key=lambda pair: (-counts[pair[1]], pair[0])
    )
    return Facet(
        name="department",
        label=str(_("Department")),
        options=tuple(Option(value=key, label=name, count=counts[key]) for name, key in named),
        is_single=True,
    )
