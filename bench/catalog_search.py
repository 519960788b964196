"""Search in a catalogue of 100,000 resources: page, total and all facets, as the list page asks for them.

Peers in the same run: a scan with ILIKE in the same PostgreSQL, and SQLite FTS5 over the same words with the same
facets. Runs on an embedded server of its own under ``bench/work``.
"""

import os
import random
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from bench.harness import Result, median_of, percentile, write_results
from bench.searching import PLACES, listed, middle, times, use_own_server

if TYPE_CHECKING:
    from zhengshu.contexts.catalog.models import Resource, ResourceVersion

RESOURCES = int(os.environ.get("ZHENGSHU_BENCH_RESOURCES", "100000"))
QUESTIONS = 240
SLOW_QUESTIONS = 24
AT = datetime(2026, 3, 2, tzinfo=UTC)
MADE = 5000
ITEMS_EACH = 8


SUBJECTS = listed(
    "企业登记、不动产登记、社会保险参保、医疗保障结算、婚姻登记、户籍人口、流动人口、出生医学证明、"
    "机动车登记、驾驶人、纳税人、增值税申报、建设项目、施工许可、排污许可、空气质量、水质监测、学籍、"
    "教师资格、残疾人、低保对象、殡葬、公积金缴存、房产交易、土地承包、农民合作社、食品经营许可、药品经营、"
    "特种设备、危险化学品、安全生产、行政处罚、行政许可、信用评价、失信被执行人、道路运输、网约车、"
    "公共停车、城市部件、网格事件、政务服务事项、办件、投诉举报、财政补贴、政府采购、退役军人、律师、公证"
)
KINDS = listed(
    "基本信息、明细信息、变更信息、注销信息、统计信息、名录、台账、清单、监管信息、年度报告、历史信息、"
    "核验信息"
)
ITEMS = listed(
    "统一社会信用代码、公民身份号码、姓名、联系电话、登记日期、注册地址、法定代表人、行政区划代码、金额、"
    "状态、备注、证照编号、有效期截止日期、发证机关、经营范围、建筑面积、坐落、险种、缴费基数、税种"
)

ITEMS_OF_VERSIONS = """
INSERT INTO catalog_resource_item (version_id, position, name, "column", data_type, grade, personal, element_code,
    code_table, is_key, is_required, description)
SELECT id, n, 'item ' || n, 'c' || n, 'text', 1, 'none', '', '', false, false, ''
FROM catalog_resource_version, generate_series(1, 8) n
"""
AFTERWARDS = (
    ITEMS_OF_VERSIONS,
    "SET session_replication_role = DEFAULT",
    "VACUUM ANALYZE catalog_resource",
    "VACUUM ANALYZE catalog_resource_version",
    "VACUUM ANALYZE catalog_resource_item",
)

Question = tuple[str, Mapping[str, tuple[str, ...]], int]


def main() -> None:
    """Measure and write the results."""
    use_own_server("catalog")
    from zhengshu.contexts.catalog import api
    from zhengshu.foundation.lists import ListQuery
    from zhengshu.kernel.actors import Actor, Role
    from zhengshu.kernel.identity import DepartmentId

    departments = _departments()
    _fill(departments)
    own = DepartmentId(departments[0])
    actor = Actor(id=UUID(int=1), name="bench", department_id=own, roles=frozenset({Role.DATA_OFFICER}))
    questions = _questions(departments)
    peer = _sqlite()
    seen: dict[str, list[float]] = {"median": [], "ilike": [], "fts5": []}

    def ask(question: Question) -> None:
        text, filters, page = question
        api.search(query=ListQuery(text=text, filters=filters, page=page), actor=actor)

    def run() -> float:
        ours = times(ask, questions)
        seen["median"].append(percentile(ours, 0.5))
        seen["ilike"].append(percentile(times(_ilike, questions[:SLOW_QUESTIONS]), 0.95))
        seen["fts5"].append(percentile(times(lambda question: _fts5(peer, question), questions), 0.95))
        return percentile(ours, 0.95)

    run()
    p95, runs = median_of(run)
    browse, browses = median_of(lambda: percentile(times(ask, [("", {}, 1)] * 20), 0.95))
    write_results(
        "catalog-search",
        [
            Result(
                name=f"search with facets, p95 at {RESOURCES:,} resources",
                value=p95,
                unit="ms",
                better="lower",
                peers={
                    "PostgreSQL ILIKE, no facets": middle(seen["ilike"]),
                    "SQLite FTS5, same words and facets": middle(seen["fts5"]),
                },
                limit=50.0,
                runs=runs,
            ),
            Result(
                name="search with facets, median",
                value=middle(seen["median"]),
                unit="ms",
                better="lower",
                limit=50.0,
            ),
            Result(
                name="whole catalogue with facets, p95",
                value=browse,
                unit="ms",
                better="lower",
                limit=50.0,
                runs=browses,
            ),
        ],
    )


def _departments() -> list[UUID]:
    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.actors import Actor
    from zhengshu.kernel.checks import credit_check

    if known := trust.departments():
        return sorted(known)
    for number in range(60):
        body = f"1147030000{number:07d}"
        trust.add_department(
            code=body + credit_check(body),
            name=f"{PLACES[number % len(PLACES)]}第{number}局",
            short_name=f"{number}局",
            region="470300",
            level=trust.Level.CITY,
            parent_id=None,
            is_data_authority=False,
            actor=Actor.platform("bench"),
            at=AT,
        )
    return sorted(trust.departments())


def _fill(departments: Sequence[UUID]) -> None:
    """Put published resources straight into the tables: the first ones made, the rest copied in the server.

    The way through the use cases is not what is measured; triggers are off while filling.
    """
    from django.db import connection

    from zhengshu.contexts.catalog.models import Resource, ResourceVersion

    if Resource.objects.count() == RESOURCES:
        return
    dice = random.Random(2025)  # noqa: S311 - the same catalogue every time
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE catalog_resource, catalog_resource_version, catalog_resource_item CASCADE")
        cursor.execute("SET session_replication_role = replica")
    made = [_resource(dice, number, departments) for number in range(MADE)]
    for resource, version in made:
        resource.published = version
    Resource.objects.bulk_create(resource for resource, _ in made)
    ResourceVersion.objects.bulk_create(version for _, version in made)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE copies AS"
            " SELECT id AS original, gen_random_uuid() AS copy, gen_random_uuid() AS version, n"
            " FROM catalog_resource, generate_series(1, %s) n",
            (RESOURCES // MADE - 1,),
        )
        for statement in (_copied(Resource), _copied(ResourceVersion), *AFTERWARDS):
            cursor.execute(statement)


def _copied(model: type["Resource"] | type["ResourceVersion"]) -> str:
    """Return the statement that copies the rows of a table, each with an id, a code and a time of its own."""
    about = model._meta  # noqa: SLF001 - Django's own name for it
    table, columns = (
        about.db_table,
        [field.column for field in about.concrete_fields if field.column and not field.generated],
    )
    own = {
        "catalog_resource": {
            "id": "c.copy",
            "published_id": "c.version",
            "code": "split_part(code, '-', 1) || '-' || (c.n * 100000 + split_part(code, '-', 2)::int)",
            "changed_at": "changed_at - c.n * interval '1 hour'",
        },
        "catalog_resource_version": {"id": "c.version", "resource_id": "c.copy"},
    }[table]
    key = "id" if "code" in own else "resource_id"
    values = ", ".join(own.get(column, f"{table}.{column}") for column in columns)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}"  # noqa: S608 - names of our own
        f" JOIN copies c ON c.original = {table}.{key}"
    )


def _resource(
    dice: random.Random, number: int, departments: Sequence[UUID]
) -> tuple["Resource", "ResourceVersion"]:
    from zhengshu.contexts.catalog import api
    from zhengshu.contexts.catalog.application.faces import fill_face
    from zhengshu.contexts.catalog.models import Resource, ResourceVersion

    area, subject, kind = dice.choice(PLACES), dice.choice(SUBJECTS), dice.choice(KINDS)
    names = dice.sample(ITEMS, ITEMS_EACH)
    items = tuple(
        api.ItemDraft(name=name, column=f"c{place}", grade=api.Grade(dice.randint(1, 4)))
        for place, name in enumerate(names)
    )
    draft = api.ResourceDraft(
        name=f"{area}{subject}{kind}{number}",
        summary=f"{area}{subject}的{kind}，由业务系统产生，供各部门办理业务时核对。",
        classification=dice.choice(("101001", "201002", "306001", "308001")),
        items=items,
        format_category=dice.choice(list(api.FormatCategory)),
        format_type="MySQL",
        update_cycle=dice.choice(list(api.UpdateCycle)),
        sharing_class=dice.choice(list(api.SharingClass)),
        sharing_scope="各部门",
        sharing_purposes="业务办理",
        withheld_reason="涉及隐私",
        sharing_basis="某法第一条",
        opening_class=dice.choice(list(api.OpeningClass)),
    )
    at = AT - timedelta(minutes=number)
    resource = Resource(
        code=f"{draft.classification}-{number + 1:05d}",
        department_id=dice.choice(departments),
        state="published",
        changed_at=at,
        published_at=at,
    )
    fill_face(resource, draft, department_name="")
    version = ResourceVersion(
        resource=resource,
        number=1,
        state="published",
        changed_by="bench",
        changed_at=at,
        published_at=at,
        is_secrecy_assessed=True,
        is_personal_assessed=True,
        sharing_methods=["service"],
    )
    for name in ("name", "summary", "classification", "format_category", "format_type", "update_cycle",
                 "sharing_class", "sharing_scope", "sharing_purposes", "withheld_reason", "sharing_basis",
                 "opening_class"):  # fmt: skip
        setattr(version, name, getattr(draft, name))
    return resource, version


def _questions(departments: Sequence[UUID]) -> list[Question]:
    """Return what people type: a subject, a subject and a place, an item, part of a name, a wrong letter."""
    dice = random.Random(809)  # noqa: S311 - the same questions every time
    found: list[Question] = []
    for number in range(QUESTIONS):
        subject, area, kind = dice.choice(SUBJECTS), dice.choice(PLACES), dice.choice(KINDS)
        whole = f"{subject}{kind}"
        text = (subject, f"{area}{subject}", f"{subject} {kind}", dice.choice(ITEMS), subject[1:3],
                f"{whole[:2]}厂{whole[3:]}")[number % 6]  # fmt: skip
        filters: dict[str, tuple[str, ...]] = {}
        if number % 3 == 0:
            filters["sharing"] = (dice.choice(("unconditional", "conditional")),)
        if number % 5 == 0:
            filters["department"] = (str(dice.choice(departments)),)
        found.append((text, filters, dice.randint(1, 4) if number % 4 == 0 else 1))
    return found


def _ilike(question: Question) -> None:
    from django.db.models import Q

    from zhengshu.contexts.catalog.models import Resource

    text = question[0]
    rows = Resource.objects.filter(Q(published__name__icontains=text) | Q(published__summary__icontains=text))
    rows.count()
    list(rows.order_by("name").values_list("code", "name")[:20])


def _sqlite() -> sqlite3.Connection:
    from zhengshu.contexts.catalog.models import Resource
    from zhengshu.kernel.words import words

    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE found USING fts5(name, summary, tokenize='unicode61')")
    base.execute("CREATE TABLE face (id INTEGER PRIMARY KEY, a, b, c, d, e, f, g, h)")
    columns = ("name", "published__summary", "sharing_class", "opening_class", "grade", "update_cycle",
               "format_category", "category", "state", "department_id")  # fmt: skip
    for number, (name, summary, *facets) in enumerate(Resource.objects.values_list(*columns).iterator()):
        texts = (" ".join(words(name)), " ".join(words(summary)))
        base.execute("INSERT INTO found(rowid, name, summary) VALUES (?, ?, ?)", (number, *texts))
        base.execute("INSERT INTO face VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *map(str, facets)))
    base.commit()
    return base


def _fts5(base: sqlite3.Connection, question: Question) -> None:
    from zhengshu.kernel.words import words

    asked = " AND ".join(f'"{word}"' for word in words(question[0])) or '""'
    page = "SELECT rowid, name FROM found WHERE found MATCH ? ORDER BY rank LIMIT 20"
    base.execute(page, (asked,)).fetchall()
    for facet in "abcdefgh":
        counts = (
            f"SELECT {facet}, count(*) FROM face"  # noqa: S608 - our own letter
            " WHERE id IN (SELECT rowid FROM found WHERE found MATCH ?) GROUP BY 1"
        )
        base.execute(counts, (asked,)).fetchall()


if __name__ == "__main__":
    main()
