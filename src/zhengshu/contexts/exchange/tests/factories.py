"""A city in which the tax office asks the market office for its register of enterprises."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.catalog.tests import factories as catalogs
from zhengshu.contexts.exchange import api
from zhengshu.contexts.exchange.models import CallRecord, Grant
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.tests import factories as trusts
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import GrantId, RequestId, SystemId, new_id

AT = catalogs.AT
PLATFORM = catalogs.PLATFORM

ITEMS = (
    catalog.ItemDraft(
        name="统一社会信用代码",
        column="credit_code",
        length=18,
        element_code="credit-code",
        is_key=True,
        is_required=True,
    ),
    catalog.ItemDraft(name="企业名称", column="enterprise_name", length=200),
    catalog.ItemDraft(name="成立日期", column="founded_on", data_type=catalog.DataType.DATE),
    catalog.ItemDraft(
        name="法定代表人身份证号",
        column="legal_person_id",
        length=18,
        grade=catalog.Grade.GENERAL_3,
        personal=catalog.PersonalClass.SENSITIVE,
    ),
)
ROWS = (
    ("91110000100006485Y", "云州第一商贸有限公司", "2014-05-06", "360426199101010071"),
    ("91110000MA0000001A", "云州第二建材有限公司", "2019-12-31", "360426199101010071"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Requester, provider and data authority with their people, and what is asked for."""

    officer: Actor
    head: Actor
    provider: Actor
    provider_head: Actor
    reviewer: Actor
    stranger: Actor
    resource: catalog.ResourceRecord
    system: trust.ConsumingSystemRecord


def city(tmp_path: Path | None = None, *, at: datetime = AT, **declared: object) -> City:
    """Make the city; with a folder, the resource has data, too."""
    place = catalogs.city(at=at)
    options: dict[str, object] = {
        "items": ITEMS,
        "sharing_class": catalog.SharingClass.CONDITIONAL,
        "sharing_scope": "本市行政机关",
        "sharing_purposes": "行政许可、税收征管",
    }
    resource = catalogs.published(place, catalogs.draft(**{**options, **declared}), at=at)
    if tmp_path is not None:
        collect(resource, tmp_path, at=at)
    other = catalogs._department(
        trusts.credit_code(4), "市水务局", parent=place.authority, at=at - timedelta(days=1)
    )
    return City(
        officer=place.stranger,
        head=place.stranger_head,
        provider=place.officer,
        provider_head=place.head,
        reviewer=place.reviewer,
        stranger=catalogs.official("third", other, Role.DATA_OFFICER, at=at),
        resource=resource,
        system=trust.register_consuming_system(
            name="金税核验系统", department_id=place.tax, actor=place.stranger, at=at
        ),
    )


def collect(
    resource: catalog.ResourceRecord,
    folder: Path,
    *,
    rows: tuple[tuple[str, ...], ...] = ROWS,
    at: datetime = AT,
) -> lake.BatchRecord:
    """Deliver the rows of the register."""
    head = ",".join(item.column for item in ITEMS)
    file = folder / "enterprises.csv"
    file.write_text("\n".join([head, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return lake.collect(resource_code=resource.code, source=file, file_name=file.name, actor=PLATFORM, at=at)


def statement(place: City, *, at: datetime = AT, **changes: object) -> api.Statement:
    """Return a whole statement, with some of it changed."""
    whole = api.Statement(
        legal_basis="《税收征收管理法》第六条",
        scenario="办税服务厅受理发票领用时核对企业登记状态",
        purpose="tax_administration",
        columns=("credit_code", "enterprise_name", "founded_on"),
        valid_until=at + timedelta(days=200),
        system_id=SystemId(place.system.id),
        per_second=50,
        per_day=1000,
        is_declared=True,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # the test names the fields


def draft(place: City, *, at: datetime = AT, **changes: object) -> RequestId:
    """Draft a request."""
    return api.draft_request(
        resource_code=place.resource.code,
        statement=statement(place, at=at, **changes),
        actor=place.officer,
        at=at,
        request_id=RequestId(new_id()),
    )


def submitted(place: City, *, at: datetime = AT, **changes: object) -> RequestId:
    """Submit a request."""
    request_id = draft(place, at=at, **changes)
    api.submit_request(request_id=request_id, actor=place.officer, at=at)
    return request_id


def at_provider(place: City, *, at: datetime = AT, **changes: object) -> RequestId:
    """Bring a request to its provider."""
    request_id = submitted(place, at=at, **changes)
    api.approve_request(request_id=request_id, is_approved=True, actor=place.head, at=at)
    return request_id


def agreed(place: City, *, at: datetime = AT, **changes: object) -> RequestId:
    """Bring a request to its delivery."""
    request_id = at_provider(place, at=at, **changes)
    answer = api.Answer(kind=api.AnswerKind.AGREE)
    api.answer_request(request_id=request_id, answer=answer, actor=place.provider, at=at)
    return request_id


def granted(place: City, *, at: datetime = AT, **changes: object) -> GrantId:
    """Take a request through its whole way."""
    return api.deliver_request(request_id=agreed(place, at=at, **changes), actor=place.provider, at=at)


def claim(**changes: object) -> api.Claim:
    """Return a whole claim about the first row, with some of it changed."""
    whole = api.Claim(
        fault=api.FaultKind.WRONG,
        columns=("enterprise_name", "legal_person_id"),
        key={"credit_code": ROWS[0][0]},
        right={"enterprise_name": "云州第一商贸股份有限公司", "legal_person_id": "36042619910101008X"},
        evidence="营业执照正本记载的名称为云州第一商贸股份有限公司",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # the test names the fields


def correction(place: City, *, at: datetime = AT, **changes: object) -> UUID:
    """Ask for a correction of the register."""
    return api.request_correction(
        resource_code=place.resource.code, claim=claim(**changes), actor=place.officer, at=at
    )


def misuse(place: City, *, at: datetime = AT, actor: Actor | None = None, **changes: object) -> UUID:
    """Report that the first grant is misused."""
    told: dict[str, object] = {
        "finding": "批量查询与所办事项无关的企业",
        "order": "停止批量查询",
        "rectify_within": 5,
    }
    return api.report_misuse(
        grant_id=GrantId(grant_row(place).id),
        actor=actor or place.provider,
        at=at,
        **{**told, **changes},  # type: ignore[arg-type]  # the test names the fields
    )


def demand(place: City, *, at: datetime = AT, **changes: object) -> UUID:
    """Demand what no resource offers."""
    whole = api.Demanded(
        name="残疾人证信息",
        legal_basis="《中华人民共和国残疾人保障法》第四十八条",
        scenario="受理残疾人个人所得税减征时核对残疾人证",
        wanted="残疾人证号、残疾类别、残疾等级、有效期",
        freshness="daily",
    )
    demanded = replace(whole, **changes)  # type: ignore[arg-type]  # the test names the fields
    return api.raise_demand(demanded=demanded, actor=place.officer, at=at)


def step(
    kind: api.MatterKind,
    matter_id: UUID,
    task: str,
    outcome: str,
    *,
    actor: Actor,
    at: datetime,
    **more: object,
) -> str:
    """Take a step of a matter."""
    taken = api.Step(task=task, outcome=outcome, **more)  # type: ignore[arg-type]  # the test names the fields
    return api.take_step(kind=kind, matter_id=matter_id, step=taken, actor=actor, at=at)


def department(
    name: str, *, region: str, level: trust.Level = trust.Level.CITY, is_data_authority: bool = False
) -> trust.DepartmentRecord:
    """Add a department outside of the city."""
    return trust.add_department(
        code=trusts.credit_code(9000 + len(trust.departments())),
        name=name,
        short_name="",
        region=region,
        level=level,
        parent_id=None,
        is_data_authority=is_data_authority,
        actor=PLATFORM,
        at=AT - timedelta(days=1),
    )


def colleague(name: str, role: Role, *, of: Actor, at: datetime = AT) -> Actor:
    """Add an official to somebody's department."""
    assert of.department_id is not None
    return catalogs.official(name, of.department_id, role, at=at - timedelta(days=1))


def grant_row(place: City) -> Grant:
    """Return the first grant of the city's resource; tests of the gateway leave grants of their own behind."""
    return Grant.objects.filter(resource_id=place.resource.id).order_by("id")[0]


def browser(actor: Actor) -> Client:
    """Return a browser in which the actor is signed in."""
    client = Client(HTTP_ACCEPT="text/html", HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(get_user_model().objects.get(id=actor.id))
    client.cookies["django_language"] = "en"
    return client


def some_id() -> UUID:
    """Return an id that belongs to nothing."""
    return new_id()


NOW = datetime.now(UTC).replace(microsecond=0)
"""For pages, whose clock is the real one."""


def call(grant: Grant, *, verdict: str = "ok", days_ago: int = 0) -> CallRecord:
    """Record a call as the gateway does."""
    return CallRecord.objects.create(
        id=new_id(),
        at=timezone.now() - timedelta(days=days_ago),
        gateway="test",
        key_id="k",
        nonce=str(new_id()),
        system_id=grant.system_id,
        consumer_department_id=grant.consumer_department_id,
        provider_department_id=grant.provider_department_id,
        grant_id=grant.id,
        resource_code=grant.resource_code,
        operation="records",
        purpose=grant.purposes[0],
        case_ref="=HYPERLINK(1)",
        verdict=verdict,
        fields=["credit_code"],
        row_count=1,
        request_digest=b"1",
    )
