"""Certificates as sources of forms: each reader is told in his language what said something."""

from uuid import uuid4

import pytest
from django.utils import timezone
from django.utils.translation import override

from zhengshu.contexts.casework.api import FormMatter, FormShown
from zhengshu.contexts.certificates.application.fill_forms import CertificatesForForms
from zhengshu.contexts.certificates.tests import factories
from zhengshu.contexts.certificates.tests.factories import ZHAO

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("filler", ["zh-hans", "en"])
def test_a_value_and_a_silence_name_their_source_in_both_languages(filler: str) -> None:
    by = factories.issuer("food-permit", "insured-certificate")
    record = factories.insured(by)
    person = factories.citizen()
    own = {"person-name": ZHAO.name, "citizen-id": ZHAO.number}
    matter = FormMatter(
        case=str(uuid4()), purposes=(), departments=(), person_id=person.id, enterprise_ids=frozenset()
    )
    wanted = [
        FormShown(certificate=code, holder_name="")
        for code in ("insured-certificate.number", "food-permit.number")
    ]

    with override(filler):
        found = CertificatesForForms().supply(
            wanted=wanted, own=own, matter=matter, actor=person, at=timezone.now()
        )

    held, lacking = found["insured-certificate.number"], found["food-permit.number"]
    assert "签发" in held.said_by("zh-hans")
    assert record.office_name in held.said_by("zh-hans")
    assert "issued on" in held.said_by("en")
    assert lacking.refusal == "not-held"
    assert lacking.said_by("zh-hans") != lacking.said_by("en")
