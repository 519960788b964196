"""Search items by everyday words: by the words themselves and by what they mean, together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Count, Q, QuerySet
from django.db.models.expressions import RawSQL

from zhengshu.contexts.services.application import meaning
from zhengshu.contexts.services.application.index import INDEX
from zhengshu.contexts.services.application.queries import summary
from zhengshu.contexts.services.application.records import ItemSummary
from zhengshu.contexts.services.domain.questions import core_of, words_of
from zhengshu.contexts.services.domain.vocabulary import ItemState
from zhengshu.contexts.services.models import ServiceItem, Theme
from zhengshu.contexts.services.models.items import ServiceItemQuerySet
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.words import exact_question, words

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

MOST_FOUND: Final = 200
"""So many are ranked for a question; nobody reads further."""

LEAST_CLOSE: Final = 0.30
"""Below, two texts have nothing to do with each other."""

LEAST_FOREIGN: Final = 0.5
"""The closest to a question in Latin letters, where none of its words was found either: English questions
are at 0.6 and more, letters struck at random at 0.2 to 0.42."""

WORDS_WEIGH: Final = 0.4
"""The share of the words; looked at with half of the questions of `bench/seeds/item_questions.yaml`."""

LEAST_SURE: Final = 0.33
"""Below, the best answer is a guess: among the shipped items letters at random come to 0.22, a matter that is not
offered to 0.30, one that is to 0.41 and more."""

_COUNT = """
WITH found AS MATERIALIZED ({rows})
SELECT level, kind, case_kind, is_online::text, department_name, NULL, count(*) FROM found
GROUP BY GROUPING SETS ((level), (kind), (case_kind), (is_online::text), (department_name))
UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, audience, count(*) FROM found, unnest(audiences) AS audience
GROUP BY audience
"""

_COUNTED = ("department_name", "level", "kind", "case_kind", "is_online", "audiences")
_PACKED = ("level", "kind", "case_kind", "is_online", "department_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage(Page[ItemSummary]):
    """A page of items with the counts of its facets.

    Attributes:
        facets: filter → value → number of rows among those shown.
        is_guess: nothing answers the question; the rows are what comes closest.
    """

    facets: Mapping[str, Mapping[str, int]]
    is_guess: bool = False


def search(*, query: ListQuery, actor: Actor, by_meaning: bool = True) -> ItemPage:
    """Search what is offered; without words, browse all of it.

    Args:
        query: words, filters, order and page.
        actor: who asks.
        by_meaning: False asks by the words alone.
    """
    rows = _narrowed(offered(actor), query)
    if query.text:
        ranked = rank(query.text, actor=actor, by_meaning=by_meaning)
        return _ranked_page(rows.filter(id__in=list(ranked)), ranked, query)
    facets = _facets(rows)
    ordered = rows.order_by(*_order(query))
    start = (query.page - 1) * query.size
    found = tuple(ordered.defer("all_words", "meaning")[start : start + query.size])
    total = sum(facets["level"].values())
    return ItemPage(rows=tuple(map(summary, found)), total=total, query=query, facets=facets)


def suggest(*, text: str, actor: Actor, most: int = 8) -> tuple[ItemSummary, ...]:
    """Return the few items that somebody who is still typing most likely means."""
    return search(query=ListQuery(text=text, size=most), actor=actor).rows


def offered(actor: Actor) -> ServiceItemQuerySet:
    """Return the items that are offered, as far as the actor may see them."""
    return ServiceItem.objects.visible_to(actor).filter(state=ItemState.PUBLISHED.value)


def filtered(*, query: ListQuery, actor: Actor) -> QuerySet[ServiceItem]:
    """Return all items of a list, for exports."""
    rows = _narrowed(offered(actor), query)
    if query.text:
        rows = rows.filter(id__in=list(rank(query.text, actor=actor)))
    return rows.defer("all_words", "meaning").order_by("name", "code")


def rank(text: str, *, actor: Actor, by_meaning: bool = True) -> Mapping[UUID, float]:
    """Return the items that answer a question, best first, with how well they do.

    The words count by how rare they are in names; the meaning by how close it is to that of the name, the summary or a
    way in which people call the matter. An item whose name is the question comes first.
    """
    asked = words_of(text)
    spoken = _by_words(text, asked, actor=actor)
    scores = {item_id: WORDS_WEIGH * score for item_id, score in spoken.items()}
    if by_meaning:
        vector = meaning.vectors_of([core_of(text)])[0]
        close = INDEX.close_to(vector, most=MOST_FOUND)
        if not spoken and core_of(text).isascii() and max(close.values(), default=0.0) < LEAST_FOREIGN:
            return {}
        for item_id, score in close.items():
            if score >= LEAST_CLOSE or item_id in scores:
                scores[item_id] = scores.get(item_id, 0.0) + (1 - WORDS_WEIGH) * score
    best = sorted(scores.items(), key=lambda one: (-one[1], one[0]))
    return dict(best[:MOST_FOUND])


def _by_words(text: str, asked: Sequence[str], *, actor: Actor) -> Mapping[UUID, float]:
    """Return the items that have some of the words, with the share of what the words tell that they have."""
    questions = [" | ".join(f"'{word}'" for word in asked), *exact_question(core_of(text))]
    wanted = " | ".join(f"({one})" for one in questions if one)
    if not wanted:
        return {}
    hits = RawSQL("services_item.all_words @@ %s::tsquery", (wanted,), output_field=BooleanField())
    order = RawSQL("ts_rank('{0.1,0.3,0.7,1}', services_item.all_words, %s::tsquery)", (wanted,))
    rows = offered(actor).filter(hits).annotate(order=order).order_by("-order")
    found = list(rows.values_list("id", "name", "all_words", "order")[:MOST_FOUND])
    rarity = INDEX.rarity(asked)
    whole, question = sum(rarity.values()) or 1.0, core_of(text)
    return {
        item_id: _score(name, str(lexemes), rarity, whole, question=question)
        for item_id, name, lexemes, _order in found
    }


def _score(name: str, lexemes: str, rarity: Mapping[str, float], whole: float, *, question: str) -> float:
    in_name = frozenset(words(name))
    told = sum(
        rare if word in in_name else 0.7 * rare if f"'{word}'" in lexemes else 0.0
        for word, rare in rarity.items()
    )
    short = len(question) / max(len(name), len(question))
    return told / whole * 0.9 + (0.1 * short if question in name else 0.0)


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


def _ranked_page(rows: ServiceItemQuerySet, ranked: Mapping[UUID, float], query: ListQuery) -> ItemPage:
    sorted_rows = rows.order_by(*_order(query)) if query.sort else rows.order_by()
    faces = {item_id: cells for item_id, *cells in sorted_rows.values_list("id", *_COUNTED)}
    order = list(faces) if query.sort else [item_id for item_id in ranked if item_id in faces]
    start = (query.page - 1) * query.size
    on_page = order[start : start + query.size]
    by_id = {row.id: row for row in rows.filter(id__in=on_page).defer("all_words", "meaning")}
    shown = [summary(by_id[item_id]) for item_id in on_page if item_id in by_id]
    facets: dict[str, dict[str, int]] = {name: {} for name in FILTERS}
    for item_id in order:
        for name, value in _values(faces[item_id]):
            facets[name][value] = facets[name].get(value, 0) + 1
    facets["theme"] = _themes(rows.filter(id__in=order))
    return ItemPage(
        rows=tuple(shown),
        total=len(order),
        query=query,
        facets=facets,
        is_more=len(order) >= MOST_FOUND,
        is_guess=max(ranked.values(), default=1.0) < LEAST_SURE,
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
    facets["theme"] = _themes(rows)
    return facets


def _themes(rows: ServiceItemQuerySet) -> dict[str, int]:
    under = Theme.objects.filter(items__in=rows.order_by().values("id"))
    return dict(under.values_list("code").annotate(n=Count("items")).order_by())
