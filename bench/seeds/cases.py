"""A city's cases: a million of them, of 200 types, in 60 departments, over three years; made once for all figures.

Titles and their words are cut in Python and sent by COPY, everything else is multiplied inside PostgreSQL with the
triggers off. `ZHENGSHU_BENCH_CASES` sets another number of cases; each number has a server of its own.
"""

import os
import random
import secrets
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from bench.harness import WORK

if TYPE_CHECKING:
    from zhengshu.kernel.actors import Actor

CASES = int(os.environ.get("ZHENGSHU_BENCH_CASES", "1000000"))
TYPES = 200
DEPARTMENTS = 60
TITLES = 20_000
TABLES = ("casework_case", "casework_case_party", "casework_task", "casework_clock", "casework_case_reader",
          "casework_case_words")  # fmt: skip


def _listed(text: str) -> list[str]:
    return text.split("、")


AREAS = _listed(
    "云州市、青禾区、临江区、望山县、白水县、东湖新区、高新区、南屏县、北塘区、西岭县、石桥镇、柳河街道"
)
MATTERS = _listed(
    "企业登记、不动产登记、社会保险参保、医疗保障结算、婚姻登记、户籍迁移、流动人口、出生医学证明、机动车登记、驾驶人、"
    "纳税人、增值税申报、建设项目、施工许可、排污许可、空气质量、水质监测、学籍、教师资格、残疾人补贴、低保对象、殡葬、"
    "公积金缴存、房产交易、土地承包、农民合作社、食品经营许可、药品经营、特种设备、危险化学品、安全生产、行政处罚、"
    "信用评价、失信被执行人、道路运输、网约车、公共停车、城市部件、网格事件、投诉举报"
)
ACTS = _listed("共享申请、校核、异议处理、变更、备案")
"""Types are matters and acts: 40 × 5."""

WISHES = _listed("新办、变更、注销、补发、核验、年检、延续、更正、查询、联办、催办、复核")
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗", "伟芳娜敏静强磊军洋勇艳杰娟涛明超霞平刚桂英华"
FIRMS = _listed(
    "科技有限公司、商贸有限公司、建筑工程有限公司、物流有限公司、餐饮店、农民专业合作社、药房、幼儿园"
)


def use_server() -> None:
    """Start the figures' own server and bring its tables up to date."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["ZHENGSHU_DATA"] = str(WORK / f"cases-{CASES}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhengshu.project.settings"
    from zhengshu.project import database

    database.ensure()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


def fill() -> None:
    """Make the cases, if they are not there."""
    use_server()
    from zhengshu.contexts.casework.models import Case

    if Case.objects.count() >= CASES:
        return
    started = time.perf_counter()
    departments = _departments()
    _types()
    _multiply(departments)
    print(f"seeded {CASES:,} cases in {time.perf_counter() - started:.0f} s")


def departments() -> list[UUID]:
    """Return the departments as they were made, the data authority first."""
    from zhengshu.contexts.trust import api as trust

    return [one.id for one in sorted(trust.departments().values(), key=lambda one: one.code)]


def clerk_actor() -> "Actor":
    """Return an officer of the department with the most cases after the data authority."""
    from zhengshu.kernel.actors import Actor, Role
    from zhengshu.kernel.identity import DepartmentId

    own = DepartmentId(departments()[1])
    return Actor(id=UUID(int=1), name="bench", department_id=own, roles=frozenset({Role.DATA_OFFICER}))


def clerk_username() -> str:
    """Return the user name of an account like `clerk_actor`, made at the first call."""
    from django.utils import timezone

    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.actors import Actor, Role

    name = "bench-clerk"
    try:
        trust.official_by_username(username=name)
    except trust.AccountNotFound:
        trust.add_official(
            username=name, name="陈办件", department_id=departments()[1], roles=[Role.DATA_OFFICER],
            password=secrets.token_urlsafe(24) + "Aa1-", must_change_password=False, actor=Actor.platform("bench"),
            at=timezone.now(),
        )  # fmt: skip
    return name


def _departments() -> list[UUID]:
    from django.utils import timezone

    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.actors import Actor
    from zhengshu.kernel.checks import credit_check

    for number in range(DEPARTMENTS if not trust.departments() else 0):
        body = f"1147030000{number:07d}"
        trust.add_department(
            code=body + credit_check(body),
            name="云州市数据局" if number == 0 else f"{AREAS[number % len(AREAS)]}{MATTERS[number % 40]}局",
            short_name="",
            region="470300",
            level=trust.Level.CITY,
            parent_id=None,
            is_data_authority=number == 0,
            actor=Actor.platform("bench"),
            at=timezone.now(),
        )
    return departments()


def _types() -> None:
    """Load 200 case types that differ in code, name and numbers from the share request of the platform."""
    from django.conf import settings
    from django.utils import timezone

    from zhengshu.contexts.casework import api

    with tempfile.TemporaryDirectory() as folder:
        for number in range(TYPES):
            place = Path(folder) / f"bench-{number:03d}"
            shutil.copytree(Path(settings.PACKS_FOLDER) / "case-types" / "share-request", place)
            _replace(place / "type.yaml", "code: share-request", f"code: bench-{number:03d}")
            _replace(place / "type.yaml", "prefix: GX", f"prefix: B{number:03d}")
            name = f"{MATTERS[number % 40]}{ACTS[number // 40]}"
            _replace(place / "texts" / "zh-hans.yaml", "name: 政务数据共享申请", f"name: {name}")
        api.load_case_types(folder=Path(folder), at=timezone.now())


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{file.name} says no longer “{old}”"
    file.write_text(text.replace(old, new), encoding="utf-8")


def _titles() -> list[tuple[int, str, str]]:
    """Return titles, each with the text of its `tsvector`; some name a person or a firm."""
    from zhengshu.kernel.words import document

    dice = random.Random(809)  # noqa: S311 - the same cases every time
    found = []
    for number in range(TITLES):
        who = f"{dice.choice(SURNAMES)}{dice.choice(GIVEN)}{dice.choice(GIVEN)}" if number % 2 else (
            f"{dice.choice(AREAS)[:2]}{dice.choice(GIVEN)}{dice.choice(GIVEN)}{dice.choice(FIRMS)}"
        )  # fmt: skip
        title = f"{who}{dice.choice(AREAS)}{dice.choice(MATTERS)}{dice.choice(WISHES)}"
        wrote = f"材料{dice.choice(WISHES)}后再报，{dice.choice(MATTERS)}信息不全"
        found.append((number, title, document(title=title, fourth=(wrote,))))
    return found


def _multiply(known: list[UUID]) -> None:
    from django.db import connection

    from zhengshu.contexts.casework.models import CaseTypeVersion
    from zhengshu.kernel.words import document

    versions = {one.code: one for one in CaseTypeVersion.objects.filter(is_current=True)}
    names = {one.code: one.texts["zh-hans"]["name"] for one in versions.values()}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute(f"TRUNCATE {', '.join(TABLES)}, casework_timeline_entry CASCADE")
        cursor.execute(TEMPORARY)
        with cursor.copy("COPY seed_title FROM STDIN") as copy:
            for row in _titles():
                copy.write_row(row)
        with cursor.copy("COPY seed_department FROM STDIN") as copy:
            for number, one in enumerate(known):
                copy.write_row((number, str(one)))
        with cursor.copy("COPY seed_type FROM STDIN") as copy:
            for number, code in enumerate(sorted(versions)):
                copy.write_row(
                    (number, code, str(versions[code].pk), document(title="", second=(names[code],)))
                )
        cursor.execute(DEFAULTS)
        definitions = _indexes(cursor)
        for statement in STATEMENTS:
            cursor.execute(statement.replace("{cases}", str(CASES)))
        for definition in definitions:
            cursor.execute(definition)
        cursor.execute("SET session_replication_role = DEFAULT")
        for table in (*TABLES, "casework_timeline_entry"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def _indexes(cursor: object) -> list[str]:
    """Drop the indexes that no constraint needs, and return what makes them again."""
    execute, fetch = cursor.execute, cursor.fetchall  # type: ignore[attr-defined]  # Django's cursor wrapper
    execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN"
        " (SELECT conname FROM pg_constraint) AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
        [list(TABLES)],
    )
    found = fetch()
    for name, _ in found:
        execute(f'DROP INDEX "{name}"')
    return [definition for _, definition in found]


TEMPORARY = """
CREATE TEMP TABLE seed_title (n int, title text, words tsvector);
CREATE TEMP TABLE seed_department (n int, id uuid);
CREATE TEMP TABLE seed_type (n int, code text, version uuid, words tsvector);
"""

DEFAULTS = """
DO $$ DECLARE missing record; BEGIN
    FOR missing IN SELECT table_name, column_name, data_type FROM information_schema.columns
        WHERE table_name LIKE 'casework_%' AND is_nullable = 'NO' AND column_default IS NULL
            AND is_identity = 'NO'
            AND data_type IN ('character varying', 'text', 'boolean', 'integer', 'smallint', 'jsonb') LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET DEFAULT %L', missing.table_name, missing.column_name,
            CASE missing.data_type WHEN 'boolean' THEN 'false' WHEN 'integer' THEN '0' WHEN 'smallint' THEN '0'
                WHEN 'jsonb' THEN '{}' ELSE '' END);
    END LOOP;
END $$
"""
"""What a column holds of which the cases here know nothing: as Django fills it, empty."""

STATEMENTS = (
    "SELECT setseed(0.5)",
    # What is drawn for each case: a few types and departments have most, one case in fifteen is open.
    """CREATE TEMP TABLE seed AS SELECT n, uuidv7(opened - now()) AS id, opened, kind, requester, provider, title,
        (opened > now() - interval '35 days' OR open < 0.035) AS is_open,
        opened + (2 + 30 * length) * interval '1 day' AS due, has_due < 0.8 AS has_due
    FROM (SELECT n, now() - (1 - n::float / {cases}) * interval '1095 days' AS opened,
            floor(200 * power(random(), 2))::int AS kind, 1 + floor(59 * power(random(), 1.6))::int AS requester,
            1 + floor(59 * random())::int AS provider, floor(20000 * random())::int AS title, random() AS open,
            random() AS length, random() AS has_due
        FROM generate_series(1, {cases}) n) drawn""",
    "UPDATE seed SET due = now() + (power(random(), 2) * 60 - 3) * interval '1 day' WHERE is_open",
    "ANALYZE seed",
    """INSERT INTO casework_case (id, number, version_id, type_code, subject_kind, subject_id, subject_title,
        subject_path, state, data, running, done, steps, opened_at, opened_by, opened_by_name, department_id,
        applicant_name, enterprise_name, closed_at, due_at, yellow_at)
    SELECT s.id, 'B' || lpad(s.kind::text, 3, '0') || to_char(s.opened, 'YYYYMMDD') || lpad(s.n::text, 7, '0'),
        t.version, t.code, 'share_request', gen_random_uuid(), w.title, '/exchange/requests/', CASE WHEN is_open
        THEN 'open' WHEN s.n % 10 = 0 THEN 'refused' ELSE 'delivered' END,
        '{"sharing_class": "conditional", "needs_authority": false}', '{"tokens": [], "data": {}}', '{}', 2, s.opened,
        gen_random_uuid(), '经办' || s.n % 997, d.id, '', '', CASE WHEN NOT is_open THEN least(due, now()) END,
        CASE WHEN is_open AND has_due THEN due END, CASE WHEN is_open AND has_due THEN due - interval '3 days' END
    FROM seed s JOIN seed_type t ON t.n = s.kind JOIN seed_title w ON w.n = s.title
        JOIN seed_department d ON d.n = s.requester ORDER BY s.n""",
    """INSERT INTO casework_case_party (case_id, name, department_id, is_supervisor)
    SELECT s.id, p.name, d.id, p.name = 'supervisor' FROM seed s CROSS JOIN LATERAL (VALUES
        ('requester', s.requester), ('provider', s.provider), ('authority', 0), ('supervisor', 0)) p (name, n)
        JOIN seed_department d ON d.n = p.n ORDER BY s.n""",
    """INSERT INTO casework_case_reader (case_id, reader, is_supervisor, is_ended, due_at, yellow_at, opened_at,
        closed_at, number, type_code, department_id)
    SELECT c.id, p.department_id, p.is_supervisor, c.state <> 'open', coalesce(c.due_at, casework_never()),
        coalesce(c.yellow_at, casework_never()), c.opened_at, coalesce(c.closed_at, casework_never()), c.number,
        c.type_code, c.department_id
    FROM casework_case c JOIN casework_case_party p ON p.case_id = c.id ORDER BY c.id ON CONFLICT DO NOTHING""",
    """INSERT INTO casework_task (id, case_id, kind, code, token, clock_code, department_id, roles, barred, state,
        opened_at, completed_at, completed_by, outcome, due_at, yellow_at)
    SELECT gen_random_uuid(), s.id, 'flow', CASE WHEN s.n % 2 = 0 THEN 'head_approval' ELSE 'provider_answer' END,
        left(md5(s.n::text), 12), '', d.id, CASE WHEN s.n % 2 = 0 THEN ARRAY['department_head'] ELSE
        ARRAY['data_officer', 'department_head'] END, ARRAY[]::uuid[], CASE WHEN is_open THEN 'open' ELSE 'done' END,
        s.opened, CASE WHEN NOT is_open THEN s.opened + interval '1 day' END, NULL,
        CASE WHEN is_open THEN '' WHEN s.n % 2 = 0 THEN 'approve' ELSE 'agree' END,
        CASE WHEN has_due THEN due END, CASE WHEN has_due THEN due - interval '3 days' END
    FROM seed s JOIN seed_department d ON d.n = CASE WHEN s.n % 2 = 0 THEN s.requester ELSE s.provider END
    ORDER BY s.n""",
    """INSERT INTO casework_clock (id, case_id, code, step, value, unit, warn, basis, started_at, stopped_at, due_at,
        yellow_at, is_estimate)
    SELECT gen_random_uuid(), s.id, 'answer', 2, 10, 'working_days', 3, '国务院令第809号第二十一条', s.opened,
        CASE WHEN NOT is_open THEN s.opened + interval '1 day' END, due, due - interval '3 days', false
    FROM seed s WHERE has_due ORDER BY s.n""",
    """INSERT INTO casework_timeline_entry (case_id, number, kind, at, actor_id, actor_name, department_id, task,
        clock, outcome, reason, basis)
    SELECT s.id, e.number, e.kind, s.opened, gen_random_uuid(), '经办' || s.n % 997, d.id, '', '', '', '', ''
    FROM seed s CROSS JOIN (VALUES (1, 'opened'), (2, 'task_opened')) e (number, kind)
        JOIN seed_department d ON d.n = s.requester ORDER BY s.n""",
    """INSERT INTO casework_case_words (case_id, opened_at, words)
    SELECT s.id, s.opened, w.words || t.words || array_to_tsvector(ARRAY[casework_reader_word(r.id, false),
        casework_reader_word(p.id, false), casework_reader_word(a.id, false), casework_reader_word(a.id, true),
        '=' || t.code] || CASE WHEN is_open THEN ARRAY['#open'] ELSE ARRAY[]::text[] END)
    FROM seed s JOIN seed_title w ON w.n = s.title JOIN seed_type t ON t.n = s.kind
        JOIN seed_department r ON r.n = s.requester JOIN seed_department p ON p.n = s.provider
        JOIN seed_department a ON a.n = 0 ORDER BY s.n""",
)  # fmt: skip
