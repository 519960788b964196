"""How often an everyday question leads to the right item among the first three.

The questions (`bench/seeds/item_questions.yaml`) were written before the lists were read; what answers each was marked
afterwards, by names of items. The weights of the ranking were looked at with every other question; the figures are of
the rest, and of all. Baselines in the same run: the words alone, and the words as the catalogue's search takes them:
all of them, then parts of names. The lists are real and stay outside the project; without them nothing is measured.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import yaml

from bench.harness import Result, write_results
from bench.searching import use_own_server

LISTS = Path(__file__).parents[2] / "shared" / "data" / "service_items"
QUESTIONS = Path(__file__).parent / "seeds" / "item_questions.yaml"
AT = datetime(2026, 6, 1, tzinfo=UTC)
FIRST = 3

Asked = tuple[str, tuple[str, ...]]
Answer = Callable[[str], Sequence[str]]


def main() -> None:
    """Measure and write the results."""
    if not LISTS.is_dir():
        print(f"item-search-quality: the lists are not in {LISTS}; nothing measured")
        return
    use_own_server("items-quality")
    _fill()
    questions = _questions()
    held_out = questions[1::2]
    ways: dict[str, Answer] = {"": _both, "words alone": _words, "all words, then parts of names": _plain}
    write_results(
        "item-search-quality",
        [
            Result(
                name=f"right item among the first three, {len(some)} questions{note}",
                value=_hits(ways[""], some, first=FIRST),
                unit="%",
                better="higher",
                peers={name: _hits(way, some, first=FIRST) for name, way in ways.items() if name},
            )
            for note, some in ((" not looked at for the weights", held_out), ("", questions))
        ]
        + [
            Result(
                name=f"right item first, {len(questions)} questions",
                value=_hits(_both, questions, first=1),
                unit="%",
                better="higher",
                peers={name: _hits(way, questions, first=1) for name, way in ways.items() if name},
            )
        ],
    )
    missed = [ask for ask, find in questions if not _is_hit(_both(ask)[:FIRST], find)]
    print(f"not among the first three: {'、'.join(missed)}")


def _fill() -> None:
    from zhengshu.contexts.services.application.import_items import import_items
    from zhengshu.contexts.services.application.learn_meanings import learn_meanings
    from zhengshu.kernel.actors import Actor

    for file in sorted(LISTS.iterdir()):
        import_items(data=file.read_bytes(), name=file.name, actor=Actor.platform("bench"), at=AT)
    learn_meanings(at=datetime.now(UTC))


def _questions() -> list[Asked]:
    read = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    return [(one["ask"], tuple(one["find"])) for one in read if one["find"]]


def _both(text: str) -> Sequence[str]:
    return _search(text, by_meaning=True)


def _words(text: str) -> Sequence[str]:
    return _search(text, by_meaning=False)


def _search(text: str, *, by_meaning: bool) -> Sequence[str]:
    from zhengshu.contexts.services.application.search_items import search
    from zhengshu.foundation.lists import ListQuery
    from zhengshu.kernel.actors import Actor

    page = search(query=ListQuery(text=text), actor=Actor.anonymous(), by_meaning=by_meaning)
    return [row.name for row in page.rows]


def _plain(text: str) -> Sequence[str]:
    """Ask as the catalogue does: each form of the question in turn, ranked by the server."""
    from django.db.models import BooleanField
    from django.db.models.expressions import RawSQL

    from zhengshu.contexts.services.models import ServiceItem
    from zhengshu.kernel.words import question

    for words in question(text):
        hits = RawSQL("all_words @@ %s::tsquery", (words,), output_field=BooleanField())
        order = RawSQL("ts_rank('{0.1,0.3,0.6,1}', all_words, %s::tsquery, 1)", (words,))
        found = ServiceItem.objects.filter(hits).annotate(order=order).order_by("-order", "code")
        if names := list(found.values_list("name", flat=True)[:FIRST]):
            return names
    return []


def _hits(answer: Answer, questions: Sequence[Asked], *, first: int) -> float:
    right = sum(_is_hit(answer(ask)[:first], find) for ask, find in questions)
    return round(100 * right / len(questions), 1)


def _is_hit(names: Sequence[str], find: Sequence[str]) -> bool:
    return any(re.search(pattern, name) for name in names for pattern in find)


if __name__ == "__main__":
    main()
