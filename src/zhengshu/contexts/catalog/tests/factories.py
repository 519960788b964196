"""What the tests of `catalog` are made of."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from zhengshu.contexts.casework.tests import factories as cases
from zhengshu.contexts.catalog import api
from zhengshu.contexts.catalog.application.records import ResourceRecord
from zhengshu.contexts.catalog.models import Resource, ResourceVersion
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, new_id

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PLATFORM = Actor.platform("tests")
PASSWORD = "Correct-Horse-7"

ITEMS = (
    api.ItemDraft(
        name="统一社会信用代码",
        column="credit_code",
        length=18,
        element_code="credit-code",
        is_key=True,
        is_required=True,
    ),
    api.ItemDraft(name="企业名称", column="enterprise_name", length=200, element_code="enterprise-name"),
    api.ItemDraft(
        name="法定代表人",
        column="legal_representative",
        length=50,
        grade=api.Grade.GENERAL_2,
        personal=api.PersonalClass.GENERAL,
        element_code="legal-representative",
    ),
)

ELEMENTS = (
    api.ElementRecord(
        code="credit-code",
        name="统一社会信用代码",
        definition="唯一代码",
        column="credit_code",
        shape="credit_code",
        length=18,
    ),
    api.ElementRecord(
        code="enterprise-name",
        name="企业名称",
        definition="登记名称",
        column="enterprise_name",
        shape="organization_name",
    ),
    api.ElementRecord(
        code="legal-representative",
        name="法定代表人",
        definition="负责人姓名",
        column="legal_representative",
        shape="person_name",
        grade=api.Grade.GENERAL_2,
        personal=api.PersonalClass.GENERAL,
    ),
    api.ElementRecord(
        code="citizen-id",
        name="公民身份号码",
        definition="法定号码",
        column="citizen_id",
        shape="citizen_id",
        grade=api.Grade.GENERAL_3,
        personal=api.PersonalClass.SENSITIVE,
        synonyms=("身份证号",),
    ),
)

DRAFT = api.ResourceDraft(
    name="企业登记信息",
    summary="本市登记的企业的基本信息。",
    classification="306001",
    items=ITEMS,
    format_type="MySQL",
    update_cycle=api.UpdateCycle.DAILY,
)


def draft(**changes: object) -> api.ResourceDraft:
    """Return a good declaration with some fields changed."""
    return replace(DRAFT, **changes)  # type: ignore[arg-type]  # the test names the fields


@dataclass(frozen=True)
class City:
    """A data authority and two departments with their people."""

    authority: DepartmentId
    market: DepartmentId
    tax: DepartmentId
    officer: Actor
    second_officer: Actor
    head: Actor
    reviewer: Actor
    stranger: Actor
    stranger_head: Actor


def city(*, at: datetime = AT) -> City:
    """Make the city, its standards and case types."""
    before = at - timedelta(days=1)
    authority = _department("11470300MB0000001B", "市数据局", authority=True, at=before)
    market = _department("114703000000000029", "市市场监督管理局", parent=authority, at=before)
    tax = _department("11470300000000003C", "市税务局", parent=authority, at=before)
    cases.load_types(at=before)
    standards(at=before)
    return City(
        authority=authority,
        market=market,
        tax=tax,
        officer=official("officer", market, Role.DATA_OFFICER, at=before),
        second_officer=official("officer2", market, Role.DATA_OFFICER, at=before),
        head=official("head", market, Role.DEPARTMENT_HEAD, at=before),
        reviewer=official("reviewer", authority, Role.REVIEWER, at=before),
        stranger=official("stranger", tax, Role.DATA_OFFICER, at=before),
        stranger_head=official("stranger-head", tax, Role.DEPARTMENT_HEAD, at=before),
    )


def standards(*, at: datetime) -> None:
    """Declare the few standards that the tests refer to; the whole pack is loaded in its own test."""
    nodes = [
        ("3", "部门", ""),
        ("306", "市场监管", "3"),
        ("306001", "市场主体登记", "306"),
        ("101001", "人口", "3"),
    ]
    api.declare_classification(
        nodes=[
            api.ClassificationRecord(code=code, name=name, parent=parent, is_leaf=len(code) == 6)
            for code, name, parent in nodes
        ],
        actor=PLATFORM,
        at=at,
    )
    entries = (api.CodeEntryRecord(code="1", name="男性"), api.CodeEntryRecord(code="2", name="女性"))
    table = api.CodeTableRecord(code="gender", name="性别代码", standard="GB/T 2261.1-2003", entries=entries)
    api.declare_code_table(table=table, actor=PLATFORM, at=at)
    for element in ELEMENTS:
        api.declare_element(element=element, actor=PLATFORM, at=at)


def copies(record: ResourceRecord, *, number: int) -> None:
    """Copy a published resource until there are so many, quickly."""
    made = Resource.objects.get(id=record.id)
    for count in range(Resource.objects.count(), number):
        version = ResourceVersion.objects.get(resource=made, state="published")
        version.pk, version.state = new_id(), "draft"
        copy = Resource.objects.get(id=made.id)
        copy.pk, copy.code, copy.published = new_id(), f"306001-{90000 + count}", None
        copy.save(force_insert=True)
        version.resource = copy
        version.save(force_insert=True)
        ResourceVersion.objects.filter(pk=version.pk).update(state="published")
        Resource.objects.filter(pk=copy.pk).update(published=version.pk)


def packs() -> Path:
    """Return the folder of content."""
    return Path(settings.PACKS_FOLDER)


def official(username: str, department_id: DepartmentId, role: Role, *, at: datetime) -> Actor:
    """Make an official and return the actor."""
    found = trust.add_official(
        username=username,
        name=f"{username}先生",
        department_id=department_id,
        roles=(role,),
        password=PASSWORD,
        must_change_password=False,
        actor=PLATFORM,
        at=at,
    )
    return trust.actor_of(official_id=found)


def published(city: City, declared: api.ResourceDraft = DRAFT, *, at: datetime = AT) -> ResourceRecord:
    """Take a declaration through its whole way."""
    code = api.draft_resource(draft=declared, actor=city.officer, at=at).code
    return publish(city, code, at=at)


def publish(city: City, code: str, *, at: datetime = AT) -> ResourceRecord:
    """Submit, approve and publish what is on its way."""
    api.submit_resource(code=code, actor=city.officer, at=at)
    approve(city, code, at=at)
    return api.publish_resource(code=code, actor=city.reviewer, at=at)


def approve(city: City, code: str, *, at: datetime = AT) -> ResourceRecord:
    """Let the head approve."""
    assessed = api.Assessments(secrecy_risk=True, personal_information=True)
    return api.approve_resource(code=code, assessments=assessed, actor=city.head, at=at)


def _department(
    code: str, name: str, *, at: datetime, authority: bool = False, parent: DepartmentId | None = None
) -> DepartmentId:
    return trust.add_department(
        code=code,
        name=name,
        short_name=name,
        region="470300",
        level=trust.Level.CITY,
        parent_id=parent,
        is_data_authority=authority,
        actor=PLATFORM,
        at=at,
    ).id
