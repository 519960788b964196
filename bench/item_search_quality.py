"""How often an everyday question leads to the right item among the first three.

Three sets of questions, all written before the lists were read; what answers each was marked afterwards, by names of
items. The search was made with the first (`bench/seeds/item_questions.yaml`), whose misses are printed; the second
(`item_questions_held_out.yaml`) was put aside when it was written: no weight was tried with it, and its misses are
printed nowhere. It is of the same hand as `packs/everyday-words.yaml`, which says what people call things; the third
(`item_questions_fresh.yaml`) is of somebody who had read neither that content nor the items. The figure without that
content stands beside each, in the same run; others are the words alone, and the words as the catalogue's search takes
them: all of them, then parts of names. The lists are real and stay outside the project; without them nothing is
measured.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import msgspec
import yaml

from bench.harness import Result, write_results
from bench.searching import use_own_server

if TYPE_CHECKING:
    from zhengshu.contexts.services.application.search_items import ItemPage

LISTS = Path(__file__).parents[2] / "shared" / "data" / "service_items"
SEEN = Path(__file__).parent / "seeds" / "item_questions.yaml"
HELD_OUT = SEEN.with_stem("item_questions_held_out")
FRESH = SEEN.with_stem("item_questions_fresh")
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
    seen = _questions(SEEN)
    write_results(
        "item-search-quality",
        [
            *_results("fresh questions (their writer had read neither items nor everyday words)", FRESH),
            *_results("held-out questions", HELD_OUT),
            _result(
                "right item among the first three, {} questions that the search was made with",
                seen,
                first=FIRST,
            ),
        ],
    )
    missed = [ask for ask, find in seen if not _is_hit(_both(ask)[:FIRST], find)]
    print(f"not among the first three, of those that the search was made with: {'、'.join(missed)}")


def _results(which: str, path: Path) -> Iterator[Result]:
    """All figures of a set with which the search was not made."""
    answered, unanswered = _questions(path), [ask for ask, find in _read(path) if not find]
    yield _result(f"right item among the first three, {{}} {which}", answered, first=FIRST)
    yield _result(f"right item first, {{}} {which}", answered, first=1)
    yield from _guesses(which, [ask for ask, _find in answered], unanswered)


def _result(name: str, questions: Sequence[Asked], *, first: int) -> Result:
    peers: dict[str, Answer] = {
        "without everyday words": _without_terms,
        "words alone": _words,
        "all words, then parts of names": _plain,
    }
    return Result(
        name=name.format(len(questions)),
        value=_hits(_both, questions, first=first),
        unit="%",
        better="higher",
        peers={name: _hits(way, questions, first=first) for name, way in peers.items()},
    )


def _guesses(which: str, answered: Sequence[str], unanswered: Sequence[str]) -> Iterator[Result]:
    """How often the page says that nothing answers: where that is so, and where it is not."""
    for article, asked, better in (("no", unanswered, "higher"), ("an", answered, "lower")):
        share = 100 * sum(_page(ask, by_meaning=True).is_guess for ask in asked) / len(asked)
        name = f"said to be a guess, {len(asked)} {which} that {article} item answers"
        yield Result(name=name, value=round(share, 1), unit="%", better=better)


def _fill() -> None:
    from zhengshu.contexts.services.application.import_items import import_items
    from zhengshu.contexts.services.application.learn_meanings import learn_meanings
    from zhengshu.kernel.actors import Actor

    for file in sorted(LISTS.iterdir()):
        import_items(data=file.read_bytes(), name=file.name, actor=Actor.platform("bench"), at=AT)
    learn_meanings(at=datetime.now(UTC))


def _questions(path: Path) -> list[Asked]:
    return [(ask, find) for ask, find in _read(path) if find]


def _read(path: Path) -> list[Asked]:
    return [(one["ask"], tuple(one["find"])) for one in yaml.safe_load(path.read_text(encoding="utf-8"))]


def _both(text: str) -> Sequence[str]:
    return _search(text, by_meaning=True)


def _without_terms(text: str) -> Sequence[str]:
    from zhengshu.contexts.services.application import rank_items
    from zhengshu.contexts.services.application.everyday_words import everyday_words

    without = msgspec.structs.replace(everyday_words(), terms={})
    with mock.patch.object(rank_items, "everyday_words", return_value=without):
        return _both(text)


def _words(text: str) -> Sequence[str]:
    return _search(text, by_meaning=False)


def _search(text: str, *, by_meaning: bool) -> Sequence[str]:
    return [row.name for row in _page(text, by_meaning=by_meaning).rows]


def _page(text: str, *, by_meaning: bool) -> "ItemPage":
    from zhengshu.contexts.services.application.search_items import search
    from zhengshu.foundation.lists import ListQuery
    from zhengshu.kernel.actors import Actor

    return search(query=ListQuery(text=text), actor=Actor.anonymous(), by_meaning=by_meaning)


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
