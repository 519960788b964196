"""Search among 20,000 service items by everyday questions: a page with its filters, as the list asks for it.

Words and meaning together; each question is new to the process. Peers in the same run: the words alone, and a scan with
ILIKE in the same PostgreSQL. Runs on an embedded server of its own under ``bench/work``.
"""

import os
import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import yaml

from bench.harness import WORK, Result, median_of, percentile, write_results

ITEMS = int(os.environ.get("ZHENGSHU_BENCH_ITEMS", "20000"))
AT = datetime(2026, 6, 1, tzinfo=UTC)
QUESTIONS = Path(__file__).parent / "seeds" / "item_questions.yaml"
LIMIT = 80.0
SLOW_QUESTIONS = 24


def _listed(text: str) -> list[str]:
    return text.split("、")


PLACES = _listed(
    "云州市、青禾区、临江区、望山县、白水县、东湖新区、高新区、南屏县、北塘区、西岭县、石桥镇、柳河街道"
)
SUBJECTS = _listed(
    "食品经营、个体工商户、公司、合伙企业、社会保障卡、基本养老保险、失业保险、工伤保险、生育津贴、居民身份证、户口迁移、出生医学证明、"
    "婚姻、收养、残疾人证、最低生活保障、临时救助、高龄津贴、公共租赁住房、住房公积金、不动产、建设工程规划、建筑施工、户外广告、道路货运、"
    "网约车、出租汽车、机动车驾驶证、机动车、医疗机构、医师执业、护士执业、药品零售、公共场所卫生、教师资格、幼儿园、民办学校、义务教育入学、"
    "演出、娱乐场所、网吧、电影放映、林木采伐、取水、排污、危险化学品、烟花爆竹、特种设备、计量器具、农药、种子、动物防疫、宗教活动场所、"
    "社会团体、法律援助、公证、律师执业、职称评审、创业贷款、就业补贴、退役军人、护照、港澳通行证、居住证、发票、纳税证明"
)
ACTS = _listed(
    "设立登记、变更登记、注销登记、许可核发、许可延续、许可变更、备案、补办、换发、查询、申领、资格认定、待遇支付、信息变更"
)
NOTES = _listed("（新办）、（县级）、（即办件）、（个人）、（单位）、")


def main() -> None:
    """Measure and write the results."""
    _use_own_server()
    _fill()
    questions = _questions()
    seen: dict[str, list[float]] = {"median": [], "words": [], "ilike": []}

    def run() -> float:
        both = _times(lambda text: _search(text, by_meaning=True), questions)
        seen["median"].append(percentile(both, 0.5))
        seen["words"].append(
            percentile(_times(lambda text: _search(text, by_meaning=False), questions), 0.95)
        )
        seen["ilike"].append(percentile(_times(_ilike, questions[:SLOW_QUESTIONS]), 0.95))
        return percentile(both, 0.95)

    run()
    p95, runs = median_of(run)
    suggested, suggestions = median_of(lambda: percentile(_times(_suggest, _typed(questions)), 0.95))
    write_results(
        "item-search",
        [
            Result(
                name=f"search by words and meaning with filters, p95 at {ITEMS:,} items",
                value=p95,
                unit="ms",
                better="lower",
                peers={
                    "words alone": _middle(seen["words"]),
                    "PostgreSQL ILIKE, no filters": _middle(seen["ilike"]),
                },
                limit=LIMIT,
                runs=runs,
            ),
            Result(
                name="search by words and meaning, median",
                value=_middle(seen["median"]),
                unit="ms",
                better="lower",
                limit=LIMIT,
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


def _use_own_server() -> None:
    os.environ.pop("DATABASE_URL", None)
    os.environ["ZHENGSHU_DATA"] = str(WORK / "items")
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhengshu.project.settings"
    from zhengshu.project import database

    database.ensure()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


def _fill() -> None:
    """Put published items straight into the table; the way through the use cases is not what is measured."""
    from django.db import connection

    from zhengshu.contexts.services.application import meaning
    from zhengshu.contexts.services.models import ServiceItem
    from zhengshu.kernel.words import document

    if ServiceItem.objects.count() == ITEMS:
        return
    ServiceItem.objects.all().delete()
    dice = random.Random(39046)  # noqa: S311 - the same items every time
    for start in range(0, ITEMS, 1000):
        names = [
            f"{dice.choice(PLACES)}{dice.choice(SUBJECTS)}{dice.choice(ACTS)}{dice.choice(NOTES)}"
            for _ in range(min(1000, ITEMS - start))
        ]
        vectors = meaning.vectors_of(names)
        ServiceItem.objects.bulk_create(
            ServiceItem(
                code=f"bench-{start + place}",
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
                meaning=meaning.packed(vectors[place : place + 1]),
                meaning_digest=f"{start + place}",
                meaning_at=AT,
                changed_at=AT,
            )
            for place, name in enumerate(names)
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE services_item")


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


def _times(call: Callable[[str], None], questions: Sequence[str]) -> list[float]:
    found = []
    for question in questions:
        started = time.perf_counter()
        call(question)
        found.append((time.perf_counter() - started) * 1000)
    return found


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


if __name__ == "__main__":
    main()
