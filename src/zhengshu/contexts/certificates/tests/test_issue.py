"""Certificates: issued once, sealed, found by their holders only, with what stands on them beyond doubt."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from ofdkit.document import OFDDocument

from zhengshu.contexts.certificates import api
from zhengshu.contexts.certificates.application.queries import own_certificates
from zhengshu.contexts.certificates.application.take_file import FileNotReady, take_file, write_ofd
from zhengshu.contexts.certificates.models import Certificate
from zhengshu.contexts.certificates.tests import factories
from zhengshu.contexts.certificates.tests.factories import Issuer
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.tests import seals
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.certificates import CertificateNumber
from zhengshu.kernel.identity import CaseId, new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Issuer:
    return factories.issuer("food-permit", "insured-certificate", "birth-certificate")


def file_of(record: api.CertificateRecord, format_: trust.SealFormat = trust.SealFormat.PDF) -> bytes:
    _name, content = take_file(
        certificate_id=record.id, format_=format_, actor=factories.PLATFORM, at=timezone.now()
    )
    with content:
        return content.read()


class TestIssuing:
    def test_gives_a_number_that_others_can_check(self, by: Issuer) -> None:
        record = factories.food(by)

        read = CertificateNumber.parse(record.number)
        assert (read.kind, read.version) == ("11470500MB4713227X002", 1)
        assert str(read.issuer) == trust.department(department_id=by.department_id).code

    def test_is_valid_for_five_years_through_the_day_before(self, by: Issuer) -> None:
        noon = datetime(2026, 3, 5, 4, tzinfo=UTC)

        record = factories.food(by, active_from=noon)

        assert record.active_to == datetime(2031, 3, 4, 16, tzinfo=UTC)

    def test_happens_once_for_a_case_however_often_it_is_asked_for(self, by: Issuer) -> None:
        case_id = CaseId(new_id())

        ids = {factories.food(by, case_id=case_id).id for _ in range(3)}

        (only,) = ids
        assert Certificate.objects.filter(case_id=case_id).count() == 1
        assert len(seals.noted("certificates.certificate.issued.v1", only)) == 1

    def test_with_other_contents_for_the_same_case_is_refused(self, by: Issuer) -> None:
        case_id = CaseId(new_id())
        factories.food(by, case_id=case_id)

        with pytest.raises(api.IssuedOtherwise):
            factories.food(by, case_id=case_id, projects="生食类食品制售")

    def test_stands_in_the_proof_log(self, by: Issuer) -> None:
        record = factories.food(by)

        (said,) = seals.noted("certificates.certificate.issued.v1", record.id)
        assert seals.is_queued_for_the_log("certificates.certificate.issued.v1", record.id)
        assert record.holder.name not in str(said)

    @pytest.mark.parametrize("values", [{"projects": ""}, {"colour": "red"}, {"person_in_charge": "许" * 60}])
    def test_with_values_that_do_not_fit_is_refused(self, by: Issuer, values: dict[str, str]) -> None:
        with pytest.raises(api.ValuesUnfit):
            factories.food(by, more=values)

    def test_to_somebody_of_another_kind_is_refused(self, by: Issuer) -> None:
        with pytest.raises(api.HolderUnfit):
            factories.food(by, holder=factories.ZHAO)

    def test_by_a_department_that_is_no_issuer_is_refused(self, by: Issuer) -> None:
        api.remove_issuer(
            type_code="food-permit",
            department_id=by.department_id,
            actor=factories.PLATFORM,
            at=timezone.now(),
        )

        with pytest.raises(api.IssuerUnknown):
            factories.food(by)

    def test_without_a_seal_is_refused_and_leaves_nothing(self, by: Issuer) -> None:
        (standing,) = trust.standing_uses(document_kinds=["certificates.food-permit"])
        trust.end_standing_use(standing_use_id=standing.id, actor=by.head, at=timezone.now())

        case_id = CaseId(new_id())
        with pytest.raises(trust.NoStandingUse):
            factories.food(by, case_id=case_id)
        assert not Certificate.objects.filter(case_id=case_id).exists()

    def test_of_a_name_that_no_font_has_is_refused_with_the_character(self, by: Issuer) -> None:
        case_id = CaseId(new_id())

        with pytest.raises(trust.CharactersNotSet) as refused:
            factories.food(by, case_id=case_id, person_in_charge="王𬴂𫡑")

        assert refused.value.data["characters"] == "𫡑"
        assert not Certificate.objects.filter(case_id=case_id).exists()

    def test_of_every_type_in_the_packs_can_be_set(self) -> None:
        codes = tuple(api.types()) or ("food-permit",)
        by = factories.issuer(*codes)
        factories.load()

        for code, found in api.types().items():
            if code not in codes:
                continue
            record = api.issue(
                type_code=code,
                holder=factories.FIRM if found.holder is api.HolderKind.ENTERPRISE else factories.ZHAO,
                values=factories.sample(found),
                case_id=CaseId(new_id()),
                department_id=by.department_id,
                actor=factories.PLATFORM,
                at=timezone.now(),
            )
            assert seals.is_sound(file_of(record)), code


class TestFiles:
    def test_pdf_is_sealed_and_whole(self, by: Issuer, tmp_path: Path) -> None:
        content = file_of(factories.food(by))

        assert seals.is_sound(content)
        file = tmp_path / "permit.pdf"
        file.write_bytes(content)
        said = subprocess.run(["pdfsig", str(file)], capture_output=True, check=False, text=True).stdout
        assert "Signature is Valid." in said
        words = subprocess.run(
            ["pdftotext", str(file), "-"], capture_output=True, check=True, text=True
        ).stdout
        assert "食品经营许可证" in words.replace(" ", "")
        assert "许望川" in words
        assert b"<pdfaid:part>2</pdfaid:part>" in content
        assert b"<pdfaid:conformance>A</pdfaid:conformance>" in content

    def test_ofd_follows_once(self, by: Issuer) -> None:
        record = factories.food(by)
        with pytest.raises(FileNotReady):
            file_of(record, trust.SealFormat.OFD)

        for _ in range(2):
            write_ofd(certificate_id=record.id, at=timezone.now())
        content = file_of(record, trust.SealFormat.OFD)

        assert seals.is_sound(content)
        words = OFDDocument(content).text().replace("\n", "")
        assert "许望川" in words
        assert record.number in words

    def test_of_somebody_else_is_not_found(self, by: Issuer) -> None:
        record = factories.insured(by)
        stranger = factories.citizen(name="钱多多", citizen_id="360426199101010071")

        with pytest.raises(api.CertificateNotFound):
            take_file(
                certificate_id=record.id, format_=trust.SealFormat.PDF, actor=stranger, at=timezone.now()
            )


class TestHolding:
    def test_is_the_holders_own(self, by: Issuer) -> None:
        record = factories.insured(by)
        zhao = factories.citizen()

        assert record.id in {one.id for one in own_certificates(actor=zhao, at=timezone.now())}
        assert record.id in {one.id for one in api.held(factories.ZHAO, at=timezone.now())}

    def test_is_the_enterprises_for_its_delegates(self, by: Issuer) -> None:
        record = factories.food(by)

        (own,) = own_certificates(actor=factories.delegate(), at=timezone.now())
        assert own.id == record.id

    def test_of_a_newborn_is_the_parents_who_keep_it(self, by: Issuer) -> None:
        mother = factories.citizen()
        record = api.issue(
            type_code="birth-certificate",
            holder=api.Holder.person(name="赵知微"),
            keepers=(factories.ZHAO,),
            values=factories.sample(api.types()["birth-certificate"], skip=("child_name",)),
            case_id=CaseId(new_id()),
            department_id=by.department_id,
            actor=factories.PLATFORM,
            at=timezone.now(),
        )

        assert record.id in {one.id for one in own_certificates(actor=mother, at=timezone.now())}
        assert record.values["child_name"] == "赵知微"

    def test_of_a_newborn_whom_nobody_keeps_is_refused(self, by: Issuer) -> None:
        with pytest.raises(api.HolderUnfit):
            factories.insured(by, holder=api.Holder.person(name="赵知微"))

    @pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.LEADER, Role.REVIEWER])
    def test_is_not_for_officials_who_do_not_work_with_it(self, by: Issuer, role: Role) -> None:
        record = factories.insured(by)
        actor = Actor(id=new_id(), name="某", department_id=by.department_id, roles=frozenset({role}))

        with pytest.raises(api.CertificateNotFound):
            api.certificate(certificate_id=record.id, actor=actor, at=timezone.now())

    def test_is_not_for_another_departments_officials(self, by: Issuer) -> None:
        record, other = factories.insured(by), factories.issuer()

        api.certificate(certificate_id=record.id, actor=by.approver, at=timezone.now())
        with pytest.raises(api.CertificateNotFound):
            api.certificate(certificate_id=record.id, actor=other.approver, at=timezone.now())

    def test_keeps_names_and_values_encrypted(self, by: Issuer) -> None:
        row = Certificate.objects.get(pk=factories.insured(by).id)

        stored = b"".join(
            bytes(one or b"") for one in (row.sealed_holder_name, row.sealed_holder_number, row.sealed_values)
        )
        assert "赵敏行".encode() not in stored
        assert b"470302199001011236" not in stored


class TestRows:
    @pytest.mark.parametrize(
        "change",
        [
            {"number": "x"},
            {"active_to": None},
            {"holder_digest": b"x"},
            {"office_name": "某局"},
        ],
    )
    def test_never_change(self, by: Issuer, change: dict[str, object]) -> None:
        record = factories.food(by)

        with pytest.raises(DatabaseError), transaction.atomic():
            Certificate.objects.filter(pk=record.id).update(**change)

    def test_cannot_be_deleted(self, by: Issuer) -> None:
        record = factories.food(by)

        with pytest.raises(DatabaseError), transaction.atomic():
            Certificate.objects.filter(pk=record.id)._raw_delete("default")

    def test_loading_the_packs_again_changes_nothing(self) -> None:
        factories.load()

        from django.conf import settings

        assert api.load_types(folder=settings.PACKS_FOLDER / "certificate-types", at=timezone.now()) == ()
