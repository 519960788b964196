"""A resource that is shared between the cast: run as a program, in the environment of the platform that it fills."""

import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import SystemId

if TYPE_CHECKING:
    from zhengshu.contexts.catalog.api import ItemDraft, ResourceDraft

Rows = tuple[tuple[str, ...], ...]

NAME = "企业年度报告信息"
ROWS = (
    ("91110000100006485Y", "明州市第一商贸有限公司", "360426199101010071"),
    ("91110000MA0000001A", "明州市第二建材有限公司", "360426199101010071"),
)
SYSTEM = "社会保险稽核系统"


def fill() -> None:
    """Publish the resource with its rows, and grant it to the consumer."""
    code = _publish()
    deliver(code, ROWS)
    _grant(code)


def actor(username: str) -> Actor:
    """Return one of the cast."""
    from zhengshu.contexts.trust import api as trust

    return trust.actor_of(official_id=trust.official_by_username(username=username).id)


def _publish() -> str:
    from zhengshu.contexts.catalog import api as catalog

    items = (
        catalog.ItemDraft(
            name="统一社会信用代码", column="credit_code", length=18, is_key=True, is_required=True
        ),
        catalog.ItemDraft(name="企业名称", column="enterprise_name", length=200),
        sensitive(catalog.ItemDraft(name="法定代表人身份证号", column="legal_person_id", length=18)),
    )
    return publish(resource(NAME, "企业报送并公示的年度报告", items))


def resource(name: str, summary: str, items: "tuple[ItemDraft, ...]") -> "ResourceDraft":
    """Return a resource that is shared on conditions, delivered every day as a CSV file."""
    from zhengshu.contexts.catalog import api as catalog

    return catalog.ResourceDraft(
        name=name,
        summary=summary,
        classification="306001",
        items=items,
        format_type="CSV",
        update_cycle=catalog.UpdateCycle.DAILY,
        sharing_class=catalog.SharingClass.CONDITIONAL,
        sharing_scope="全市各级行政机关",
        sharing_purposes="办理公共服务事项",
    )


def sensitive(item: "ItemDraft") -> "ItemDraft":
    """Return the item as sensitive personal information."""
    from zhengshu.contexts.catalog import api as catalog

    return replace(item, grade=catalog.Grade.GENERAL_3, personal=catalog.PersonalClass.SENSITIVE)


def general(item: "ItemDraft") -> "ItemDraft":
    """Return the item as personal information that is not sensitive."""
    from zhengshu.contexts.catalog import api as catalog

    return replace(item, grade=catalog.Grade.GENERAL_2, personal=catalog.PersonalClass.GENERAL)


def name_source(code: str, *elements: str) -> None:
    """Name a resource the authoritative source of data elements."""
    from zhengshu.contexts.catalog import api as catalog

    reviewer, at = actor("authority.reviewer"), timezone.now()
    for element in elements:
        catalog.name_authoritative_source(element_code=element, resource_code=code, actor=reviewer, at=at)


def publish(draft: "ResourceDraft") -> str:
    """Let a resource of the provider be approved and published; return its code."""
    from zhengshu.contexts.catalog import api as catalog

    at, officer = timezone.now(), actor("provider.officer")
    code = catalog.draft_resource(draft=draft, actor=officer, at=at).code
    catalog.submit_resource(code=code, actor=officer, at=at)
    assessed = catalog.Assessments(secrecy_risk=True, personal_information=True)
    catalog.approve_resource(code=code, assessments=assessed, actor=actor("provider.head"), at=at)
    catalog.publish_resource(code=code, actor=actor("authority.reviewer"), at=at)
    return code


def _grant(code: str) -> None:
    grant(
        code,
        system=SYSTEM,
        legal_basis="《中华人民共和国社会保险法》第五十七条",
        scenario="稽核企业缴费情况时核对年度报告",
        columns=("credit_code", "enterprise_name"),
    )


def grant(code: str, *, system: str, legal_basis: str, scenario: str, columns: tuple[str, ...]) -> None:
    """Let the consumer register a system, ask for a resource of the provider, and get it."""
    from zhengshu.contexts.exchange import api as exchange

    at, officer, consumer = timezone.now(), actor("provider.officer"), actor("consumer.officer")
    statement = exchange.Statement(
        legal_basis=legal_basis,
        scenario=scenario,
        purpose="public_service",
        columns=columns,
        valid_until=at + timedelta(days=90),
        system_id=system_of("consumer.officer", system),
        is_declared=True,
    )
    request_id = exchange.draft_request(resource_code=code, statement=statement, actor=consumer, at=at)
    exchange.submit_request(request_id=request_id, actor=consumer, at=at)
    exchange.approve_request(request_id=request_id, is_approved=True, actor=actor("consumer.head"), at=at)
    yes = exchange.Answer(kind=exchange.AnswerKind.AGREE)
    exchange.answer_request(request_id=request_id, answer=yes, actor=officer, at=at)
    exchange.deliver_request(request_id=request_id, actor=officer, at=at)


def system_of(username: str, name: str) -> SystemId:
    """Return the system of that name of an officer's department; registered where no other test needed it before."""
    from zhengshu.contexts.trust import api as trust

    officer = actor(username)
    assert officer.department_id is not None
    for system in trust.consuming_systems(actor=officer):
        if system.name == name and system.department_id == officer.department_id:
            return system.id
    return trust.register_consuming_system(
        name=name, department_id=officer.department_id, actor=officer, at=timezone.now()
    ).id


def deliver(code: str, rows: Rows) -> None:
    """Deliver rows of the resource."""
    collect(code, ("credit_code", "enterprise_name", "legal_person_id"), rows)


def collect(code: str, head: tuple[str, ...], rows: Rows) -> None:
    """Let the provider deliver rows as a file."""
    from zhengshu.contexts.lake import api as lake

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        file.write_text("\n".join(",".join(row) for row in (head, *rows)) + "\n", encoding="utf-8")
        lake.collect(
            resource_code=code,
            source=file,
            file_name=file.name,
            actor=actor("provider.officer"),
            at=timezone.now(),
        )


def change(file: Path, old: str, new: str) -> None:
    """Change words of a copied pack, which must be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text, (file.name, old)
    file.write_text(text.replace(old, new), encoding="utf-8")


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    if len(sys.argv) > 1:
        deliver(sys.argv[1], ((ROWS[0][0], "明州市第一商贸股份有限公司", ROWS[0][2]), ROWS[1]))
    else:
        fill()
