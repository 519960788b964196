"""Certificates when processes are killed in the middle of issuing, and when two want the same at once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import pytest
from django.utils import timezone

from tests.kit.zygote import KILLED, Zygote
from zhengshu.contexts.certificates import api
from zhengshu.contexts.certificates.application.keep_issuers import document_kind
from zhengshu.contexts.certificates.application.present_certificate import present
from zhengshu.contexts.certificates.models import Certificate, CertificateReader, CertificateUse, Presentation
from zhengshu.contexts.certificates.tests import factories
from zhengshu.contexts.certificates.tests.factories import Issuer
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.models import AuditEvent, LogQueueItem, SealUse
from zhengshu.contexts.trust.tests import seals
from zhengshu.foundation.models import OutboxMessage
from zhengshu.kernel.identity import CaseId, new_id

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults, pytest.mark.timeout(300)]
MOST_WRITES = 60
ISSUED = "certificates.certificate.issued.v1"


@pytest.fixture(scope="module")
def zygote(django_db_setup: None) -> Iterator[Zygote]:
    with Zygote("tests.faults.certificate_acts") as started:
        yield started


@pytest.fixture
def by() -> Issuer:
    return factories.issuer("food-permit")


@dataclass(frozen=True, slots=True)
class Seen:
    """All that issuing leaves behind, as another process sees it."""

    numbers: tuple[str, ...]
    readers: int
    sealed: Counter[str]
    announced: int
    in_the_log: int
    sent: int

    @classmethod
    def now(cls) -> "Seen":
        return cls(
            numbers=tuple(Certificate.objects.order_by("number").values_list("number", flat=True)),
            readers=CertificateReader.objects.count(),
            sealed=Counter(SealUse.objects.values_list("format", flat=True)),
            announced=AuditEvent.objects.filter(name=ISSUED).count(),
            in_the_log=LogQueueItem.objects.count(),
            sent=OutboxMessage.objects.count(),
        )


def killed_everywhere(zygote: Zygote, act: Mapping[str, str]) -> int:
    """Do something, killed one write later each time, until it is done; return how often it died.

    Until the commit nothing is seen of it, from the commit on all of it, and repeating it changes nothing.
    """
    before, after, deaths, outcome = Seen.now(), None, 0, ""
    for number in range(1, MOST_WRITES):
        outcome = zygote.killed(act, before_write=number)
        seen = Seen.now()
        if after is None and seen != before:
            after = seen
        assert seen == (after or before), outcome
        if outcome != KILLED:
            break
        deaths += 1
    assert after is not None, outcome
    return deaths


def issue(by: Issuer, case_id: UUID) -> dict[str, str]:
    return {"act": "issue", "case": str(case_id), "department": str(by.department_id)}


class TestKilled:
    def test_wherever_it_is_killed_there_is_one_certificate_with_one_number(
        self, zygote: Zygote, by: Issuer
    ) -> None:
        case_id = new_id()

        deaths = killed_everywhere(zygote, issue(by, case_id))

        assert deaths > 5
        assert len(seals.noted(ISSUED, Certificate.objects.get(case_id=case_id).pk)) == 1
        row = Certificate.objects.get(case_id=case_id)
        assert row.readers.count() == 1
        (pdf,) = trust.sealed_files(document_kind=document_kind(row.type_code), document_ids=[row.pk])
        _record, content = trust.open_sealed_file(
            use_id=pdf.id, document_kind=document_kind(row.type_code), document_id=row.pk
        )
        with content:
            assert sha256(content.read()).hexdigest() == pdf.digest

    def test_a_version_that_takes_its_place_is_whole_or_not_there(self, zygote: Zygote, by: Issuer) -> None:
        former = factories.food(by)
        act = {
            "act": "replace", "certificate": str(former.id), "actor": str(by.approver.id),
            "projects": "冷食类食品制售", "case": str(new_id()),
        }  # fmt: skip

        killed_everywhere(zygote, act)

        editions = Certificate.objects.filter(serial=former.serial).order_by("edition")
        assert list(editions.values_list("edition", "ending")) == [(1, "05"), (2, "")]

    def test_the_ofd_that_was_killed_is_written_by_the_next_try(self, zygote: Zygote, by: Issuer) -> None:
        record = factories.food(by)

        killed_everywhere(zygote, {"act": "ofd", "certificate": str(record.id)})

        formats = SealUse.objects.filter(approval__document_id=record.id).values_list("format", flat=True)
        assert Counter(formats) == {"pdf": 1, "ofd": 1}


class TestAtOnce:
    def test_two_issues_for_a_case_give_one_certificate(self, zygote: Zygote, by: Issuer) -> None:
        case_id = new_id()

        numbers = zygote.together(*[issue(by, case_id)] * 3)

        row = Certificate.objects.get(case_id=case_id)
        assert numbers == [row.number] * 3
        assert row.readers.count() == 1
        assert len(seals.noted(ISSUED, row.pk)) == 1

    def test_a_code_that_two_open_shows_it_to_one(self, zygote: Zygote, by: Issuer) -> None:
        record, delegate = factories.food(by), factories.delegate()
        made = present(certificate_id=record.id, actor=delegate, at=timezone.now())
        token = made.address.rstrip("/").rpartition("/")[2]

        outcomes = zygote.together(*[{"act": "open", "token": token}] * 4)

        assert Counter(outcomes) == {record.number: 1, "certificates.presentation-used": 3}
        assert CertificateUse.objects.filter(certificate_id=record.id, kind="shown").count() == 1
        assert Presentation.objects.get(certificate_id=record.id).refused == 3

    def test_of_changes_and_an_end_one_wins_and_nothing_is_valid_twice(
        self, zygote: Zygote, by: Issuer
    ) -> None:
        for _ in range(2):
            record = factories.food(by, case_id=CaseId(new_id()))
            same = {"certificate": str(record.id), "actor": str(by.approver.id)}

            outcomes = zygote.together(
                {"act": "replace", "projects": "冷食类食品制售", **same},
                {"act": "replace", "projects": "生食类食品制售", **same},
                {"act": "renew", **same},
                {"act": "revoke", **same},
            )

            refused = [one for one in outcomes if one == "certificates.ended"]
            assert len(refused) == 3, outcomes
            rows = Certificate.objects.filter(serial=record.serial)
            assert rows.filter(ending="").count() == int(not any(one.startswith("ended") for one in outcomes))
            assert rows.filter(predecessor=None).get().ending in {api.Ending.VOID, api.Ending.REVOKED}
