"""What is published of decisions: whom it names, whom it does not, and how it is found."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.certificates import api as certificates_api
from zhengshu.contexts.certificates.events import CertificateEndedEarly, CertificateIssued
from zhengshu.contexts.certificates.tests import factories as certificates
from zhengshu.contexts.services.application.publish_decision import (
    publish_certificate,
    publish_decision,
    publish_ending,
)
from zhengshu.contexts.services.models import Application, PublishedDecision, ServiceItem
from zhengshu.contexts.services.tests import intake_kit
from zhengshu.contexts.services.tests.factories import draft, published
from zhengshu.contexts.trust.tests.factories import PLATFORM
from zhengshu.foundation.events import Subject
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId, DepartmentId, new_id

pytestmark = pytest.mark.django_db

BASIS = "《中华人民共和国行政许可法》第四十条"
AT = timezone.now()


@pytest.fixture
def item() -> ServiceItem:
    return published(
        "food", draft(name="食品经营许可", publication_basis=BASIS), department_id=DepartmentId(new_id())
    )


def decided(
    item: ServiceItem, applicant: Actor, *, end: str = "granted", firm: UUID | None = None
) -> Application:
    """Let an application be decided, and what was decided be heard of twice."""
    row = Application.objects.create(
        number=f"SP{new_id().hex[-12:]}", item=item, item_version=1, case_type="food", case_id=new_id(),
        draft_id=new_id(), channel="2", applicant_id=applicant.id, enterprise_id=firm, opened_by=applicant.id,
        department_id=item.department_id or new_id(), verdict="pass", state="open", submitted_at=AT,
    )  # fmt: skip
    for _time in range(2):
        publish_decision(closed(row, end=end, at=AT))
    return row


def closed(row: Application, *, end: str, at: datetime) -> CaseClosed:
    return CaseClosed(
        at=at, actor=PLATFORM, subject=Subject(kind="case", id=str(row.case_id), label=row.number),
        department_id=None, case_id=CaseId(row.case_id), case_type="food", about_kind="form",
        about_id=row.draft_id, end=end,
    )  # fmt: skip


def page(**query: str) -> str:
    answer = Client().get(reverse("services:decisions"), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.article("行政许可法", 40)
class TestWhatIsNamed:
    def test_an_enterprise_in_full_and_once(self, item: ServiceItem) -> None:
        firm = intake_kit.firm()
        row = decided(item, firm.delegate, firm=firm.id)

        text = page()

        assert "望川餐饮服务有限公司" in text
        assert intake_kit.FIRM_CODE in text
        assert text.count(row.number) == 1
        assert firm.delegate.name not in text

    def test_a_person_in_part(self, item: ServiceItem) -> None:
        person = certificates.citizen()
        decided(item, person)

        assert "赵**" in page()
        assert person.name not in page()
        assert not PublishedDecision.objects.filter(holder_name=person.name).exists()

    def test_what_was_refused_is_counted_and_names_nobody(self, item: ServiceItem) -> None:
        row = decided(item, certificates.citizen(), end="refused")

        text = page()

        assert "不予许可 1 件" in text
        assert row.number not in text
        assert "赵" not in text
        with pytest.raises(IntegrityError):
            PublishedDecision.objects.update(holder_name="赵**")

    def test_nothing_of_an_item_that_does_not_say_so(self) -> None:
        silent = published("silent", department_id=DepartmentId(new_id()))

        decided(silent, certificates.citizen())

        assert not PublishedDecision.objects.exists()

    @pytest.mark.parametrize("end", ["withdrawn", "open", "lapsed"])
    def test_nothing_of_what_was_not_decided(self, item: ServiceItem, end: str) -> None:
        decided(item, certificates.citizen(), end=end)

        assert not PublishedDecision.objects.exists()


class TestCertificate:
    def test_stands_with_its_decision_until_it_ends(self, item: ServiceItem) -> None:
        firm = intake_kit.firm()
        row = decided(item, firm.delegate, firm=firm.id)
        issued = certificates.food(certificates.issuer("food-permit"), case_id=CaseId(row.case_id))

        publish_certificate(told(issued))
        assert issued.serial in page()
        publish_ending(ended(issued))
        assert "已失效" in page()

    def test_of_another_case_changes_nothing(self, item: ServiceItem) -> None:
        firm = intake_kit.firm()
        decided(item, firm.delegate, firm=firm.id)
        issued = certificates.food(certificates.issuer("food-permit"))

        publish_certificate(told(issued))

        assert issued.serial not in page()


class TestList:
    def test_is_searched_and_narrowed(self, item: ServiceItem) -> None:
        firm = intake_kit.firm()
        row = decided(item, firm.delegate, firm=firm.id)
        tomorrow = f"{timezone.localdate(AT) + timedelta(days=1):%Y-%m-%d}"

        for query in ({"q": "望川"}, {"q": row.number}, {"item": "food"}, {"decided_to": tomorrow}):
            assert row.number in page(**query)
        for query in (
            {"q": "别家"},
            {"item": "other"},
            {"decided_from": tomorrow},
            {"department": str(new_id())},
        ):
            assert row.number not in page(**query)

    def test_what_is_no_day_and_no_department_narrows_nothing(self, item: ServiceItem) -> None:
        row = decided(item, certificates.citizen())

        assert row.number in page(decided_from="gestern", department="'; --")

    def test_is_downloaded_without_formulas_and_without_the_refused(self, item: ServiceItem) -> None:
        ServiceItem.objects.update(name="=1+1")
        item.refresh_from_db()
        granted = decided(item, certificates.citizen())
        decided(item, certificates.citizen(citizen_id="470302199002022340", name="孙小宁"), end="refused")

        answer = Client().get(reverse("services:decision-export"))
        content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # streamed

        assert granted.number in content
        assert "'=1+1" in content
        assert len(content.strip().splitlines()) == 2

    def test_says_when_there_is_none(self) -> None:
        assert "没有符合条件的决定" in page()


def told(issued: certificates_api.CertificateRecord) -> CertificateIssued:
    return CertificateIssued(
        at=AT, actor=PLATFORM, subject=Subject("certificate", str(issued.id), issued.number),
        department_id=None, certificate_id=str(issued.id), type_code=issued.type_code, number=issued.number,
        digest="", case_id=str(issued.case_id),
    )  # fmt: skip


def ended(issued: certificates_api.CertificateRecord) -> CertificateEndedEarly:
    return CertificateEndedEarly(
        at=AT, actor=PLATFORM, subject=Subject("certificate", str(issued.id), issued.number),
        department_id=None, certificate_id=str(issued.id), type_code=issued.type_code, ending="01",
    )  # fmt: skip
