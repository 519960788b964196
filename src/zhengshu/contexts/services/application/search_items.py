"""Search items by everyday words: by the words themselves and by what they mean, together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from zhengshu.contexts.services.application.queries import summary
from zhengshu.contexts.services.application.rank_items import MOST_FOUND, Ranking, offered, rank
from zhengshu.contexts.services.application.records import ItemSummary
from zhengshu.contexts.services.domain.everyday import Meant
from zhengshu.contexts.services.models import ServiceItem, Theme
from zhengshu.contexts.services.models.items import ServiceItemQuerySet
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.foundation.statements import Statement
from zhengshu.kernel.actors import Actor

FILTERS: Mapping[str, str] = {
    "theme": "themes",
    "department": "department_name",
    "level": "level",
    "kind": "kind",
    "case": "case_kind",
    "audience": "audiences",
    "online": "is_online",
}
"""Filter in the address → column."""

SORTS: Mapping[str, str] = {"name": "name", "department": "department_name", "changed": "changed_at"}

LEAST_SURE: Final = 0.45
"""Below, the best answer is a guess: of the questions of `bench/seeds/item_questions.yaml` that an item answers, none
comes to less than 0.5; of the fourteen that none answers, eight do."""

_COUNT = """
WITH found AS MATERIALIZED ({rows})
SELECT level, kind, case_kind, is_online::text, department_name, NULL, count(*) FROM found
GROUP BY GROUPING SETS ((level), (kind), (case_kind), (is_online::text), (department_name))
UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, audience, count(*) FROM found, unnest(audiences) AS audience
GROUP BY audience
"""

_THEMES = Statement(
    "SELECT theme_id, count(*) FROM services_item_themes WHERE serviceitem_id = ANY (%s::uuid[]) GROUP BY theme_id"
)

_COUNTED = ("department_name", "level", "kind", "case_kind", "is_online", "audiences")
_PACKED = ("level", "kind", "case_kind", "is_online", "department_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage(Page[ItemSummary]):
    """A page of items with the counts of its facets.

    Attributes:
        facets: filter → value → number of rows among those shown.
        is_guess: nothing answers the question; the rows are what comes closest.
        called: code of an item → the words of the question for which its name has official ones.
        corrected: the question with its wrong letters put right; empty where there were none.
    """

    facets: Mapping[str, Mapping[str, int]]
    is_guess: bool = False
    called: Mapping[str, Meant] = field(default_factory=dict)
    corrected: str = ""


def search(*, query: ListQuery, actor: Actor, by_meaning: bool = True) -> ItemPage:
    """Search what is offered; without words, browse all of it.

    Args:
        query: words, filters, order and page.
        actor: who asks.
        by_meaning: False asks by the words alone.
    """
    rows = _narrowed(offered(actor), query)
    if query.text:
        ranking = rank(query.text, actor=actor, by_meaning=by_meaning)
        return _ranked_page(rows.of_ids(ranking.scores), ranking, query)
    facets = _facets(rows)
    ordered = rows.order_by(*_order(query))
    start = (query.page - 1) * query.size
    found = tuple(ordered.defer("all_words", "meaning")[start : start + query.size])
    total = sum(facets["level"].values())
    return ItemPage(rows=tuple(map(summary, found)), total=total, query=query, facets=facets)


def suggest(*, text: str, actor: Actor, most: int = 8) -> ItemPage:
    """Return the few items that somebody who is still typing most likely means."""
    return search(query=ListQuery(text=text, size=most), actor=actor)


def filtered(*, query: ListQuery, actor: Actor) -> QuerySet[ServiceItem]:
    """Return all items of a list, for exports."""
    rows = _narrowed(offered(actor), query)
    if query.text:
        rows = rows.of_ids(rank(query.text, actor=actor).scores)
    return rows.defer("all_words", "meaning").order_by("name", "code")


def _order(query: ListQuery) -> tuple[str, str]:
    column = SORTS.get(query.sort.removeprefix("-"), "name")
    return f"-{column}" if query.sort.startswith("-") else column, "code"


def _narrowed(rows: ServiceItemQuerySet, query: ListQuery) -> ServiceItemQuerySet:
    fits = Q()
    for name, column in FILTERS.items():
        values = query.filters.get(name, ())
        if not values:
            continue
        match name:
            case "theme":
                for value in values:
                    rows = rows.filter(themes=value)
            case "audience":
                fits &= Q(audiences__overlap=list(values))
            case "online":
                fits &= Q(is_online="yes" in values)
            case _:
                fits &= Q(**{f"{column}__in": values})
    return rows.filter(fits)


def _ranked_page(rows: ServiceItemQuerySet, ranking: Ranking, query: ListQuery) -> ItemPage:
    sorted_rows = rows.order_by(*_order(query)) if query.sort else rows.order_by()
    faces = {item_id: cells for item_id, *cells in sorted_rows.values_list("id", *_COUNTED)}
    order = list(faces) if query.sort else [item_id for item_id in ranking.scores if item_id in faces]
    start = (query.page - 1) * query.size
    on_page = order[start : start + query.size]
    by_id = {row.id: row for row in rows.of_ids(on_page).defer("all_words", "meaning")}
    shown = [summary(by_id[item_id]) for item_id in on_page if item_id in by_id]
    facets: dict[str, dict[str, int]] = {name: {} for name in FILTERS}
    for item_id in order:
        for name, value in _values(faces[item_id]):
            facets[name][value] = facets[name].get(value, 0) + 1
    facets["theme"] = _themes(order)
    return ItemPage(
        rows=tuple(shown),
        total=len(order),
        query=query,
        facets=facets,
        is_more=len(order) >= MOST_FOUND,
        is_guess=max(ranking.scores.values(), default=1.0) < LEAST_SURE,
        called={
            by_id[one].code: ranking.meant[one] for one in on_page if one in by_id and one in ranking.meant
        },
        corrected=ranking.corrected,
    )


def _values(cells: Sequence[object]) -> list[tuple[str, str]]:
    department, level, kind, case, is_online, audiences = cells
    each = audiences if isinstance(audiences, list) else []
    return [
        ("department", str(department)),
        ("level", str(level)),
        ("kind", str(kind)),
        ("case", str(case)),
        ("online", "yes" if is_online else "no"),
        *(("audience", str(audience)) for audience in each),
    ]


def _facets(rows: ServiceItemQuerySet) -> Mapping[str, Mapping[str, int]]:
    """Count the values of all facets in two queries."""
    text, values = rows.order_by().values_list("id", *_PACKED, "audiences").query.sql_with_params()
    names = ("level", "kind", "case", "online", "department", "audience")
    facets: dict[str, dict[str, int]] = {name: {} for name in FILTERS}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(rows=text), values)
        for *cells, count in cursor.fetchall():
            for name, cell in zip(names, cells, strict=True):
                if cell is not None:
                    facets[name][{"true": "yes", "false": "no"}.get(cell, cell)] = count
    under = Theme.objects.filter(items__in=rows.order_by().values("id"))
    facets["theme"] = dict(under.values_list("code").annotate(n=Count("items")).order_by())
    return facets


def _themes(ids: Sequence[UUID]) -> dict[str, int]:
    """Count the themes of some items."""
    return dict(_THEMES.rows(list(ids))) if ids else {}
