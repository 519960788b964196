"""Search among 20,000 service items by everyday questions: a page with its filters, as the list asks for it.

Words and meaning together; each question is new to the process. Peers in the same run: the words alone, and a scan with
ILIKE in the same PostgreSQL. Runs on an embedded server of its own under ``bench/work``.
"""

import os
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import yaml

from bench.harness import Result, median_of, percentile, write_results
from bench.searching import PLACES, listed, middle, processor_time, times, use_own_server

if TYPE_CHECKING:
    from zhengshu.contexts.services.application import meaning
    from zhengshu.contexts.services.models import ServiceItem

ITEMS = int(os.environ.get("ZHENGSHU_BENCH_ITEMS", "20000"))
AT = datetime(2026, 6, 1, tzinfo=UTC)
QUESTIONS = Path(__file__).parent / "seeds" / "item_questions.yaml"
LIMIT = 80.0
SLOW_QUESTIONS = 24
AT_ONCE = 2000
TURN = 0.01
"""How far the vector of an item is turned from that of its matter, in each of its 512 places."""


SUBJECTS = listed(
    "食品经营、个体工商户、公司、合伙企业、社会保障卡、基本养老保险、失业保险、工伤保险、生育津贴、居民身份证、户口迁移、出生医学证明、"
    "婚姻、收养、残疾人证、最低生活保障、临时救助、高龄津贴、公共租赁住房、住房公积金、不动产、建设工程规划、建筑施工、户外广告、道路货运、"
    "网约车、出租汽车、机动车驾驶证、机动车、医疗机构、医师执业、护士执业、药品零售、公共场所卫生、教师资格、幼儿园、民办学校、义务教育入学、"
    "演出、娱乐场所、网吧、电影放映、林木采伐、取水、排污、危险化学品、烟花爆竹、特种设备、计量器具、农药、种子、动物防疫、宗教活动场所、"
    "社会团体、法律援助、公证、律师执业、职称评审、创业贷款、就业补贴、退役军人、护照、港澳通行证、居住证、发票、纳税证明"
)
ACTS = listed(
    "设立登记、变更登记、注销登记、许可核发、许可延续、许可变更、备案、补办、换发、查询、申领、资格认定、待遇支付、信息变更"
)
NOTES = listed("（新办）、（县级）、（即办件）、（个人）、（单位）、")


def main() -> None:
    """Measure and write the results."""
    use_own_server("items")
    _fill()
    questions = _questions()
    seen: dict[str, list[float]] = {"median": [], "words": [], "ilike": []}

    def run() -> float:
        both = times(lambda text: _search(text, by_meaning=True), questions)
        seen["median"].append(percentile(both, 0.5))
        seen["words"].append(percentile(times(lambda text: _search(text, by_meaning=False), questions), 0.95))
        seen["ilike"].append(percentile(times(_ilike, questions[:SLOW_QUESTIONS]), 0.95))
        return percentile(both, 0.95)

    run()
    p95, runs = median_of(run)
    suggested, suggestions = median_of(lambda: percentile(times(_suggest, _typed(questions)), 0.95))
    write_results(
        "item-search",
        [
            Result(
                name=f"search by words and meaning with filters, p95 at {ITEMS:,} items",
                value=p95,
                unit="ms",
                better="lower",
                peers={
                    "words alone": middle(seen["words"]),
                    "PostgreSQL ILIKE, no filters": middle(seen["ilike"]),
                },
                limit=LIMIT,
                runs=runs,
            ),
            Result(
                name="search by words and meaning, median",
                value=middle(seen["median"]),
                unit="ms",
                better="lower",
                limit=LIMIT,
            ),
            Result(
                name="search by words and meaning, processor time of the web process",
                value=processor_time(lambda text: _search(text, by_meaning=True), questions),
                unit="ms",
                better="lower",
            ),
            Result(
                name="suggestions while typing, p95",
                value=suggested,
                unit="ms",
                better="lower",
                limit=LIMIT,
                runs=suggestions,
            ),
        ],
    )


def _fill() -> None:
    """Put published items straight into the table; the way through the use cases is not what is measured.

    The meaning of each matter is learned once, and turned a little for each item that is about it, as a place or a note
    in its name would: so no two items mean the same, and the encoder runs some hundred times instead of 20,000.
    """
    from django.db import connection

    from zhengshu.contexts.services.application import meaning
    from zhengshu.contexts.services.models import ServiceItem

    if ServiceItem.objects.count() == ITEMS:
        return
    matters = [f"{subject}{act}" for subject in SUBJECTS for act in ACTS]
    learned = dict(zip(matters, meaning.vectors_of(matters), strict=True))
    dice = random.Random(39046)  # noqa: S311 - the same items every time
    turns = np.random.default_rng(39046)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE services_item CASCADE")
        for start in range(0, ITEMS, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, ITEMS))
            ServiceItem.objects.bulk_create(
                _item(dice, number, learned, turns.normal(0, TURN, meaning.WIDTH)) for number in numbers
            )
        cursor.execute("VACUUM ANALYZE services_item")


def _item(
    dice: random.Random, number: int, learned: Mapping[str, "meaning.Vectors"], turn: npt.NDArray[np.float64]
) -> "ServiceItem":
    from zhengshu.contexts.services.application import meaning
    from zhengshu.contexts.services.models import ServiceItem
    from zhengshu.kernel.words import document

    matter = f"{dice.choice(SUBJECTS)}{dice.choice(ACTS)}"
    name = f"{dice.choice(PLACES)}{matter}{dice.choice(NOTES)}"
    vector = learned[matter] + turn
    return ServiceItem(
        code=f"bench-{number}",
        name=name,
        department_name=f"{dice.choice(PLACES)}第{dice.randint(1, 12)}局",
        level=dice.choice("34"),
        kind=dice.choice(("01", "07", "20")),
        audiences=[dice.choice("12")],
        case_kind=dice.choice("12"),
        is_online=dice.random() < 0.5,
        state="published",
        origin="bench",
        all_words=document(title=name),
        meaning=meaning.packed((vector / np.linalg.norm(vector))[np.newaxis]),
        meaning_digest=f"{number}",
        meaning_at=AT,
        changed_at=AT,
    )


def _questions() -> list[str]:
    """Return everyday questions and names as people type them."""
    dice = random.Random(716)  # noqa: S311 - the same questions every time
    asked = [one["ask"] for one in yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))]
    named = [f"{dice.choice(SUBJECTS)}{dice.choice(ACTS)}" for _ in range(60)]
    placed = [f"{dice.choice(PLACES)}{dice.choice(SUBJECTS)}" for _ in range(40)]
    questions = [*asked, *named, *placed]
    dice.shuffle(questions)
    return questions


def _typed(questions: Sequence[str]) -> list[str]:
    """Return questions as far as somebody has typed them."""
    return [text[: max(1, len(text) // 2)] for text in questions]


def _search(text: str, *, by_meaning: bool) -> None:
    from zhengshu.contexts.services.application.search_items import search
    from zhengshu.foundation.lists import ListQuery
    from zhengshu.kernel.actors import Actor

    search(query=ListQuery(text=text), actor=Actor.anonymous(), by_meaning=by_meaning)


def _suggest(text: str) -> None:
    from zhengshu.contexts.services.application.search_items import suggest
    from zhengshu.kernel.actors import Actor

    suggest(text=text, actor=Actor.anonymous())


def _ilike(text: str) -> None:
    from zhengshu.contexts.services.models import ServiceItem

    list(ServiceItem.objects.filter(name__icontains=text[:4]).order_by("name").values_list("code")[:20])


if __name__ == "__main__":
    main()
